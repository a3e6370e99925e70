//! A person at the controls: whatever the speed, the pauses and the budget, it is the same run.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod settings;
mod together;

use channel::profile;
use kernel::{Distribution, Purpose, Span, Stream, Time};
use player::{Command, Player, Progress};
use topology::{Act, Arrivals, Client, Flow, Place, PlanBuilder, Service, ServiceId, Target};

const PAYMENT: Place = Place::Service(ServiceId(1));

fn seconds(seconds: f64) -> Time {
    Time::ZERO + Span::from_seconds(seconds)
}

fn player() -> Player {
    player_at(8.0)
}

/// Orders, so many per second, reach payment through a queue; 20 s.
fn player_at(per_second: f64) -> Player {
    let mut plan = PlanBuilder::new("orders", seconds(20.0));
    let orders = plan.service(Service::named("orders").workers(4));
    let payment =
        plan.service(Service::named("payment").work(Distribution::exponential(Span::from_millis(100))));
    let (order, charge, paid) = (plan.message_type("order"), plan.message_type("charge"), plan.fact("paid"));
    let queue = plan.channel("charges", "rabbitmq-quorum", profile("rabbitmq-quorum").unwrap().rules.clone());
    let arrivals = Arrivals::Poisson { per_second };
    plan.client(Client::named("shopper", arrivals, order, Target::Service(orders)));
    plan.handler(orders, order, Flow::new().send(Target::Channel(queue), charge).reply());
    plan.handler(payment, charge, Flow::new().work().set(paid));
    Player::new(plan.build().unwrap(), 42)
}

fn to_end(player: &mut Player) -> String {
    player.command(Command::RunToEnd);
    while player.advance(Span::ZERO, &mut || true) == Progress::Behind {}
    assert!(player.is_over());
    player.summary().digest
}

#[test]
fn the_speed_or_the_frame_rate_changes_the_run() {
    let expected = to_end(&mut player());
    let frames = Stream::new(1, Purpose::Branch, "frames");
    for speed in [0.01, 0.37, 1.0, 13.0, 1000.0] {
        let mut player = player();
        player.command(Command::SetSpeed(speed));
        player.command(Command::Play);
        for frame in 0..500 {
            let elapsed = Span::from_millis(u64::from(frames.draw(frame, 0).below(40)));
            let before = player.world().now();
            player.advance(elapsed, &mut || frame % 3 == 0);
            assert!(player.world().now() >= before);
        }
        assert_eq!(to_end(&mut player), expected, "at {speed}x");
    }
}

#[test]
fn simulated_time_does_not_follow_the_speed() {
    let mut player = player();
    player.command(Command::SetSpeed(0.25));
    player.command(Command::Play);
    for _ in 0..60 {
        player.advance(Span::from_millis(16), &mut || true);
    }
    assert_eq!(player.world().now(), seconds(0.24));
}

#[test]
fn something_moves_on_pause() {
    let mut player = player();
    player.command(Command::Play);
    player.advance(Span::from_millis(1500), &mut || true);
    player.command(Command::Pause);
    let (now, digest) = (player.world().now(), player.summary().digest);
    assert_eq!(player.advance(Span::from_millis(1500), &mut || true), Progress::Still);
    assert_eq!((player.world().now(), player.summary().digest), (now, digest));
}

#[test]
fn a_step_shows_nothing() {
    let mut player = player();
    for _ in 0..50 {
        let before = player.world().records_made();
        player.command(Command::StepEvent);
        assert!(player.world().records_made() > before);
        assert!(!player.fresh().is_empty());
    }
}

#[test]
fn the_budget_is_overrun() {
    let mut player = player();
    player.command(Command::RunToEnd);
    let mut asked = 0;
    let mut stop_at_third = || {
        asked += 1;
        asked < 3
    };
    assert_eq!(player.advance(Span::ZERO, &mut stop_at_third), Progress::Behind);
    assert_eq!(asked, 3);
    assert!(player.world().occurrences() <= 3 * 256, "{}", player.world().occurrences());
    assert!(!player.is_over());
}

#[test]
fn a_page_that_was_asleep_runs_into_a_debt() {
    let mut player = player();
    player.command(Command::SetSpeed(1000.0));
    player.command(Command::Play);
    assert_eq!(player.advance(Span::from_millis(10_000), &mut || false), Progress::Behind);
    let now = player.world().now();
    player.advance(Span::from_nanos(1000), &mut || true);
    assert!(player.world().now().since(now) <= Span::from_millis(1), "it catches up with what it missed");
}

#[test]
fn a_restart_forgets_or_moves_what_a_person_did() {
    let mut player = player();
    player.command(Command::Play);
    player.advance(Span::from_millis(3210), &mut || true);
    player.command(Command::Inject(Act::Crash { place: PAYMENT }));
    player.advance(Span::from_millis(4000), &mut || true);
    player.command(Command::Inject(Act::Restart { place: PAYMENT }));
    let first = to_end(&mut player);
    assert_ne!(first, to_end(&mut self::player()), "the crash made no difference");

    player.command(Command::Restart);
    assert_eq!(to_end(&mut player), first);
    assert_eq!(player.interventions().len(), 2);
    assert_eq!(player.interventions()[0].at, seconds(3.21));

    player.command(Command::ForgetInterventions);
    assert_eq!(to_end(&mut player), to_end(&mut self::player()));
}

#[test]
fn stepping_over_an_intervention_loses_it() {
    let mut player = player();
    player.command(Command::Seek(seconds(2.0)));
    player.advance(Span::ZERO, &mut || true);
    player.command(Command::Inject(Act::Crash { place: PAYMENT }));
    let expected = to_end(&mut player);
    player.command(Command::Restart);
    for _ in 0..300 {
        player.command(Command::StepEvent);
    }
    assert!(!player.world().is_up(PAYMENT));
    assert_eq!(to_end(&mut player), expected);
}

#[test]
fn going_back_gives_another_past() {
    let mut player = player();
    let at = |player: &mut Player, time| {
        player.command(Command::Seek(time));
        while player.advance(Span::ZERO, &mut || true) == Progress::Behind {}
        assert_eq!(player.world().now(), time);
        player.summary()
    };
    let early = at(&mut player, seconds(5.0));
    let late = at(&mut player, seconds(15.0));
    assert_eq!(at(&mut player, seconds(5.0)), early);
    assert_eq!(at(&mut player, seconds(15.0)), late);
}

#[test]
fn another_future_keeps_what_was_done_in_the_first() {
    let mut player = player();
    player.command(Command::Seek(seconds(10.0)));
    player.advance(Span::ZERO, &mut || true);
    player.command(Command::Inject(Act::Crash { place: PAYMENT }));
    player.command(Command::Seek(seconds(5.0)));
    player.advance(Span::ZERO, &mut || true);
    player.command(Command::Inject(Act::Slow { service: ServiceId(1), factor: 2.0 }));
    assert_eq!(player.interventions().len(), 1);
    to_end(&mut player);
    assert!(player.world().is_up(PAYMENT));
}

#[test]
fn a_record_is_recent_twice_or_not_at_all() {
    let mut player = player_at(50.0);
    let mut all = Vec::new();
    player.command(Command::Play);
    for frame in 0..400 {
        player.advance(Span::from_millis(frame % 90), &mut || true);
        all.extend_from_slice(player.fresh());
        let recent: Vec<_> = player.recent().copied().collect();
        assert_eq!(recent, all[all.len().saturating_sub(Player::RECENT_MAX)..], "in frame {frame}");
    }
    assert!(all.len() > Player::RECENT_MAX, "only {} records", all.len());
}

#[test]
fn another_run_forgets_what_was_done_or_does_it_at_another_time() {
    let mut first = player();
    first.command(Command::Play);
    first.advance(Span::from_millis(3210), &mut || true);
    first.command(Command::Inject(Act::Crash { place: PAYMENT }));
    let expected = to_end(&mut first);

    let mut again = player();
    again.repeat(&first);
    assert_eq!(to_end(&mut again), expected, "repeated by time, it is the same run");
    again.command(Command::Restart);
    assert_eq!(to_end(&mut again), expected);

    // In a busier run other things happen before the crash, and none of them delays it.
    let mut busy = player_at(50.0);
    busy.repeat(&first);
    busy.command(Command::Seek(seconds(3.2)));
    while busy.advance(Span::ZERO, &mut || true) == Progress::Behind {}
    assert!(busy.world().is_up(PAYMENT));
    busy.command(Command::Seek(seconds(3.22)));
    while busy.advance(Span::ZERO, &mut || true) == Progress::Behind {}
    assert!(!busy.world().is_up(PAYMENT));
    assert_eq!(busy.world().since(PAYMENT), seconds(3.21));
}

#[test]
fn what_was_done_to_a_part_that_is_not_there_is_done_to_another() {
    let mut first = player();
    first.command(Command::Inject(Act::Crash { place: PAYMENT }));
    let mut plan = PlanBuilder::new("alone", seconds(1.0));
    plan.service(Service::named("orders"));
    plan.service(Service::named("shipping"));
    let mut other = Player::new(plan.build().unwrap(), 1);
    other.repeat(&first);
    assert!(other.interventions().is_empty());
}

#[test]
fn the_past_is_made_again_without_what_a_person_did() {
    let mut player = player();
    let mut all = Vec::new();
    player.command(Command::Play);
    for frame in 0..300 {
        if frame == 100 {
            let known = player.fresh().len();
            player.command(Command::Inject(Act::Crash { place: PAYMENT }));
            all.extend_from_slice(&player.fresh()[known..]);
        }
        player.advance(Span::from_millis(40), &mut || true);
        all.extend_from_slice(player.fresh());
    }
    let until = seconds(7.5);
    let expected: Vec<_> = all.iter().filter(|record| record.time <= until).copied().collect();
    let again = player.rerun(until).unwrap();
    assert_eq!(again.records(), expected);
    assert!(!again.is_up(PAYMENT), "the crash at 4 s is missing");
    assert!(player.rerun(seconds(3.0)).unwrap().is_up(PAYMENT), "the crash came too early");
}
