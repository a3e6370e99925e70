//! The page in a browser: every test mounts it into an element of its own and does what a person does.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod asking;
mod channels;
mod digests;
mod figures;
mod files;
mod keys;
mod mounted;
mod running;
mod side_by_side;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
