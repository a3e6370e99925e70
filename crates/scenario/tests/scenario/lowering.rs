//! What a file comes to: every key has its effect on the plan.

use std::fmt::Write;
use std::sync::Arc;

use channel::{Rules, profile};
use expect_test::expect_file;
use kernel::Time;
use topology::{Place, Plan, World};

use crate::program;

const EVERYTHING: &str = include_str!("../files/everything.yaml");

fn check(variant: &str, expected: expect_test::ExpectFile) {
    expected.assert_eq(&described(&plan(EVERYTHING, variant)));
}

/// The plan of a text of which nothing is said.
fn plan(text: &str, variant: &str) -> Arc<Plan> {
    let reading = scenario::read(text);
    let listed: Vec<String> = reading.diagnostics.iter().map(ToString::to_string).collect();
    assert!(listed.is_empty(), "{listed:#?}");
    let scenario = reading.scenario.expect("it is right");
    Arc::clone(&scenario.variant(variant).expect("it is there").plan)
}

#[test]
fn a_key_has_no_effect() {
    check("plain", expect_file!["../files/everything.plain.txt"]);
}

#[test]
fn a_change_of_a_variant_has_no_effect() {
    check("changed", expect_file!["../files/everything.changed.txt"]);
}

#[test]
fn a_step_has_no_effect() {
    let plan = plan(include_str!("../files/steps.yaml"), "default");
    expect_file!["../files/steps.txt"].assert_eq(&program::described(&plan));
}

#[test]
fn the_head_of_a_file_is_read_wrongly() {
    let scenario = scenario::read(EVERYTHING).scenario.expect("it is right");
    assert_eq!((scenario.seed, scenario.speed), (7, Some(4.0)));
    assert_eq!(scenario.length.seconds(), 120.0);
    assert_eq!(scenario.title, "Everything at once");
    assert!(scenario.about.starts_with("Every key of the format") && scenario.about.ends_with("shows it."));
    assert_eq!(scenario.variants[1].about, "Changes whatever a variant can change.");
    assert_eq!(scenario.variants[0].cures, [""; 0]);
    assert_eq!(scenario.variants[1].cures, ["plain"]);
}

#[test]
fn variants_cannot_be_compared() {
    let scenario = scenario::read(EVERYTHING).scenario.expect("it is right");
    let [one, other] = [0, 1].map(|index| &scenario.variants[index].plan);
    let names = |plan: &Plan| -> Vec<String> { plan.types.iter().map(|it| it.name.clone()).collect() };
    assert_eq!(names(one), names(other));
    assert_eq!(one.facts, other.facts);
    assert_eq!(one.checks, other.checks);
    assert_eq!((&one.fields, &one.figures), (&other.fields, &other.figures));
    let cells = |plan: &Plan| -> Vec<(String, topology::ServiceId)> {
        plan.cells.iter().map(|it| (it.name.clone(), it.service)).collect()
    };
    assert_eq!(cells(one), cells(other));
    assert_eq!(one.cells.len(), 7);
    assert_eq!(one.services.len(), other.services.len());
}

/// The plan as text, without what every plan has.
fn described(plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes everything");
    for client in &plan.clients {
        let (sends, to) = (&plan.types[client.sends.index()].name, plan.name_of(client.to.into()));
        line(format!("client {} {:?} sends {sends} to {to}", client.name, client.arrivals));
        line(format!("    patience {:?} from {} until {}", client.patience, client.from, client.until));
        line(format!("    keys {:?} fields {:?}", client.keys, client.fields));
    }
    for service in &plan.services {
        line(format!(
            "service {} {} {:?} {:?} clock {}",
            service.name,
            service.workers,
            service.inbox,
            service.work.shape(),
            service.clock
        ));
    }
    for channel in &plan.channels {
        line(format!(
            "channel {} {}{}",
            channel.name,
            channel.profile,
            differences(channel.profile, &channel.rules)
        ));
        for subscriber in &channel.subscribers {
            let types: Vec<&str> =
                subscriber.types.iter().map(|it| plan.types[it.index()].name.as_str()).collect();
            line(format!("    {} {}", plan.name_of(Place::Service(subscriber.service)), types.join(" ")));
        }
        for group in &channel.groups {
            line(format!("    group {} {:?} of {:?}", group.name, group.bindings, group.subscribers));
        }
        if let Some(to) = channel.dead_letter_to {
            line(format!("    puts aside to {}", plan.name_of(Place::Channel(to))));
        }
    }
    for (index, link) in plan.links.iter().enumerate() {
        let routes = plan.routes.iter().filter(|route| usize::from(route.link) == index && index > 0);
        let routes: Vec<String> =
            routes.map(|route| format!("{}-{}", plan.name_of(route.from), plan.name_of(route.to))).collect();
        line(format!("link {} {link:?}", routes.join(" ")));
    }
    line(program::described(plan).trim_end().to_owned());
    for fault in &plan.faults {
        line(format!("fault {} {:?}", fault.at, fault.act));
    }
    for called in plan.types.iter().filter(|known| known.subject != known.name) {
        line(format!("subject {} {}", called.name, called.subject));
    }
    for cell in &plan.cells {
        line(format!("{cell:?}"));
    }
    line(format!("facts {:?}", plan.facts));
    line(format!("fields {:?}", plan.fields));
    line(format!("figures {:?}", plan.figures));
    for check in &plan.checks {
        line(format!("check {:?} {:?}\n    {:?}", check.name, check.why, check.promise));
    }
    text
}

/// The parameters in which rules differ from their profile.
fn differences(name: &str, rules: &Rules) -> String {
    let usual = &profile(name).expect("a plan has known profiles").rules;
    let lines =
        |rules: &Rules| -> Vec<String> { format!("{rules:#?}").lines().map(|it| it.trim().into()).collect() };
    let usual = lines(usual);
    lines(rules).into_iter().filter(|line| !usual.contains(line)).map(|line| format!(" {line}")).collect()
}

#[test]
fn a_step_cannot_run() {
    for seed in 0..5 {
        let mut world = World::new(plan(include_str!("../files/steps.yaml"), "default"), seed);
        world.run_until(Time::MAX);
        let ledger = world.ledger();
        assert!(ledger.balances() && ledger.delivered > 5_000, "{ledger:?}");
    }
}
