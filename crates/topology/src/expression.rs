//! Expressions over whole numbers: what a handler branches on, stores and sends, and what a check promises.

use crate::{CellId, ClientId, FactId, FieldId, FigureId};

/// An expression. Its value is a whole number; as a condition it is true unless it is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A number.
    Number(i64),
    /// What is asked of whoever evaluates it.
    Term(Term),
    /// 1 if the inner one is 0, else 0.
    Not(Box<Expression>),
    /// Two expressions, combined.
    Binary(Operator, Box<Expression>, Box<Expression>),
}

/// What an expression can ask for. What it means of one case is said here; in a total a fact is summed over all
/// cases, a cell over everything it is kept for, a figure stands for its greatest value, and the rest is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// How often a fact of the case was set, or by how much.
    Fact(FactId),
    /// A field of the message in hand.
    Field(FieldId),
    /// What a service keeps, for this case or its key.
    Cell(CellId),
    /// What was measured last of the case. Only in checks.
    Figure(FigureId),
    /// Whether the case is a request of this client; in a total, how many there were.
    Client(ClientId),
    /// The time in milliseconds since the start, by the clock of the service. Only in handlers.
    Now,
    /// Which delivery of the message this is, from 1; 1 also where no channel counts. Only in handlers.
    Delivery,
    /// Whether whoever asked waits no longer. Only in handlers.
    Abandoned,
    /// Whether the customer was told yes. Only in checks.
    Answered,
    /// Whether the customer was told no. Only in checks.
    Refused,
    /// Whether the customer lost patience. Only in checks.
    GaveUp,
    /// 1: the request itself; in a total, how many there were. Only in checks.
    Requests,
    /// How many commands and events were sent. Only in checks.
    Messages,
}

/// How two values are combined. Comparisons and the logical ones give 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// If the first is true, then so is the second.
    Implies,
    /// At least one is true.
    Or,
    /// Both are true.
    And,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    Different,
    /// `+`; at the ends of the range of 64 bits it stays there, as all arithmetic here does.
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`, rounded towards 0; by 0 it is 0.
    DividedBy,
    /// The lesser of the two.
    Least,
    /// The greater of the two.
    Greatest,
}

impl Expression {
    /// A fact that was set at least once.
    pub fn holds(fact: FactId) -> Self {
        Expression::Term(Term::Fact(fact))
    }

    /// This one combined with another.
    pub fn with(self, operator: Operator, other: Expression) -> Self {
        Expression::Binary(operator, Box::new(self), Box::new(other))
    }

    /// Compares a term to a number.
    pub fn compare(term: Term, operator: Operator, number: i64) -> Self {
        Expression::Term(term).with(operator, Expression::Number(number))
    }

    /// Its value, where `of` knows the terms.
    pub fn value(&self, of: &dyn Fn(Term) -> i64) -> i64 {
        match self {
            Expression::Number(number) => *number,
            Expression::Term(term) => of(*term),
            Expression::Not(one) => i64::from(one.value(of) == 0),
            Expression::Binary(operator, one, other) => operator.apply(one.value(of), other.value(of)),
        }
    }

    /// Whether it is true.
    pub fn is_true(&self, of: &dyn Fn(Term) -> i64) -> bool {
        self.value(of) != 0
    }

    /// Shows every term, from left to right.
    pub fn terms(&self, see: &mut dyn FnMut(Term)) {
        match self {
            Expression::Number(_) => {}
            Expression::Term(term) => see(*term),
            Expression::Not(one) => one.terms(see),
            Expression::Binary(_, one, other) => {
                one.terms(see);
                other.terms(see);
            }
        }
    }
}

impl Operator {
    /// The value of two values combined.
    pub fn apply(self, one: i64, other: i64) -> i64 {
        match self {
            Operator::Implies => i64::from(one == 0 || other != 0),
            Operator::Or => i64::from(one != 0 || other != 0),
            Operator::And => i64::from(one != 0 && other != 0),
            Operator::Above => i64::from(one > other),
            Operator::AtLeast => i64::from(one >= other),
            Operator::Below => i64::from(one < other),
            Operator::AtMost => i64::from(one <= other),
            Operator::Equal => i64::from(one == other),
            Operator::Different => i64::from(one != other),
            Operator::Plus => one.saturating_add(other),
            Operator::Minus => one.saturating_sub(other),
            Operator::Times => one.saturating_mul(other),
            Operator::DividedBy => one.checked_div(other).unwrap_or(0),
            Operator::Least => one.min(other),
            Operator::Greatest => one.max(other),
        }
    }

    /// Whether it only compares.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Operator::Above
                | Operator::AtLeast
                | Operator::Below
                | Operator::AtMost
                | Operator::Equal
                | Operator::Different
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_overflows_or_divides_by_zero() {
        let number = Expression::Number;
        let value = |expression: Expression| expression.value(&|_| 0);
        assert_eq!(value(number(i64::MAX).with(Operator::Plus, number(1))), i64::MAX);
        assert_eq!(value(number(i64::MIN).with(Operator::DividedBy, number(-1))), 0);
        assert_eq!(value(number(7).with(Operator::DividedBy, number(0))), 0);
        assert_eq!(value(number(-7).with(Operator::DividedBy, number(2))), -3);
        assert_eq!(value(number(3).with(Operator::Least, number(2))), 2);
    }
}
