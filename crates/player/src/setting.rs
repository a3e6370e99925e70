//! How channels are set: which profile each follows, and which values its parameters were given.

use channel::{Parameter, Profile, Rules, Takes, Value};
use topology::{ChannelId, Place, Plan};

/// A parameter with the value that it was given.
pub type Given = (&'static Parameter, Value);

/// A profile with the values that its parameters were given.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The profile.
    pub profile: &'static Profile,
    values: Vec<Given>,
}

/// A channel is set otherwise from now on. Parameters and profiles go by their names, so that this is a plain
/// value which can be compared, and carried over to another run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Which channel.
    pub channel: ChannelId,
    /// The profile that it follows until now: for another one this is not meant.
    pub profile: &'static str,
    /// To what.
    pub to: ChangeTo,
}

/// What is set otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChangeTo {
    /// A parameter has another value.
    Parameter(&'static str, Value),
    /// The channel follows another profile. What parameters of the same names were given, they keep.
    Profile(&'static str),
}

impl Setting {
    /// The profile of that name with these values, if there is such a profile.
    pub fn of(profile: &str, values: &[Given]) -> Option<Self> {
        Some(Setting { profile: channel::profile(profile)?, values: values.to_vec() })
    }

    /// What a parameter was given; `None` if that is the default.
    pub fn value(&self, name: &str) -> Option<Value> {
        let given = self.values.iter().rfind(|(parameter, _)| parameter.name == name);
        given.map(|&(_, value)| value)
    }

    /// The rules that follow from it.
    pub fn rules(&self) -> Rules {
        self.profile.with(&self.values)
    }

    /// How it is after a change; `None` if that cannot be made here.
    pub fn after(&self, change: &Change) -> Option<Setting> {
        if self.profile.name != change.profile {
            return None;
        }
        match change.to {
            ChangeTo::Parameter(name, value) => {
                let parameter = self.profile.parameter(name)?;
                let mut values = self.values.clone();
                values.retain(|(known, _)| known.name != parameter.name);
                values.push((parameter, value));
                takes(parameter, value).then_some(Setting { profile: self.profile, values })
            }
            ChangeTo::Profile(name) => {
                let mut next = Setting::of(name, &[])?;
                for &(parameter, value) in &self.values {
                    if let Some(same) = next.profile.parameters.iter().find(|it| it.name == parameter.name)
                        && means_the_same(parameter, same)
                        && takes(same, value)
                    {
                        next.values.push((same, value));
                    }
                }
                Some(next)
            }
        }
    }
}

impl Change {
    /// The same change in another plan, where the channel may have another number; `None` if it is not there.
    pub(crate) fn in_plan(self, from: &Plan, to: &Plan) -> Option<Change> {
        match to.place_named(from.name_of(Place::Channel(self.channel)))? {
            Place::Channel(channel) => Some(Change { channel, ..self }),
            Place::Client(_) | Place::Service(_) => None,
        }
    }
}

/// The words of a choice are numbered, so other words would be other values.
fn means_the_same(one: &Parameter, other: &Parameter) -> bool {
    match (one.takes, other.takes) {
        (Takes::Choice(one), Takes::Choice(other)) => one == other,
        (Takes::Count { .. } | Takes::Span { .. } | Takes::Flag | Takes::Choice(_), _) => true,
    }
}

/// Whether a parameter takes a value.
fn takes(parameter: &Parameter, value: Value) -> bool {
    match (parameter.takes, value) {
        (Takes::Count { or_none, .. } | Takes::Span { or_none, .. }, Value::None) => or_none,
        (Takes::Count { least, most, .. }, Value::Count(count)) => (least..=most).contains(&count),
        (Takes::Span { least, most, .. }, Value::Span(span)) => (least..=most).contains(&span),
        (Takes::Flag, Value::Flag(_)) => true,
        (Takes::Choice(words), Value::Choice(index)) => index < words.len(),
        (Takes::Count { .. } | Takes::Span { .. } | Takes::Flag | Takes::Choice(_), _) => false,
    }
}
