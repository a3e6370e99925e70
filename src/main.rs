//! Opens the page.

fn main() {
    app::start();
}
