//! Channels that are set otherwise while they run.

use channel::{Value, profile};
use kernel::Span;
use player::{Change, ChangeTo, Command, Given, Player, Progress};
use topology::{Arrivals, ChannelId, Client, Flow, PlanBuilder, RecordKind, Service, Target, World};

use crate::{player, seconds, to_end};

const CHARGES: ChannelId = ChannelId(0);

fn prefetch(count: u32) -> Command {
    change("rabbitmq-quorum", ChangeTo::Parameter("prefetch", Value::Count(count)))
}

fn kind(from: &'static str, to: &'static str) -> Command {
    change(from, ChangeTo::Profile(to))
}

fn change(profile: &'static str, to: ChangeTo) -> Command {
    Command::Change(Change { channel: CHARGES, profile, to })
}

fn go_to(player: &mut Player, at: f64) {
    player.command(Command::Seek(seconds(at)));
    while player.advance(Span::ZERO, &mut || true) == Progress::Behind {}
    assert_eq!(player.world().now(), seconds(at));
}

fn in_force(world: &World) -> (&'static str, Option<u32>) {
    (world.profile(CHARGES), world.channel(CHARGES).rules().delivery.prefetch)
}

#[test]
fn a_restart_forgets_how_channels_were_set_or_sets_them_otherwise() {
    let mut player = player();
    go_to(&mut player, 3.0);
    player.command(prefetch(1));
    assert_eq!(in_force(player.world()), ("rabbitmq-quorum", Some(1)));
    go_to(&mut player, 6.0);
    player.command(kind("rabbitmq-quorum", "redis-pubsub"));
    let first = to_end(&mut player);
    assert_eq!(in_force(player.world()), ("redis-pubsub", None));

    player.command(Command::Restart);
    assert_eq!(in_force(player.world()), ("rabbitmq-quorum", None));
    assert_eq!(to_end(&mut player), first);
    assert_eq!(player.interventions().len(), 2);

    player.command(Command::ForgetInterventions);
    assert_eq!(to_end(&mut player), to_end(&mut self::player()));
}

#[test]
fn going_back_leaves_a_later_setting() {
    let mut player = player();
    go_to(&mut player, 3.0);
    player.command(prefetch(1));
    go_to(&mut player, 6.0);
    player.command(kind("rabbitmq-quorum", "kafka"));
    go_to(&mut player, 8.0);
    let digest = player.summary().digest;
    for (at, expected) in [(2.0, ("rabbitmq-quorum", None)), (5.0, ("rabbitmq-quorum", Some(1)))] {
        go_to(&mut player, at);
        assert_eq!(in_force(player.world()), expected);
        let value = player.setting(CHARGES).unwrap().value("prefetch");
        assert_eq!(value.and_then(Value::count), expected.1);
    }
    go_to(&mut player, 8.0);
    assert_eq!((in_force(player.world()).0, player.summary().digest), ("kafka", digest));
}

#[test]
fn what_was_set_and_forgotten_before_is_in_the_digest() {
    let mut tried = player();
    for count in 2..9 {
        tried.command(prefetch(count));
    }
    tried.command(Command::ForgetInterventions);
    let mut fresh = player();
    for player in [&mut tried, &mut fresh] {
        go_to(player, 3.0);
        player.command(prefetch(1));
    }
    assert_eq!(to_end(&mut tried), to_end(&mut fresh));
}

#[test]
fn another_profile_forgets_what_parameters_of_the_same_name_were_given() {
    let mut player = player();
    player.command(prefetch(3));
    player.command(kind("rabbitmq-quorum", "rabbitmq-classic"));
    assert_eq!(in_force(player.world()), ("rabbitmq-classic", Some(3)));
    player.command(kind("rabbitmq-classic", "kafka"));
    player.command(kind("kafka", "rabbitmq-quorum"));
    assert_eq!(in_force(player.world()), ("rabbitmq-quorum", None), "kafka has no prefetch to keep");
}

#[test]
fn what_cannot_be_set_is_an_intervention() {
    let mut player = player();
    let given = |name, value| change("rabbitmq-quorum", ChangeTo::Parameter(name, value));
    for wrong in [
        prefetch(0),
        prefetch(70_000),
        given("prefetch", Value::Flag(true)),
        given("heartbeat", Value::None),
        given("exchange", Value::Choice(99)),
        given("session_timeout", Value::None),
        kind("rabbitmq-quorum", "carrier-pigeon"),
        kind("kafka", "redis-pubsub"),
    ] {
        player.command(wrong);
        assert!(player.interventions().is_empty(), "{wrong:?}");
    }
    assert_eq!(to_end(&mut player), to_end(&mut self::player()));
}

#[test]
fn the_values_that_a_scenario_gives_are_forgotten_at_the_first_change() {
    let quorum = profile("rabbitmq-quorum").unwrap();
    let limit: Given = (quorum.parameter("delivery_limit").unwrap(), Value::Count(4));
    let mut player = player();
    player.given(&[vec![limit]]);
    player.command(prefetch(1));
    let delivery = player.world().channel(CHARGES).rules().delivery.clone();
    assert_eq!((delivery.prefetch, delivery.delivery_limit), (Some(1), Some(4)));
}

/// Charges go through a channel of another kind, which has another number.
fn other_architecture(profile_name: &'static str) -> Player {
    let mut plan = PlanBuilder::new("orders", seconds(20.0));
    let rules = |name| profile(name).unwrap().rules.clone();
    plan.channel("before", "kafka", rules("kafka"));
    let charges = plan.channel("charges", profile_name, rules(profile_name));
    let payment = plan.service(Service::named("payment"));
    let charge = plan.message_type("charge");
    let arrivals = Arrivals::Constant { per_second: 2.0 };
    plan.client(Client::named("shopper", arrivals, charge, Target::Channel(charges)));
    plan.handler(payment, charge, Flow::new().work());
    Player::new(plan.build().unwrap(), 1)
}

#[test]
fn a_setting_is_carried_to_a_channel_of_another_kind() {
    let mut first = player();
    first.command(prefetch(1));
    go_to(&mut first, 2.0);
    first.command(kind("rabbitmq-quorum", "sqs"));
    first.command(change("sqs", ChangeTo::Parameter("max_receive_count", Value::Count(2))));

    let mut same = other_architecture("rabbitmq-quorum");
    same.repeat(&first);
    assert_eq!(same.interventions().len(), 3);
    go_to(&mut same, 3.0);
    assert_eq!(same.world().profile(ChannelId(1)), "sqs");
    assert_eq!(same.world().channel(ChannelId(1)).rules().delivery.delivery_limit, Some(1));
    assert_eq!(same.world().profile(ChannelId(0)), "kafka");

    let mut other = other_architecture("celery");
    other.repeat(&first);
    assert!(other.interventions().is_empty());
}

#[test]
fn a_record_is_taken_for_another_change() {
    let mut player = player();
    player.command(prefetch(1));
    player.command(prefetch(2));
    let told: Vec<_> = player
        .fold()
        .acts()
        .iter()
        .filter_map(|record| {
            let RecordKind::Act { act } = record.kind else { return None };
            player.change_behind(record.time, act)
        })
        .map(Command::Change)
        .collect();
    assert_eq!(told, [prefetch(1), prefetch(2)]);
}
