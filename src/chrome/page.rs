//! The page as a whole: where everything stands, and what is listened to everywhere.

use std::rc::Rc;

use web_sys::{DragEvent, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::View;
use super::help::Help;
use super::levers::Levers;
use super::masthead::Masthead;
use super::panel::Panel;
use super::problems::ProblemList;
use super::stage::StageView;
use super::transport::Transport;
use crate::browser::listener::Listener;
use crate::browser::{files, keyboard, theme};
use crate::keys::{self, Wish};
use crate::{Action, Desk, Snapshot};

#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    pub desk: Desk,
}

/// The whole page.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let desk = props.desk.clone();
    let snapshot = use_snapshot(&desk);
    let send = {
        let desk = desk.clone();
        use_callback((), move |action: Action, _| desk.send(action))
    };
    let file_field = use_node_ref();
    let shows_help = use_state(|| false);
    let dragged = use_state(|| false);
    use_listeners(&desk, &file_field, &shows_help, &dragged);

    let view = View { snapshot: snapshot.clone(), send: send.clone() };
    let choose_file = {
        let field = file_field.clone();
        Callback::from(move |()| choose_file(&field))
    };
    let open = {
        let desk = desk.clone();
        Callback::from(move |event: Event| {
            if let Some(file) = files::field(&event).and_then(|field| files::chosen(&field)) {
                desk.open_file(file);
            }
        })
    };
    let help = {
        let shows_help = shows_help.clone();
        Callback::from(move |shown| shows_help.set(shown))
    };
    html! {
        <div class={classes!("page", dragged.then_some("dragged"))}>
            <Masthead {snapshot} {send} {choose_file} help={help.clone()} />
            <input
                class="vanished" type="file" accept=".yaml,.yml,.json" data-testid="file"
                tabindex="-1" aria-label="Scenario file" ref={file_field} onchange={open}
            />
            <main class="desk">
                <div class="middle">
                    <StageView {desk} view={view.clone()} />
                    <ProblemList ..view.clone() />
                </div>
                <Transport desk={props.desk.clone()} view={view.clone()} />
                <Levers ..view.clone() />
                <Panel ..view />
            </main>
            if *shows_help {
                <Help close={help.reform(|()| false)} />
            }
            if *dragged {
                <p class="drop-here" aria-hidden="true">{ "Drop a scenario to open it" }</p>
            }
        </div>
    }
}

#[hook]
fn use_snapshot(desk: &Desk) -> Rc<Snapshot> {
    let snapshot = use_state(|| desk.snapshot());
    let set = snapshot.setter();
    use_effect_with(desk.clone(), move |desk| {
        let number = desk.listen(Callback::from(move |told| set.set(told)));
        let desk = desk.clone();
        move || desk.forget(number)
    });
    (*snapshot).clone()
}

/// Keys, files that are dragged over the window, and the system's colours.
#[hook]
fn use_listeners(
    desk: &Desk,
    file_field: &NodeRef,
    shows_help: &UseStateHandle<bool>,
    dragged: &UseStateHandle<bool>,
) {
    let (field, help, dragged) = (file_field.clone(), shows_help.setter(), dragged.setter());
    use_effect_with(desk.clone(), move |desk| {
        let restyled = desk.clone();
        let mut listeners = theme::watch(move || restyled.restyle());
        listeners.extend(keys_listener(desk.clone(), field, help));
        listeners.extend(drop_listeners(desk.clone(), dragged));
        move || drop(listeners)
    });
}

fn keys_listener(desk: Desk, field: NodeRef, help: UseStateSetter<bool>) -> Option<Listener> {
    Listener::on_window("keydown", move |event: KeyboardEvent| {
        let Some(wish) = keyboard::key_for_page(&event).and_then(|key| keys::wish(&key.name)) else {
            return;
        };
        event.prevent_default();
        match wish {
            Wish::Do(action) => desk.send(action),
            Wish::Leave => {
                desk.send(Action::CloseProblems);
                desk.send(Action::Select(None));
            }
            Wish::ChooseFile => choose_file(&field),
            Wish::GoToParts => keyboard::focus(".part"),
            Wish::ShowKeys => help.set(true),
        }
    })
}

fn drop_listeners(desk: Desk, dragged: UseStateSetter<bool>) -> Vec<Listener> {
    let (over, left) = (dragged.clone(), dragged.clone());
    let listeners = [
        Listener::on_window("dragover", move |event: DragEvent| {
            if files::carries_files(&event) {
                event.prevent_default();
                over.set(true);
            }
        }),
        Listener::on_window("dragleave", move |event: DragEvent| {
            // It leaves one element for another all the time; only the window's edge counts.
            if event.related_target().is_none() {
                left.set(false);
            }
        }),
        Listener::on_window("drop", move |event: DragEvent| {
            dragged.set(false);
            if let Some(file) = files::dropped(&event) {
                event.prevent_default();
                desk.open_file(file);
            }
        }),
    ];
    listeners.into_iter().flatten().collect()
}

fn choose_file(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlInputElement>() {
        field.click();
    }
}
