//! Steps with other steps inside, and how a handler is run.

use expect_test::expect;

use super::{check, filled_up};

#[test]
fn a_handler_with_wrong_habits() {
    check(
        r#"
handlers:
  shop:
    order: { durable: true, worker: freed, reads: 2 to 1, step: [work] }
"#,
        expect![[r#"
            3:23: error: handlers.shop.order.durable: `true` is not yes or no; expected one of: yes or no
            3:37: error: handlers.shop.order.worker: `freed` is not something to do with a worker; expected one of: held or released
            3:51: error: handlers.shop.order.reads: no version is in the range 2 to 1; the lower version comes first: 1 to 2
            3:59: error: handlers.shop.order has the unknown key `step`; did you mean steps?
        "#]],
    );
}

#[test]
fn a_version_that_is_none() {
    check(
        "handlers: { shop: { order: { reads: 0, steps: [reply] } } }",
        expect![[r#"
            1:37: error: handlers.shop.order.reads: `0` is not a schema version; expected a schema version or a range of them, such as 1 or 1 to 2
        "#]],
    );
    check(
        "handlers: { shop: { order: { reads: 1..2, steps: [reply] } } }",
        expect![[r#"
            1:37: error: handlers.shop.order.reads: `1..2` is not a schema version; expected a schema version or a range of them, such as 1 or 1 to 2
        "#]],
    );
}

#[test]
fn a_retry_that_makes_no_sense() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - retry: { attempts: 1 }
        steps: [call: { to: payment, send: charge }]
      - retry: { attempts: forever, growth: 2 }
        steps: [call: { to: payment, send: charge }]
      - retry: { attempts: 3, pause: 5s, longest: 1s, budget: 0% }
        steps: [call: { to: payment, send: charge }]
      - retry: { attempts: 0, growth: 0.5, jitter: lots }
        steps: [call: { to: payment, send: charge }]
      - retry: { attempts: many, pause: 5, growth: a lot }
  payment: { charge: [reply] }
"#,
        expect![[r#"
            7:28: error: this is tried for ever without a pause; add `pause:`, such as 100ms, or say how many `attempts:` there are
            9:51: error: the longest pause is shorter than the first, 5s; make `longest` longer, or `pause` shorter
            9:63: error: a budget of nothing allows no retry; expected more than 0%, or remove the `retry`
            11:28: error: handlers.shop.order.retry.attempts: `0` is not a number of attempts; expected a whole number from 1 to 65535, or `forever`
            11:39: error: handlers.shop.order.retry.growth: a growth of 0.5 is out of range; expected a number from 1 to 1000, such as 2
            11:52: error: handlers.shop.order.retry.jitter: `lots` is not a kind of jitter; expected one of: none, full or half
            13:9: error: handlers.shop.order: the step retry has no `steps`; add `steps:`: What may fail.
            13:28: error: handlers.shop.order.retry.attempts: `many` is not a number of attempts; expected a whole number from 1 to 65535, or `forever`
            13:41: error: handlers.shop.order.retry.pause: `5` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
            13:52: error: handlers.shop.order.retry.growth: `a lot` does not begin with a number; expected a number from 1 to 1000, such as 2
        "#]],
    );
}

#[test]
fn one_attempt() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - retry: { attempts: 1 }
        steps: [call: { to: payment, send: charge }]
  payment: { charge: [reply] }
"#,
        expect![[r#"
            5:28: warning: one attempt is no retry: the first counts too; expected at least 2, or remove the `retry`
        "#]],
    );
}

#[test]
fn a_block_around_what_never_fails() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - retry: { attempts: 2 }
        steps: [call: { to: payment, send: charge, on_error: continue }]
      - try: [call: { to: payment, send: charge, on_error: continue }]
        else: [fail]
      - try: [{ deadline: 1s, steps: [call: { to: payment, send: charge, on_error: continue }] }]
  payment: { charge: [reply] }
"#,
        expect![[r#"
            5:9: warning: none of the steps of this `retry` can fail, so that they are done once; a call with `on_error: continue` does not fail: leave that out, or remove the block
            7:9: warning: none of the steps of this `try` can fail, so that it changes nothing; a call with `on_error: continue` does not fail: leave that out, or remove the block
        "#]],
    );
}

#[test]
fn a_retry_as_it_should_be() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - retry: { attempts: forever, pause: 100ms, growth: 2, longest: 5s, jitter: full, budget: 20% }
        steps: [call: { to: payment, send: charge }]
  payment: { charge: [reply] }
"#,
        expect![[r#""#]],
    );
}

#[test]
fn retries_that_stand_too_deep() {
    let mut steps = "call: { to: payment, send: charge }".to_owned();
    for _ in 0..6 {
        steps = format!("{{ retry: {{ attempts: 2 }}, steps: [{steps}] }}");
    }
    check(
        &format!(
            "services: {{ shop: {{}}, payment: {{}} }}\n\
             handlers: {{ shop: {{ order: [{steps}] }}, payment: {{ charge: [reply] }} }}"
        ),
        expect![[r#"
            2:165: error: more than 4 steps `retry` stand in one another; make it flatter, or leave a part to another handler
        "#]],
    );
}

#[test]
fn deadlines_that_never_pass() {
    check(
        r#"
handlers:
  shop:
    order:
      - deadline: 2s
        steps:
          - deadline: exponential 1s
            steps:
              - deadline: 5s
                steps: [work]
              - deadline: 1s
                steps: [deadline: 1s, steps: [work]]
"#,
        expect![[r#"
            11:25: error: handlers.shop.order.steps.steps.steps: the step deadline has no `steps`; add `steps:`: What has to be done by then.
            11:39: error: handlers.shop.order.steps.steps.steps: `steps` stands in an item of its own; write it in the item of its retry or deadline: without a dash, or between the same braces
        "#]],
    );
    check(
        r#"
handlers:
  shop:
    order:
      - deadline: 2s
        steps:
          - deadline: exponential 1s
            steps:
              - deadline: 5s
                steps: [work]
              - deadline: 1s
                steps: [{ deadline: 1s, steps: [work] }, { deadline: 500ms, steps: [work] }]
"#,
        expect![[r#"
            8:17: warning: this deadline of 5s never passes: the one around it does, after 2s; make it shorter, or remove it
            11:25: warning: this deadline of 1s never passes: the one around it does, after 1s; make it shorter, or remove it
        "#]],
    );
}

#[test]
fn a_call_that_nobody_cancels() {
    check(
        r#"
services: { shop: {}, payment: {}, bank: {} }
handlers:
  shop:
    order:
      - call: { to: payment, send: charge, cancel: yes }
      - call: { to: payment, send: charge, cancel: yes, timeout: 1s }
      - deadline: 1s
        steps: [call: { to: payment, send: charge, cancel: yes }]
      - parallel: [[call: { to: payment, send: charge, cancel: yes }], [fail]]
      - parallel: [[call: { to: payment, send: charge, cancel: yes }], [work]]
  payment: { charge: [call: { to: bank, send: move, cancel: yes }] }
  bank: { move: [reply] }
"#,
        expect![[r#"
            5:9: warning: shop never gives up this call of payment, so that it is never cancelled; add `timeout:` to it, or put a `deadline` around it
            10:9: warning: shop never gets to this step of order; the step before it always fails: remove this one, or branch
            10:21: warning: shop never gives up this call of payment, so that it is never cancelled; add `timeout:` to it, or put a `deadline` around it
        "#]],
    );
}

#[test]
fn a_branch_alone() {
    check(
        "handlers: { shop: { order: [parallel: [[work]], parallel: [], parallel: work, parallel: [work]] } }",
        expect![[r#"
            1:59: error: handlers.shop.order.parallel has 0 items; expected 1 to 100
            1:73: error: handlers.shop.order.parallel is `work`; expected a list
            1:90: error: handlers.shop.order.parallel is `work`; expected a list
        "#]],
    );
    check(
        "handlers: { shop: { order: [parallel: [[work]]] } }",
        expect![[r#"
        1:29: warning: one branch alone is not parallel to anything; add a second list of steps, or write these without `parallel`
    "#]],
    );
}

#[test]
fn an_undo_that_is_never_done() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - undo: [set: freed]
      - try:
          - call: { to: payment, send: charge }
          - undo: [call: { to: payment, send: refund }]
        else: [set: sold_out]
      - parallel:
          - [work, undo: [set: freed]]
          - [call: { to: payment, send: charge }]
      - undo: [undo: [set: freed]]
      - call: { to: payment, send: charge, on_error: continue }
      - wait: 1s
      - reply
  payment: { charge: [reply], refund: [reply] }
"#,
        expect![[r#"
            13:9: warning: nothing that can fail comes after this `undo`, so that it is never done; a call, a send into a channel, `fail`, or a wait or deadline without `else` can fail: put it before that
            13:16: error: an `undo` stands in an `undo`; move its steps out; what undoes something is not undone itself
        "#]],
    );
}

#[test]
fn an_undo_that_comes_last() {
    check(
        r#"
services: { shop: {}, payment: {} }
handlers:
  shop:
    order:
      - call: { to: payment, send: charge }
      - undo: [call: { to: payment, send: refund }]
      - reply
  payment: { charge: [reply], refund: [reply] }
"#,
        expect![[r#"
            6:9: warning: nothing that can fail comes after this `undo`, so that it is never done; a call, a send into a channel, `fail`, or a wait or deadline without `else` can fail: put it before that
        "#]],
    );
}

#[test]
fn more_to_undo_than_a_handler_remembers() {
    let steps = "{ undo: [set: freed] }, ".repeat(70);
    check(
        &format!("handlers: {{ shop: {{ order: [{steps} fail] }} }}"),
        expect![[r#"
        1:1565: error: shop has more than 64 steps `undo` for order; join some of them, or leave a part to another handler
    "#]],
    );
}

#[test]
fn an_else_that_is_never_done() {
    check(
        r#"
services: { shop: { memory: { seen: per case } } }
clients: { shopper: { arrivals: poisson 5/s, sends: order, to: shop }, other: { arrivals: poisson 5/s, sends: look, to: shop } }
handlers:
  shop:
    order:
      - { wait: 5s, else: [fail] }
      - { wait: { until: seen }, else: [fail] }
      - { wait: { until: seen, for: 5s }, else: [fail] }
    look: [remember: seen]
"#,
        expect![[r#"
            6:21: warning: a pause always ends, so that this `else` is never done; remove it, or say `until:` what
            7:34: warning: this waits for ever, so that its `else` is never done; say `for:` how long it waits
        "#]],
    );
}

#[test]
fn blocks_without_their_parts() {
    check(
        r#"
handlers:
  shop:
    order:
      - try: work
      - { retry: { attempts: 2 } }
      - { deadline: 2s, then: [work] }
      - { wait: { for: 5s } }
      - { undo: }
      - { wait: }
      - { work: { for: 1s } }
"#,
        expect![[r#"
            4:14: error: handlers.shop.order.try is `work`; expected a list
            5:9: error: handlers.shop.order: the step retry has no `steps`; add `steps:`: What may fail.
            6:9: error: handlers.shop.order: the step deadline has no `steps`; add `steps:`: What has to be done by then.
            6:25: error: handlers.shop.order: the step deadline has the unknown key `then`; expected one of: deadline, steps or else
            7:19: error: handlers.shop.order.wait: `for` is not something to wait for; expected one of: until, constant, uniform, exponential, lognormal, pareto or empirical
            8:11: error: handlers.shop.order.undo is nothing; expected a list
            9:11: error: handlers.shop.order.wait is nothing; expected a duration or a distribution, such as 80ms, exponential 30ms or lognormal median 80ms p99 300ms
            10:19: error: handlers.shop.order.work: `for` is not how long work takes; expected one of: times, constant, uniform, exponential, lognormal, pareto or empirical
        "#]],
    );
}

#[test]
fn replies_in_blocks() {
    check(
        r#"
services: { shop: { memory: { seen: per case } }, payment: {} }
handlers:
  shop:
    order:
      - try: [reply, fail, work]
        else: [reply]
    look:
      - remember: seen
      - parallel: [[reply], [reply]]
    leave:
      - wait: { until: seen, for: 1s }
        else: [reply, fail]
      - reply
    pay:
      - retry: { attempts: 2 }
        steps: [call: { to: payment, send: charge }, reply]
      - undo: [reply]
      - deadline: 1s
        steps: [work]
        else: [reply]
      - fail
  payment:
    charge:
      - send: { command: look, to: shop }
      - send: { command: leave, to: shop }
      - send: { command: pay, to: shop, after: 1s }
"#,
        expect![[r#"
            5:28: warning: shop never gets to this step of order; the step before it always fails: remove this one, or branch
            6:16: warning: shop may reply to order twice; only the first reply counts: remove one of them
            9:30: warning: shop may reply to look twice; only the first reply counts: remove one of them
            17:16: warning: shop may reply to pay twice; only the first reply counts: remove one of them
            20:16: warning: shop may reply to pay twice; only the first reply counts: remove one of them
        "#]],
    );
}

#[test]
fn blocks_that_stand_in_each_other_too_deep() {
    let nested = |depth: usize| {
        let steps = (0..depth).fold("work".to_owned(), |steps, _| format!("{{ try: [{steps}, fail] }}"));
        format!("handlers: {{ shop: {{ order: [{steps}] }} }}")
    };
    check(&nested(29), expect![[r#""#]]);
    check(
        &nested(40),
        expect![[r#"
        1:269: error: parts stand in each other more than 64 deep; make it flatter
    "#]],
    );
    check(
        &nested(40_000),
        expect![[r#"
            1:1037: error: parts stand in each other far too deep; make it flatter: at most 64 deep are read
        "#]],
    );
}

#[test]
fn aliases_that_reach_too_deep() {
    let mut text = String::from("about: A\ntitle: &a0 [x]\n");
    for level in 1..200 {
        let (open, close) = ("[".repeat(10), "]".repeat(10));
        text.push_str(&format!("key{level}: &a{level} {open}*a{}{close}\n", level - 1));
    }
    check(
        &text,
        expect![[r#"
        9:21: error: parts stand in each other more than 64 deep; make it flatter
    "#]],
    );
}

#[test]
fn a_workflow_of_ten_thousand_steps() {
    let step = |index: usize| match index % 5 {
        0 => format!("work: {index}us"),
        1 => format!("set: {{ paid: {index} }}"),
        2 => "call: { to: payment, send: charge, timeout: 1s, on_error: continue }".into(),
        3 => {
            format!("{{ if: paid > {index}, then: [work], else: [store: {{ balance: balance + {index} }}] }}")
        }
        _ => "{ try: [{ parallel: [[work], [fail]] }], else: [{ wait: 1us }] }".into(),
    };
    let steps: String = (0..9_000).map(|index| format!("      - {}\n", step(index))).collect();
    let text = format!(
        "clients: {{ shopper: {{ arrivals: at 1s 2s, sends: order, to: shop }} }}\n\
         services: {{ shop: {{ store: {{ balance: per case }} }}, payment: {{}} }}\n\
         handlers:\n  payment: {{ charge: [reply] }}\n  shop:\n    order:\n{steps}"
    );
    let reading = scenario::read(&filled_up(&text));
    assert_eq!(reading.diagnostics, []);
    let plan = reading.scenario.expect("it is right").variants[0].plan.clone();
    let mut world = topology::World::new(plan, 1);
    world.run_until(kernel::Time::MAX);
    let ledger = world.ledger();
    assert!(ledger.published > 7_000 && ledger.delivered == ledger.published, "{ledger:?}");
}
