//! How large a scenario may be. Every limit has a message, so that none is reached in silence.

use kernel::{Distribution, Shape, Span};
use topology::Arrivals;

use super::everywhere::Everywhere;
use crate::diagnostic::{Place, Problems};
use crate::document::{Client, Document, Mention, Parts, visit};
use crate::units::duration_text;
use crate::whole::{PAIRS_MAX, Traffic, Whole};

/// Clients, services and channels together.
const PLACES_MAX: usize = 1_000;
const VARIANTS_MAX: usize = 16;
/// Of the shared parts and of each variant.
const HANDLERS_MAX: usize = 10_000;
const STEPS_MAX: usize = 20_000;
/// Each is compared to all others, so that equal ones have one number.
const EXPRESSIONS_MAX: usize = 20_000;
const LINKS_MAX: usize = 1_000;
/// Checks, and also faults: each is looked at again and again while it runs.
const LISTED_MAX: usize = 1_000;
/// Pairs of places between which messages go.
const ROUTES_MAX: usize = 20_000;
/// Business cases of one run.
const CASES_MAX: f64 = 50_000_000.0;

/// Whether the document is small enough to be looked at closely.
pub(super) fn document(document: &Document, problems: &mut Problems) -> bool {
    let before = problems.any_error();
    let mut few = true;
    let mut at_most = |count: usize, most: usize, what: &str, place: Place| {
        if count > most {
            problems.error(
                place,
                format!("there are {count} {what}"),
                format!("at most {most} are possible"),
            );
            few = false;
        }
    };
    let place = document.variants.get(VARIANTS_MAX).map_or(Place::START, |variant| variant.name.place);
    at_most(document.variants.len(), VARIANTS_MAX, "variants", place);
    at_most(document.checks.len(), LISTED_MAX, "checks", Place::START);
    at_most(document.faults.len(), LISTED_MAX, "faults", Place::START);
    let parts = document.variants.iter().map(|variant| (&variant.value.parts, variant.name.place));
    for (parts, place) in parts.chain([(&document.shared, Place::START)]) {
        at_most(places(parts), PLACES_MAX, "clients, services and channels", place);
        at_most(parts.handlers.len(), HANDLERS_MAX, "handlers", place);
        let (mut steps, mut expressions) = (0, 0);
        for handler in &parts.handlers {
            visit(&handler.steps, &mut |step| {
                steps += 1;
                step.value.mentions(&mut |mention| match mention {
                    Mention::Asks(_) | Mention::Measures(..) => expressions += 1,
                    Mention::Sets(_) | Mention::Gives(_) | Mention::Takes(_) => {}
                    Mention::Stores(_) | Mention::Remembers(_) | Mention::Forgets(_) => {}
                });
            });
        }
        at_most(steps, STEPS_MAX, "steps in handlers", place);
        at_most(expressions, EXPRESSIONS_MAX, "expressions in handlers", place);
        at_most(parts.links.between.len(), LINKS_MAX, "links", place);
    }
    if few && document.shared.clients.is_empty() && !before {
        problems.error(
            Place::START,
            "there is no client, so nothing ever happens",
            "add one under `clients:`",
        );
    }
    few
}

/// Whether a variant as a whole is small enough, and how much work it will be.
pub(super) fn whole(whole: &Whole<'_>, traffic: &[Traffic<'_>], length: Span, problems: &mut Problems) {
    let places = whole.clients.len() + whole.services.len() + whole.channels.len();
    let pairs = Everywhere::of(std::slice::from_ref(whole)).routes.len();
    let carried = traffic.iter().map(|channel| channel.types.len()).sum();
    for (count, most, what) in [
        (places, PLACES_MAX, "clients, services and channels"),
        (pairs, ROUTES_MAX, "pairs of places with messages between them"),
        (carried, PAIRS_MAX, "pairs of channels and message types"),
    ] {
        if count > most {
            problems.error(
                Place::START,
                format!("there are {count} {what}"),
                format!("at most {most} are possible"),
            );
        }
    }
    let estimates = whole.clients.iter().filter_map(|part| {
        let arrivals = part.value.arrivals.as_ref()?;
        Some((
            arrivals.place,
            cases(&arrivals.value, active(&part.value, length), &whole.default_link.latency),
        ))
    });
    let estimates: Vec<(Place, f64)> = estimates.collect();
    let all: f64 = estimates.iter().map(|(_, cases)| cases).sum();
    let largest = estimates.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    if let Some((place, _)) = largest.filter(|_| all > CASES_MAX) {
        let millions = (all / 1e6).round();
        let message = format!("in {} about {millions} million requests would come", duration_text(length));
        problems.error(
            *place,
            message,
            "at most 50 million are simulated: lower the rate or shorten `length`",
        );
    }
}

fn places(parts: &Parts) -> usize {
    parts.clients.len() + parts.services.len() + parts.channels.len()
}

/// For how many seconds requests come.
fn active(client: &Client, length: Span) -> f64 {
    let end = client.until.as_ref().map_or(length, |until| until.value.min(length));
    let start = client.from.as_ref().map_or(Span::ZERO, |from| from.value);
    (end.seconds() - start.seconds()).max(0.0)
}

/// About how many requests come.
fn cases(arrivals: &Arrivals, seconds: f64, latency: &Option<Distribution>) -> f64 {
    match arrivals {
        Arrivals::Poisson { per_second } | Arrivals::Constant { per_second } => per_second * seconds,
        Arrivals::Burst { count, every } => f64::from(*count) * (seconds / every.seconds() + 1.0),
        Arrivals::Ramp { from_per_second, to_per_second, .. } => {
            from_per_second.max(*to_per_second) * seconds
        }
        Arrivals::Times { at } => at.len() as f64,
        Arrivals::Users { count, think } => {
            // One round is the thinking and the way there and back; a link without latency still takes its time.
            let way = latency.as_ref().map_or(0.001, typical);
            f64::from(*count) * seconds / (typical(think) + 2.0 * way).max(0.0001)
        }
    }
}

/// The mean in seconds, or the least value where there is no mean.
pub(super) fn typical(distribution: &Distribution) -> f64 {
    match (distribution.mean(), distribution.shape()) {
        (Some(mean), _) => mean.seconds(),
        (None, Shape::Pareto { minimum, .. }) => minimum / 1e9,
        (None, _) => 0.0,
    }
}
