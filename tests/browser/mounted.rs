//! A mounted page, and how to press, read and wait.

use app::{Action, Desk, Snapshot, chrome};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent,
    KeyboardEventInit,
};

/// A shop that calls payment: small enough to know what happens, with a fault that turns customers away.
pub const SHOP: &str = "
signalbox: 1
title: A shop
seed: 7
length: 20s
clients:
  shopper: { arrivals: constant 10/s, until: 15s, sends: order, to: orders, patience: 2s }
services:
  orders: { workers: 4, work: 1ms }
  payment: { workers: 2, work: 20ms }
checks:
  - { never: paid > 1, why: Nobody pays twice. }
variants:
  calls:
    handlers:
      orders: { order: [work, call: { to: payment, send: charge, timeout: 200ms }, reply] }
      payment: { charge: [work, set: paid] }
  queues:
    channels: { charges: { profile: rabbitmq-quorum } }
    handlers:
      orders: { order: [work, send: { command: charge, to: charges }, reply] }
      payment: { charge: [work, set: paid] }
";

/// Whoever asks payment asks again before it can have answered: every order is charged twice, unless payment
/// remembers what it has charged.
pub const TWICE: &str = "
signalbox: 1
title: Charged twice
seed: 7
length: 20s
clients:
  shopper: { arrivals: constant 5/s, until: 10s, sends: order, to: orders }
services:
  orders: { workers: 8 }
  payment: { workers: 8, work: 100ms, store: { done: per case, charges: per service } }
checks:
  - { never: charged > 1, why: Nobody is charged twice. }
  - { total: charged = requests, why: As many charges as orders. }
variants:
  naive:
    handlers:
      orders: { order: [{ retry: { attempts: 2 }, steps: [call: { to: payment, send: charge, timeout: 70ms }] }, reply] }
      payment: { charge: [work, set: charged, store: { charges: charges + 1 }] }
  with_key:
    cures: naive
    handlers:
      orders: { order: [{ retry: { attempts: 2 }, steps: [call: { to: payment, send: charge, timeout: 70ms }] }, reply] }
      payment: { charge: [{ if: done, then: [reply], else: [store: done, work, set: charged] }] }
";

/// A page in an element of its own, taken away at the end of the test.
pub struct Page {
    pub desk: Desk,
    root: Element,
    mounted: Option<chrome::Mounted>,
}

impl Page {
    /// A page with the shop, playing.
    pub async fn with_shop() -> Page {
        Page::with("shop.yaml", SHOP).await
    }

    pub async fn with(name: &str, text: &str) -> Page {
        let page = Page::empty().await;
        page.open(name, text.as_bytes()).await;
        page
    }

    pub async fn empty() -> Page {
        let document = web_sys::window().unwrap().document().unwrap();
        let root = document.create_element("div").unwrap();
        document.body().unwrap().append_child(&root).unwrap();
        let desk = Desk::new();
        let mounted = Some(chrome::mount(root.clone(), desk.clone()));
        let page = Page { desk, root, mounted };
        frames(2).await;
        page
    }

    pub async fn open(&self, name: &str, bytes: &[u8]) {
        self.desk.send(Action::Open { name: name.into(), bytes: bytes.to_vec() });
        frames(3).await;
    }

    /// Sends what a control would send, and waits until the panels show it.
    pub async fn send(&self, action: Action) {
        self.desk.send(action);
        frames(3).await;
    }

    pub fn find(&self, test_id: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(&format!("[data-testid={test_id:?}]")).unwrap()?;
        Some(found.dyn_into().unwrap())
    }

    #[track_caller]
    pub fn element(&self, test_id: &str) -> HtmlElement {
        self.find(test_id).unwrap_or_else(|| panic!("there is no {test_id} on the page"))
    }

    #[track_caller]
    pub fn text(&self, test_id: &str) -> String {
        self.element(test_id).text_content().unwrap_or_default()
    }

    /// A figure without what sets thousands apart.
    #[track_caller]
    pub fn number(&self, test_id: &str) -> u64 {
        self.text(test_id).replace(',', "").parse().unwrap()
    }

    #[track_caller]
    pub fn attribute(&self, test_id: &str, name: &str) -> String {
        self.element(test_id).get_attribute(name).unwrap_or_default()
    }

    pub async fn press(&self, test_id: &str) {
        self.element(test_id).click();
        frames(3).await;
    }

    /// Types into a field, whose text it replaces, without leaving it.
    pub async fn type_into(&self, test_id: &str, text: &str) {
        let field: HtmlInputElement = self.element(test_id).dyn_into().unwrap();
        field.focus().unwrap();
        field.set_value(text);
        self.tell(test_id, "input").await;
    }

    /// Types into a field and leaves it.
    pub async fn fill(&self, test_id: &str, text: &str) {
        self.type_into(test_id, text).await;
        self.tell(test_id, "change").await;
    }

    pub async fn choose(&self, test_id: &str, option: &str) {
        self.element(test_id).dyn_into::<HtmlSelectElement>().unwrap().set_value(option);
        self.tell(test_id, "change").await;
    }

    async fn tell(&self, test_id: &str, what: &str) {
        let options = EventInit::new();
        options.set_bubbles(true);
        let event = Event::new_with_event_init_dict(what, &options).unwrap();
        self.element(test_id).dispatch_event(&event).unwrap();
        frames(3).await;
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, test_id: &str) -> String {
        let element = self.element(test_id);
        match element.dyn_into::<HtmlInputElement>() {
            Ok(field) => field.value(),
            Err(other) => match other.dyn_into::<HtmlSelectElement>() {
                Ok(select) => select.value(),
                Err(switch) => switch.get_attribute("aria-checked").unwrap(),
            },
        }
    }

    /// Presses a key wherever the focus is.
    pub async fn key(&self, name: &str) {
        let options = KeyboardEventInit::new();
        options.set_key(name);
        options.set_bubbles(true);
        options.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
        let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
        focused.dispatch_event(&event).unwrap();
        frames(3).await;
    }

    /// Runs to the end and waits until the page says so.
    pub async fn run_to_end(&self) {
        self.press("run-to-end").await;
        self.wait_until("the run has ended", |snapshot| {
            snapshot.run.as_ref().is_some_and(|run| run.transport.over)
        })
        .await;
    }

    pub async fn wait_until(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Rc<Snapshot> {
        for _ in 0..600 {
            let snapshot = self.desk.snapshot();
            if is_so(&snapshot) {
                frames(2).await;
                return snapshot;
            }
            frames(1).await;
        }
        panic!("waited in vain until {what}");
    }

    /// Every figure and word on the page, and every pixel of the stage.
    pub fn everything(&self) -> (String, String) {
        let canvas = self.element("stage").dyn_into::<web_sys::HtmlCanvasElement>().unwrap();
        (self.root.inner_html(), canvas.to_data_url().unwrap())
    }

    pub fn focused(&self) -> Option<String> {
        let document = web_sys::window().unwrap().document().unwrap();
        document.active_element()?.get_attribute("data-testid")
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            mounted.unmount();
        }
        self.root.remove();
    }
}

/// Waits until so many frames were drawn.
pub async fn frames(count: u32) {
    for _ in 0..count {
        let next = Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(next).await.unwrap();
    }
}
