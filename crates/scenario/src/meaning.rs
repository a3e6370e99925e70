//! What a file means as a whole: names that stand for something, messages that arrive, work that ends.

mod blocks;
mod channels;
mod cycles;
mod everywhere;
mod faults;
mod handlers;
mod limits;
mod links;
mod messages;
mod names;
mod queues;
mod schemas;
mod steps;
mod terms;
mod times;
mod variants;
mod waits;
mod work;

pub(crate) use terms::{Kind as TermKind, SCHEMA, Terms};

use crate::diagnostic::Problems;
use crate::document::Document;
use crate::whole::{Whole, wholes};

/// Checks a document and gives its variants. There are none if it is too large to be looked at.
pub(crate) fn check<'a>(document: &'a Document, problems: &mut Problems) -> Vec<Whole<'a>> {
    if !limits::document(document, problems) {
        return Vec::new();
    }
    let wholes = wholes(document, problems);
    names::unique(document, problems);
    let terms = terms::Terms::of(&wholes);
    terms.check(problems);
    terms::kept_once(document, problems);
    terms::checks(document, &wholes, &terms, problems);
    variants::cures(document, problems);
    messages::kinds(&wholes, problems);
    messages::unread(&wholes, problems);
    handlers::idle(document, &wholes, problems);
    handlers::unused(&wholes, problems);
    links::check(document, &wholes, problems);
    faults::check(document, &wholes, problems);
    times::promises(document, problems);
    variants::each(&wholes, problems, |whole, problems| {
        names::known(whole, problems);
        let traffic = whole.traffic();
        channels::check(whole, &traffic, document, problems);
        messages::check(whole, problems);
        schemas::check(whole, problems);
        queues::check(whole, &traffic, problems);
        work::check(whole, &traffic, problems);
        cycles::check(whole, problems);
        steps::check(whole, problems);
        blocks::check(whole, problems);
        waits::check(whole, &wholes, &terms, problems);
        terms::handlers(whole, &terms, problems);
        times::clients(whole, document.length, problems);
        limits::whole(whole, &traffic, document.length, problems);
    });
    wholes
}
