//! The chrome: everything around the stage, drawn by Yew from a [`Snapshot`] a few times a second.

mod channel;
mod comparison;
mod facts;
mod help;
mod icon;
mod inquiry;
mod keeps;
mod lanes;
mod ledger;
mod levers;
mod log;
mod masthead;
mod modelled;
mod page;
mod panel;
mod problems;
mod promises;
mod scoreboard;
mod scrubber;
mod sides;
mod speed;
mod stage;
mod transport;

use std::rc::Rc;

use web_sys::Element;
use yew::{AppHandle, Callback, Properties};

use crate::{Action, Desk, Snapshot};
use page::{Page, PageProps};

/// The page in an element, for as long as nobody takes it away.
pub struct Mounted {
    handle: AppHandle<Page>,
    desk: Desk,
}

/// Draws the page into an element, whose content it replaces.
pub fn mount(root: Element, desk: Desk) -> Mounted {
    let props = PageProps { desk: desk.clone() };
    Mounted { handle: yew::Renderer::<Page>::with_root_and_props(root, props).render(), desk }
}

impl Mounted {
    /// Takes the page away again.
    pub fn unmount(self) {
        self.desk.leave();
        self.handle.destroy();
    }
}

/// What every part of the page gets: the figures, and where to send what a person does.
#[derive(Clone, PartialEq, Properties)]
pub struct View {
    /// The figures.
    pub snapshot: Rc<Snapshot>,
    /// Takes what a person does.
    pub send: Callback<Action>,
}

/// A callback that sends something only if an event means something.
pub(crate) fn perhaps<E>(
    send: &Callback<Action>,
    meaning: impl Fn(E) -> Option<Action> + 'static,
) -> Callback<E> {
    let send = send.clone();
    Callback::from(move |event| {
        if let Some(action) = meaning(event) {
            send.emit(action);
        }
    })
}
