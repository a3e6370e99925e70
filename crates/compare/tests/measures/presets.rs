//! Whatever the presets do, every value of it can be shown.

use compare::{Settings, Source, Study, Table, Tally, Unit, behind, contenders};

/// Whether every value of a table is one.
fn check(name: &str, table: &Table) {
    for line in &table.lines {
        for (header, cell) in table.headers.iter().zip(&line.cells) {
            let most = if line.row.unit == Unit::Share { 1.0 } else { f64::MAX };
            for &value in cell.runs.iter().chain(&cell.value) {
                assert!((0.0..=most).contains(&value), "{name}, {}, {}: {value}", header.name, line.row.id);
            }
        }
    }
    for row in ["throughput", "messages_per_case", "message_types"] {
        let line = table.lines.iter().find(|line| line.row.id == row);
        assert!(
            line.is_some_and(|line| line.cells.iter().all(|cell| cell.value.is_some())),
            "{name}: no {row}"
        );
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test looks at all presets")]
fn a_preset_has_a_value_that_is_none() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (scenario, contenders) = contenders(&text, &[]).unwrap();
        let settings = Settings { first: scenario.seed, seeds: 1, ..Settings::default() };
        let study = Study::new(&scenario.title, contenders, settings).unwrap();
        let mut tally = Tally::new(study.into());
        while let Some(turn) = tally.next_turn() {
            let found = tally.study().play(turn, &mut || true).unwrap();
            tally.take(turn, found);
        }
        check(&path.display().to_string(), &tally.table(0));
        count += 1;
    }
    assert!(count >= 35, "only {count} presets are played");
}

#[test]
fn nothing_is_behind_what_stands_in_a_cell() {
    let text = include_str!("../../../../static/scenarios/order-placed.yaml");
    let (scenario, contenders) = contenders(text, &[]).unwrap();
    let settings = Settings { first: scenario.seed, seeds: 1, ..Settings::default() };
    let study = Study::new(&scenario.title, contenders, settings).unwrap();
    for contender in 0..study.contenders.len() {
        let run = compare::Turn::Run { contender: contender as u16, number: 0 };
        let found = study.play(run, &mut || true).unwrap();
        for (row, &value) in study.rows.iter().zip(&found.values) {
            let list = behind(&study, contender, &row.id, scenario.seed, 5, &mut || true).unwrap();
            let counted = row.unit == Unit::Count && row.source == Source::Runs && value > 0.0;
            assert!(!counted || !list.is_empty(), "{} {}: {value}", study.contenders[contender].name, row.id);
            assert!(list.len() <= 5);
        }
    }
}
