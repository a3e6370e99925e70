//! What a channel holds: a table of figures, each of which opens the messages behind it.

use yew::prelude::*;

use super::breakable;
use crate::snapshot::{ChannelView, Counts, GroupView, MessageLine, PartitionView, Pile, PileView};
use crate::{Action, figures};

/// A figure for each column of a group, what was put aside, and the messages of the pile that is open.
pub fn holds(view: &ChannelView, send: &Callback<Action>) -> Html {
    let head = view.columns.iter().map(|column| column.words.into()).collect();
    let rows = view.groups.iter().enumerate().map(|(index, group)| row(index, group, view, send)).collect();
    html! {
        <section class="block holds" aria-label="Holds">
            { table(html! { <h2>{ "Holds" }</h2> }, head, rows) }
            if let Some(count) = view.aside {
                <p class="put-aside">
                    <span>{ "put aside (dead letters)" }</span>
                    { figure("put aside", count, (Pile::Aside, 0), view, send) }
                </p>
            }
            if let Some(open) = &view.open {
                { messages(open, view) }
            }
            { for view.groups.iter().filter(|group| !group.partitions.is_empty()).map(partitions) }
        </section>
    }
}

/// A row of a table: its heading, its cells, and what stands below it for all of the width.
type Row = (Html, Vec<Html>, String);

fn table(corner: Html, head: Vec<Html>, rows: Vec<Row>) -> Html {
    let width = (head.len() + 1).to_string();
    html! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{ corner }</th>
                    { for head.into_iter().map(|words| html! { <th scope="col">{ words }</th> }) }
                </tr>
            </thead>
            <tbody>{ for rows.into_iter().map(|(heading, cells, below)| html! {
                <>
                    <tr>
                        <th scope="row">{ heading }</th>
                        { for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }
                    </tr>
                    if !below.is_empty() {
                        <tr class="below"><td colspan={width.clone()}>{ below }</td></tr>
                    }
                </>
            }) }</tbody>
        </table>
    }
}

fn row(index: usize, group: &GroupView, view: &ChannelView, send: &Callback<Action>) -> Row {
    let mut cells = Vec::new();
    for (column, &count) in view.columns.iter().zip(&group.figures) {
        cells.push(match column.counts {
            Counts::Pile(pile) => {
                figure(&format!("{}, {}", group.name, column.words), count, (pile, index), view, send)
            }
            Counts::Done | Counts::Lag => html! { <span class="plain">{ number(count) }</span> },
        });
    }
    (breakable(&group.name), cells, group.note.clone())
}

/// A figure that opens the messages it counts.
fn figure(words: &str, count: u64, pile: (Pile, usize), view: &ChannelView, send: &Callback<Action>) -> Html {
    let is_open = view.open.as_ref().is_some_and(|open| (open.pile, open.group) == pile);
    let next = (!is_open).then_some(pile);
    let number = figures::count(count);
    html! {
        <button
            class={classes!("figure", (count == 0).then_some("zero"))} aria-expanded={is_open.to_string()}
            data-testid={words.to_owned()} aria-label={format!("{words}: {number}, show messages")}
            onclick={send.reform(move |_: MouseEvent| Action::OpenPile(next))}
        >{ number }</button>
    }
}

fn messages(open: &PileView, view: &ChannelView) -> Html {
    let (age, counted) = match open.pile {
        Pile::Ready | Pile::Later | Pile::Sent => ("sent ago", true),
        Pile::Held => ("held for", true),
        Pile::Aside => ("ago", false),
    };
    let column = view.columns.iter().find(|column| column.counts == Counts::Pile(open.pile));
    let mut words = column.map_or("put aside", |column| column.words).to_owned();
    if let Some(group) = view.groups.get(open.group).filter(|_| column.is_some() && view.groups.len() > 1) {
        words = format!("{words} for {}", group.name);
    }
    let mut head: Vec<Html> = vec!["case".into(), age.into()];
    head.extend(counted.then(|| "deliveries".into()));
    let rows = open.messages.iter().map(|line| message(line, counted)).collect();
    html! {
        <div class="messages" data-testid="messages">
            { table(words.into(), head, rows) }
            if open.more > 0 {
                { and_more(open.more) }
            } else if open.messages.is_empty() {
                <p class="hint">{ "none now" }</p>
            }
        </div>
    }
}

fn message(line: &MessageLine, counted: bool) -> Row {
    let mut cells = vec![number(line.case.into()), line.age.clone().into()];
    cells.extend(counted.then(|| number(line.deliveries.into())));
    (line.name.clone().into(), cells, line.state.clone())
}

fn partitions(group: &GroupView) -> Html {
    let commits = group.partitions.iter().any(|partition| partition.committed.is_some());
    let owned = group.partitions.iter().any(|partition| !partition.owner.is_empty());
    let mut head: Vec<Html> = vec!["end".into(), "next".into()];
    if commits {
        head.extend(["committed".into(), "lag".into()]);
    }
    let row = |partition: &PartitionView| {
        let mut cells = vec![number(partition.end), number(partition.next)];
        if commits {
            cells.extend([number(partition.committed.unwrap_or_default()), number(partition.lag())]);
        }
        let owner = if owned && partition.owner.is_empty() { "nobody reads it" } else { &partition.owner };
        let note = if owned { format!("read by {owner}") } else { String::new() };
        (number(partition.number.into()), cells, note)
    };
    html! {
        <div class="messages" data-testid={format!("partitions-{}", group.name)}>
            { table(format!("partition, for {}", group.name).into(), head, group.partitions.iter().map(row).collect()) }
            if group.more_partitions > 0 {
                { and_more(group.more_partitions) }
            }
        </div>
    }
}

fn and_more(count: u64) -> Html {
    html! { <p class="hint">{ format!("and {} more", figures::count(count)) }</p> }
}

fn number(count: u64) -> Html {
    figures::count(count).into()
}
