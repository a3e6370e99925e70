//! What lies inside a process or between two: a call, a bus of handlers, a task for later.

use crate::routing::{Grammar, Partitioner};
use crate::{
    Absent, Audience, Delivery, Keeps, OnDisconnect, Parameter, Profile, PublisherGets, Retention, Routing,
    Rules, Survives, Takes,
};

use super::base::{ACKNOWLEDGED, BROADCAST, QUEUE, UNACKNOWLEDGED};
#[cfg(feature = "stated")]
use super::stated::{chosen, documented};

pub(super) const HTTP: Profile = Profile {
    name: "http",
    product: "HTTP request and response (RFC 9110), from the documents",
    about: "A call: the caller waits for the answer, and is refused when nobody listens.",
    rules: Rules {
        audience: Audience::OneConsumer,
        publisher_gets: PublisherGets::Reply,
        delivery: Delivery { absent: Absent::Refused, ..UNACKNOWLEDGED },
        ..BROADCAST
    },
    parameters: &[],
    #[cfg(feature = "stated")]
    stated: &[
        documented(
            "A request has one answer, and the caller waits for it.",
            "RFC 9110, section 3.4: messages",
        ),
        documented(
            "Where nobody listens, the caller learns so at once.",
            "RFC 9293, section 3.5.2: a segment for a connection that does not exist is answered by a reset",
        ),
        chosen(
            "Nothing lies between caller and callee: a request that nobody takes is kept nowhere.",
            "a proxy that queues would be a part of its own",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Connections: how many a caller opens, keeps alive or shares (HTTP/2), and how long it takes to open \
         one.",
        "Status codes besides success, refusal and failure; redirects, caches and proxies.",
        "Time limits and repetitions, which are written at the call in a handler.",
    ],
};

pub(super) const IN_MEMORY_BUS: Profile = Profile {
    name: "in-memory-bus",
    product: "an event bus inside one process, handlers registered by type of event; a pattern, not a \
              product",
    about: "Every handler of the type is told at once, inside the same process; a crash of the process takes \
            along all that was not done.",
    rules: Rules {
        routing: Routing::Bindings(Grammar::Exact),
        in_process: true,
        delivery: UNACKNOWLEDGED,
        ..BROADCAST
    },
    parameters: &[Parameter {
        name: "history",
        real: "history",
        takes: Takes::Flag,
        default: "false",
        about: "Whether the bus keeps a list of all events, which who comes later can read from its start.",
        set: |rules, value| {
            rules.keeps = if value.is_on() {
                let (partitions, partitioner) = (1, Partitioner::Murmur2);
                Keeps::Log { partitions, partitioner, retention: Retention::Limits }
            } else {
                Keeps::Nothing
            };
        },
    }],
    #[cfg(feature = "stated")]
    stated: &[
        chosen(
            "Each handler of the type gets the event, in the order in which they were registered.",
            "what the usual dictionary from type to list of handlers does",
        ),
        chosen(
            "An event without a handler is gone, and nobody is told.",
            "most such buses look the type up with an empty list as default",
        ),
        chosen(
            "With the process all is gone: events in hand, and the history too.",
            "nothing is written down anywhere",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Buses that run handlers one after the other inside `publish`, so that the caller waits for all of \
         them: handlers work in the workers of their service here.",
        "A handler's exception that stops the handlers after it.",
        "A limit on the history.",
    ],
};

pub(super) const BACKGROUND_TASK: Profile = Profile {
    name: "background-task",
    product: "a task after the reply in the same process (Starlette and FastAPI BackgroundTasks), from the \
              documents",
    about: "The customer has the answer already, and the work is still to do, in memory: a crash loses it, \
            and nobody learns of it.",
    rules: Rules {
        in_process: true,
        survives: Survives::Nothing,
        publisher_gets: PublisherGets::Nothing,
        delivery: Delivery {
            on_disconnect: OnDisconnect::Lost,
            // An exception is logged, and that was it.
            delivery_limit: Some(0),
            ..ACKNOWLEDGED
        },
        ..QUEUE
    },
    parameters: &[],
    #[cfg(feature = "stated")]
    stated: &[
        documented(
            "A task runs after the response was sent, in the process that sent it.",
            "Starlette, Background Tasks",
        ),
        chosen("A task that raises an exception is not tried again.", "nothing would call it a second time"),
        chosen(
            "Tasks in memory are gone when their process is gone.",
            "nothing is written down anywhere; the documents point to Celery for work that must not be lost",
        ),
    ],
    #[cfg(feature = "stated")]
    left_out: &[
        "Tasks of one request run one after the other, and one that fails stops those behind it: each is on \
         its own here.",
        "A process that is asked to stop waits for its tasks for a while.",
    ],
};
