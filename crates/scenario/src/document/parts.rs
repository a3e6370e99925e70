//! What may stand at the top and in a variant.

use topology::{FieldValue, Scope};

use super::read::{duration, duration_at, each, name, name_of, named, pair, percent, whole};
use super::time::{arrives, time, time_at};
use super::{Between, Cell, Channel, Client, Handler, Link, Links, Lists, Named, Parts, Service, steps};
use crate::diagnostic::{At, Problems};
use crate::line::carried;
use crate::shape::CHANNEL;
use crate::tree::Node;
use crate::units;

pub(super) fn read(node: &Node, problems: &mut Problems) -> Parts {
    Parts {
        clients: named(node, "clients", |node| client(node, problems)),
        services: named(node, "services", |node| service(node, problems)),
        links: links(node.field("links"), problems),
        channels: named(node, "channels", channel),
        handlers: handlers(node, problems),
    }
}

fn client(node: &Node, problems: &mut Problems) -> Client {
    Client {
        arrivals: arrives(node.field("arrivals"), problems),
        sends: name(node.field("sends")),
        to: name(node.field("to")),
        patience: time_at(node.field("patience"), problems),
        from: duration_at(node.field("from")),
        until: duration_at(node.field("until")),
        keys: whole(node.field("keys")),
        with: with(node),
    }
}

fn service(node: &Node, problems: &mut Problems) -> Service {
    Service {
        workers: whole(node.field("workers")),
        inbox: whole(node.field("inbox")),
        work: time(node.field("work"), problems),
        clock: node.field("clock").and_then(|clock| units::read_clock(clock.text()?).ok()),
        cells: cells(node),
    }
}

fn with(node: &Node) -> Vec<Named<FieldValue>> {
    let mut with = Vec::new();
    for entry in node.field("with").map_or(&[][..], Node::entries) {
        if let Some(Ok(value)) = entry.node.text().map(carried::read) {
            with.push(Named { name: name_of(entry), value });
        }
    }
    with
}

fn cells(node: &Node) -> Vec<Named<Cell>> {
    let mut cells = Vec::new();
    for (key, kept) in [("store", true), ("memory", false)] {
        for entry in node.field(key).map_or(&[][..], Node::entries) {
            let details = || entry.node.field("per")?.text();
            let per = entry.node.text().or_else(details).unwrap_or_default();
            let per = match per.strip_prefix("per ").unwrap_or(per) {
                "key" => Scope::Key,
                "service" => Scope::Service,
                _ => Scope::Case,
            };
            let lasts = entry.node.field("for").and_then(duration);
            let starts = whole(entry.node.field("starts")).unwrap_or(0);
            cells.push(Named { name: name_of(entry), value: Cell { kept, per, lasts, starts } });
        }
    }
    cells
}

fn links(node: Option<&Node>, problems: &mut Problems) -> Links {
    let Some(node) = node else { return Links::default() };
    let default = node.field("default").map(|node| link(node, problems)).unwrap_or_default();
    let between = each(node, "between", |node| {
        Some(Between { places: pair(node.field("places"))?, link: link(node, problems) })
    });
    Links { default, between }
}

fn link(node: &Node, problems: &mut Problems) -> Link {
    Link {
        latency: time(node.field("latency"), problems),
        loss: percent(node.field("loss")),
        duplication: percent(node.field("duplication")),
        reordering: percent(node.field("reordering")),
    }
}

fn channel(node: &Node) -> Channel {
    let fixed = CHANNEL.names();
    let settings = node.entries().iter().filter(|entry| !fixed.contains(&entry.key.as_str()));
    Channel {
        profile: name(node.field("profile")),
        consumers: node.field("consumers").map(texts),
        groups: node.field("groups").map(lists),
        bindings: node.field("bindings").map(lists),
        subjects: node.field("subjects").map(lists),
        dead_letter: name(node.field("dead_letter")),
        settings: settings.map(|it| Named { name: name_of(it), value: it.node.clone() }).collect(),
    }
}

/// Texts under names.
fn lists(node: &Node) -> Lists {
    let mut lists = Vec::new();
    for entry in node.entries() {
        lists.push(Named { name: name_of(entry), value: texts(&entry.node) });
    }
    lists
}

/// A list of texts, or the one text that stands for it.
pub(super) fn texts(node: &Node) -> Vec<At<String>> {
    std::iter::once(node).chain(node.items()).filter_map(|text| name(Some(text))).collect()
}

fn handlers(node: &Node, problems: &mut Problems) -> Vec<Handler> {
    let services = node.field("handlers").map_or(&[][..], Node::entries);
    let mut handlers = Vec::new();
    for service in services {
        for message in service.node.entries() {
            let (habits, steps) = steps::handler(&message.node, problems);
            let (service, message) = (name_of(service), name_of(message));
            handlers.push(Handler { service, message, habits, steps });
        }
    }
    handlers
}

/// A part with a place, for those that stand in lists.
pub(super) fn at<T>(node: &Node, value: T) -> At<T> {
    At { place: node.place, value }
}
