//! Pictures as text: what changes in them was meant to change.

use expect_test::{Expect, expect};
use scene::{Palette, View, svg};

use crate::parts::{Architecture, Shown, TALL, at, order_placed, shown};

fn check(shown: &Shown, expected: Expect) {
    expected.assert_eq(&(shown.texts(View::default()).join("\n") + "\n"));
}

#[test]
fn calls_are_drawn_with_other_words() {
    check(
        &shown(Architecture::Calls, 5_200),
        expect![[r#"
        shopper
        4/s
        4
        answered
        13
        refused
        0
        gave up
        orders
        payment
        down 3.2 s
        shipping
        the receiver was down ×7
        15 lost
        place_order
        charge
        ship
    "#]],
    );
}

#[test]
fn queues_are_drawn_with_other_words() {
    check(
        &shown(Architecture::Queues, 5_200),
        expect![[r#"
            shopper
            4/s
            19
            answered
            0
            refused
            0
            gave up
            orders
            payment
            down 3.2 s
            shipping
            payment-jobs
            rabbitmq-quorum
            16 ready
            0 unacked
            shipping-jobs
            rabbitmq-quorum
            5 ready
            2 unacked
            place_order
            charge
            ship
        "#]],
    );
}

#[test]
fn a_phone_shows_other_words_than_a_desk() {
    let plan = order_placed(Architecture::Queues).build().unwrap();
    let tall = Shown::at(plan, at(5_200), TALL);
    let mut texts = tall.texts(View::default());
    let mut wide = shown(Architecture::Queues, 5_200).texts(View::default());
    texts.sort();
    wide.sort();
    assert_eq!(texts, wide);
}

#[test]
fn an_svg_is_not_well_formed() {
    let shown = shown(Architecture::Calls, 5_200);
    let picture = shown.picture(View::default());
    let drawing = svg(&picture, shown.layout.width(), shown.layout.height(), &Palette::night());
    assert!(drawing.starts_with("<svg ") && drawing.trim_end().ends_with("</svg>"));
    for line in drawing.lines().skip(1).filter(|line| *line != "</svg>") {
        let closed = line.ends_with("/>") || line.ends_with("</text>");
        assert!(line.starts_with('<') && closed, "{line}");
    }
}

#[test]
fn small_text_is_drawn_although_nobody_can_read_it() {
    let shown = shown(Architecture::Calls, 5_200);
    let count = |scale: f64| shown.texts(View { scale, ..View::default() }).len();
    assert!(count(0.3) < count(1.0));
    assert_eq!(count(0.05), 0);
}
