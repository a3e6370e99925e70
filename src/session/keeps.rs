//! What the selected service keeps, and who waits in it.

use kernel::Time;
use topology::{Awaited, Cell, CellId, KeptFor, Message, Place, Scope, ServiceId, Task, World};

use crate::figures;
use crate::snapshot::{CellTable, ParkedLine, ServiceView};

/// How many values of one kind, and how many waiting handlers, are shown.
const LINES_MAX: usize = 20;

/// The service as the panel shows it.
pub(super) fn view(world: &World, service: ServiceId) -> ServiceView {
    let plan = world.plan();
    let mut cells: Vec<(CellId, CellTable)> = Vec::new();
    for (index, cell) in plan.cells.iter().enumerate().filter(|(_, cell)| cell.service == service) {
        let id = CellId(index as u16);
        cells.push((id, table(cell, world.cell_total(id))));
    }
    for kept in world.cells(service) {
        let Some((_, table)) = cells.iter_mut().find(|(id, _)| *id == kept.cell) else { continue };
        if table.values.len() == LINES_MAX {
            table.more += 1;
            continue;
        }
        let of = match kept.of {
            KeptFor::Case(case) => format!("case {case}"),
            KeptFor::Key(key) => format!("key {key}"),
            KeptFor::All => "all".into(),
        };
        table.values.push((of, kept.value));
    }
    ServiceView {
        name: plan.name_of(Place::Service(service)).into(),
        cells: cells.into_iter().map(|(_, table)| table).collect(),
        parked: world.parked_tasks(service).take(LINES_MAX).map(|it| parked(world, &it)).collect(),
        more_parked: world.parked(service).saturating_sub(LINES_MAX) as u64,
    }
}

fn parked(world: &World, (task, message, awaited): &(&Task, &Message, Awaited)) -> ParkedLine {
    let plan = world.plan();
    let name = &plan.types[message.message_type.index()].name;
    let waits = match awaited {
        Awaited::Time => "pauses".to_owned(),
        Awaited::Condition(id) => {
            format!("waits until {}", analysis::spelled(&plan.expressions[id.index()], plan))
        }
        Awaited::Answer => {
            format!("waits for the answer of {}", plan.name_of(plan.routes[task.route.index()].to))
        }
        Awaited::Branches => "waits for its branches".into(),
        Awaited::Worker => "waits for a worker".into(),
        Awaited::Restart => "lies in the log until the service is up again".into(),
    };
    let left = if task.until < Time::MAX && !matches!(awaited, Awaited::Worker | Awaited::Restart) {
        format!(", {} left", figures::span(task.until.since(world.now())))
    } else {
        String::new()
    };
    ParkedLine { case: world.case_of(message).number, text: format!("{name} {waits}{left}") }
}

/// Whether there is anything to see of what a service keeps.
pub(super) fn is_worth_a_look(world: &World, service: ServiceId) -> bool {
    world.parked(service) > 0 || world.plan().cells.iter().any(|cell| cell.service == service)
}

fn table(cell: &Cell, total: i64) -> CellTable {
    let per = match cell.per {
        Scope::Case => ", for each case",
        Scope::Key => ", for each key",
        Scope::Service => "",
    };
    let kept = if cell.kept { "kept" } else { "memory, lost in a crash" };
    let lasts = cell.lasts.map_or_else(String::new, |lasts| format!(", for {}", figures::span(lasts)));
    let note = format!("{kept}{per}{lasts}");
    CellTable {
        name: cell.name.clone(),
        note,
        split: cell.per != Scope::Service,
        total,
        values: Vec::new(),
        more: 0,
    }
}
