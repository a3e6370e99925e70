//! Contenders by wish.

use compare::{Settings, Study, contenders};

use super::{ORDERS, texts};

fn wrong(wishes: &[&str]) -> String {
    contenders(ORDERS, &texts(wishes)).unwrap_err()
}

#[test]
fn a_wish_makes_another_contender() {
    let wishes = ["queue", "queue with services.payment.workers=2 and faults.1.for=20s", "sync"];
    let (scenario, found) = contenders(ORDERS, &texts(&wishes)).unwrap();
    assert_eq!(found.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), wishes);
    assert_eq!(found.iter().map(|it| it.variant.as_str()).collect::<Vec<_>>(), ["queue", "queue", "sync"]);
    let workers: Vec<u16> = found.iter().map(|it| it.plan.services[1].workers).collect();
    assert_eq!(workers, [4, 2, 4]);
    assert_eq!(scenario.variants[2].plan.services[1].workers, 4, "the file is as it was");
}

#[test]
fn nothing_wished_for_is_nothing() {
    let (_, found) = contenders(ORDERS, &[]).unwrap();
    assert_eq!(found.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["sync", "pubsub", "queue"]);
}

#[test]
fn the_same_twice_cannot_be_told_apart() {
    let two = "queue with services.payment.workers=2";
    let (_, found) = contenders(ORDERS, &texts(&["queue", "queue (2)", "queue ", two, two])).unwrap();
    let names: Vec<String> = found.iter().map(|it| it.name.clone()).collect();
    let third = "queue (2) with services.payment.workers=2";
    assert_eq!(names, ["queue", "queue (2)", "queue (3)", two, third]);
    // Each can be asked for by its name.
    let (_, again) = contenders(ORDERS, &names).unwrap();
    for (one, other) in found.iter().zip(&again) {
        assert_eq!((&one.name, &one.variant, &one.sets), (&other.name, &other.variant, &other.sets));
    }
}

#[test]
fn a_wrong_wish_is_no_help() {
    assert_eq!(wrong(&["qeue"]), "there is no variant qeue; did you mean queue?");
    assert_eq!(
        wrong(&["queue with services.payment.wrkers=2"]),
        "services.payment.wrkers=2: variant queue has no services.payment.wrkers; \
         did you mean services.payment.workers?"
    );
    // What is wrong elsewhere because of it.
    let said = wrong(&["sync with length=30s and handlers.notification={}"]);
    assert!(said.starts_with("length=30s and handlers.notification={}: 4"), "{said}");
    assert!(wrong(&[""]).starts_with("nothing is wished for"));
    assert!(contenders("signalbox: 2", &[]).unwrap_err().contains("this program reads version 1"));
}

#[test]
fn what_promises_something_else_is_compared() {
    let said = |wish: &str| {
        let (_, found) = contenders(ORDERS, &texts(&["queue", wish])).unwrap();
        Study::new("", found, Settings::default()).map(|_| ()).unwrap_err()
    };
    let same = "than queue: what is compared must do the same work and promise the same";
    assert_eq!(said("queue with checks=[]"), format!("queue with checks=[] has other checks {same}"));
    let wish = "queue with checks.2.reach=[paid]";
    assert_eq!(said(wish), format!("{wish} has other promised facts {same}"));
}
