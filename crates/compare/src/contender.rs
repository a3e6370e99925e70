//! What is compared: variants of a scenario, perhaps with something set otherwise.

use std::sync::Arc;

use scenario::{Assignment, Scenario};
use topology::Plan;

/// One of those that are compared.
#[derive(Clone, Debug)]
pub struct Contender {
    /// What it is called: as it was asked for, e.g. `queue` or `queue with services.payment.workers=2`.
    pub name: String,
    /// The variant.
    pub variant: String,
    /// What is set otherwise in it than in the file.
    pub sets: Vec<Assignment>,
    /// What runs.
    pub plan: Arc<Plan>,
}

/// Those that were asked for by a text each (see [`scenario::wish`]), or every variant if nothing was asked for;
/// with the scenario as it stands in the file.
///
/// # Errors
/// What is wrong with the file, with a wish, or with the scenario that a wish makes of the file, for a person.
pub fn contenders(text: &str, wishes: &[String]) -> Result<(Scenario, Vec<Contender>), String> {
    let scenario = read(text, &[])?;
    let all: Vec<String> = scenario.variants.iter().map(|variant| variant.name.clone()).collect();
    let mut contenders = Vec::new();
    for wish in if wishes.is_empty() { &all } else { wishes } {
        contenders.push(contender(text, &scenario, wish)?);
    }
    Ok((scenario, contenders))
}

fn contender(text: &str, scenario: &Scenario, wish: &str) -> Result<Contender, String> {
    let (variant, sets) = scenario::wish(wish)?;
    let set = if sets.is_empty() { scenario.clone() } else { read(text, &sets)? };
    match set.variant(&variant) {
        Some(found) => Ok(Contender { name: wish.into(), plan: found.plan.clone(), variant, sets }),
        None => Err(scenario::no_variant(scenario, &variant)),
    }
}

/// Reads a scenario with something set otherwise.
pub(crate) fn read(text: &str, sets: &[Assignment]) -> Result<Scenario, String> {
    let reading = scenario::read_with(text, sets);
    let problems = || reading.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    reading.scenario.clone().ok_or_else(problems)
}
