//! The worker in the browser: the only file that calls it.

use std::cell::RefCell;

use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent, Worker};

use crate::{Ask, Child, Lead, Message, Surroundings, Tell};

/// What this worker is. The first message decides: the page asks in text, a lead sends messages.
enum Part {
    Unknown,
    Lead(Lead, Around),
    Child(Child),
}

thread_local! {
    static PART: RefCell<Part> = const { RefCell::new(Part::Unknown) };
}

/// Listens for as long as the worker lives.
pub fn start() {
    let listen = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| hear(&event.data()));
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn hear(said: &JsValue) {
    PART.with_borrow_mut(|part| match (part, said.as_string()) {
        (part @ Part::Unknown, Some(ask)) => {
            *part = Part::Lead(Lead::default(), Around::default());
            ask_lead(part, &ask);
        }
        (part, Some(ask)) => ask_lead(part, &ask),
        (part, None) => {
            let Some(message) = unpack(said) else { return };
            let answer = match (part, message) {
                (part, Message::Order(order)) => match Child::new(&order) {
                    Ok(child) => {
                        *part = Part::Child(child);
                        None
                    }
                    Err(words) => Some(Message::Wrong(words)),
                },
                (Part::Child(child), message) => child.answer(&message),
                (Part::Unknown | Part::Lead(..), _) => None,
            };
            if let Some(answer) = answer {
                send(&pack(&answer), |packed| scope().post_message(packed));
            }
        }
    });
}

fn ask_lead(part: &mut Part, ask: &str) {
    if let (Part::Lead(lead, around), Some(ask)) = (part, Ask::read(ask)) {
        lead.hear(ask, around);
    }
}

/// What a child says to the lead. One that was ended may have spoken before; it is not known any more.
fn take(generation: u32, child: usize, said: &JsValue) {
    with_lead(generation, |lead, around| {
        if let Some(message) = unpack(said) {
            lead.take(child, message, around);
        }
    });
}

fn broken(generation: u32, words: &str) {
    with_lead(generation, |lead, around| lead.broken(format!("A run broke down: {words}"), around));
}

fn with_lead(generation: u32, act: impl FnOnce(&mut Lead, &mut Around)) {
    PART.with_borrow_mut(|part| {
        if let Part::Lead(lead, around) = part
            && around.generation == generation
        {
            act(lead, around);
        }
    });
}

/// The lead's children, and the page.
#[derive(Default)]
struct Around {
    children: Vec<Player>,
    /// How often children were started.
    generation: u32,
}

/// Somebody who plays for the lead.
enum Player {
    /// A worker of its own, with what listens to it.
    Worker { worker: Worker, _heard: Closure<dyn Fn(MessageEvent)>, _broken: Closure<dyn Fn(ErrorEvent)> },
    /// The lead itself, in a browser in which a worker cannot start another: a batch at a time, between messages.
    Itself(std::rc::Rc<Child>),
}

impl Surroundings for Around {
    fn now_ms(&self) -> f64 {
        js_sys::Date::now()
    }

    fn cores(&self) -> usize {
        (scope().navigator().hardware_concurrency() as usize).max(1)
    }

    fn tell(&mut self, tell: Tell) {
        let told = told(tell);
        send(&told, |told| scope().post_message(told));
    }

    fn start_children(&mut self, count: usize, order: &str) {
        for child in self.children.drain(..) {
            match child {
                Player::Worker { worker, .. } => worker.terminate(),
                Player::Itself(_) => {}
            }
        }
        self.generation += 1;
        for child in 0..count {
            let Some(player) = Player::start(self.generation, child, order) else { return };
            let is_last = matches!(player, Player::Itself(_));
            self.children.push(player);
            if is_last {
                return;
            }
        }
    }

    fn say(&mut self, child: usize, message: Message) {
        let generation = self.generation;
        // Of many, the lead may be the only one.
        match self.children.get(child).or(self.children.first()) {
            Some(Player::Worker { worker, .. }) => {
                send(&pack(&message), |packed| worker.post_message(packed))
            }
            Some(Player::Itself(itself)) => {
                let itself = itself.clone();
                let play = Closure::once_into_js(move || {
                    if let Some(answer) = itself.answer(&message) {
                        with_lead(generation, |lead, around| lead.take(child, answer, around));
                    }
                });
                // Every browser has it; without an answer the lead would wait, and can be told to end.
                let _ = scope().set_timeout_with_callback(play.unchecked_ref());
            }
            None => {}
        }
    }
}

impl Player {
    fn start(generation: u32, child: usize, order: &str) -> Option<Player> {
        // This very script, which expects the compiled module first.
        let Ok(worker) = Worker::new(&scope().location().href()) else {
            return Child::new(order).ok().map(|child| Player::Itself(child.into()));
        };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            take(generation, child, &event.data());
        });
        let failed = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Else it would be written to the console, and the page is told already.
            event.prevent_default();
            broken(generation, &event.message());
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        send(&wasm_bindgen::module(), |module| worker.post_message(module));
        send(&pack(&Message::Order(order.into())), |packed| worker.post_message(packed));
        Some(Player::Worker { worker, _heard: heard, _broken: failed })
    }
}

/// What is sent here can be sent, so this cannot fail.
fn send(value: &JsValue, post: impl FnOnce(&JsValue) -> Result<(), JsValue>) {
    let _ = post(value);
}

fn pack(message: &Message) -> JsValue {
    let (numbers, words) = message.pack();
    let words: Array = words.into_iter().map(JsValue::from).collect();
    Array::of2(&Float64Array::from(numbers.as_slice()), &words).into()
}

fn unpack(packed: &JsValue) -> Option<Message> {
    let packed: &Array = packed.dyn_ref()?;
    let numbers = packed.get(0).dyn_into::<Float64Array>().ok()?.to_vec();
    let words: Vec<String> =
        packed.get(1).dyn_into::<Array>().ok()?.iter().filter_map(|word| word.as_string()).collect();
    Message::unpack(&numbers, words)
}

/// As a plain object, because the page reads no JSON.
fn told(tell: Tell) -> JsValue {
    let fields: Vec<(&str, JsValue)> = match tell {
        Tell::Paths { paths, rows } => {
            vec![("tell", "paths".into()), ("paths", paths.into()), ("rows", rows.into())]
        }
        Tell::Progress { share, words } => {
            vec![("tell", "progress".into()), ("share", share.into()), ("words", words.into())]
        }
        Tell::Html(html) => vec![("tell", "html".into()), ("html", html.into())],
        Tell::Behind(html) => vec![("tell", "behind".into()), ("html", html.into())],
        Tell::Over { partial } => vec![("tell", "over".into()), ("partial", partial.into())],
        Tell::Problem { field, words } => {
            vec![("tell", "problem".into()), ("field", field.into()), ("words", words.into())]
        }
        Tell::File { name, format, text } => vec![
            ("tell", "file".into()),
            ("name", name.into()),
            ("format", format.name().into()),
            ("type", format.media_type().into()),
            ("text", text.into()),
        ],
    };
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}
