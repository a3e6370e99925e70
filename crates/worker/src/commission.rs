//! What is to be compared, as the page asks for it.
//!
//! | key | | if absent |
//! |---|---|---|
//! | `wishes` | the contenders, a wish each; of a sweep: its variants | every variant; of a sweep: that has the parameters |
//! | `seeds`, `first` | how many, and which is the first | 100, of a sweep 20; the scenario's |
//! | `warm_up` | a duration | `0s` |
//! | `precision` | `{ row, share }`; no share: none | none |
//! | `independent`, `probes` | whether | `false`; `true` |
//! | `sweep` | `{ axes: ["PATH=1..8"], row }` | none |
//!
//! Numbers and shares may be texts, as a person types them into a field.

use compare::{Axis, Contender, Precision, Settings, Study, Sweep};
use kernel::Span;
use serde_json::Value;

/// What there is to do.
#[derive(Debug)]
pub struct Commission {
    /// What is played.
    pub study: Study,
    /// The sweep that the study belongs to, and the row that is drawn.
    pub sweep: Option<(Sweep, String)>,
}

/// What is wrong with what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In which field of the form: a key of the table above, `axis-1` or `axis-2`.
    pub field: &'static str,
    /// What, for a person.
    pub words: String,
}

/// Reads what is to be compared in this scenario.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn commission(text: &str, begin: &Value) -> Result<Commission, Problem> {
    let sweep = begin.get("sweep").filter(|sweep| !sweep.is_null());
    let wishes = wishes(begin)?;
    let (scenario, contenders) = compare::contenders(text, &wishes).map_err(Problem::at("wishes"))?;
    let settings = settings(begin, scenario.seed, sweep.is_some())?;
    let alone = check(&contenders, &settings)?;
    let Some(sweep) = sweep else {
        let study = Study::new(&scenario.title, contenders, settings).map_err(Problem::at("wishes"))?;
        return Ok(Commission { study, sweep: None });
    };
    let row = sweep.get("row").and_then(Value::as_str).unwrap_or("response_p99");
    alone.known_row(row).map_err(Problem::at("row"))?;
    let sweep = Sweep::new(text, &wishes, axes(sweep)?).map_err(Problem::at(AXES[0]))?;
    let study = sweep.study(text, settings, row).map_err(Problem::at(AXES[0]))?;
    Ok(Commission { study, sweep: Some((sweep, row.into())) })
}

/// The fields of the axes.
const AXES: [&str; 2] = ["axis-1", "axis-2"];

impl Problem {
    fn at(field: &'static str) -> impl Fn(String) -> Problem {
        move |words| Problem { field, words }
    }
}

fn settings(begin: &Value, first: u64, is_sweep: bool) -> Result<Settings, Problem> {
    let is = |key: &str, otherwise: bool| begin.get(key).and_then(Value::as_bool).unwrap_or(otherwise);
    Ok(Settings {
        first: whole(begin, "first", first)?,
        seeds: whole(begin, "seeds", if is_sweep { 20 } else { 100 })?,
        warm_up: warm_up(begin)?,
        precision: precision(begin)?,
        independent: is("independent", false),
        probes: is("probes", true),
    })
}

/// Tells which setting does not suit the first contender, by changing one after the other; its study if all do. What
/// is wrong with the others, or with all together, is found out later.
fn check(contenders: &[Contender], settings: &Settings) -> Result<Study, Problem> {
    let Settings { first, seeds, warm_up, precision, .. } = settings.clone();
    let first_of = |settings| Study::new("", contenders.iter().take(1).cloned().collect(), settings);
    let settings = Settings { seeds, ..Settings::default() };
    first_of(settings.clone()).map_err(Problem::at("seeds"))?;
    let settings = Settings { first, ..settings };
    first_of(settings.clone()).map_err(Problem::at("first"))?;
    let settings = Settings { warm_up, ..settings };
    first_of(settings.clone()).map_err(Problem::at("warm_up"))?;
    first_of(Settings { precision, ..settings }).map_err(Problem::at("precision"))
}

fn wishes(begin: &Value) -> Result<Vec<String>, Problem> {
    let Some(list) = begin.get("wishes").and_then(Value::as_array) else { return Ok(Vec::new()) };
    if list.is_empty() {
        return Err(Problem {
            field: "wishes",
            words: "there is nothing to compare: choose at least one variant".into(),
        });
    }
    Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn whole(begin: &Value, field: &'static str, otherwise: u64) -> Result<u64, Problem> {
    let number = match begin.get(field) {
        None | Some(Value::Null) => Some(otherwise),
        Some(Value::String(typed)) => typed.trim().parse().ok(),
        Some(value) => value.as_u64(),
    };
    let said = begin.get(field).map(|value| value.to_string().replace('"', "")).unwrap_or_default();
    number.ok_or_else(|| Problem { field, words: format!("`{said}` is not a whole number, such as 20") })
}

fn warm_up(begin: &Value) -> Result<Span, Problem> {
    match begin.get("warm_up").and_then(Value::as_str).map(str::trim) {
        None | Some("") => Ok(Span::ZERO),
        Some(text) => scenario::units::duration(text).map_err(Problem::at("warm_up")),
    }
}

fn precision(begin: &Value) -> Result<Option<Precision>, Problem> {
    let Some(precision) = begin.get("precision") else { return Ok(None) };
    let share = match precision.get("share") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(typed)) if typed.trim().is_empty() => return Ok(None),
        Some(Value::String(typed)) => {
            scenario::units::percent(typed.trim()).map_err(Problem::at("precision"))?
        }
        Some(number) => number.as_f64().unwrap_or(f64::NAN),
    };
    let row = precision.get("row").and_then(Value::as_str).unwrap_or("response_mean");
    Ok(Some(Precision { row: row.into(), share }))
}

fn axes(sweep: &Value) -> Result<Vec<Axis>, Problem> {
    let texts = sweep.get("axes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
    match texts.len() {
        0 => Err("name a parameter and its values, such as services.payment.workers and 1..8"),
        1 | 2 => Ok(()),
        _ => Err("one parameter makes curves and two a heat map; more cannot be drawn"),
    }
    .map_err(|words: &str| Problem { field: AXES[0], words: words.into() })?;
    texts.into_iter().zip(AXES).map(|(text, field)| Axis::read(text).map_err(Problem::at(field))).collect()
}
