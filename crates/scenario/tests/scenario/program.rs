//! The program of a plan as text.

use std::fmt::Write;

use topology::{Expression, ExpressionId, FieldId, Operator, Place, Plan, RouteId, Step, Term};

/// Every handler with its steps.
pub fn described(plan: &Plan) -> String {
    let mut text = String::new();
    for handler in &plan.handlers {
        let (service, message) = (plan.name_of(Place::Service(handler.service)), handler.message_type);
        write!(text, "handler {service} {}", plan.types[message.index()].name).expect("it fits");
        if handler.habits != topology::Habits::default() {
            write!(text, " {:?}", handler.habits).expect("it fits");
        }
        text.push('\n');
        for (index, step) in plan.program.iter().enumerate().skip(handler.start as usize) {
            writeln!(text, "    {index} {}", Lines(plan).step(step)).expect("it fits");
            if *step == Step::End {
                break;
            }
        }
    }
    text
}

struct Lines<'p>(&'p Plan);

impl Lines<'_> {
    fn step(&self, step: &Step) -> String {
        match *step {
            Step::Work { time, times: Step::NOTHING } => format!("work {}", self.time(time)),
            Step::Work { time, times } => format!("work {} times {}", self.time(time), self.value(times)),
            Step::Call { route, message_type, timeout, on_error, takes, cancels } => {
                let (message, to) = (&self.0.types[message_type.index()].name, self.end(route));
                let takes: Vec<&str> = match takes {
                    u16::MAX => Vec::new(),
                    takes => self.0.takes[usize::from(takes)].iter().map(|it| self.field(*it)).collect(),
                };
                let cancels = if cancels { " cancels" } else { "" };
                format!("call {to} {message} {timeout}{} takes {takes:?}{cancels}", target(on_error))
            }
            Step::Send { route, message_type, after, on_error } => {
                let message = &self.0.types[message_type.index()];
                let after =
                    if after == u16::MAX { String::new() } else { format!(" after {}", self.time(after)) };
                let on_error = if on_error == Step::FAIL { String::new() } else { target(on_error) };
                format!("send {} {:?} to {}{after}{on_error}", message.name, message.kind, self.end(route))
            }
            Step::With { field, value } => format!("with {} {}", self.field(field), self.value(value)),
            Step::Let { field, value } => format!("let {} {}", self.field(field), self.value(value)),
            Step::Set { fact, amount: Step::NOTHING } => format!("set {}", self.0.facts[fact.index()]),
            Step::Set { fact, amount } => {
                format!("set {} by {}", self.0.facts[fact.index()], self.value(amount))
            }
            Step::Store { cell, value } => {
                format!("store {} {}", self.0.cells[cell.index()].name, self.value(value))
            }
            Step::Forget { cell } => format!("forget {}", self.0.cells[cell.index()].name),
            Step::Measure { figure, value } => {
                format!("measure {} {}", self.0.figures[figure.index()], self.value(value))
            }
            Step::If { condition, otherwise } => format!("if {}{}", self.value(condition), target(otherwise)),
            Step::IfChance { probability, otherwise } => format!("chance {probability}{}", target(otherwise)),
            Step::Wait { until, time, otherwise } => {
                let until = if until == Step::NOTHING {
                    String::new()
                } else {
                    format!(" until {}", self.value(until))
                };
                let time = if time == u16::MAX { "for ever".into() } else { self.time(time) };
                format!("wait{until} {time}{}", target(otherwise))
            }
            Step::Begin { level, .. } => format!("begin {level}"),
            Step::Retry { policy, level, back, give_up } => {
                let policy = &self.0.retries[usize::from(policy)];
                format!("retry {level} from {back}{} {policy:?}", target(give_up))
            }
            Step::Deadline { time, level, otherwise } => {
                format!("deadline {level} {}{}", self.time(time), target(otherwise))
            }
            Step::InTime { level } => format!("in time {level}"),
            Step::Fork { branches, on_error } => {
                format!("fork {:?}{}", self.0.forks[usize::from(branches)], target(on_error))
            }
            Step::Done { number } => format!("done {number}"),
            Step::Undo { number, otherwise } => format!("undo {number}{}", target(otherwise)),
            Step::Jump { to } => format!("jump{}", target(to)),
            Step::Reply | Step::Joined | Step::Fail | Step::End => format!("{step:?}").to_lowercase(),
        }
    }

    fn end(&self, route: RouteId) -> &str {
        self.0.name_of(self.0.routes[route.index()].to)
    }

    fn field(&self, field: FieldId) -> &str {
        &self.0.fields[field.index()]
    }

    fn time(&self, time: u16) -> String {
        format!("{:?}", self.0.works[usize::from(time)].shape())
    }

    fn value(&self, expression: ExpressionId) -> String {
        self.expression(&self.0.expressions[expression.index()])
    }

    fn expression(&self, expression: &Expression) -> String {
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Term(term) => self.term(*term),
            Expression::Not(one) => format!("not ({})", self.expression(one)),
            Expression::Binary(operator, one, other) => {
                format!("({} {} {})", self.expression(one), sign(*operator), self.expression(other))
            }
        }
    }

    fn term(&self, term: Term) -> String {
        match term {
            Term::Fact(fact) => format!("fact {}", self.0.facts[fact.index()]),
            Term::Field(field) => format!("field {}", self.field(field)),
            Term::Cell(cell) => format!("cell {}", self.0.cells[cell.index()].name),
            Term::Client(client) => format!("client {}", self.0.clients[client.index()].name),
            Term::Figure(figure) => format!("figure {}", self.0.figures[figure.index()]),
            Term::Now | Term::Delivery | Term::Abandoned | Term::Answered | Term::Refused => {
                format!("{term:?}").to_lowercase()
            }
            Term::GaveUp | Term::Requests | Term::Messages => format!("{term:?}").to_lowercase(),
        }
    }
}

fn sign(operator: Operator) -> String {
    format!("{operator:?}").to_lowercase()
}

fn target(step: u32) -> String {
    if step == Step::FAIL { ", else fail".into() } else { format!(", else {step}") }
}
