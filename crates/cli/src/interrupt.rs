//! Ctrl-C: the first ends what is under way, so that what is known by then is told; the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::Failure;

/// Set by Ctrl-C.
static CAME: AtomicBool = AtomicBool::new(false);

/// From now on the first one only ends what is under way.
pub fn listen() {
    let told = ctrlc::set_handler(|| {
        if CAME.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    if let Err(error) = told {
        eprintln!("Ctrl-C will tell nothing of what is known by then: {error}");
    }
}

/// Ends what is under way, as Ctrl-C does.
pub fn end() {
    CAME.store(true, Ordering::Relaxed);
}

/// Whether there was one.
pub fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}

/// Fails if there was one.
pub fn go_on() -> Result<(), Failure> {
    if came() { Err(Failure::Interrupted) } else { Ok(()) }
}
