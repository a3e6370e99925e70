//! Services, clients, links, channels, handlers and faults: what a scenario is made of, and [`World`],
//! the value that runs it.
//!
//! A [`Plan`] says what there is and never changes. A [`World`] is where it has come to: a plain value that
//! can be cloned in the middle of a run and then continues exactly like the original.
//!
//! ```
//! use topology::{Arrivals, Client, Flow, PlanBuilder, Service, Target, World};
//! use kernel::{Distribution, Span, Time};
//!
//! // shopper --place_order--> orders (one worker, 80 ms of work, answers)
//! let mut plan = PlanBuilder::new("one service", Time::from_nanos(60_000_000_000));
//! let orders = plan.service(Service::named("orders").work(Distribution::constant(Span::from_millis(80))));
//! let order = plan.message_type("place_order");
//! plan.client(Client::named("shopper", Arrivals::Poisson { per_second: 5.0 }, order, Target::Service(orders)));
//! plan.handler(orders, order, Flow::new().work().reply());
//! let mut world = World::new(plan.build().unwrap(), 42);
//! world.run_until(Time::MAX);
//! assert!(world.ledger().delivered > 500);
//! ```

mod builder;
mod cell;
mod check;
mod expression;
mod fault;
mod flow;
mod groups;
mod ledger;
mod lower;
mod plan;
mod record;
mod slab;
mod step;
mod world;

pub use builder::{PlanBuilder, PlanError};
pub use cell::{Cell, Scope};
pub use check::{Check, Promise};
pub use expression::{Expression, Operator, Term};
pub use fault::{Act, PlannedFault};
pub use flow::{Call, Flow, Sending};
pub use ledger::{Ledger, LossReason};
pub use plan::{
    Alternative, Arrivals, CellId, ChannelId, ChannelPlan, Client, ClientId, ExpressionId, FactId, FieldId,
    FieldValue, FigureId, GroupPlan, Link, MessageType, Place, Plan, Route, RouteId, Service, ServiceId,
    Subscriber, Target, TypeId,
};
pub use record::{Kinds, MessageKind, Record, RecordKind};
pub use step::{Habits, Handler, Jitter, Retry, Step};
pub use world::{
    Awaited, CaseView, CellView, DeadLetter, Halt, KeptFor, Message, MessageState, Outcome, Task, TaskState,
    WorkerState, World,
};
