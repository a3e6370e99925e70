//! Celery: tasks for workers, over RabbitMQ or Redis.

use crate::{Acknowledgement, Delivery, OnDisconnect, Parameter, Profile, Return, Rules, Survives, Takes};

use super::base::{
    ACKNOWLEDGED, FOREVER, LONGEST, MOST, QUEUE, always, count_or_none, hours, millis, minutes, seconds,
    span, span_or_none,
};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented, recorded};

pub(super) const CELERY: Profile = Profile {
    name: "celery",
    product: "Celery 5.7 on RabbitMQ 3.10.8 or Redis 7.0.15",
    about: "Tasks for workers: a task counts as done when it starts, so a worker that is killed takes it \
            along; with acks_late it runs again, and over Redis only after the visibility timeout.",
    rules: Rules {
        survives: Survives::Marked,
        delivery: Delivery {
            acknowledgement: Acknowledgement::BeforeWork,
            prefetch: Some(4),
            prefetch_per_worker: true,
            rejected_to: Return::Tail,
            backoff: always(minutes(3)),
            delivery_limit: Some(3),
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[
        Parameter {
            name: "broker",
            real: "broker_url",
            takes: Takes::Choice(&["rabbitmq", "redis"]),
            default: "rabbitmq",
            about: "What lies in between. RabbitMQ notices at once that a worker is gone; over Redis what it \
                    held comes again when the visibility timeout is over.",
            set: |rules, value| {
                if value.choice() == 1 {
                    rules.survives = Survives::Saved { every: hours(1) };
                    let delivery = &mut rules.delivery;
                    delivery.fenced = false;
                    delivery.on_disconnect = OnDisconnect::Kept;
                    delivery.heartbeat = FOREVER;
                    delivery.again_after = Some(hours(1));
                    delivery.again_checked_every = seconds(100);
                    delivery.timed_out_to = Return::Head;
                }
            },
        },
        Parameter {
            name: "acks_late",
            real: "task_acks_late",
            takes: Takes::Flag,
            default: "false",
            about: "Whether a task counts as done after its work, and not when it starts.",
            set: |rules, value| {
                rules.delivery.acknowledgement =
                    if value.is_on() { Acknowledgement::AfterWork } else { Acknowledgement::BeforeWork };
            },
        },
        Parameter {
            name: "worker_prefetch_multiplier",
            real: "worker_prefetch_multiplier",
            takes: count_or_none(1, 65_535),
            default: "4",
            about: "How many unacknowledged tasks a worker may hold for each of its processes.",
            set: |rules, value| rules.delivery.prefetch = value.count(),
        },
        Parameter {
            name: "visibility_timeout",
            real: "broker_transport_options.visibility_timeout",
            takes: span(seconds(1), LONGEST),
            default: "1h",
            about: "Over Redis: how long a task may be unacknowledged before another worker gets it.",
            set: |rules, value| {
                if rules.delivery.again_after.is_some() {
                    rules.delivery.again_after = value.span();
                }
            },
        },
        Parameter {
            name: "unacked_restore_interval",
            real: "broker_transport_options.unacked_restore_interval",
            takes: span(millis(1), hours(24)),
            default: "10s",
            about: "Over Redis: each tenth time of these it is looked what has been unacknowledged for too \
                    long.",
            set: |rules, value| {
                if let (Some(_), Some(interval)) = (rules.delivery.again_after, value.span()) {
                    rules.delivery.again_checked_every = interval.scaled(10.0);
                }
            },
        },
        Parameter {
            name: "max_retries",
            real: "Task.max_retries",
            takes: count_or_none(0, MOST),
            default: "3",
            about: "How often a task that fails is tried again, with acks_late; then it is gone.",
            set: |rules, value| rules.delivery.delivery_limit = value.count(),
        },
        Parameter {
            name: "default_retry_delay",
            real: "Task.default_retry_delay",
            takes: span_or_none(millis(1), LONGEST),
            default: "3m",
            about: "How long a task that failed waits before it is tried again; `none`: not at all.",
            set: |rules, value| rules.delivery.backoff = always(value.span().unwrap_or_default()),
        },
    ],
    #[cfg(feature = "stated")]
    stated: &[
        recorded(
            "A task counts as done when it starts: the one that runs is lost with a worker that is killed, \
             those that it had fetched ahead come back. Over RabbitMQ that is at once.",
            &["celery.rabbitmq_crash_early_ack"],
        ),
        recorded(
            "With acks_late a task whose worker was killed runs again from its start: over RabbitMQ at once, \
             over Redis after the visibility timeout.",
            &["celery.rabbitmq_crash_acks_late", "celery.redis_crash_acks_late"],
        ),
        recorded(
            "Over Redis with acks_late a task that takes longer than the visibility timeout is given to \
             another worker while the first still works.",
            &["celery.redis_visibility_timeout_duplicates"],
        ),
        recorded(
            "A busy worker holds tasks that it fetched ahead, four for each process beyond the running one, \
             and an idle worker cannot get them; with acks_late and a multiplier of 1 it holds the running \
             one only.",
            &["celery.redis_prefetch_hoarding"],
        ),
        recorded("Tasks wait in their order until a worker comes.", &["celery.redis_no_worker"]),
        recorded(
            "A task that is tried again waits first, so that others overtake it; with max_retries n it \
             starts n + 1 times.",
            &["celery.redis_retry_and_order"],
        ),
        recorded(
            "A task that was given up is gone, and so is one whose process was killed: there is no \
             dead-letter queue.",
            &["celery.redis_retry_and_order", "celery.rabbitmq_child_killed"],
        ),
        recorded(
            "Over Redis it is looked about every 100 s for what was unacknowledged for too long, and several \
             come back in reverse order.",
            &[],
        ),
        documented(
            "Over Redis an acknowledgement takes the task out of what is unacknowledged, whoever has it now.",
            "kombu 5.7, transport/redis.py: a task keeps its delivery tag when it is restored",
        ),
        documented(
            "The defaults: RabbitMQ, a multiplier of 4, three retries, three minutes apart, a visibility \
             timeout of one hour.",
            "Celery 5 documentation: configuration, Task, and using Redis",
        ),
        chosen(
            "With acks_late a task that fails is tried again; otherwise it counts as done already and is \
             gone.",
            "as if it called `retry()` or had `autoretry_for`: without that Celery notes the failure and \
             drops it",
        ),
        chosen(
            "Tasks that come again after a crash count towards max_retries.",
            "there is one count of how often a message came back; Celery counts retries only",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "The death of a process under a worker that lives on, and task_reject_on_worker_lost, with which \
         such a task comes again without limit: a crash here is that of the whole worker.",
        "`retry()` in a task that was acknowledged when it started: it publishes a new message, which a \
         scenario can do too.",
        "A task with an ETA is fetched by a worker at once and waits in its memory, beyond the prefetch.",
        "retry_backoff and its jitter, time limits of tasks, rate limits, and priorities.",
        "confirm_publish, which is off: a task that is lost on the way into RabbitMQ is not missed.",
        "A worker that is asked to stop finishes its tasks and gives the others back.",
        "Results, chains, groups and chords; beat; other brokers (SQS).",
    ],
};
