//! The page as a whole: where everything stands, and what is listened to everywhere.

use std::rc::Rc;

use web_sys::{HtmlCanvasElement, HtmlDialogElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::View;
use super::comparison;
use super::help::help;
use super::inquiry;
use super::lanes::{Canvases, lanes};
use super::levers::levers;
use super::masthead::masthead;
use super::panel::panel;
use super::problems::problems;
use super::stage::{Held, hold, hold_lane, stage};
use super::transport::{DialRefs, transport};
use crate::browser::listener::Listener;
use crate::browser::{canvas, dialog, drops, files, keyboard, theme};
use crate::dials::Dials;
use crate::keys::{self, Wish};
use crate::snapshot::{Board, Inquiry};
use crate::{Action, Desk, LANES_MAX, Snapshot};

#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    pub desk: Desk,
}

/// The only component: everything else is a function of the figures.
pub struct Page {
    snapshot: Rc<Snapshot>,
    /// The number under which the desk tells the figures.
    listening: u32,
    refs: Refs,
    dials: Option<Dials>,
    /// The inquiry that was shown last.
    asked: Option<Rc<Inquiry>>,
    /// What listens for as long as the page is there.
    held: Option<(Held, Vec<Listener>)>,
    /// The canvases of lanes, and what listens to them.
    lanes: [Option<(HtmlCanvasElement, Held)>; LANES_MAX],
}

/// The elements that are asked or told something directly.
#[derive(Clone, Default)]
struct Refs {
    canvas: NodeRef,
    lanes: Canvases,
    dials: DialRefs,
    file_field: NodeRef,
    help: NodeRef,
}

impl Component for Page {
    type Message = Rc<Snapshot>;
    type Properties = PageProps;

    fn create(context: &Context<Self>) -> Self {
        let desk = &context.props().desk;
        let listening = desk.listen(context.link().callback(|told| told));
        Page {
            snapshot: desk.snapshot(),
            listening,
            refs: Refs::default(),
            dials: None,
            asked: None,
            held: None,
            lanes: Default::default(),
        }
    }

    fn update(&mut self, _: &Context<Self>, told: Rc<Snapshot>) -> bool {
        self.snapshot = told;
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let desk = &context.props().desk;
        let (sender, opener) = (desk.clone(), desk.clone());
        let snapshot = self.snapshot.clone();
        let view = View { snapshot, send: Callback::from(move |action| sender.send(action)) };
        let (field, dialog) = (self.refs.file_field.clone(), self.refs.help.clone());
        let choose_file = Callback::from(move |_: MouseEvent| choose_file(&field));
        let show_help = Callback::from(move |_: MouseEvent| show_help(&dialog));
        let open_file = Callback::from(move |event: Event| {
            if let Some(file) = files::field(&event).and_then(|field| files::chosen(&field)) {
                opener.open_file(file);
            }
        });
        let board_class = (view.snapshot.board == Board::SideBySide).then_some("side-by-side");
        html! {
            <div class="page">
                { masthead(&view, choose_file, show_help) }
                <input
                    class="vanished" type="file" accept=".yaml,.yml,.json" data-testid="file" tabindex="-1"
                    aria-label="Scenario file" ref={self.refs.file_field.clone()} onchange={open_file}
                />
                { comparison::board(&view) }
                <main class={classes!("desk", board_class)} hidden={view.snapshot.board == Board::Figures}>
                    <div class="middle">
                        { stage(&view, &self.refs.canvas) }
                        { lanes(&view, &self.refs.lanes) }
                        if view.snapshot.board != Board::Figures {
                            { problems(&view) }
                        }
                    </div>
                    { transport(&view, &self.refs.dials) }
                    { levers(&view) }
                    { panel(&view) }
                </main>
                { help(&self.refs.help) }
                <p class="drop-here" aria-hidden="true">{ "Drop a scenario to open it" }</p>
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let desk = &context.props().desk;
        if first && let Some(canvas) = self.refs.canvas.cast::<HtmlCanvasElement>() {
            self.held = Some((hold(desk, canvas), listeners(desk, &self.refs)));
        }
        self.hold_lanes(desk);
        // The dials are there once a scenario is open.
        let dials = self.refs.dials.dials();
        if self.dials != dials {
            self.dials = dials;
            desk.set_dials(self.dials.clone());
        }
        // Who asked something wants to read the answer, wherever on the page that is.
        let asked = self.snapshot.run.as_ref().and_then(|run| run.inquiry.clone());
        let is_new =
            asked.as_ref().is_some_and(|asked| !self.asked.as_ref().is_some_and(|it| Rc::ptr_eq(it, asked)));
        self.asked = asked;
        if is_new {
            keyboard::focus(inquiry::HEADING);
        }
    }

    fn destroy(&mut self, context: &Context<Self>) {
        context.props().desk.forget(self.listening);
    }
}

impl Page {
    /// Draws on the canvases of lanes that have come, and leaves those that have gone.
    fn hold_lanes(&mut self, desk: &Desk) {
        for (index, held) in self.lanes.iter_mut().enumerate() {
            let canvas = self.refs.lanes[index].cast::<HtmlCanvasElement>();
            if held.as_ref().map(|(canvas, _)| canvas) == canvas.as_ref() {
                continue;
            }
            *held = None;
            match canvas {
                Some(canvas) => *held = Some((canvas.clone(), hold_lane(desk, index, canvas))),
                None => desk.set_lane_canvas(index, None),
            }
        }
    }
}

/// Keys, files that are dragged over the window, and the system's colours.
fn listeners(desk: &Desk, refs: &Refs) -> Vec<Listener> {
    let restyled = desk.clone();
    let mut listeners = theme::watch(move || restyled.restyle());
    listeners.extend(keys_listener(desk.clone(), refs.clone()));
    listeners.extend(keyboard::leave_what_was_pointed_at());
    listeners.extend(drops::listeners(desk));
    listeners
}

fn keys_listener(desk: Desk, refs: Refs) -> Option<Listener> {
    Listener::on_window("keydown", move |event: KeyboardEvent| {
        let Some(wish) = keyboard::key_for_page(&event).and_then(|key| keys::wish(&key.name)) else {
            return;
        };
        event.prevent_default();
        match wish {
            Wish::Do(action) => desk.send(action),
            Wish::Leave => {
                desk.send(Action::CloseProblems);
                desk.send(Action::Follow(None));
                desk.send(Action::Select(None));
            }
            Wish::Zoom(factor) => {
                if let Some((x, y)) = refs.canvas.cast().map(|canvas| canvas::centre(&canvas)) {
                    desk.send(Action::Zoom { factor, x, y });
                }
            }
            Wish::ChooseFile => choose_file(&refs.file_field),
            Wish::GoToParts => keyboard::focus(".part"),
            Wish::ShowKeys => show_help(&refs.help),
        }
    })
}

fn choose_file(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlInputElement>() {
        field.click();
    }
}

fn show_help(help: &NodeRef) {
    if let Some(help) = help.cast::<HtmlDialogElement>() {
        dialog::show(&help);
    }
}
