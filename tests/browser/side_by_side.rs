//! Several runs with one clock, and the run of a contender alone.

use app::{Action, Board, Snapshot};
use kernel::Time;
use player::Command;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::mounted::{Page, SHOP, frames};

fn seconds(seconds: u64) -> Time {
    Time::from_nanos(seconds * 1_000_000_000)
}

/// Whether all lanes are at a time.
fn all_at(snapshot: &Snapshot, time: Time) -> bool {
    snapshot.lanes.as_ref().is_some_and(|lanes| lanes.list.iter().all(|lane| lane.time == time))
}

async fn beside(page: &Page, wishes: &[&str]) {
    page.send(Action::Lanes(wishes.iter().map(|wish| (*wish).into()).collect())).await;
    page.send(Action::ShowBoard(Board::SideBySide)).await;
    frames(5).await;
}

#[wasm_bindgen_test]
async fn what_is_answered_elsewhere_is_not_counted() {
    let page = Page::with_shop().await;
    beside(&page, &["calls", "queues"]).await;
    page.send(Action::Run(Command::Pause)).await;
    page.send(Action::Run(Command::Seek(seconds(5)))).await;
    page.wait_until("all are there", |snapshot| all_at(snapshot, seconds(5))).await;
    page.press("part-payment").await;
    page.press("slow").await;
    // A customer of the calls waits for payment, while the same one of the queues has been answered.
    page.send(Action::Run(Command::Seek(Time::from_nanos(5_250_000_000)))).await;
    let snapshot = page.wait_until("time has passed", |it| all_at(it, Time::from_nanos(5_250_000_000))).await;
    let lanes = snapshot.lanes.as_ref().unwrap();
    assert_eq!((lanes.list[0].waiting, lanes.list[0].behind), (1, 1));
    assert_eq!((lanes.list[1].waiting, lanes.list[1].behind), (0, 0));
    page.press("crash").await;
    page.run_to_end().await;
    let snapshot = page.wait_until("all have ended", |snapshot| all_at(snapshot, seconds(20))).await;
    let (calls, queues) = {
        let list = &snapshot.lanes.as_ref().unwrap().list;
        (list[0].clone(), list[1].clone())
    };
    assert_eq!((calls.refused, queues.refused), (u64::from(queues.refused_elsewhere), 0));
    assert!(calls.refused > 50 && calls.refused_elsewhere == 0 && calls.behind == 0);
}

#[wasm_bindgen_test]
async fn the_run_without_what_was_done_has_it_done() {
    let page = Page::with_shop().await;
    beside(&page, &["calls", app::WITHOUT]).await;
    page.press("part-payment").await;
    page.press("crash").await;
    page.run_to_end().await;
    let snapshot = page.wait_until("all have ended", |snapshot| all_at(snapshot, seconds(20))).await;
    let lanes = &snapshot.lanes.as_ref().unwrap().list;
    assert!(lanes[0].refused > 50 && lanes[1].refused == 0);
    // Alone it is still so.
    page.press("open-lane-1").await;
    page.wait_until("it is wound", |snapshot| snapshot.run.as_ref().is_some_and(|run| run.transport.over))
        .await;
    assert_eq!((page.number("refused"), page.text("digest")), (0, lanes[1].digest.clone()));
}

#[wasm_bindgen_test]
async fn a_storm_in_one_lane_stops_the_others() {
    let storm = format!(
        "{SHOP}  storm:
    channels: {{ echo: {{ profile: rabbitmq-quorum }} }}
    links: {{ default: {{ latency: 0ms }} }}
    handlers:
      orders: {{ order: [send: {{ command: again, to: echo }}, reply] }}
      payment: {{ again: [send: {{ command: again, to: echo }}, send: {{ command: again, to: echo }}], charge: [work] }}
"
    );
    let page = Page::with("storm.yaml", &storm).await;
    beside(&page, &["storm", "calls"]).await;
    page.send(Action::SelectIn { lane: 0, place: None }).await;
    page.send(Action::Run(Command::RunToEnd)).await;
    let ended = |snapshot: &Snapshot| {
        let lanes = snapshot.lanes.as_ref().map(|lanes| &lanes.list);
        lanes.is_some_and(|lanes| lanes[1].time == seconds(20))
    };
    let snapshot = page.wait_until("the other one has ended", ended).await;
    let lanes = &snapshot.lanes.as_ref().unwrap().list;
    assert!(
        lanes[1].leads && lanes[0].note.as_ref().unwrap().starts_with("stopped at "),
        "{:?}",
        lanes[0].note
    );
    page.press("open-lane-0").await;
    page.wait_until("it is shown", |snapshot| snapshot.run.as_ref().is_some_and(|run| run.transport.over))
        .await;
    assert!(page.text("caption").starts_with("The run has ended early"), "{}", page.text("caption"));
}

#[wasm_bindgen_test]
async fn a_contender_opens_as_another_run_than_was_compared() {
    let page = Page::with_shop().await;
    page.press("part-payment").await;
    page.press("crash").await;
    let open = |wish: &str, at| Action::OpenRun { wish: wish.into(), seed: 11, at, case: Some(30) };
    page.send(open("queues with services.payment.workers=1", Some(seconds(4)))).await;
    page.wait_until("it is there", |snapshot| {
        snapshot.run.as_ref().is_some_and(|run| !run.transport.winding && run.transport.now == seconds(3))
    })
    .await;
    let snapshot = page.desk.snapshot();
    let run = snapshot.run.as_ref().unwrap();
    assert_eq!((snapshot.board, run.seed, run.followed), (Board::Stage, 11, Some(30)));
    assert_eq!(run.variants[run.variant].name, "queues with services.payment.workers=1");
    assert!(!run.transport.playing && run.interventions.is_empty());
    page.send(open("queues", None)).await;
    let snapshot = page.desk.snapshot();
    let run = snapshot.run.as_ref().unwrap();
    assert!(run.transport.playing && run.variant == 1);
    page.send(open("kueues", None)).await;
    assert!(page.text("caption").contains("queues"), "{}", page.text("caption"));
}
