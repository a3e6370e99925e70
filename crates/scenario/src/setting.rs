//! How channels are set: what was written for the parameters of a profile, read with nothing but its row.

use channel::{PROFILES, Parameter, Profile, Rules, Takes, Value, profile};

use crate::diagnostic::{Place, Problems, Wrong};
use crate::document::{Channel, Named};
use crate::nearest::{listed, nearest, suggest};
use crate::shape::{CHANNEL, flag, instead_of_key, whole};
use crate::tree::{self, Node, Scalar, Style, shortened};
use crate::units::{duration_text, in_one_line, read_duration};

/// A parameter with the value that it was given.
pub type Given = (&'static Parameter, Value);

/// Reads what a person wrote for one parameter of a profile, which may go by the product's own name for it.
///
/// ```
/// let given = scenario::parameter("kafka", "session.timeout.ms", "30s");
/// assert_eq!(given.map(|(parameter, _)| parameter.name), Ok("session_timeout"));
/// assert_eq!(
///     scenario::parameter("kafka", "partitions", "0").map(|(_, value)| value),
///     Err("0 is out of range; expected a whole number from 1 to 4096: How many partitions the topic has, \
///          and so how many consumers of a group can work at a time."
///         .into())
/// );
/// ```
pub fn parameter(profile_name: &str, name: &str, text: &str) -> Result<Given, String> {
    let profile = profile(profile_name).ok_or_else(|| in_one_line(no_profile(profile_name)))?;
    let Some(parameter) = profile.parameter(name) else {
        return Err(in_one_line(no_parameter(profile, name)));
    };
    let scalar = Scalar { text: text.trim().into(), style: Style::Plain };
    Ok((parameter, read(parameter, &scalar).map_err(in_one_line)?))
}

/// A profile with the values that its parameters were given, and the rules that follow.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub profile: &'static Profile,
    pub values: Vec<Given>,
    /// Where each of the values was given.
    places: Vec<Place>,
    pub rules: Rules,
}

impl Setting {
    /// Reads what was written for a channel; `None` if its profile is not known.
    pub fn read(name: &str, channel: &Channel, problems: &mut Problems) -> Option<Self> {
        let wanted = channel.profile.as_ref()?;
        let Some(profile) = profile(&wanted.value) else {
            let Wrong { message, help, .. } = no_profile(&wanted.value);
            problems.error(wanted.place, format!("channel {name}: {message}"), help);
            return None;
        };
        let (mut values, mut places): (Vec<Given>, Vec<Place>) = (Vec::new(), Vec::new());
        for Named { name: key, value: node } in &channel.settings {
            let Some(parameter) = profile.parameter(&key.value) else {
                let Wrong { message, help, .. } = no_parameter(profile, &key.value);
                problems.error(key.place, format!("channel {name}: {message}"), help);
                continue;
            };
            if let Some(known) = values.iter().position(|(known, _)| known.name == parameter.name) {
                let message = format!("channel {name}: `{}` is given twice", parameter.name);
                let help = format!("line {} gives it already: remove one of them", places[known].line);
                problems.error(key.place, message, help);
                continue;
            }
            match value(parameter, node) {
                Ok(value) => {
                    values.push((parameter, value));
                    places.push(key.place);
                }
                Err(wrong) => problems.wrong(
                    node.text_place(),
                    &format_args!("channels.{name}.{}", shortened(&key.value)),
                    wrong,
                ),
            }
        }
        let rules = profile.with(&values);
        Some(Setting { profile, values, places, rules })
    }

    /// Where a parameter was given.
    pub fn place(&self, parameter: &Parameter) -> Option<Place> {
        let given = self.values.iter().position(|(given, _)| given.name == parameter.name);
        given.map(|index| self.places[index])
    }

    /// The values that are not the default and yet change nothing, each with a parameter that it depends on.
    pub fn idle(&self) -> impl Iterator<Item = (&'static Parameter, Option<&'static Parameter>)> + '_ {
        let idle = |&&(own, value): &&Given| {
            let default = Scalar { text: own.default.into(), style: Style::Plain };
            read(own, &default) != Ok(value) && self.rules_with(own, &[]) == self.rules
        };
        self.values.iter().filter(idle).map(|&given| {
            let wakes = |other: Given| {
                self.rules_with(given.0, &[other]) != self.rules_with(given.0, &[other, given])
            };
            let mut others = self.profile.parameters.iter().filter(|other| other.name != given.0.name);
            (given.0, others.find(|other| samples(other).into_iter().any(|value| wakes((other, value)))))
        })
    }

    /// The parameter that decides about something in the rules; if there are several, one with a quantity.
    pub fn deciding(&self, about: fn(&Rules) -> u64) -> Option<&'static Parameter> {
        let now = about(&self.rules);
        let changes = |it: &'static Parameter, value| about(&self.rules_with(it, &[(it, value)])) != now;
        let decides = |it: &&'static Parameter| samples(it).into_iter().any(|value| changes(it, value));
        let mut found = self.profile.parameters.iter().filter(decides);
        let first = found.next()?;
        let is_quantity = |it: &&Parameter| matches!(it.takes, Takes::Count { .. } | Takes::Span { .. });
        Some(if is_quantity(&first) { first } else { found.find(is_quantity).unwrap_or(first) })
    }

    /// The rules with other values in place of one.
    fn rules_with(&self, without: &Parameter, others: &[Given]) -> Rules {
        let mut values = self.values.clone();
        values.retain(|(given, _)| given.name != without.name);
        values.extend(others);
        self.profile.with(&values)
    }
}

/// Some values that a parameter takes: all there are, or those at the ends.
fn samples(parameter: &Parameter) -> Vec<Value> {
    match parameter.takes {
        Takes::Count { least, most, .. } => vec![Value::Count(least), Value::Count(most)],
        Takes::Span { least, most, .. } => vec![Value::Span(least), Value::Span(most)],
        Takes::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Takes::Choice(words) => (0..words.len()).map(Value::Choice).collect(),
    }
}

/// The value of a parameter that stands there.
pub(crate) fn value(parameter: &Parameter, node: &Node) -> Result<Value, Wrong> {
    match &node.value {
        tree::Value::Scalar(scalar) if !scalar.is_empty() => read(parameter, scalar),
        tree::Value::Scalar(_) | tree::Value::List(_) | tree::Value::Mapping(_) => {
            Err(Wrong::new(format!("here stands {}", node.what()), expected(parameter)))
        }
    }
}

fn read(parameter: &Parameter, scalar: &Scalar) -> Result<Value, Wrong> {
    let text = scalar.text.as_str();
    let wrong = |what: &str| Wrong::new(format!("`{}` {what}", shortened(text)), "");
    let value = match parameter.takes {
        Takes::Count { or_none: true, .. } | Takes::Span { or_none: true, .. } if text == "none" => {
            return Ok(Value::None);
        }
        Takes::Count { least, most, .. } => {
            whole(scalar, least.into(), most.into(), "").map(|count| Value::Count(count as u32))
        }
        Takes::Span { least, most, .. } => match read_duration(text) {
            Ok(span) if (least..=most).contains(&span) => Ok(Value::Span(span)),
            Ok(_) => Err(wrong("is out of range")),
            Err(wrong) => Err(wrong),
        },
        Takes::Flag => flag(scalar).map(Value::Flag),
        Takes::Choice(words) => {
            let index = words.iter().position(|word| *word == text);
            index.map(Value::Choice).ok_or_else(|| wrong("is not one of its words"))
        }
    };
    value.map_err(|wrong| Wrong {
        help: meant(parameter, text).unwrap_or_else(|| expected(parameter)),
        ..wrong
    })
}

/// A help that names the word which was probably meant.
fn meant(parameter: &Parameter, text: &str) -> Option<String> {
    let Takes::Choice(words) = parameter.takes else { return None };
    nearest(text, words.iter().copied()).map(|word| format!("did you mean {word}?"))
}

/// What a parameter takes, and why: what it is for.
fn expected(parameter: &Parameter) -> String {
    let or = |or_none| if or_none { ", or none" } else { "" };
    let takes = match parameter.takes {
        Takes::Count { least, most, or_none } => {
            format!("a whole number from {least} to {most}{}", or(or_none))
        }
        Takes::Span { least, most, or_none } => {
            let (least, most) = (duration_text(least), duration_text(most));
            format!("a duration with a unit, from {least} to {most}{}", or(or_none))
        }
        Takes::Flag => "true or false".into(),
        Takes::Choice(words) => listed(words),
    };
    format!("expected {takes}: {}", parameter.about)
}

fn no_profile(name: &str) -> Wrong {
    let message = format!("there is no profile {}", shortened(name));
    Wrong::new(message, suggest(name, "a profile", &profiles()))
}

/// The names of all profiles.
pub(crate) fn profiles() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name).collect()
}

fn no_parameter(profile: &Profile, name: &str) -> Wrong {
    let message = format!("the profile {} has no `{}`", profile.name, shortened(name));
    let own: Vec<&str> = profile.parameters.iter().map(|it| it.name).collect();
    let others: Vec<&str> =
        PROFILES.iter().filter(|other| other.parameter(name).is_some()).map(|other| other.name).collect();
    let help = if others.is_empty() {
        let keys = [CHANNEL.names(), own].concat();
        let real = nearest(name, profile.parameters.iter().map(|it| it.real));
        match real.filter(|_| nearest(name, keys.iter().copied()).is_none()) {
            Some(real) => format!("did you mean {real}?"),
            None => instead_of_key(name, &keys),
        }
    } else {
        let have = if others.len() == 1 { "has it" } else { "have it" };
        let own = if own.is_empty() { "no parameters".into() } else { own.join(", ") };
        format!("{} {have}; {} has {own}", others.join(", "), profile.name)
    };
    Wrong::new(message, help)
}
