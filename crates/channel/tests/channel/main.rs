//! Each profile against what the real product was recorded to do (Redis 7.0, RabbitMQ 3.10).

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and asks for one thing"
)]

mod books;

use channel::{
    Bound, Channel, DeadLetterReason, Effect, Group, GroupTerms, Loss, MemberTerms, Overflow, Publication,
    Rejection, Rules, Subscription, Survives, Tag, profile,
};

/// A channel with its consumers, and what happened last.
struct Bench {
    channel: Channel,
    group: Option<Group>,
    effects: Vec<Effect>,
}

impl Bench {
    fn of(name: &str, adjust: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = profile(name).unwrap().rules.clone();
        adjust(&mut rules);
        Bench { channel: Channel::new(rules, 1), group: None, effects: Vec::new() }
    }

    /// Consumers that compete in a queue, or hear for themselves.
    fn consumers<const N: usize>(&mut self) -> [Subscription; N] {
        std::array::from_fn(|_| {
            let group = self.group();
            if self.channel.rules().audience == channel::Audience::EverySubscription {
                self.group = None;
            }
            self.channel.subscribe(group, MemberTerms::default(), &mut self.effects)
        })
    }

    fn group(&mut self) -> Group {
        if let Some(group) = self.group {
            return group;
        }
        let group = self.channel.add_group(GroupTerms::default());
        self.channel.bind(group, "orders", 1, &mut self.effects);
        self.group = Some(group);
        group
    }

    fn does(&mut self, verb: impl FnOnce(&mut Channel, &mut Vec<Effect>)) -> &[Effect] {
        self.effects.clear();
        verb(&mut self.channel, &mut self.effects);
        &self.effects
    }

    fn publish(&mut self, messages: std::ops::RangeInclusive<u32>) -> Vec<(u32, Subscription, Option<Tag>)> {
        let subject = self.channel.subject("orders");
        self.does(|channel, effects| {
            for message in messages {
                channel.publish(&Publication::new(message, subject), effects);
            }
        });
        self.deliveries()
    }

    /// What was handed out last: message, to whom, tag.
    fn deliveries(&self) -> Vec<(u32, Subscription, Option<Tag>)> {
        let delivery = |effect: &Effect| match *effect {
            Effect::Deliver { to, message, tag, .. } => Some((message, to, tag)),
            _ => None,
        };
        self.effects.iter().filter_map(delivery).collect()
    }

    fn messages(&self) -> Vec<u32> {
        self.deliveries().iter().map(|delivery| delivery.0).collect()
    }

    fn ready(&mut self) -> Vec<u32> {
        let group = self.group();
        self.channel.ready(group).collect()
    }

    fn held_by(&mut self, who: Subscription) -> Vec<u32> {
        let group = self.channel.group_of(who);
        self.channel.held(group).filter(|held| held.by == who).map(|held| held.message).collect()
    }
}

#[test]
fn a_subscriber_that_is_away_hears_a_broadcast() {
    let mut bench = Bench::of("redis-pubsub", |_| {});
    let [here, away] = bench.consumers();
    bench.does(|channel, effects| channel.disconnect(away, effects));
    bench.publish(1..=1);
    assert_eq!(bench.messages(), [1]);
    let group = bench.channel.group_of(away);
    assert!(bench.effects.contains(&Effect::Missed { group, message: 1 }));
    bench.does(|channel, effects| channel.connect(away, effects));
    assert!(bench.effects.is_empty(), "what was missed comes later: {:?}", bench.effects);
    assert_eq!(bench.publish(2..=2).iter().map(|delivery| delivery.1).collect::<Vec<_>>(), [here, away]);
}

#[test]
fn a_broadcast_to_nobody_is_kept() {
    let mut bench = Bench::of("redis-pubsub", |_| {});
    bench.publish(1..=1);
    assert_eq!(bench.effects, [Effect::NobodyListening { message: 1 }]);
    let [late] = bench.consumers();
    bench.does(|channel, effects| channel.connect(late, effects));
    assert!(bench.effects.is_empty());
    assert!(bench.ready().is_empty());
}

#[test]
fn competing_consumers_are_not_served_in_turn() {
    for name in ["rabbitmq-classic", "rabbitmq-quorum"] {
        let mut bench = Bench::of(name, |_| {});
        let [a, b, c] = bench.consumers();
        let order: Vec<Subscription> = bench.publish(1..=6).iter().map(|delivery| delivery.1).collect();
        assert_eq!(order, [a, b, c, a, b, c], "{name}");
    }
}

#[test]
fn a_consumer_holds_more_than_its_prefetch() {
    let mut bench = Bench::of("rabbitmq-classic", |rules| rules.delivery.prefetch = Some(2));
    let [slow, quick] = bench.consumers();
    let handed = bench.publish(1..=10);
    assert_eq!(handed.len(), 4);
    assert_eq!(bench.ready(), [5, 6, 7, 8, 9, 10]);
    let tag = handed.iter().find(|delivery| delivery.1 == quick).unwrap().2.unwrap();
    bench.does(|channel, effects| {
        channel.acknowledge(quick, tag, effects);
    });
    assert_eq!(
        bench.deliveries().iter().map(|delivery| (delivery.0, delivery.1)).collect::<Vec<_>>(),
        [(5, quick)]
    );
    assert_eq!(bench.held_by(slow).len(), 2);
}

/// Recorded as `crash_unacked_classic` and `crash_unacked_quorum`: ahead of newer ones, in their order.
#[test]
fn a_crashed_consumers_messages_lose_their_place() {
    for name in ["rabbitmq-classic", "rabbitmq-quorum"] {
        let mut bench = Bench::of(name, |rules| rules.delivery.prefetch = Some(3));
        let [a] = bench.consumers();
        bench.publish(1..=5);
        bench.does(|channel, effects| channel.disconnect(a, effects));
        assert_eq!(bench.ready(), [1, 2, 3, 4, 5], "{name}");
        bench.does(|channel, effects| channel.connect(a, effects));
        let again = bench.effects.iter().map(|effect| match effect {
            Effect::Deliver { message, redelivered, .. } => (*message, *redelivered),
            other => panic!("{other:?}"),
        });
        assert_eq!(again.collect::<Vec<_>>(), [(1, true), (2, true), (3, true)], "{name}");
    }
}

/// Recorded as `nack_requeue_position`: classic to the head; quorum to the tail, but with a delivery limit to
/// the head.
#[test]
fn a_rejected_message_goes_to_the_wrong_end() {
    let after_reject = |name, limit: Option<u32>| {
        let mut bench = Bench::of(name, |rules| {
            rules.delivery.prefetch = Some(1);
            rules.delivery.delivery_limit = limit;
        });
        let [a] = bench.consumers();
        let tag = bench.publish(1..=3)[0].2.unwrap();
        bench.does(|channel, effects| {
            channel.reject(a, tag, Rejection::Requeue, effects);
        });
        bench.messages()
    };
    assert_eq!(after_reject("rabbitmq-classic", None), [1]);
    assert_eq!(after_reject("rabbitmq-quorum", None), [2]);
    assert_eq!(after_reject("rabbitmq-quorum", Some(3)), [1]);
}

/// Recorded as `poison_quorum_delivery_limit`: with a limit of 3 it is delivered four times.
#[test]
fn a_poison_message_is_tried_once_too_often() {
    let mut bench = Bench::of("rabbitmq-quorum", |rules| {
        rules.delivery.prefetch = Some(1);
        rules.delivery.delivery_limit = Some(3);
    });
    let [a] = bench.consumers();
    bench.publish(1..=2);
    let mut deliveries = 0;
    while let Some(&(1, _, Some(tag))) = bench.deliveries().first() {
        deliveries += 1;
        assert!(deliveries < 10, "it loops for ever");
        bench.does(|channel, effects| {
            channel.reject(a, tag, Rejection::Requeue, effects);
        });
    }
    assert_eq!(deliveries, 4);
    assert_eq!(
        bench.effects[0],
        Effect::DeadLettered { message: 1, group: Group(0), reason: DeadLetterReason::DeliveryLimit }
    );
    assert_eq!(bench.messages(), [2]);
}

/// Recorded as `poison_classic_loops`.
#[test]
fn a_classic_queue_gives_up_on_poison() {
    let mut bench = Bench::of("rabbitmq-classic", |_| {});
    let [a] = bench.consumers();
    bench.publish(1..=1);
    for _ in 0..1000 {
        let tag = bench.deliveries()[0].2.unwrap();
        bench.does(|channel, effects| {
            channel.reject(a, tag, Rejection::Requeue, effects);
        });
    }
    assert_eq!(bench.messages(), [1]);
}

#[test]
fn an_old_tag_acknowledges_a_new_delivery() {
    let mut bench = Bench::of("rabbitmq-quorum", |_| {});
    let [a] = bench.consumers();
    let old = bench.publish(1..=1)[0].2.unwrap();
    bench.does(|channel, effects| channel.disconnect(a, effects));
    bench.does(|channel, effects| channel.connect(a, effects));
    let mut known = true;
    bench.does(|channel, effects| known = channel.acknowledge(a, old, effects));
    assert!(!known);
    assert_eq!(bench.held_by(a), [1]);
}

#[test]
fn a_full_queue_drops_the_wrong_message() {
    let full = |overflow| {
        let mut bench =
            Bench::of("rabbitmq-classic", |rules| rules.length = Some(Bound { max: 2, overflow, slack: 0 }));
        bench.group();
        bench.publish(1..=3);
        (bench.ready(), bench.effects)
    };
    let (ready, effects) = full(Overflow::DropHead);
    assert_eq!(ready, [2, 3]);
    assert_eq!(
        effects,
        [Effect::DeadLettered { message: 1, group: Group(0), reason: DeadLetterReason::LengthLimit }]
    );
    let (ready, effects) = full(Overflow::RejectPublish);
    assert_eq!(ready, [1, 2]);
    assert_eq!(effects, [Effect::Refused { message: 3 }]);
}

#[test]
fn a_broker_forgets_what_is_durable_or_keeps_what_is_not() {
    let after_restart = |durable| {
        let mut bench = Bench::of("rabbitmq-classic", |rules| {
            rules.survives = if durable { Survives::Marked } else { Survives::Nothing };
            rules.delivery.prefetch = Some(1);
        });
        let [_a] = bench.consumers();
        bench.publish(1..=3);
        bench.does(Channel::crash);
        let lost = bench
            .effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Lost { reason: Loss::Crash, .. }))
            .count();
        let refused = bench.publish(4..=4).is_empty()
            && bench.effects == [Effect::Lost { message: 4, group: None, reason: Loss::Crash }];
        assert!(refused, "a broker that is down takes messages: {:?}", bench.effects);
        bench.does(Channel::restart);
        (lost, bench.messages(), bench.ready())
    };
    assert_eq!(after_restart(true), (0, vec![1], vec![2, 3]));
    assert_eq!(after_restart(false), (3, vec![], vec![]));
}
