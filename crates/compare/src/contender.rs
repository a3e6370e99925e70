//! What is compared: variants of a scenario, perhaps with something set otherwise.

use std::sync::Arc;

use scenario::{Assignment, Diagnostic, Scenario, Severity};
use topology::Plan;

use crate::row;

/// One of those that are compared.
#[derive(Clone, Debug)]
pub struct Contender {
    /// What it is called: as it was asked for, e.g. `queue` or `queue with services.payment.workers=2`. No other is
    /// called so, and asking for it by its name makes it again.
    pub name: String,
    /// The variant.
    pub variant: String,
    /// What is set otherwise in it than in the file.
    pub sets: Vec<Assignment>,
    /// What runs.
    pub plan: Arc<Plan>,
}

/// The wish for a variant with something set otherwise.
pub(crate) fn wished(variant: &str, sets: &[Assignment]) -> String {
    let mut wish = variant.to_owned();
    for (number, set) in sets.iter().enumerate() {
        let word = if number == 0 { "with" } else { "and" };
        wish = format!("{wish} {word} {}={}", set.path, set.value);
    }
    wish
}

/// Those that were asked for by a text each (see [`scenario::wish`]), or every variant if nothing was asked for;
/// with the scenario as it stands in the file. The same may be asked for twice: then the second is called
/// `queue (2)`.
///
/// # Errors
/// What is wrong with the file, with a wish, or with the scenario that a wish makes of the file, for a person.
pub fn contenders(text: &str, wishes: &[String]) -> Result<(Scenario, Vec<Contender>), String> {
    let scenario = read(text, &[], &[])?;
    let all: Vec<String> = scenario.variants.iter().map(|variant| variant.name.clone()).collect();
    let mut contenders: Vec<Contender> = Vec::new();
    for wish in if wishes.is_empty() { &all } else { wishes } {
        let mut contender = contender(text, &scenario, wish.trim())?;
        let mut number = 1;
        while contenders.iter().any(|it| it.name == contender.name) {
            number += 1;
            contender.name = wished(&format!("{} ({number})", contender.variant), &contender.sets);
        }
        contenders.push(contender);
    }
    Ok((scenario, contenders))
}

fn contender(text: &str, scenario: &Scenario, wish: &str) -> Result<Contender, String> {
    let (variant, sets) = scenario::wish(wish)?;
    let Some(found) = scenario.variant(&variant) else {
        return Err(scenario::no_variant(scenario, &variant));
    };
    let plan = if sets.is_empty() {
        found.plan.clone()
    } else {
        let set = read(text, &[&variant], &sets)?;
        set.variant(&variant).map_or_else(|| found.plan.clone(), |found| found.plan.clone())
    };
    Ok(Contender { name: wish.into(), plan, variant, sets })
}

/// Rows are about facts and checks, so all contenders must have the same facts, as many checks, and customers who wait
/// for the same facts. A check may differ in how strict it is, which a note says.
pub(crate) fn same_promises(one: &Contender, other: &Contender) -> Result<(), String> {
    let awaited = |contender: &Contender| {
        let mut awaited = row::promised(&contender.plan);
        awaited.sort_unstable();
        awaited
    };
    let what = if one.plan.facts != other.plan.facts {
        "other facts"
    } else if one.plan.checks.len() != other.plan.checks.len() {
        "other checks"
    } else if awaited(one) != awaited(other) {
        "other promised facts"
    } else {
        return Ok(());
    };
    let (one, other) = (&one.name, &other.name);
    Err(format!("{other} has {what} than {one}: what is compared must do the same work and promise the same"))
}

/// Reads a scenario with something set otherwise in these variants. What is wrong because of that says what was set.
pub(crate) fn read(text: &str, variants: &[&str], sets: &[Assignment]) -> Result<Scenario, String> {
    let reading = scenario::read_with(text, variants, sets);
    let named = |set: &Assignment| format!("{}={}", set.path, set.value);
    let all: Vec<String> = sets.iter().map(named).collect();
    let said = |error: &Diagnostic| match (error.line, &all[..]) {
        // It begins with the assignment.
        (0, _) => format!("{}; {}", error.message, error.help),
        (_, []) => error.to_string(),
        (_, all) => format!("{}: {error}", all.join(" and ")),
    };
    reading.scenario.ok_or_else(|| {
        let errors = reading.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        errors.map(said).collect::<Vec<_>>().join("\n")
    })
}
