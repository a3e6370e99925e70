//! `signalbox modelled`: what each profile does, from where that is known, and what it leaves out.
//!
//! ```text
//! profiles + recordings --page--> Page --markdown--> docs/modelled.md
//!                                      --html------> static/modelled.html
//! ```

mod dimensions;
mod document;
mod figures;
mod html;
mod markdown;
mod page;
mod recordings;

use std::path::PathBuf;

use clap::ValueEnum;

use crate::{Failure, files, print};

/// In which form the page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Markdown.
    Md,
    /// HTML, in one file.
    Html,
}

/// Prints the page.
pub fn modelled(form: Form, folder: Option<PathBuf>) -> Result<(), Failure> {
    let folder = folder.map_or_else(|| files::folder_of_project("tests/fidelity", "--recordings"), Ok)?;
    let page = page::page(&recordings::read(&folder)?);
    print(&match form {
        Form::Md => markdown::markdown(&page),
        Form::Html => html::html(&page),
    })
}
