//! A sweep: the same contenders with one or two parameters over a range.

mod axis;
mod knee;

use scenario::{Assignment, Scenario};

use crate::contender::{read, wished};
use crate::{Contender, Settings, Source, Study, Table};

/// A parameter with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Where it stands in the scenario, e.g. `services.payment.workers`.
    pub path: String,
    /// The values, as they would be written in a scenario.
    pub values: Vec<String>,
}

/// Variants by one or two parameters. Its study has a contender for each variant at each point: variant by variant,
/// the first axis by value, the second axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The variants; perhaps with something set otherwise in them, as [`scenario::wish`] reads it.
    pub variants: Vec<String>,
    /// One axis for curves, two for heat maps.
    pub axes: Vec<Axis>,
}

/// Where a curve bends most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knee {
    /// At which value of the axis, as its position.
    pub at: usize,
}

impl Axis {
    /// Reads `PATH=VALUES`. The values are a list with commas between; each item is a value or has a range in it:
    ///
    /// | written | values |
    /// |---|---|
    /// | `1..8` | whole numbers, one by one |
    /// | `0..0.2..0.05` | from, to, and the step; the last value is the last one that is not beyond the end |
    /// | `8..1` | counted down |
    /// | `5s..30s..5s`, `500ms..2s..500ms`, `0..20..5%` | a unit behind one counts for those without |
    /// | `poisson 2..20..2/s` | the range is a part of the value |
    /// | `1..4,8,16`, `kafka,rabbitmq-quorum` | a list; brackets and quotes keep commas together |
    ///
    /// Both ends of `uniform 10ms..20ms` belong to one value.
    ///
    /// ```
    /// let axis = compare::Axis::read("links.default.loss=0..0.3..0.1").unwrap();
    /// assert_eq!(axis.values, ["0", "0.1", "0.2", "0.3"]);
    /// ```
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn read(text: &str) -> Result<Axis, String> {
        axis::read(text)
    }

    /// Where its values stand on a line of numbers, for drawing: their numbers, without what all of them have before
    /// and behind; durations in different units in milliseconds. `None` if they are words.
    ///
    /// ```
    /// let axis = compare::Axis::read("clients.shopper.arrivals=poisson 2..6..2/s").unwrap();
    /// assert_eq!(axis.positions(), Some(vec![2.0, 4.0, 6.0]));
    /// ```
    pub fn positions(&self) -> Option<Vec<f64>> {
        axis::positions(&self.values)
    }
}

impl Sweep {
    /// A sweep of these variants; if none are named, of every variant that has the paths of the axes.
    ///
    /// # Errors
    /// If the scenario cannot be read, or no variant has the paths; for a person.
    pub fn new(text: &str, variants: &[String], axes: Vec<Axis>) -> Result<Sweep, String> {
        if !variants.is_empty() {
            return Ok(Sweep { variants: variants.to_vec(), axes });
        }
        let all: Vec<String> =
            read(text, &[], &[])?.variants.into_iter().map(|variant| variant.name).collect();
        let has = |name: &&String| axes.iter().all(|axis| scenario::has(text, name, &axis.path));
        let mut variants: Vec<String> = all.iter().filter(has).cloned().collect();
        if variants.is_empty() {
            // The study says of them what is wrong.
            variants = all;
        }
        Ok(Sweep { variants, axes })
    }

    /// The study of it, for seeing this row. There are so many points that probes are made only for a row that comes
    /// from them.
    ///
    /// # Errors
    /// If a path or value does not suit the scenario, there are too many points, or there is no such row; for a person.
    pub fn study(&self, text: &str, settings: Settings, row: &str) -> Result<Study, String> {
        self.check()?;
        let scenario = read(text, &[], &[])?;
        let variants = self.wished(&scenario)?;
        // A reading makes all variants; those with nothing of their own set need only one for each point.
        let plain: Vec<&str> = variants.iter().filter(|it| it.1.is_empty()).map(|it| it.0.as_str()).collect();
        let mut contenders: Vec<Vec<Contender>> = vec![Vec::new(); variants.len()];
        for point in self.points() {
            let shared = if plain.is_empty() { None } else { Some(read(text, &plain, &point)?) };
            for ((variant, own), contenders) in variants.iter().zip(&mut contenders) {
                let sets = [own.as_slice(), &point].concat();
                let own = if own.is_empty() { None } else { Some(read(text, &[variant], &sets)?) };
                let found = own.as_ref().or(shared.as_ref()).and_then(|it| it.variant(variant));
                let Some(found) = found else { return Err(scenario::no_variant(&scenario, variant)) };
                let (name, plan) = (wished(variant, &sets), found.plan.clone());
                contenders.push(Contender { name, variant: variant.clone(), sets, plan });
            }
        }
        let mut study = Study::new(&scenario.title, contenders.concat(), settings)?;
        study.settings.probes &= study.known_row(row)?.source == Source::Probes;
        Ok(study)
    }

    /// How many points it has, with few enough variants.
    fn check(&self) -> Result<(), String> {
        if self.variants.is_empty() {
            return Err("there is nothing to sweep: name at least one variant".into());
        }
        if self.axes.is_empty() || self.axes.len() > 2 {
            let count = self.axes.len();
            return Err(format!(
                "a sweep has one axis or two, and these are {count}: name what changes, and fix the rest with `queue with PATH=VALUE`"
            ));
        }
        if let [one, other] = &self.axes[..]
            && one.path == other.path
        {
            return Err(format!("both axes are {}: take another for one of them", one.path));
        }
        if let Some(empty) = self.axes.iter().find(|axis| axis.values.is_empty()) {
            return Err(format!("{} has no values: name at least one", empty.path));
        }
        let points: usize = self.axes.iter().map(|axis| axis.values.len()).product();
        let (all, most) = (points.saturating_mul(self.variants.len()), Study::CONTENDERS_MAX);
        if all > most {
            return Err(format!(
                "{all} contenders ({points} for each variant) are more than {most}: take wider steps, or fewer variants"
            ));
        }
        Ok(())
    }

    fn wished(&self, scenario: &Scenario) -> Result<Vec<(String, Vec<Assignment>)>, String> {
        let mut wished = Vec::new();
        for text in &self.variants {
            let wish = scenario::wish(text)?;
            if scenario.variant(&wish.0).is_none() {
                return Err(scenario::no_variant(scenario, &wish.0));
            }
            if wished.contains(&wish) {
                return Err(format!("{} stands twice among the variants: name it once", axis::cut(text)));
            }
            wished.push(wish);
        }
        Ok(wished)
    }

    /// What is set at each point, the last axis fastest.
    fn points(&self) -> Vec<Vec<Assignment>> {
        let mut points = vec![Vec::new()];
        for axis in &self.axes {
            let mut longer = Vec::new();
            for point in &points {
                for value in &axis.values {
                    let mut point: Vec<Assignment> = Vec::clone(point);
                    point.push(Assignment { path: axis.path.clone(), value: value.clone() });
                    longer.push(point);
                }
            }
            points = longer;
        }
        points
    }

    /// The contender of a variant at a point.
    pub fn contender(&self, variant: usize, point: &[usize]) -> usize {
        let of_axis = |at: usize, (axis, &value): (&Axis, &usize)| at * axis.values.len() + value;
        self.axes.iter().zip(point).fold(variant, of_axis)
    }

    /// Where the curve of a variant has its knee, in a sweep of one axis with numbers: where it is farthest from the
    /// straight line between its ends, both axes measured from 0 to 1. `None` if it is straight, or no bend is beyond
    /// chance, or there are fewer than four points.
    pub fn knee(&self, table: &Table, variant: usize, row: &str) -> Option<Knee> {
        let [axis] = &self.axes[..] else { return None };
        let line = table.lines.iter().find(|line| line.row.id == row)?;
        let cells = (0..axis.values.len()).map(|value| line.cells.get(self.contender(variant, &[value])));
        let cells = cells.collect::<Option<Vec<_>>>()?;
        knee::knee(&axis.positions()?, &cells).map(|at| Knee { at })
    }
}
