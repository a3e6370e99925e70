//! A parameter with its values: a range is counted in whole numbers of its last decimal place, so that its values are
//! exact.

use super::Axis;

/// More values than this draw no better curve.
pub(super) const VALUES_MAX: usize = 200;
/// More digits than this nobody needs.
const DIGITS_MAX: usize = 15;
/// Units that can stand side by side, in nanoseconds.
const DURATIONS: [(&str, i128); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

pub(super) fn read(text: &str) -> Result<Axis, String> {
    let wrong = |what: &str| {
        format!("`{}`: {what}; write PATH=VALUES, such as services.payment.workers=1..8", cut(text))
    };
    let (path, list) = text.split_once('=').ok_or_else(|| wrong("there is no `=`"))?;
    let (path, list) = (path.trim(), list.trim());
    if path.is_empty() {
        return Err(wrong("no path stands before the `=`"));
    }
    let mut values: Vec<String> = Vec::new();
    for item in items(list) {
        if item.is_empty() {
            return Err(wrong("a value is empty"));
        }
        let most = VALUES_MAX - values.len();
        for value in of_item(item, most).map_err(|wrong| format!("{path}={}: {wrong}", cut(list)))? {
            if values.contains(&value) {
                return Err(format!("{path}={}: the value {} stands twice", cut(list), cut(&value)));
            }
            values.push(value);
        }
    }
    Ok(Axis { path: path.into(), values })
}

/// The beginning of a text.
pub(super) fn cut(text: &str) -> String {
    const SHOWN_MAX: usize = 80;
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// The items of a list, separated by commas that stand neither in quotes nor in brackets.
fn items(list: &str) -> Vec<&str> {
    let (mut items, mut start, mut open, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (index, c) in list.char_indices() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => open += 1,
            (None, ']' | '}') => open = open.saturating_sub(1),
            (None, ',') if open == 0 => {
                items.push(list[start..index].trim());
                start = index + 1;
            }
            (None, _) => {}
        }
    }
    items.push(list[start..].trim());
    items
}

/// The values of an item: of the range in it, or itself.
fn of_item(item: &str, most: usize) -> Result<Vec<String>, String> {
    let Some((before, range, after)) = range_in(item) else {
        return if most == 0 { Err(too_many(VALUES_MAX as i128 + 1, None)) } else { Ok(vec![item.into()]) };
    };
    let values = Range::read(range)?.values(most)?;
    Ok(values.into_iter().map(|value| format!("{before}{value}{after}")).collect())
}

/// The range in a text, with what stands before and behind it. The two ends of `uniform 10ms..20ms` are one value.
fn range_in(item: &str) -> Option<(&str, &str, &str)> {
    let dots = item.find("..")?;
    let is_edge = |c: char| c.is_whitespace() || "[]{},:\"'".contains(c);
    let start = item[..dots]
        .rfind(is_edge)
        .map_or(0, |index| index + item[index..].chars().next().map_or(1, char::len_utf8));
    let end = item[dots..].find(is_edge).map_or(item.len(), |index| dots + index);
    let (before, range, after) = (&item[..start], &item[start..end], &item[end..]);
    let word = before.trim_end().trim_end_matches(':');
    if word.ends_with("uniform") || range.contains('"') {
        return None;
    }
    Some((before, range, after))
}

/// From, to and by how much, counted in the last decimal place of one unit.
struct Range {
    from: i128,
    to: i128,
    step: Option<i128>,
    decimals: usize,
    unit: String,
}

impl Range {
    fn read(text: &str) -> Result<Range, String> {
        let parts: Vec<&str> = text.split("..").collect();
        if !(2..=3).contains(&parts.len()) {
            return Err(format!("`{}` is not a range; write FROM..TO or FROM..TO..STEP", cut(text)));
        }
        let mut numbers = Vec::new();
        for part in parts {
            numbers.push(Number::read(part).ok_or_else(|| {
                let what = if part.is_empty() { "nothing".into() } else { format!("`{}`", cut(part)) };
                format!("{what} stands where a number should be; a range is written as 1..8 or 5s..30s..5s")
            })?);
        }
        // A unit behind one of them is meant for those without.
        let common = numbers.iter().rev().find(|it| !it.unit.is_empty()).map_or("", |it| it.unit);
        for number in numbers.iter_mut().filter(|it| it.unit.is_empty()) {
            number.unit = common;
        }
        if numbers.iter().any(|it| it.unit != common) {
            in_one_unit(&mut numbers)?;
        }
        let decimals = numbers.iter().map(|it| it.decimals).max().unwrap_or(0);
        let mut counted = Vec::new();
        for it in &numbers {
            let digits = it.digits.checked_mul(10_i128.pow((decimals - it.decimals) as u32));
            // Far enough from the greatest number that differences can be taken.
            let small = digits.filter(|digits| digits.abs() < i128::MAX / 4);
            counted.push(small.ok_or("its numbers are too far apart to be counted in one unit")?);
        }
        let step = counted.get(2).copied().or((decimals == 0).then_some(1));
        let unit = numbers[0].unit.to_owned();
        Ok(Range { from: counted[0], to: counted[1], step, decimals, unit })
    }

    fn values(&self, most: usize) -> Result<Vec<String>, String> {
        let way = self.to - self.from;
        let Some(step) = self.step else {
            return Err(format!("a range of decimal numbers needs a step; write {}", self.advice()));
        };
        if step == 0 && way != 0 {
            return Err(format!("with a step of 0 it never gets there; write {}", self.advice()));
        }
        if way > 0 && step < 0 {
            return Err(format!("with a step below 0 it never gets there; write {}", self.advice()));
        }
        if step.abs() > way.abs() && way != 0 {
            return Err(format!("the step is wider than the range; write {}", self.advice()));
        }
        let count = if way == 0 { 1 } else { way.abs() / step.abs() + 1 };
        if count > most as i128 {
            return Err(too_many(count, Some(self.advice())));
        }
        let step = step.abs() * way.signum();
        Ok((0..count).map(|number| self.text(self.from + number * step)).collect())
    }

    /// The same range in about ten steps.
    fn advice(&self) -> String {
        let tenth = ((self.to - self.from).abs() / 10).max(1);
        let mut power = 1;
        while power * 10 <= tenth {
            power *= 10;
        }
        let step =
            [1, 2, 5, 10].into_iter().map(|it| it * power).find(|step| *step >= tenth).unwrap_or(tenth);
        format!("{}..{}..{}", self.text(self.from), self.text(self.to), self.text(step))
    }

    fn text(&self, counted: i128) -> String {
        let scale = 10_i128.pow(self.decimals as u32);
        let (whole, part) = (counted.abs() / scale, counted.abs() % scale);
        let part = format!("{part:0width$}", width = self.decimals);
        let part = if self.decimals == 0 { "" } else { part.trim_end_matches('0') };
        let (sign, point) = (if counted < 0 { "-" } else { "" }, if part.is_empty() { "" } else { "." });
        format!("{sign}{whole}{point}{part}{}", self.unit)
    }
}

fn too_many(count: i128, advice: Option<String>) -> String {
    let help =
        advice.map_or_else(|| "name fewer".into(), |advice| format!("take wider steps, such as {advice}"));
    format!("these are {count} values, and an axis has at most {VALUES_MAX}; {help}")
}

/// A decimal number as a whole number of its last decimal place, and what follows it.
#[derive(Clone, Copy)]
struct Number<'a> {
    digits: i128,
    decimals: usize,
    unit: &'a str,
}

impl<'a> Number<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let is_digit = |c: char| c.is_ascii_digit();
        let end = rest.find(|c| !is_digit(c) && c != '.').unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = !whole.is_empty() && !part.is_empty() && (whole.len() + part.len()) <= DIGITS_MAX;
        if !is_number || !whole.chars().chain(part.chars()).all(is_digit) || unit.contains(is_digit) {
            return None;
        }
        let decimals = if number.contains('.') { part.len() } else { 0 };
        let digits: i128 = format!("{whole}{}", if decimals == 0 { "" } else { part }).parse().ok()?;
        Some(Number { digits: sign * digits, decimals, unit })
    }

    /// Its unit in nanoseconds, if that is a unit of time.
    fn nanos(&self) -> Option<i128> {
        DURATIONS.iter().find(|(name, _)| *name == self.unit).map(|(_, nanos)| *nanos)
    }
}

/// Durations in different units become durations in the smallest of these.
fn in_one_unit(numbers: &mut [Number<'_>]) -> Result<(), String> {
    let smallest = numbers.iter().filter_map(|it| Some((it.nanos()?, it.unit))).min();
    for number in &mut *numbers {
        let (Some(nanos), Some((least, unit))) = (number.nanos(), smallest) else {
            return Err(format!("its units differ: `{}` is none of the others", number.unit));
        };
        (number.digits, number.unit) = (number.digits * (nanos / least), unit);
    }
    Ok(())
}

/// Where values stand on a line of numbers; see [`Axis::positions`].
pub(super) fn positions(values: &[String]) -> Option<Vec<f64>> {
    let first = values.first()?;
    let (mut before, mut after) = (first.len(), first.len());
    for value in values {
        before = before.min(alike(first.chars(), value.chars()));
        after = after.min(alike(first.chars().rev(), value.chars().rev()));
    }
    // What is alike must not reach into the number.
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '-' || c == '+';
    let before = match first[..before].trim_end_matches(is_part) {
        _ if values.len() == 1 => first.find(|c: char| c.is_ascii_digit())?,
        text => text.len(),
    };
    let after =
        if values.len() == 1 { 0 } else { first[first.len() - after..].trim_start_matches(is_part).len() };
    let mut numbers = Vec::new();
    for value in values {
        let middle = value.get(before..value.len().checked_sub(after)?)?;
        numbers.push(Number::read(middle.trim_start_matches(".."))?);
    }
    let is_same = numbers.iter().all(|it| it.unit == numbers[0].unit);
    let position = |it: &Number<'_>| {
        let value = it.digits as f64 / 10_i128.pow(it.decimals as u32) as f64;
        // Milliseconds.
        if is_same { Some(value) } else { Some(value * it.nanos()? as f64 / 1e6) }
    };
    numbers.iter().map(position).collect()
}

/// How many bytes at the beginning are alike.
fn alike(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum()
}
