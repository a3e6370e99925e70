//! A channel that is looked into, set otherwise and swapped while it runs.

use e2e::{Key, Outcome, Page, page_test};

use crate::{balanced, drop_file, number, open, quiet, run_to_end, text};

/// Orders reach a bank that is away for a while through a queue.
const SHOP: &str = "
signalbox: 1
title: A shop
seed: 7
length: 20s
clients: { shopper: { arrivals: constant 20/s, until: 15s, sends: order, to: shop } }
services:
  shop: { workers: 4, work: 1ms }
  bank: { workers: 2, work: 20ms }
channels: { charges: { profile: rabbitmq-quorum } }
handlers:
  shop: { order: [work, send: { command: charge, to: charges }, reply] }
  bank: { charge: [work, set: paid] }
faults:
  - { at: 2s, crash: bank }
";

#[test]
fn a_queue_is_looked_into_set_otherwise_and_swapped() {
    page_test("a_queue_is_looked_into_set_otherwise_and_swapped", |page| {
        at_charges(page)?;
        page.wait_until("messages wait", || Ok(waiting(page)? > 60))?;
        page.by_role("button", "Pause")?.click()?;
        // What is shown beside this button is what it stands still with.
        page.by_role("button", "Play")?;
        let waits = waiting(page)?;
        page.by_test_id("charges, ready")?.click()?;
        let list = page.by_test_id("messages")?.text()?;
        assert!(list.contains("charge") && list.contains(&format!("and {} more", waits - 50)), "{list}");

        let digest = text(page, "digest")?;
        fill(page, "prefetch", "some")?;
        // An emptied field is wrong too, and may be told first.
        page.wait_until("what is wrong is told", || {
            let wrong = page.by_test_id("wrong-prefetch")?.text()?;
            Ok(wrong.contains("some") && wrong.contains("1 to 65535"))
        })?;
        assert_eq!(text(page, "digest")?, digest, "what is wrong changes nothing");
        fill(page, "prefetch", "3")?;
        page.wait_until("it is set", || Ok(text(page, "caption")?.ends_with("charges: prefetch 3.")))?;

        page.by_role("button", "Change kind")?.click()?;
        page.by_role("button", "redis-pubsub")?.click()?;
        page.wait_until("it is swapped", || Ok(text(page, "kind")? == "redis-pubsub"))?;
        page.by_role("button", "Figures")?.click()?;
        assert_eq!(number(page, "lost-subscriber_away")?, waits);
        balanced(page)?;
        let first = run_to_end(page)?;
        page.by_role("button", "Restart")?.click()?;
        assert_eq!(run_to_end(page)?, first);
        assert_eq!(text(page, "same-again")?, "same as the run before");
        let deeds = page.by_css(".interventions ol")?.text()?;
        assert!(
            deeds.contains("charges: prefetch 3") && deeds.contains("charges is now redis-pubsub"),
            "{deeds}"
        );

        page.by_role("button", "Forget and restart")?.click()?;
        assert_ne!(run_to_end(page)?, first);
        assert!(page.all_by_css("[data-testid=lost-subscriber_away]")?.is_empty());
        page.by_test_id("tab-channel")?.click()?;
        assert_eq!(text(page, "kind")?, "rabbitmq-quorum");
        quiet(page)
    });
}

#[test]
fn a_channel_is_changed_by_keyboard_alone() {
    page_test("a_channel_is_changed_by_keyboard_alone", |page| {
        at_charges(page)?;
        page.wait_until("messages wait", || Ok(waiting(page)? > 5))?;
        page.press(' ')?;
        page.by_role("button", "Play")?;
        focus(page, "charges, ready")?;
        page.press(Key::Enter)?;
        page.by_test_id("messages")?;
        focus(page, "set-prefetch")?;
        page.by_test_id("set-prefetch")?.clear()?;
        page.by_test_id("set-prefetch")?.type_text("2")?;
        page.press(Key::Enter)?;
        page.wait_until("it is set", || Ok(text(page, "caption")?.ends_with("charges: prefetch 2.")))?;
        page.press(Key::Tab)?;
        page.press(' ')?;
        page.wait_until(
            "the switch is on",
            || Ok(text(page, "caption")?.ends_with("charges: no_ack true.")),
        )?;
        focus(page, "kinds")?;
        page.press(Key::Enter)?;
        page.by_test_id("kind-in-memory-bus")?;
        page.press(Key::Tab)?;
        page.press(Key::Enter)?;
        page.wait_until("the first kind is chosen", || Ok(text(page, "kind")? == "in-memory-bus"))?;
        page.press(Key::Enter)?;
        page.by_test_id("kind-in-memory-bus").map(drop)
    });
}

#[test]
fn a_channel_on_a_phone_has_nothing_beside_it() {
    page_test("a_channel_on_a_phone_has_nothing_beside_it", |page| {
        page.resize(390, 844)?;
        at_charges(page)?;
        page.by_test_id("charges, ready")?.click()?;
        page.by_role("button", "Change kind")?.click()?;
        page.by_role("button", "kafka")?.click()?;
        page.wait_until("it is swapped", || Ok(text(page, "kind")? == "kafka"))?;
        let beside = page
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
        assert_eq!(beside.as_f64(), Some(0.0), "it scrolls sideways");
        for control in ["kinds", "bank, unread", "set-partitions", "set-enable_auto_commit", "set-acks"] {
            let found = page.by_test_id(control);
            let (left, _, width, height) = found?.rectangle()?;
            assert!(width >= 40.0 && height >= 40.0, "{control} is {width} by {height}");
            assert!(left >= 0.0 && left + width <= 390.0, "{control} is cut off");
        }
        Ok(())
    });
}

/// The shop runs, and its queue is selected.
fn at_charges(page: &Page) -> Outcome {
    open(page)?;
    drop_file(page, "shop.yaml", &format!("[{}]", serde_json::to_string(SHOP).unwrap_or_default()))?;
    page.by_test_id("part-charges")?.click()?;
    page.wait_until("the queue is selected", || Ok(text(page, "kind")? == "rabbitmq-quorum"))
}

fn waiting(page: &Page) -> Outcome<u64> {
    number(page, "charges, ready")
}

fn fill(page: &Page, parameter: &str, text: &str) -> Outcome {
    let field = page.by_test_id(&format!("set-{parameter}"))?;
    field.clear()?;
    field.type_text(text)?;
    page.press(Key::Enter)
}

fn focus(page: &Page, test_id: &str) -> Outcome {
    page.script(&format!("document.querySelector('[data-testid={test_id:?}]').focus()")).map(drop)
}
