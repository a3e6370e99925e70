//! Expressions, written as in a scenario.

use topology::{Expression, Operator, Plan, Term};

/// An expression with the plan's names.
pub fn spelled(expression: &Expression, plan: &Plan) -> String {
    let mut text = String::new();
    write(expression, plan, 0, &mut text);
    text
}

/// Writes it, in parentheses if what is around it binds more closely than it does itself.
fn write(expression: &Expression, plan: &Plan, around: u8, text: &mut String) {
    let binds = match expression {
        Expression::Number(_) | Expression::Term(_) => u8::MAX,
        Expression::Not(_) => 4,
        Expression::Binary(operator, ..) => binding(*operator),
    };
    if binds < around {
        text.push('(');
    }
    match expression {
        Expression::Number(number) => text.push_str(&number.to_string()),
        Expression::Term(term) => text.push_str(name(*term, plan)),
        Expression::Not(one) => {
            text.push_str("not ");
            write(one, plan, binds, text);
        }
        Expression::Binary(operator @ (Operator::Least | Operator::Greatest), one, other) => {
            text.push_str(sign(*operator));
            text.push('(');
            write(one, plan, 0, text);
            text.push_str(", ");
            write(other, plan, 0, text);
            text.push(')');
        }
        Expression::Binary(operator, one, other) => {
            // Nothing is compared to a comparison without parentheses.
            write(one, plan, binds + u8::from(operator.is_comparison()), text);
            text.push(' ');
            text.push_str(sign(*operator));
            text.push(' ');
            write(other, plan, binds + 1, text);
        }
    }
    if binds < around {
        text.push(')');
    }
}

/// How closely an operator binds what it combines.
fn binding(operator: Operator) -> u8 {
    match operator {
        Operator::Implies => 1,
        Operator::Or => 2,
        Operator::And => 3,
        Operator::Above
        | Operator::AtLeast
        | Operator::Below
        | Operator::AtMost
        | Operator::Equal
        | Operator::Different => 5,
        Operator::Plus | Operator::Minus => 6,
        Operator::Times | Operator::DividedBy => 7,
        Operator::Least | Operator::Greatest => u8::MAX,
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Implies => "implies",
        Operator::Or => "or",
        Operator::And => "and",
        Operator::Above => ">",
        Operator::AtLeast => ">=",
        Operator::Below => "<",
        Operator::AtMost => "<=",
        Operator::Equal => "=",
        Operator::Different => "!=",
        Operator::Plus => "+",
        Operator::Minus => "-",
        Operator::Times => "*",
        Operator::DividedBy => "/",
        Operator::Least => "min",
        Operator::Greatest => "max",
    }
}

fn name(term: Term, plan: &Plan) -> &str {
    match term {
        Term::Fact(fact) => &plan.facts[fact.index()],
        Term::Field(field) => &plan.fields[field.index()],
        Term::Cell(cell) => &plan.cells[cell.index()].name,
        Term::Figure(figure) => &plan.figures[figure.index()],
        Term::Client(client) => &plan.clients[client.index()].name,
        Term::Now => "now",
        Term::Delivery => "delivery",
        Term::Abandoned => "abandoned",
        Term::Answered => "answered",
        Term::Refused => "refused",
        Term::GaveUp => "gave_up",
        Term::Requests => "requests",
        Term::Messages => "messages",
    }
}
