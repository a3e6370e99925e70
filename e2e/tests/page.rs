//! The built page, met the way a visitor meets it.

use e2e::page_test;

#[test]
fn the_page_names_itself() {
    page_test("the_page_names_itself", |page| {
        page.open("/")?;
        page.wait_until("the title names Signalbox", || Ok(page.title()?.contains("Signalbox")))
    });
}
