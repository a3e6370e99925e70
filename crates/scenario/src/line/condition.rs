//! Conditions over facts: `paid > 1`, `shipped implies paid`, `not (paid and refunded)`.
//!
//! `implies` binds least, then `or`, then `and`, then `not`; `implies` groups to the right.

use topology::{Expression, FactId, Operator, Term};

use crate::diagnostic::Wrong;
use crate::text;

/// A condition whose facts are still names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Statement {
    /// How often a fact was set, compared to a number; the offset is that of the fact in the line.
    Count {
        fact: String,
        offset: usize,
        comparison: Operator,
        number: u16,
    },
    Not(Box<Statement>),
    And(Box<Statement>, Box<Statement>),
    Or(Box<Statement>, Box<Statement>),
    Implies(Box<Statement>, Box<Statement>),
}

/// The greatest number of facts, operators and parentheses, which also bounds how deep they nest.
const TOKENS_MAX: usize = 100;

/// Reads a condition.
pub(crate) fn read(line: &str) -> Result<Statement, Wrong> {
    let tokens = tokens(line)?;
    if tokens.len() > TOKENS_MAX {
        let message = format!("the condition has {} words and signs", tokens.len());
        return Err(Wrong::new(message, format!("at most {TOKENS_MAX}: split it into several checks")));
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: line.chars().count() };
    let statement = parser.implication()?;
    match parser.peek() {
        None => Ok(statement),
        Some(token) => Err(Wrong {
            offset: token.offset,
            message: format!("`{}` does not continue the condition", token.text),
            help: "join parts with and, or, implies; compare with >, >=, <, <=, =, !=".into(),
        }),
    }
}

impl Statement {
    /// Each fact with its offset in the line.
    pub fn facts(&self) -> Vec<(&str, usize)> {
        match self {
            Statement::Count { fact, offset, .. } => vec![(fact, *offset)],
            Statement::Not(one) => one.facts(),
            Statement::And(one, other) | Statement::Or(one, other) | Statement::Implies(one, other) => {
                [one.facts(), other.facts()].concat()
            }
        }
    }

    /// The condition, with names looked up.
    pub fn lower(&self, fact_id: &mut impl FnMut(&str) -> FactId) -> Expression {
        let mut boxed = |statement: &Statement| Box::new(statement.lower(fact_id));
        match self {
            Statement::Not(one) => Expression::Not(boxed(one)),
            Statement::And(one, other) => Expression::Binary(Operator::And, boxed(one), boxed(other)),
            Statement::Or(one, other) => Expression::Binary(Operator::Or, boxed(one), boxed(other)),
            Statement::Implies(one, other) => Expression::Binary(Operator::Implies, boxed(one), boxed(other)),
            Statement::Count { fact, comparison, number, .. } => {
                Expression::compare(Term::Fact(fact_id(fact)), *comparison, i64::from(*number))
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    offset: usize,
    text: &'a str,
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    /// The length of the line in characters, where a missing word would stand.
    end: usize,
}

impl<'a> Parser<'a> {
    fn implication(&mut self) -> Result<Statement, Wrong> {
        let one = self.disjunction()?;
        if self.take("implies") || self.take("=>") {
            return Ok(Statement::Implies(Box::new(one), Box::new(self.implication()?)));
        }
        Ok(one)
    }

    fn disjunction(&mut self) -> Result<Statement, Wrong> {
        let mut one = self.conjunction()?;
        while self.take("or") {
            one = Statement::Or(Box::new(one), Box::new(self.conjunction()?));
        }
        Ok(one)
    }

    fn conjunction(&mut self) -> Result<Statement, Wrong> {
        let mut one = self.negation()?;
        while self.take("and") {
            one = Statement::And(Box::new(one), Box::new(self.negation()?));
        }
        Ok(one)
    }

    fn negation(&mut self) -> Result<Statement, Wrong> {
        if self.take("not") {
            return Ok(Statement::Not(Box::new(self.negation()?)));
        }
        if self.take("(") {
            let inner = self.implication()?;
            return if self.take(")") { Ok(inner) } else { Err(self.missing("a closing `)`")) };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Statement, Wrong> {
        let Some(token) = self.peek().filter(|token| text::fact(token.text).is_ok()) else {
            return Err(self.missing("a fact, such as `paid`"));
        };
        self.next += 1;
        let (fact, offset) = (token.text.to_owned(), token.offset);
        let Some(comparison) = self.peek().and_then(|token| comparison_of(token.text)) else {
            return Ok(Statement::Count { fact, offset, comparison: Operator::AtLeast, number: 1 });
        };
        self.next += 1;
        let number = self.peek().and_then(|token| token.text.parse().ok());
        let number =
            number.ok_or_else(|| self.missing("a whole number from 0 to 65535, as in `paid > 1`"))?;
        self.next += 1;
        Ok(Statement::Count { fact, offset, comparison, number })
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.text == text);
        self.next += usize::from(found);
        found
    }

    fn missing(&self, expected: &str) -> Wrong {
        let (offset, message) = match self.peek() {
            Some(token) => (token.offset, format!("`{}` stands where something else belongs", token.text)),
            None => (self.end, "the condition ends too early".into()),
        };
        Wrong { offset, message, help: format!("expected {expected}") }
    }
}

fn comparison_of(text: &str) -> Option<Operator> {
    match text {
        ">" => Some(Operator::Above),
        ">=" => Some(Operator::AtLeast),
        "<" => Some(Operator::Below),
        "<=" => Some(Operator::AtMost),
        "=" | "==" => Some(Operator::Equal),
        "!=" => Some(Operator::Different),
        _ => None,
    }
}

const SIGNS: [&str; 10] = [">=", "<=", "==", "!=", "=>", ">", "<", "=", "(", ")"];

fn tokens(line: &str) -> Result<Vec<Token<'_>>, Wrong> {
    let mut tokens = Vec::new();
    let (mut rest, mut offset) = (line, 0);
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else {
            rest.find(|c: char| !is_of_a_word(c)).unwrap_or(rest.len())
        };
        if length == 0 {
            let message = format!("`{}` means nothing in a condition", first.escape_debug());
            let help = "a condition has facts, numbers, and, or, not, implies, comparisons and parentheses";
            return Err(Wrong { offset, message, help: help.into() });
        }
        let (text, after) = rest.split_at(length);
        if !first.is_whitespace() {
            tokens.push(Token { offset, text });
        }
        offset += text.chars().count();
        rest = after;
    }
    Ok(tokens)
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, facts: &[(&str, u16)], expected: bool) {
        let statement = read(line).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
        let condition = statement.lower(&mut |name| {
            FactId(facts.iter().position(|(known, _)| *known == name).expect("a known fact") as u16)
        });
        let of = |term| match term {
            Term::Fact(fact) => i64::from(facts[fact.index()].1),
            other => panic!("{other:?}"),
        };
        assert_eq!(condition.is_true(&of), expected, "{line} of {facts:?}");
    }

    #[test]
    fn a_condition_is_misread() {
        check("paid > 1", &[("paid", 2)], true);
        check("paid>1", &[("paid", 1)], false);
        check("paid", &[("paid", 1)], true);
        check("not paid", &[("paid", 0)], true);
        check("paid = 0 or paid != 3", &[("paid", 3)], false);
        check("paid <= 1 and paid >= 1 and paid < 2", &[("paid", 1)], true);
    }

    #[test]
    fn operators_bind_in_the_wrong_order() {
        let facts = |a, b, c| [("a", a), ("b", b), ("c", c)];
        check("a or b and c", &facts(1, 0, 0), true);
        check("(a or b) and c", &facts(1, 0, 0), false);
        check("not a and b", &facts(0, 0, 0), false);
        check("not (a and b)", &facts(0, 0, 0), true);
        check("a implies b implies c", &facts(0, 1, 0), true);
        check("(a implies b) implies c", &facts(0, 1, 0), false);
        check("a and b implies c", &facts(1, 1, 0), false);
    }

    #[test]
    fn nonsense_passes_for_a_condition() {
        for line in [
            "", "paid >", "> 1", "paid 1", "paid > x", "(paid", "paid)", "paid & b", "and", "not", "1 < paid",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
        assert!(read(&"not ".repeat(50_000)).is_err());
        assert!(read(&"(".repeat(50_000)).is_err());
    }
}
