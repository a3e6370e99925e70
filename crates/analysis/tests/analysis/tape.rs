//! Records that no world made, so that a test can say exactly what happened when.

use std::sync::Arc;

use analysis::{CheckState, Fold};
use kernel::{Distribution, Span, Time};
use topology::{
    Arrivals, Cell, CellId, Check, Client, ClientId, Expression, FactId, FigureId, Flow, MessageKind,
    Operator, Place, Plan, PlanBuilder, Promise, Record, RecordKind, RouteId, Scope, Service, ServiceId,
    Target, Term, TypeId,
};

pub const PAID: FactId = FactId(0);
pub const SHIPPED: FactId = FactId(1);
pub const STALENESS: FigureId = FigureId(0);
/// Kept for each of 20 keys, in a database; 10 at first.
pub const BALANCE: CellId = CellId(0);
/// For each case, in memory; 0 at first.
pub const SEEN: CellId = CellId(1);
/// Once, in memory; 1 at first.
pub const SERVED: CellId = CellId(2);
pub const PAYMENT: Place = Place::Service(ServiceId(0));

pub fn at(millis: u64) -> Time {
    Time::ZERO + Span::from_millis(millis)
}

/// A shopper, whom payment answers and who is told by way of a queue to shipping. It lasts 10 s.
pub fn plan(promises: &[Promise]) -> Arc<Plan> {
    let mut plan = PlanBuilder::new("tape", at(10_000));
    let payment = plan.service(Service::named("payment").work(Distribution::constant(Span::ZERO)));
    let shipping = plan.service(Service::named("shipping").work(Distribution::constant(Span::ZERO)));
    let profile = channel::profile("rabbitmq-quorum").unwrap();
    let queue = plan.channel("queue", profile.name, profile.rules.clone());
    let (charge, charged) = (plan.message_type("charge"), plan.message_type("charged"));
    let (paid, shipped) = (plan.fact("paid"), plan.fact("shipped"));
    assert_eq!((paid, shipped), (PAID, SHIPPED));
    assert_eq!(plan.figure("staleness"), STALENESS);
    let cell = |name: &str, per, kept, starts| Cell {
        name: name.into(),
        service: payment,
        per,
        kept,
        lasts: None,
        starts,
    };
    assert_eq!(plan.cell(cell("balance", Scope::Key, true, 10)), BALANCE);
    assert_eq!(plan.cell(cell("seen", Scope::Case, false, 0)), SEEN);
    assert_eq!(plan.cell(cell("served", Scope::Service, false, 1)), SERVED);
    let arrivals = Arrivals::Times { at: Vec::new() };
    let client = Client::named("shopper", arrivals, charge, Target::Service(payment));
    plan.client(Client { keys: Some(20), ..client });
    plan.handler(payment, charge, Flow::new().publish(queue, charged).reply());
    plan.handler(shipping, charged, Flow::new());
    for (number, promise) in promises.iter().enumerate() {
        plan.check(Check { name: format!("{number}"), why: String::new(), promise: promise.clone() });
    }
    plan.build().unwrap()
}

/// A fact, as an expression.
pub fn fact(fact: FactId) -> Expression {
    Expression::holds(fact)
}

/// `one = other`
pub fn equal(one: Term, other: Term) -> Expression {
    Expression::Term(one).with(Operator::Equal, Expression::Term(other))
}

/// The route from one place to another.
pub fn route(plan: &Plan, from: &str, to: &str) -> RouteId {
    let (from, to) = (plan.place_named(from).unwrap(), plan.place_named(to).unwrap());
    let found = plan.routes.iter().position(|route| route.from == from && route.to == to);
    RouteId(found.unwrap() as u16)
}

pub struct Tape {
    pub fold: Fold,
    pub records: Vec<Record>,
    cases: u32,
}

impl Tape {
    pub fn new(plan: &Arc<Plan>) -> Self {
        Tape { fold: Fold::new(plan), records: Vec::new(), cases: 0 }
    }

    /// Something happens at payment. Returns the number of the record.
    pub fn add(&mut self, millis: u64, case: u32, kind: RecordKind) -> u64 {
        self.add_at(PAYMENT, millis, case, kind)
    }

    pub fn add_at(&mut self, place: Place, millis: u64, case: u32, kind: RecordKind) -> u64 {
        let number = self.records.len() as u64 + 1;
        let sent = matches!(kind, RecordKind::Sent { .. });
        let message = if sent { number as u32 } else { Record::NONE };
        let (time, message_type) = (at(millis), TypeId(0));
        self.records.push(Record { number, time, cause: 0, case, message, message_type, place, kind });
        self.fold.take(&self.records[number as usize - 1]);
        number
    }

    /// A customer comes, and waits for an answer. Returns the case.
    pub fn starts(&mut self, millis: u64) -> u32 {
        self.starts_about(millis, Record::NONE, true)
    }

    pub fn starts_about(&mut self, millis: u64, key: u32, waits: bool) -> u32 {
        let case = self.cases;
        self.cases += 1;
        self.add(millis, case, RecordKind::CaseStarted { client: ClientId(0), waits, key });
        case
    }

    pub fn ends(&mut self, millis: u64, case: u32) -> u64 {
        self.add(millis, case, RecordKind::CaseEnded { complete: true })
    }

    pub fn set(&mut self, millis: u64, case: u32, fact: FactId, (before, count): (u16, u16)) -> u64 {
        self.add(millis, case, RecordKind::FactSet { fact, count, before })
    }

    pub fn stores(&mut self, millis: u64, case: u32, cell: CellId, (key, value): (u32, i32)) -> u64 {
        self.add(millis, case, RecordKind::Stored { cell, key, value, before: 0 })
    }

    pub fn sends(&mut self, millis: u64, case: u32, kind: MessageKind, place: Place) -> u64 {
        let origin = self.records.len() as u32 + 1;
        self.add_at(place, millis, case, RecordKind::Sent { route: RouteId(0), kind, origin })
    }

    /// Time passes.
    pub fn passes(&mut self, millis: u64) -> &mut Self {
        self.fold.pass(at(millis));
        self
    }

    pub fn check(&self) -> CheckState {
        self.fold.checks().remove(0)
    }

    /// Whether the promise is held, and what broke it: time in milliseconds, case, record.
    pub fn broken_by(&self) -> (Option<bool>, Vec<(f64, u32, u64)>) {
        let check = self.check();
        assert_eq!(check.violations, check.broken_by.len() as u64);
        let told = |it: &analysis::Violation| (it.at.millis(), it.case, it.record);
        (check.held, check.broken_by.iter().map(told).collect())
    }
}
