//! Profiles: the points in the space of rules that people know by name.

use crate::{Parameter, Rules, Value};

/// A named set of rules, with the product and version whose behaviour it states.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name in scenario files.
    pub name: &'static str,
    /// What it stands for, with the version that was recorded.
    pub product: &'static str,
    /// What a person should know of it, in a sentence.
    pub about: &'static str,
    /// The rules, before a scenario overrides parameters.
    pub rules: Rules,
    /// The parameters that a scenario may override.
    pub parameters: &'static [Parameter],
}

/// Every profile, in the order in which lists show them.
pub static PROFILES: [Profile; 0] = [];

/// The profile of that name.
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}

impl Profile {
    /// The parameter of that name, by its key or by the product's own name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name || parameter.real == name)
    }

    /// The rules with these values in place of the defaults.
    pub fn with(&self, values: &[(&'static Parameter, Value)]) -> Rules {
        let mut rules = self.rules.clone();
        for (parameter, value) in values {
            (parameter.set)(&mut rules, *value);
        }
        rules
    }
}
