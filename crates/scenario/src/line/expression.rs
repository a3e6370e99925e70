//! Expressions: `paid > 1`, `shipped implies paid`, `min(balance, 2 * amount) - 1`, `now - written < 5s`.
//!
//! From what binds least to what binds most: `implies` (also `=>`; groups to the right), `or`, `and`, `not`,
//! comparisons (one at a time), `+` and `-`, `*` and `/`, a sign `-`. A `-` within a word belongs to it, as in
//! `sent-twice`; as a minus it stands apart from names.

use topology::{Expression, Operator, Term};

use crate::diagnostic::Wrong;
use crate::tree::shortened;
use crate::{text, units};

/// An expression whose facts, fields, cells and figures are still names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    Number(i64),
    /// A name or a word; the offset is that in the line.
    Name {
        name: String,
        offset: usize,
    },
    Not(Box<Formula>),
    Binary(Operator, Box<Formula>, Box<Formula>),
}

/// Words that mean something by themselves, each with who can use it.
pub(crate) const WORDS: [(&str, Term, User); 8] = [
    ("now", Term::Now, User::Handler),
    ("delivery", Term::Delivery, User::Handler),
    ("abandoned", Term::Abandoned, User::Handler),
    ("answered", Term::Answered, User::Check),
    ("refused", Term::Refused, User::Check),
    ("gave_up", Term::GaveUp, User::Check),
    ("requests", Term::Requests, User::Check),
    ("messages", Term::Messages, User::Check),
];

/// Who can use a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    /// It is about the message in hand.
    Handler,
    /// It is about what became of the case.
    Check,
}

/// What a word stands for, and who can use it.
pub(crate) fn word(name: &str) -> Option<(Term, User)> {
    WORDS.iter().find(|(word, ..)| *word == name).map(|&(_, term, user)| (term, user))
}

/// The greatest number of names, numbers and signs, which also bounds how deep they nest.
const TOKENS_MAX: usize = 100;

/// Reads an expression.
pub(crate) fn read(line: &str) -> Result<Formula, Wrong> {
    let tokens = tokens(line)?;
    if tokens.len() > TOKENS_MAX {
        let message = format!("the expression has {} words and signs", tokens.len());
        return Err(Wrong::new(message, format!("at most {TOKENS_MAX}: split it into several")));
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: line.chars().count() };
    let formula = parser.level(0)?;
    match parser.peek() {
        None => Ok(formula),
        Some(token) => Err(Wrong {
            offset: token.offset,
            message: format!("`{}` does not continue the expression", shortened(token.text)),
            help:
                "join parts with and, or, implies; compare with >, >=, <, <=, =, !=; reckon with +, -, *, /"
                    .into(),
        }),
    }
}

impl Formula {
    /// Each fact, field, cell and figure with its offset in the line.
    pub fn names(&self) -> Vec<(&str, usize)> {
        let mut names = Vec::new();
        self.visit(&mut |name, offset| {
            if word(name).is_none() {
                names.push((name, offset));
            }
        });
        names
    }

    /// Each word with its offset in the line: those of [`WORDS`].
    pub fn words(&self) -> Vec<(&str, usize)> {
        let mut words = Vec::new();
        self.visit(&mut |name, offset| {
            if word(name).is_some() {
                words.push((name, offset));
            }
        });
        words
    }

    /// The expression, with names looked up.
    pub fn lower(&self, term: &mut dyn FnMut(&str) -> Term) -> Expression {
        match self {
            Formula::Number(number) => Expression::Number(*number),
            Formula::Name { name, .. } => {
                Expression::Term(word(name).map_or_else(|| term(name), |(term, _)| term))
            }
            Formula::Not(one) => Expression::Not(Box::new(one.lower(term))),
            Formula::Binary(operator, one, other) => {
                let one = one.lower(term);
                one.with(*operator, other.lower(term))
            }
        }
    }

    fn visit<'f>(&'f self, see: &mut dyn FnMut(&'f str, usize)) {
        match self {
            Formula::Number(_) => {}
            Formula::Name { name, offset } => see(name, *offset),
            Formula::Not(one) => one.visit(see),
            Formula::Binary(_, one, other) => {
                one.visit(see);
                other.visit(see);
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    offset: usize,
    text: &'a str,
}

/// The operators between two expressions, from those that bind least.
const LEVELS: [&[(&str, Operator)]; 7] = [
    &[("implies", Operator::Implies), ("=>", Operator::Implies)],
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[],
    &[
        (">", Operator::Above),
        (">=", Operator::AtLeast),
        ("<", Operator::Below),
        ("<=", Operator::AtMost),
        ("=", Operator::Equal),
        ("==", Operator::Equal),
        ("!=", Operator::Different),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times), ("/", Operator::DividedBy)],
];
/// Where in them `implies`, `not` and comparisons stand.
const IMPLIES: usize = 0;
const NOT: usize = 3;
const COMPARISON: usize = 4;

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    /// The length of the line in characters, where a missing word would stand.
    end: usize,
}

impl<'a> Parser<'a> {
    /// What binds at least as much as the operators of a level.
    fn level(&mut self, level: usize) -> Result<Formula, Wrong> {
        let Some(operators) = LEVELS.get(level) else { return self.atom() };
        if level == NOT && self.take("not") {
            return Ok(Formula::Not(Box::new(self.level(NOT)?)));
        }
        let mut one = self.level(level + 1)?;
        let mut compared = false;
        while let Some((token, operator)) = self.operator(operators) {
            if compared {
                return Err(Wrong {
                    offset: token.offset,
                    message: format!("`{}` compares what is a comparison already", token.text),
                    help: "join comparisons with `and`, as in `1 < paid and paid < 3`".into(),
                });
            }
            compared = level == COMPARISON;
            let other = self.level(if level == IMPLIES { IMPLIES } else { level + 1 })?;
            one = Formula::Binary(operator, Box::new(one), Box::new(other));
        }
        Ok(one)
    }

    fn atom(&mut self) -> Result<Formula, Wrong> {
        if self.take("-") {
            let of = self.atom()?;
            return Ok(match of {
                Formula::Number(number) => Formula::Number(-number),
                Formula::Name { .. } | Formula::Not(_) | Formula::Binary(..) => {
                    Formula::Binary(Operator::Minus, Box::new(Formula::Number(0)), Box::new(of))
                }
            });
        }
        if self.take("(") {
            let inner = self.level(0)?;
            return if self.take(")") { Ok(inner) } else { Err(self.missing("a closing `)`")) };
        }
        let Some(token) = self.peek() else { return Err(self.missing(ATOM)) };
        if token.text.starts_with(|c: char| c.is_numeric()) {
            self.next += 1;
            return number(token.text).map_err(|wrong| wrong.moved(token.offset)).map(Formula::Number);
        }
        if let Some(operator) = self.function() {
            return self.arguments(operator);
        }
        if !is_name(token.text) {
            return Err(self.missing(ATOM));
        }
        self.next += 1;
        Ok(Formula::Name { name: token.text.into(), offset: token.offset })
    }

    /// Whether `min` or `max` and a parenthesis come next; without one it is a name.
    fn function(&self) -> Option<Operator> {
        let operator = match self.peek()?.text {
            "min" => Operator::Least,
            "max" => Operator::Greatest,
            _ => return None,
        };
        self.tokens.get(self.next + 1).filter(|token| token.text == "(").map(|_| operator)
    }

    fn arguments(&mut self, operator: Operator) -> Result<Formula, Wrong> {
        // In YAML a comma between braces ends a text that has no quotes.
        const FORM: &str = "two values, as in `min(paid, 3)`; between braces `\"min(paid, 3)\"` needs quotes";
        self.next += 2;
        let one = self.level(0)?;
        if !self.take(",") {
            return Err(self.missing(FORM));
        }
        let other = self.level(0)?;
        if !self.take(")") {
            return Err(self.missing(FORM));
        }
        Ok(Formula::Binary(operator, Box::new(one), Box::new(other)))
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.text == text);
        self.next += usize::from(found);
        found
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<(Token<'a>, Operator)> {
        let token = self.peek()?;
        let (_, operator) = operators.iter().find(|(sign, _)| *sign == token.text)?;
        self.next += 1;
        Some((token, *operator))
    }

    fn missing(&self, expected: &str) -> Wrong {
        let (offset, message) = match self.peek() {
            Some(token) => {
                (token.offset, format!("`{}` stands where something else belongs", shortened(token.text)))
            }
            None => (self.end, "the expression ends too early".into()),
        };
        Wrong { offset, message, help: format!("expected {expected}") }
    }
}

const ATOM: &str = "a name or a number, as in `paid > 1`";

/// Whether it can be a name here, or is one of the words.
fn is_name(text: &str) -> bool {
    word(text).is_some() || text::term(text).is_ok()
}

/// A whole number; a duration is one of milliseconds.
fn number(text: &str) -> Result<i64, Wrong> {
    const EXPECTED: &str = "expected a whole number, such as 5, or a duration, such as 80ms";
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| Wrong::new(format!("{} is too large", shortened(text)), EXPECTED));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(Wrong::new(format!("`{}` is not a whole number", shortened(text)), EXPECTED));
    }
    let nanos = units::read_duration(text)?.nanos();
    if nanos % 1_000_000 != 0 {
        let message = format!("`{text}` is not a whole number of milliseconds");
        return Err(Wrong::new(message, "durations count as milliseconds here: at least 1ms"));
    }
    Ok((nanos / 1_000_000) as i64)
}

/// Longer ones first.
const SIGNS: [&str; 15] = [">=", "<=", "==", "!=", "=>", ">", "<", "=", "(", ")", "+", "-", "*", "/", ","];

fn tokens(line: &str) -> Result<Vec<Token<'_>>, Wrong> {
    let mut tokens = Vec::new();
    let (mut rest, mut offset) = (line, 0);
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else {
            let is_number = first.is_numeric();
            let of_it = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '-' && !is_number;
            rest.find(|c: char| !of_it(c)).unwrap_or(rest.len())
        };
        if length == 0 {
            let message = format!("`{}` means nothing in an expression", first.escape_debug());
            let help = "an expression has names, numbers, and, or, not, implies, comparisons, +, -, *, /, min, \
                        max and parentheses";
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

#[cfg(test)]
mod tests {
    use topology::FactId;

    use super::*;

    fn value(line: &str, facts: &[(&str, u16)]) -> i64 {
        let formula = read(line).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
        let expression = formula.lower(&mut |name| {
            let known = facts.iter().position(|(known, _)| *known == name);
            Term::Fact(FactId(known.unwrap_or_else(|| panic!("{line}: no {name}")) as u16))
        });
        expression
            .value(&|term| if let Term::Fact(fact) = term { i64::from(facts[fact.index()].1) } else { 7_000 })
    }

    fn check(line: &str, facts: &[(&str, u16)], expected: bool) {
        assert_eq!(value(line, facts) != 0, expected, "{line} of {facts:?}");
    }

    #[test]
    fn a_condition_is_misread() {
        check("paid > 1", &[("paid", 2)], true);
        check("paid>1", &[("paid", 1)], false);
        check("paid", &[("paid", 1)], true);
        check("not paid", &[("paid", 0)], true);
        check("paid = 0 or paid != 3", &[("paid", 3)], false);
        check("paid <= 1 and paid >= 1 and paid < 2", &[("paid", 1)], true);
        check("1 < paid", &[("paid", 2)], true);
        check("not paid > 1", &[("paid", 1)], true);
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
        check("a => b => c", &facts(0, 1, 0), true);
        check("a and b implies c", &facts(1, 1, 0), false);
        check("a + b = c", &facts(1, 2, 3), true);
        check("a + b > c and c", &facts(1, 2, 2), true);
    }

    #[test]
    fn a_number_is_reckoned_wrongly() {
        let facts = [("a", 7), ("b", 2), ("sent-twice", 5)];
        for (line, expected) in [
            ("a - b - 1", 4),
            ("a - (b - 1)", 6),
            ("a + b * 3", 13),
            ("(a + b) * 3", 27),
            ("a / b", 3),
            ("-a + 1", -6),
            ("-3", -3),
            ("3-5", -2),
            ("2 - -3", 5),
            ("a -b", 5),
            ("min(a, b + 1) + max(a,b)", 10),
            ("max(min(a, 3), -1)", 3),
            ("sent-twice - 1", 4),
            ("now - 5s", 2_000),
            ("1.5s + 80ms", 1_580),
        ] {
            assert_eq!(value(line, &facts), expected, "{line}");
        }
        assert_eq!(value("min - 1", &[("min", 3)]), 2);
    }

    #[test]
    fn a_name_is_told_at_the_wrong_place() {
        let formula = read("é = 1 or min(paid, now) > requests").expect("it is right");
        assert_eq!(formula.names(), [("é", 0), ("paid", 13)]);
        assert_eq!(formula.words(), [("now", 19), ("requests", 26)]);
    }

    #[test]
    fn nonsense_passes_for_an_expression() {
        for line in [
            "",
            "paid >",
            "> 1",
            "paid 1",
            "(paid",
            "paid)",
            "paid & b",
            "and",
            "not",
            "1 < paid < 3",
            "min(a)",
            "min(a, b, c)",
            "a,b",
            "a = not b",
            "1.5",
            "5parsecs",
            "100us",
            "99999999999999999999",
            "- ",
            "a - ",
            "1 +* 2",
            "()",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
        for piece in ["not ", "(", "- ", "min(", "a implies "] {
            assert!(read(&piece.repeat(50_000)).is_err());
        }
    }
}
