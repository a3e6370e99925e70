//! The selected channel: what it holds, and setting it otherwise while it runs.

use app::Action;
use channel::{PROFILES, Parameter, Takes};
use player::Command;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::{Page, SHOP, frames};

/// The shop whose charges go through a queue, with the queue selected.
async fn at_charges() -> Page {
    let page = Page::with_shop().await;
    page.press("variant-queues").await;
    page.press("part-charges").await;
    page
}

/// The same, with payment down, after some seconds.
async fn with_a_backlog() -> Page {
    let page = at_charges().await;
    page.press("part-payment").await;
    page.press("crash").await;
    page.press("part-charges").await;
    go_to(&page, 12).await;
    page
}

/// Stops there.
async fn go_to(page: &Page, seconds: u64) {
    page.send(Action::Run(Command::Pause)).await;
    page.send(Action::Run(Command::Seek(kernel::Time::from_nanos(seconds * 1_000_000_000)))).await;
    let is_there = |snapshot: &app::Snapshot| snapshot.run.as_ref().is_some_and(|run| !run.transport.winding);
    page.wait_until("it is there", is_there).await;
}

/// All that a person has done, as the page lists it.
fn done_by_hand(page: &Page) -> Vec<String> {
    page.desk.snapshot().run.as_ref().map_or_else(Vec::new, |run| run.interventions.clone())
}

#[wasm_bindgen_test]
async fn a_channel_is_looked_into_as_soon_as_it_is_selected() {
    let page = at_charges().await;
    assert_eq!(page.text("kind"), "rabbitmq-quorum");
    assert_eq!(page.attribute("tab-channel", "aria-pressed"), "true");
    assert!(page.attribute("modelled", "href").ends_with("modelled.html#rabbitmq-quorum"));
    page.press("tab-figures").await;
    assert!(page.find("answered").is_some() && page.find("tab-channel").is_some());
    page.press("tab-channel").await;
    assert!(page.find("kind").is_some());
    page.press("part-payment").await;
    assert!(page.find("kind").is_none() && page.find("tab-channel").is_none());
    assert!(page.find("answered").is_some());
}

#[wasm_bindgen_test]
async fn a_figure_opens_its_messages() {
    let page = with_a_backlog().await;
    let ready = page.number("charges, ready");
    assert!(ready > 60, "{ready}");
    assert!(page.find("messages").is_none());
    page.element("charges, ready").focus().unwrap();
    page.press("charges, ready").await;
    assert_eq!(page.focused().as_deref(), Some("charges, ready"));
    assert_eq!(page.attribute("charges, ready", "aria-expanded"), "true");
    let rows = page.element("messages").query_selector_all("tbody tr").unwrap().length();
    assert_eq!(rows, 50);
    let words = page.text("messages");
    assert!(words.contains(&format!("and {} more", ready - 50)), "{words}");
    let first = page.element("messages").query_selector("tbody tr").unwrap().unwrap();
    assert!(first.text_content().unwrap().starts_with("charge"), "{words}");
    page.press("play").await;
    page.wait_until("more wait", |snapshot| {
        let run = snapshot.run.as_ref().unwrap();
        run.channel.as_ref().unwrap().groups[0].figures[0] > ready
    })
    .await;
    page.press("charges, ready").await;
    assert!(page.find("messages").is_none());
}

#[wasm_bindgen_test]
async fn a_message_in_hand_says_whose() {
    let page = at_charges().await;
    page.press("play").await;
    for _ in 0..200 {
        if page.number("charges, in hand") > 0 {
            break;
        }
        page.press("step").await;
    }
    page.press("charges, in hand").await;
    assert!(page.text("messages").contains("on its way to payment"), "{}", page.text("messages"));
    let in_work = |page: &Page| page.text("messages").contains("in work at payment");
    for _ in 0..20 {
        if in_work(&page) {
            break;
        }
        page.press("step").await;
    }
    assert!(in_work(&page), "{}", page.text("messages"));
}

#[wasm_bindgen_test]
async fn a_wrong_value_says_what_is_wrong_and_changes_nothing() {
    let page = at_charges().await;
    go_to(&page, 2).await;
    let digest = page.text("digest");
    for (wrong, expected) in
        [("many", "1 to 65535"), ("0", "out of range"), ("70000", "out of range"), ("-1", "1 to 65535")]
    {
        page.fill("set-prefetch", wrong).await;
        let said = page.text("wrong-prefetch");
        assert!(said.contains(expected), "{wrong}: {said}");
        assert_eq!(page.attribute("set-prefetch", "aria-invalid"), "true");
        assert_eq!((page.value("set-prefetch").as_str(), page.text("digest")), (wrong, digest.clone()));
        assert_eq!(page.focused().as_deref(), Some("set-prefetch"));
    }
    assert_eq!(done_by_hand(&page), [""; 0]);
    page.fill("set-heartbeat", "30").await;
    assert!(page.text("wrong-heartbeat").contains("no unit"), "{}", page.text("wrong-heartbeat"));
    assert!(page.find("wrong-prefetch").is_some(), "one mistake does not hide another");
    page.element("set-prefetch").focus().unwrap();
    page.key("Escape").await;
    assert!(page.find("wrong-prefetch").is_none());
    assert_eq!(page.value("set-prefetch"), "none");
}

#[wasm_bindgen_test]
async fn a_right_value_is_an_intervention() {
    let page = at_charges().await;
    go_to(&page, 2).await;
    page.fill("set-prefetch", "many").await;
    page.fill("set-prefetch", "1").await;
    assert!(page.find("wrong-prefetch").is_none());
    page.fill("set-heartbeat", "1.5min").await;
    page.press("set-no_ack").await;
    page.choose("set-exchange", "fanout").await;
    let expected =
        ["charges: prefetch 1", "charges: heartbeat 90s", "charges: no_ack true", "charges: exchange fanout"];
    assert_eq!(done_by_hand(&page), expected.map(|words| format!("2.00 s: {words}")));
    assert!(page.text("caption").ends_with("charges: exchange fanout."), "{}", page.text("caption"));
    assert_eq!([page.value("set-prefetch"), page.value("set-no_ack")], ["1", "true"]);
    page.fill("set-prefetch", " 1 ").await;
    assert_eq!(done_by_hand(&page).len(), 4, "it is so already");

    page.run_to_end().await;
    let digest = page.text("digest");
    page.press("restart").await;
    assert_eq!([page.value("set-prefetch"), page.value("set-no_ack")], ["none", "false"], "it is not yet");
    page.run_to_end().await;
    assert_eq!(page.text("digest"), digest);
    assert_eq!(page.text("same-again"), "same as the run before");
    assert_eq!([page.value("set-prefetch"), page.value("set-no_ack")], ["1", "true"]);
    page.press("tab-figures").await;
    page.press("forget").await;
    page.press("tab-channel").await;
    assert_eq!([page.value("set-prefetch"), page.value("set-no_ack")], ["none", "false"]);
}

#[wasm_bindgen_test]
async fn the_run_does_not_take_away_what_somebody_is_typing() {
    let page = at_charges().await;
    page.type_into("set-prefetch", "12").await;
    frames(40).await;
    assert_eq!(page.value("set-prefetch"), "12");
    assert_eq!(page.focused().as_deref(), Some("set-prefetch"));
    for key in [" ", "r", "c", "2"] {
        page.key(key).await;
    }
    assert_eq!(page.attribute("play", "aria-label"), "Pause");
    assert_eq!(done_by_hand(&page), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_queue_that_becomes_a_broadcast_loses_what_waits() {
    let page = with_a_backlog().await;
    let waits = page.number("charges, ready");
    page.press("kinds").await;
    page.press("kind-redis-pubsub").await;
    assert_eq!(page.text("kind"), "redis-pubsub");
    assert!(page.find("kind-kafka").is_none(), "the list is closed");
    assert!(page.text("caption").contains("charges is now redis-pubsub"), "{}", page.text("caption"));
    assert!(page.find("set-prefetch").is_none() && page.find("set-client_output_buffer_limit").is_some());
    page.press("tab-figures").await;
    assert_eq!(page.number("lost-subscriber_away"), waits);
    assert_eq!(page.text("ledger-balance"), "balances");
    page.run_to_end().await;
    let digest = page.text("digest");
    page.press("restart").await;
    page.run_to_end().await;
    assert_eq!(page.text("digest"), digest);
    page.press("forget").await;
    page.run_to_end().await;
    assert!(page.find("lost-subscriber_away").is_none());
    page.press("tab-channel").await;
    assert_eq!(page.text("kind"), "rabbitmq-quorum");
}

#[wasm_bindgen_test]
async fn a_parameter_of_the_same_name_keeps_its_value() {
    let page = at_charges().await;
    page.fill("set-prefetch", "7").await;
    page.press("kinds").await;
    page.press("kind-rabbitmq-classic").await;
    assert_eq!(page.value("set-prefetch"), "7");
    assert_eq!(page.value("set-heartbeat"), "60s");
}

#[wasm_bindgen_test]
async fn what_was_set_goes_along_to_an_architecture_with_the_same_channel() {
    let more = "
  again:
    channels: { charges: { profile: rabbitmq-quorum, delivery_limit: 3 } }
    handlers:
      orders: { order: [reply, send: { command: charge, to: charges }] }
      payment: { charge: [work, set: paid] }
  log:
    channels: { charges: { profile: kafka } }
    handlers:
      orders: { order: [reply, send: { command: charge, to: charges }] }
      payment: { charge: [work, set: paid] }
";
    let page = Page::with("shops.yaml", &format!("{}{more}", SHOP.trim_end())).await;
    page.press("variant-queues").await;
    page.press("part-charges").await;
    go_to(&page, 2).await;
    page.fill("set-prefetch", "1").await;
    page.press("variant-again").await;
    assert_eq!(done_by_hand(&page), ["2.00 s: charges: prefetch 1"]);
    assert_eq!([page.value("set-prefetch"), page.value("set-delivery_limit")], ["none", "3"]);
    go_to(&page, 3).await;
    assert_eq!([page.value("set-prefetch"), page.value("set-delivery_limit")], ["1", "3"]);
    page.press("variant-log").await;
    assert_eq!(done_by_hand(&page), [""; 0]);
    assert_eq!(page.text("kind"), "kafka");
}

#[wasm_bindgen_test]
async fn a_log_shows_where_its_groups_have_come_to() {
    let page = at_charges().await;
    page.press("kinds").await;
    page.press("kind-kafka").await;
    page.fill("set-partitions", "3").await;
    go_to(&page, 3).await;
    let rows = page.element("partitions-payment").query_selector_all("tbody tr:not(.below)").unwrap();
    assert_eq!(rows.length(), 3);
    let words = page.text("partitions-payment");
    assert!(words.contains("read by payment, worker 1"), "{words}");
    assert!(words.contains("nobody reads it") || words.contains("worker 2"), "{words}");
}

#[wasm_bindgen_test]
async fn every_kind_can_be_chosen_at_any_time_and_takes_its_own_defaults() {
    let page = at_charges().await;
    page.send(Action::Run(Command::SetSpeed(0.1))).await;
    for profile in PROFILES.iter().filter(|profile| profile.name != "http") {
        page.press("kinds").await;
        page.press(&format!("kind-{}", profile.name)).await;
        assert_eq!(page.text("kind"), profile.name);
        let before = done_by_hand(&page).len();
        for parameter in profile.parameters {
            take_its_default(&page, profile.name, parameter).await;
        }
        assert_eq!(done_by_hand(&page).len(), before, "{}", profile.name);
        let ledger = page.desk.snapshot().run.as_ref().map(|run| run.summary.ledger.balances());
        assert_eq!(ledger, Some(true), "{}", profile.name);
    }
}

async fn take_its_default(page: &Page, profile: &str, parameter: &Parameter) {
    let field = format!("set-{}", parameter.name);
    // What another kind had under the same name may have been kept.
    assert_eq!(page.value(&field), parameter.default, "{profile}: {}", parameter.name);
    match parameter.takes {
        Takes::Count { .. } | Takes::Span { .. } => page.fill(&field, parameter.default).await,
        Takes::Choice(_) => page.choose(&field, parameter.default).await,
        Takes::Flag => {}
    }
    assert!(page.find(&format!("wrong-{}", parameter.name)).is_none(), "{profile}: {}", parameter.name);
}
