//! MQTT, as Mosquitto does it: topics, sessions, and three qualities of service.

use crate::routing::Grammar;
use crate::{
    Absent, Acknowledgement, Audience, Bound, Choice, Delivery, OnDisconnect, Overflow, Parameter, Profile,
    PublisherGets, Return, Routing, Rules, Survives, Takes,
};

use super::base::{
    ACKNOWLEDGED, FOREVER, LONGEST, MOST, QUEUE, count, count_or_none, minutes, seconds, span, span_or_none,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented, recorded};

pub(super) const MQTT: Profile = Profile {
    name: "mqtt",
    product: "Eclipse Mosquitto 2.0.11, MQTT 3.1.1 and 5",
    about: "Topics for devices: each subscriber has a session that keeps for it what the quality of service \
            promises, and a publisher's last retained message waits for whoever comes later.",
    rules: Rules {
        audience: Audience::EverySubscription,
        routing: Routing::Bindings(Grammar::Mqtt),
        survives: Survives::Nothing,
        length: Some(Bound { max: 1_000, overflow: Overflow::DropNew, slack: 0 }),
        delivery: Delivery {
            choice: Choice::InTurnAlsoAbsent,
            absent: Absent::Lost,
            prefetch: Some(20),
            on_disconnect: OnDisconnect::Lost,
            // A client cannot give a message back: what it does not acknowledge stays in flight.
            rejected_to: Return::WithHolder,
            heartbeat: seconds(90),
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "clean_session",
            real: "clean-session",
            takes: Takes::Flag,
            default: "true",
            about: "Whether a subscriber's session ends with its connection; otherwise the broker keeps for \
                    it what comes while it is away.",
            set: |rules, value| {
                let delivery = &mut rules.delivery;
                (delivery.absent, delivery.on_disconnect) = if value.is_on() {
                    (Absent::Lost, OnDisconnect::Lost)
                } else {
                    (Absent::Kept, OnDisconnect::KeptForOwner)
                };
            },
        },
        Parameter {
            name: "qos",
            real: "QoS",
            takes: count(0, 2),
            default: "1",
            about: "At most once (0), at least once (1), or exactly once (2): with 2 a message counts as \
                    received before the work, and the broker knows a repeated one again.",
            set: |rules, value| {
                let delivery = &mut rules.delivery;
                match value.count() {
                    Some(0) => {
                        delivery.acknowledgement = Acknowledgement::OnHandOut;
                        (delivery.absent, delivery.on_disconnect) = (Absent::Lost, OnDisconnect::Lost);
                        rules.publisher_gets = PublisherGets::Nothing;
                    }
                    Some(2) => {
                        delivery.acknowledgement = Acknowledgement::BeforeWork;
                        rules.duplicate_window = Some(FOREVER);
                    }
                    Some(_) | None => {}
                }
            },
        },
        Parameter {
            name: "max_inflight_messages",
            real: "max_inflight_messages",
            takes: count_or_none(1, 65_535),
            default: "20",
            about: "How many messages a subscriber may hold without having acknowledged them.",
            set: |rules, value| rules.delivery.prefetch = value.count(),
        },
        Parameter {
            name: "max_queued_messages",
            real: "max_queued_messages",
            takes: count_or_none(1, MOST),
            default: "1000",
            about: "How many messages wait for one subscriber; what comes then is dropped, and nobody is \
                    told.",
            set: |rules, value| {
                let bound = |max| Bound { max, overflow: Overflow::DropNew, slack: 0 };
                rules.length = value.count().map(bound);
            },
        },
        Parameter {
            name: "message_expiry_interval",
            real: "message-expiry-interval",
            takes: span_or_none(seconds(1), LONGEST),
            default: "none",
            about: "How long a message may wait for a subscriber (MQTT 5).",
            set: |rules, value| rules.time_to_live = value.span(),
        },
        Parameter {
            name: "keepalive",
            real: "keepalive",
            takes: span(seconds(1), seconds(65_535)),
            default: "60s",
            about: "How often a client gives a sign of life; after one and a half times as long without one \
                    its connection counts as broken.",
            set: |rules, value| {
                if let Some(keepalive) = value.span() {
                    rules.delivery.heartbeat = keepalive.scaled(1.5);
                }
            },
        },
        Parameter {
            name: "persistence",
            real: "persistence",
            takes: Takes::Flag,
            default: "false",
            about: "Whether the broker writes sessions and messages down, when it is stopped and now and \
                    then.",
            set: |rules, value| {
                rules.survives =
                    if value.is_on() { Survives::Saved { every: minutes(30) } } else { Survives::Nothing };
            },
        },
        Parameter {
            name: "autosave_interval",
            real: "autosave_interval",
            takes: span(seconds(1), LONGEST),
            default: "30m",
            about: "How often it does so with persistence; a crash loses all that came since.",
            set: |rules, value| {
                if let (Survives::Saved { every }, Some(interval)) = (&mut rules.survives, value.span()) {
                    *every = interval;
                }
            },
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "What a persistent session had not acknowledged comes again to the same subscriber when it is \
             back, first and in order and marked, and then what was queued; while its connection lives \
             nothing is repeated, for as long as that was watched (0.7 s). Quality 0 and clean sessions lose it.",
            &["mqtt.crash_before_puback"],
        ),
        recorded(
            "With quality 2 a message whose receipt was acknowledged does not come again.",
            &["mqtt.crash_qos2"],
        ),
        recorded(
            "Who comes late gets the last retained message of each topic that fits, and no history.",
            &["mqtt.late_and_retained"],
        ),
        recorded(
            "A message that is published again is delivered again with quality 1; with quality 2 the broker \
             knows the same packet again.",
            &["mqtt.publisher_duplicates"],
        ),
        recorded(
            "A full queue drops the newest message, and the publisher is told that all is well; a slow \
             subscriber stays connected.",
            &["mqtt.queue_full"],
        ),
        recorded(
            "Without persistence a restart loses all; with it a stop in order loses nothing, and a crash all \
             since the last save.",
            &["mqtt.restart_what_survives"],
        ),
        recorded(
            "Of a shared subscription each message goes to one member, in turn; ordinary subscribers get \
             theirs as well.",
            &["mqtt.shared_subscription"],
        ),
        recorded(
            "What a dead member of a shared subscription held is never given to another, and an absent one \
             with a persistent session keeps getting its share.",
            &["mqtt.shared_subscription_crash"],
        ),
        recorded(
            "A message that waits too long is removed; a session is kept for as long as its client said \
             (MQTT 5).",
            &["mqtt.v5_expiry"],
        ),
        recorded(
            "A last will is an ordinary message; that it is sent when a connection breaks, and not when a \
             client says goodbye, is left to who runs the channel. A client has one connection: the second \
             one breaks the first.",
            &["mqtt.will_and_takeover"],
        ),
        recorded(
            "A copy has the lesser quality of publication and subscription; of several subscriptions of a \
             client that fit, the first counts.",
            &[],
        ),
        documented(
            "A connection counts as broken after one and a half times the keep-alive.",
            "MQTT 3.1.1, section 3.1.2.10: keep alive",
        ),
        chosen(
            "Quality 1, a clean session, and 60 s of keep-alive.",
            "the protocol has no defaults; with quality 0 nothing would be kept, the others are those of \
             mosquitto_sub and Paho",
        ),
        chosen(
            "What a subscriber could not do stays in flight while its connection lives, and takes up room \
             there.",
            "MQTT has no rejection: a client acknowledges or does not",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Last wills and the takeover of a client id are not done by the broker of the model itself.",
        "What failed in a subscriber's hands does not come again when that connects anew; only what it still \
         held does.",
        "The four steps of quality 2 one by one (PUBREC, PUBREL, PUBCOMP); its acknowledgement is one step \
         here.",
        "The answer `no matching subscribers` of MQTT 5, topic aliases, flow control by receive maximum, \
         subscription identifiers.",
        "queue_qos0_messages, autosave_on_changes, and limits in bytes.",
        "Bridges and clusters. Other brokers than Mosquitto share a subscription in other ways.",
    ],
};
