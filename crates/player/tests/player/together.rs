//! Several players with one clock: one leads, the others follow to exactly its time.

use kernel::Span;
use player::{Change, ChangeTo, Command, Player, Progress};
use topology::{Act, ChannelId, PlanBuilder, Service, ServiceId};

use crate::{PAYMENT, player, player_at, seconds, to_end};

/// A frame of both: the follower goes where the leader is, with a budget of so many slices.
fn frame(leader: &mut Player, follower: &mut Player, millis: u64, slices: u32) {
    leader.advance(Span::from_millis(millis), &mut || true);
    let mut left = slices;
    let mut go_on = || {
        left = left.saturating_sub(1);
        left > 0
    };
    while follower.advance_to(leader.world().now(), &mut go_on) == Progress::Behind {}
}

#[test]
fn a_player_that_follows_makes_another_run_than_one_alone() {
    let mut alone = player_at(50.0);
    let mut expected = Vec::new();
    alone.command(Command::RunToEnd);
    while alone.advance(Span::ZERO, &mut || true) == Progress::Behind {}
    expected.extend_from_slice(alone.fresh());

    // The leader runs otherwise, so that their times share nothing but the clock.
    let (mut leader, mut follower) = (player_at(8.0), player_at(50.0));
    let mut records = Vec::new();
    leader.command(Command::Play);
    for number in 0..2_000 {
        frame(&mut leader, &mut follower, number % 37, 1 + number as u32 % 3);
        records.extend_from_slice(follower.fresh());
        assert_eq!(follower.world().now(), leader.world().now(), "in frame {number}");
    }
    assert!(leader.is_over() && follower.is_over());
    assert_eq!(records, expected);
}

#[test]
fn a_player_that_follows_does_not_go_back() {
    let (mut leader, mut follower) = (player(), player_at(50.0));
    for time in [12.0, 3.0, 3.0, 20.0, 0.0] {
        leader.command(Command::Seek(seconds(time)));
        frame(&mut leader, &mut follower, 0, 1_000);
        assert_eq!(follower.world().now(), seconds(time));
    }
    assert_eq!(to_end(&mut follower), to_end(&mut player_at(50.0)));
}

#[test]
fn what_is_done_to_one_is_done_to_the_other_at_another_time_or_not_at_all() {
    let (mut leader, mut follower) = (player(), player_at(50.0));
    leader.command(Command::Seek(seconds(4.0)));
    frame(&mut leader, &mut follower, 0, 1_000);
    leader.command(Command::Inject(Act::Crash { place: PAYMENT }));
    follower.join(&leader);
    frame(&mut leader, &mut follower, 0, 1_000);
    assert!(!follower.world().is_up(PAYMENT), "on pause, too");
    assert_eq!(follower.world().since(PAYMENT), seconds(4.0));
    let slower = Change {
        channel: ChannelId(0),
        profile: "rabbitmq-quorum",
        to: ChangeTo::Parameter("prefetch", channel::Value::Count(1)),
    };
    leader.command(Command::Change(slower));
    follower.join(&leader);
    frame(&mut leader, &mut follower, 0, 1_000);
    assert_eq!(follower.setting(ChannelId(0)).unwrap().value("prefetch"), Some(channel::Value::Count(1)));

    let mut alone = player_at(50.0);
    alone.repeat(&leader);
    assert_eq!(to_end(&mut follower), to_end(&mut alone));
}

#[test]
fn another_future_keeps_what_the_follower_did_in_the_first() {
    let (mut leader, mut follower) = (player(), player_at(50.0));
    let act = |leader: &mut Player, follower: &mut Player, time, act| {
        leader.command(Command::Seek(seconds(time)));
        frame(leader, follower, 0, 1_000);
        leader.command(Command::Inject(act));
        follower.join(leader);
        frame(leader, follower, 0, 1_000);
    };
    act(&mut leader, &mut follower, 10.0, Act::Crash { place: PAYMENT });
    act(&mut leader, &mut follower, 5.0, Act::Slow { service: ServiceId(1), factor: 2.0 });
    assert_eq!(follower.interventions().len(), 1);
    to_end(&mut follower);
    assert!(follower.world().is_up(PAYMENT));
}

#[test]
fn a_player_without_the_part_is_broken_by_what_is_done_to_it() {
    let mut leader = player();
    leader.command(Command::Inject(Act::Crash { place: PAYMENT }));
    let mut plan = PlanBuilder::new("alone", seconds(1.0));
    plan.service(Service::named("orders"));
    let mut other = Player::new(plan.build().unwrap(), 1);
    other.join(&leader);
    assert!(other.interventions().is_empty());
    other.advance_to(seconds(20.0), &mut || true);
    assert_eq!(other.world().now(), seconds(1.0), "it ends when its plan does");
}

#[test]
fn who_takes_the_clock_over_plays_at_another_speed() {
    let (mut leader, mut follower) = (player(), player_at(50.0));
    leader.command(Command::SetSpeed(2.0));
    leader.command(Command::Play);
    frame(&mut leader, &mut follower, 1_500, 1_000);
    follower.take_clock(&leader);
    frame(&mut follower, &mut leader, 500, 1_000);
    assert_eq!((follower.world().now(), leader.world().now()), (seconds(4.0), seconds(4.0)));
}
