//! What the form offers: parameters and rows.

use compare::{Group, Row};

/// Everything that can be set otherwise, as options of a list of suggestions.
pub(crate) fn paths(text: &str) -> String {
    let mut options = String::new();
    let mut last = String::new();
    for settable in scenario::settable(text) {
        // In each variant it may stand otherwise; it is one parameter all the same.
        if settable.path != last {
            options += &format!(
                "<option value=\"{}\" label=\"{}\"></option>",
                escaped(&settable.path),
                escaped(&settable.value)
            );
            last = settable.path;
        }
    }
    options
}

/// The rows, as options of a choice, group by group.
pub(crate) fn rows(rows: &[Row], chosen: &str) -> String {
    let mut options = String::new();
    let mut group: Option<Group> = None;
    for row in rows {
        if group != Some(row.group) {
            if group.is_some() {
                options += "</optgroup>";
            }
            options += &format!("<optgroup label=\"{}\">", name(row.group));
            group = Some(row.group);
        }
        let selected = if row.id == chosen { " selected" } else { "" };
        let (id, name) = (escaped(&row.id), escaped(&row.name));
        options += &format!("<option value=\"{id}\"{selected}>{name}</option>");
    }
    if group.is_some() { options + "</optgroup>" } else { options }
}

fn name(group: Group) -> &'static str {
    match group {
        Group::Customer => "Customers",
        Group::Completion => "Completion",
        Group::Failures => "Failures",
        Group::Coupling => "Coupling",
        Group::Throughput => "Throughput",
        Group::Consistency => "Consistency",
        Group::Messages => "Messages",
        Group::Parts => "Parts",
        Group::Explaining => "Explaining",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
    out
}
