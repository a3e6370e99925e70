//! The second wasm: what a Web Worker runs.

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}
