//! What a person can do to a run.

use kernel::Time;
use topology::Act;

use crate::Change;

/// One thing a person does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Let time pass; at the end of the run, start again.
    Play,
    /// Stop time.
    Pause,
    /// Pause, and let the next thing happen.
    StepEvent,
    /// Simulated seconds per real second, from [`crate::Player::SPEED_MIN`] to [`crate::Player::SPEED_MAX`].
    SetSpeed(f64),
    /// Begin again with the same seed; what was done to the system will happen again.
    Restart,
    /// Go to the end, as fast as possible.
    RunToEnd,
    /// Go to a time, as fast as possible; backwards too.
    Seek(Time),
    /// Do something to the system now. What had been done later is forgotten: this is another future.
    Inject(Act),
    /// Set a channel otherwise from now on. What had been done later is forgotten here too.
    Change(Change),
    /// Begin again, and forget what was done to the system.
    ForgetInterventions,
}

/// Something a person did to the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intervention {
    /// When.
    pub at: Time,
    /// After how many occurrences of the run, which is exact where several share a time. `None` until it is
    /// known: it was done to another run, and will be done here when everything up to its time has happened.
    pub after: Option<u64>,
    /// What.
    pub deed: Deed,
}

/// What a person did to the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// Something to a part of it.
    Act(Act),
    /// A channel was set otherwise.
    Change(Change),
}
