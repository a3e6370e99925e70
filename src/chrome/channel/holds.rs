//! What a channel holds: a table of figures, each of which opens the messages behind it.

use yew::prelude::*;

use super::breakable;
use crate::snapshot::{ChannelView, Column, Counts, GroupView, MessageLine, PartitionView, Pile, PileView};
use crate::{Action, figures};

/// The figures of every group, and what was put aside.
pub fn holds(view: &ChannelView, send: &Callback<Action>) -> Html {
    html! {
        <section class="block holds" aria-label="Holds">
            <table>
                <thead>
                    <tr>
                        <th scope="col"><h2>{ "Holds" }</h2></th>
                        { for view.columns.iter().map(|column| html! { <th scope="col">{ column.words }</th> }) }
                    </tr>
                </thead>
                <tbody>{ for view.groups.iter().enumerate().map(|it| group(it, view, send)) }</tbody>
            </table>
            { for view.aside.map(|count| html! {
                <p class="put-aside">
                    <span>{ "put aside (dead letters)" }</span>
                    { figure("put aside", count, (Pile::Aside, 0), view, send) }
                </p>
            }) }
            { for view.open.as_ref().map(|open| messages(open, view)) }
            { for view.groups.iter().filter(|group| !group.partitions.is_empty()).map(partitions) }
        </section>
    }
}

fn group((index, group): (usize, &GroupView), view: &ChannelView, send: &Callback<Action>) -> Html {
    let cell = |(column, &count): (&Column, &u64)| {
        let content = match column.counts {
            Counts::Pile(pile) => {
                figure(&format!("{}, {}", group.name, column.words), count, (pile, index), view, send)
            }
            Counts::Done | Counts::Lag => html! { { figures::count(count) } },
        };
        html! { <td data-testid={format!("holds-{index}-{}", column.words)}>{ content }</td> }
    };
    html! {
        <tr>
            <th scope="row">
                { breakable(&group.name) }
                if !group.note.is_empty() { <small class="amber">{ &group.note }</small> }
            </th>
            { for view.columns.iter().zip(&group.figures).map(cell) }
        </tr>
    }
}

/// A figure that opens the messages it counts.
fn figure(words: &str, count: u64, pile: (Pile, usize), view: &ChannelView, send: &Callback<Action>) -> Html {
    let is_open = view.open.as_ref().is_some_and(|open| (open.pile, open.group) == pile);
    let next = (!is_open).then_some(pile);
    let number = figures::count(count);
    html! {
        <button
            class={classes!("figure", (count == 0).then_some("zero"))} aria-expanded={is_open.to_string()}
            aria-label={format!("{words}: {number}, show messages")}
            onclick={send.reform(move |_: MouseEvent| Action::OpenPile(next))}
        >{ number }</button>
    }
}

fn messages(open: &PileView, view: &ChannelView) -> Html {
    let (age, deliveries) = match open.pile {
        Pile::Ready | Pile::Later | Pile::Sent => ("sent ago", true),
        Pile::Held => ("held for", true),
        Pile::Aside => ("ago", false),
    };
    let group = view.groups.get(open.group).filter(|_| open.pile != Pile::Aside && view.groups.len() > 1);
    let words = match open.pile {
        Pile::Aside => "Put aside",
        Pile::Ready | Pile::Held | Pile::Later | Pile::Sent => {
            let column = view.columns.iter().find(|column| column.counts == Counts::Pile(open.pile));
            column.map_or("", |column| column.words)
        }
    };
    html! {
        <div class="messages" data-testid="messages">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ words }{ for group.map(|group| format!(" for {}", group.name)) }</th>
                        <th scope="col">{ "case" }</th>
                        <th scope="col">{ age }</th>
                        if deliveries { <th scope="col">{ "deliveries" }</th> }
                    </tr>
                </thead>
                <tbody>{ for open.messages.iter().map(|line| message(line, deliveries)) }</tbody>
            </table>
            if open.more > 0 {
                <p class="hint">{ format!("and {} more", figures::count(open.more)) }</p>
            } else if open.messages.is_empty() {
                <p class="hint">{ "none now" }</p>
            }
        </div>
    }
}

/// What is to be said of a message stands below it, for all of the width.
fn message(line: &MessageLine, deliveries: bool) -> Html {
    html! {
        <>
            <tr>
                <th scope="row">{ &line.name }</th>
                <td>{ line.case }</td>
                <td>{ &line.age }</td>
                if deliveries { <td>{ line.deliveries }</td> }
            </tr>
            if !line.state.is_empty() {
                <tr class="state"><td colspan="4">{ &line.state }</td></tr>
            }
        </>
    }
}

fn partitions(group: &GroupView) -> Html {
    let commits = group.partitions.iter().any(|partition| partition.committed.is_some());
    let owned = group.partitions.iter().any(|partition| !partition.owner.is_empty());
    let row = |partition: &PartitionView| {
        html! {
            <tr>
                <th scope="row">{ partition.number }</th>
                <td>{ figures::count(partition.end) }</td>
                <td>{ figures::count(partition.next) }</td>
                if commits {
                    <td>{ figures::count(partition.committed.unwrap_or_default()) }</td>
                    <td>{ figures::count(partition.lag()) }</td>
                }
                if owned { <td class="owner">{ &partition.owner }</td> }
            </tr>
        }
    };
    html! {
        <div class="messages" data-testid={format!("partitions-{}", group.name)}>
            <table>
                <caption>{ "Partitions as " }<b>{ &group.name }</b>{ " reads them" }</caption>
                <thead>
                    <tr>
                        <th scope="col"><span class="vanished">{ "partition" }</span></th>
                        <th scope="col">{ "end" }</th>
                        <th scope="col">{ "next" }</th>
                        if commits { <th scope="col">{ "committed" }</th><th scope="col">{ "lag" }</th> }
                        if owned { <th scope="col">{ "owner" }</th> }
                    </tr>
                </thead>
                <tbody>{ for group.partitions.iter().map(row) }</tbody>
            </table>
            if group.more_partitions > 0 {
                <p class="hint">{ format!("and {} more", figures::count(group.more_partitions)) }</p>
            }
        </div>
    }
}
