//! What the page says, out of the profiles and the recordings.

use channel::{PROFILES, Parameter, Profile, Source, Statement, Takes};
use conformance::Outcome;

use super::dimensions::{DIMENSIONS, Dimension, is_set_by_a_parameter};
use super::document::{
    Block, Kind, Page, Piece, Row, Rule, Section, Shape, Table, Target, Text, code, joined, prose,
};
use super::figures::{count, time};
use super::recordings::Recording;

/// The whole page.
pub fn page(recordings: &[Recording]) -> Page {
    Page {
        title: "What is modelled, and what is not".to_owned(),
        lead: lead(),
        sections: vec![sources(), versions(recordings), side_by_side(), profiles(), compared(recordings)],
    }
}

fn lead() -> Vec<Block> {
    vec![
        Block::Paragraph(prose(
            "Signalbox shows what becomes of every message in a system of services. How a channel treats \
             messages is said by its profile: delivery rules under a name, such as `kafka` or \
             `rabbitmq-quorum`. One engine follows the rules of every profile, so a profile is data and \
             nothing else.",
        )),
        Block::Paragraph(prose(&format!(
            "This page sets out for each of the {} profiles what it does, from where that is known, what can \
             be set, and what the real product does that the profile leaves out. The table and the \
             parameters are read from the rules that the engine follows. The sentences stand beside those \
             rules, each with its source.",
            PROFILES.len()
        ))),
    ]
}

fn sources() -> Section {
    let statements = || PROFILES.iter().flat_map(|profile| profile.stated);
    let of = |kind: Kind| statements().filter(|statement| kind_of(statement.source) == kind).count();
    let meaning = |kind: Kind| match kind {
        Kind::Recorded => {
            "Recorded: a script drove the real product, in the version that is named, and wrote down what it did. The \
             recordings that show it are named; not every recording was kept."
        }
        Kind::Documented => "Documented: a document says so, and is named. Here it was not tried.",
        Kind::Chosen => {
            "Chosen: it was decided here, because the product leaves it to who uses it, because the model is \
             simpler than the product, or because it was not tried. The reason is given."
        }
    };
    let rule = |kind: Kind| Rule {
        text: prose(meaning(kind)),
        kind,
        source: prose(&format!("{} of {} rules", of(kind), statements().count())),
    };
    Section::new(
        prose("Where a rule is known from"),
        vec![
            Block::Rules(Kind::ALL.map(rule).into()),
            Block::Paragraph(prose(
                "The recordings are files of the project, and this replays them on the profiles and names \
                 each place where a profile does something else:",
            )),
            Block::Lines { language: "sh", text: "signalbox conform tests/fidelity" },
            Block::Paragraph(joined(
                [prose("What came of it, recording by recording, is said "), to("at the end", RECORDINGS)],
                "",
            )),
        ],
        Vec::new(),
    )
}

fn versions(recordings: &[Recording]) -> Section {
    let unrecorded = PROFILES
        .iter()
        .filter(|profile| profile.stated.iter().all(|statement| kind_of(statement.source) != Kind::Recorded));
    let names = unrecorded.map(|profile| vec![link_to(profile.name)]);
    let rows = by_product(recordings).into_iter().map(|of_one| {
        let first = of_one[0];
        let number = of_one.len().to_string();
        row([prose(&first.product), prose(&first.version), prose(&first.client), prose(&number)])
    });
    Section::new(
        prose("Versions"),
        vec![
            Block::Paragraph(prose(
                "A recorded rule is a rule of the version that was recorded. Of another version the page says \
                 something only where it is named.",
            )),
            Block::Table(Table {
                caption: Some(prose("What was recorded")),
                shape: Shape::LookedUp,
                head: vec!["product", "version", "client", "recordings"],
                rows: rows.collect(),
            }),
            Block::Paragraph(joined(
                [prose("Nothing was recorded for "), joined(names, ", "), prose(".")],
                "",
            )),
        ],
        Vec::new(),
    )
}

fn side_by_side() -> Section {
    let cell = |profile: &'static Profile, dimension: &Dimension| {
        let mark = if is_set_by_a_parameter(profile, dimension) { "\u{a0}\u{b1}" } else { "" };
        prose(&format!("{}{mark}", (dimension.words)(&profile.rules)))
    };
    let cells = |profile: &'static Profile| {
        let words = DIMENSIONS.iter().map(|dimension| cell(profile, dimension));
        row(std::iter::once(vec![link_to(profile.name)]).chain(words))
    };
    Section::new(
        prose("Side by side"),
        vec![
            Block::Paragraph(prose(
                "The rules of each profile as they are when no parameter is set, read from what the engine \
                 follows. \u{b1} marks what a parameter of the profile changes. A group is formed by a \
                 scenario, which names the services that share the work.",
            )),
            Block::Table(Table {
                caption: Some(prose("All profiles, along each dimension of the space of rules")),
                shape: Shape::Compared,
                head: std::iter::once("profile").chain(DIMENSIONS.iter().map(|it| it.name)).collect(),
                rows: PROFILES.iter().map(cells).collect(),
            }),
        ],
        Vec::new(),
    )
}

fn profiles() -> Section {
    let blocks = vec![
        Block::Paragraph(prose(
            "A channel of a scenario has a profile, and sets what it wants otherwise, under the name here or \
             the one in the product:",
        )),
        Block::Lines {
            language: "yaml",
            text: "channels:\n  orders:\n    profile: rabbitmq-quorum\n    prefetch: 10\n    x-delivery-limit: 5",
        },
    ];
    Section::new(prose("The profiles"), blocks, PROFILES.iter().map(profile).collect())
}

fn profile(profile: &'static Profile) -> Section {
    let left_out = profile.left_out.iter().map(|text| prose(text));
    let blocks = vec![
        Block::Paragraph(prose(&format!("{}.", capitalised(profile.product)))),
        Block::Paragraph(prose(profile.about)),
        Block::Heading("What it does"),
        Block::Rules(profile.stated.iter().map(rule).collect()),
        Block::Heading("What can be set"),
        parameters(profile),
        Block::Heading("What is left out"),
        Block::List(left_out.collect()),
    ];
    Section::new(code(profile.name), blocks, Vec::new())
}

fn rule(statement: &Statement) -> Rule {
    let source = match statement.source {
        Source::Recorded if statement.vectors.is_empty() => prose("the recording was not kept"),
        Source::Recorded => {
            let link = |name: &&str| vec![Piece::Link(Target::Recording((*name).to_owned()), code(*name))];
            joined(statement.vectors.iter().map(link), ", ")
        }
        Source::Documented(text) | Source::Chosen(text) => prose(text),
    };
    Rule { text: prose(statement.rule), kind: kind_of(statement.source), source }
}

fn parameters(profile: &Profile) -> Block {
    if profile.parameters.is_empty() {
        return Block::Paragraph(prose("Nothing."));
    }
    let cells = |parameter: &Parameter| {
        row([
            code(parameter.name),
            code(parameter.real),
            takes(parameter.takes),
            code(parameter.default),
            prose(parameter.about),
        ])
    };
    Block::Table(Table {
        caption: None,
        shape: Shape::LookedUp,
        head: vec!["parameter", "in the product", "takes", "default", "what it does"],
        rows: profile.parameters.iter().map(cells).collect(),
    })
}

fn takes(takes: Takes) -> Text {
    let or = |or_none: bool| prose(if or_none { ", or `none`" } else { "" });
    match takes {
        Takes::Count { least, most, or_none } => {
            joined([prose(&format!("a number from {} to {}", count(least), count(most))), or(or_none)], "")
        }
        Takes::Span { least, most, or_none } => {
            joined([prose(&format!("a time from {} to {}", time(least), time(most))), or(or_none)], "")
        }
        Takes::Flag => prose("`true` or `false`"),
        Takes::Choice(words) => joined(words.iter().map(|word| code(*word)), ", "),
    }
}

const RECORDINGS: &str = "recordings-compared";

fn compared(recordings: &[Recording]) -> Section {
    let number = |counts: fn(&Outcome) -> bool| {
        recordings.iter().filter(|recording| counts(&recording.verdict.outcome)).count()
    };
    let agree = number(|outcome| *outcome == Outcome::Passed);
    let differ = number(|outcome| matches!(outcome, Outcome::Failed(_)));
    let compared = agree + differ;
    let counts = format!(
        "{} recordings: {compared} are compared with what the profiles do, of which {agree} agree and \
         {differ} differ; {} are skipped.",
        recordings.len(),
        recordings.len() - compared,
    );
    let cells = |recording: &Recording| Row {
        id: Some(recording.name.clone()),
        cells: vec![
            code(&recording.name),
            joined(shown_by(recording).map(|profile| vec![link_to(profile.name)]), ", "),
            prose(&format!(
                "{} runs, {}",
                recording.runs,
                if recording.alike { "alike" } else { "not alike" }
            )),
            result(recording),
        ],
    };
    let blocks = vec![
        Block::Paragraph(prose(
            "A recording is a list of steps and of what was observed. A driver for each product plays the \
             steps and stands for what is not the broker: clients, applications, and how queues were set up. \
             Where the steps do not say how, it follows conventions, and now and then a guess that is kept if \
             it brings the model closer to what was observed; both are written down at the head of the \
             driver. What the broker did, the engine has to do by the rules of the profile. That a recording \
             agrees says so of what was observed in it, and of nothing beyond.",
        )),
        Block::Paragraph(prose(&counts)),
        Block::Table(Table {
            caption: None,
            shape: Shape::LookedUp,
            head: vec!["recording", "named by", "recorded", "replayed"],
            rows: recordings.iter().map(cells).collect(),
        }),
    ];
    Section::new(prose("Recordings compared"), blocks, Vec::new())
}

/// The profiles of which a rule is shown by a recording.
fn shown_by(recording: &Recording) -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter(|profile| {
        let mut named = profile.stated.iter().flat_map(|statement| statement.vectors);
        named.any(|name| *name == recording.name)
    })
}

fn result(recording: &Recording) -> Text {
    let names = |paths: &[&str]| joined(paths.iter().map(|path| code(*path)), ", ");
    let left: Vec<&str> = recording.verdict.not_compared.iter().map(String::as_str).collect();
    match &recording.verdict.outcome {
        Outcome::Passed if left.is_empty() => prose("agrees"),
        Outcome::Passed => {
            let why = "agrees; not compared, because it varied or does not follow from the steps: ";
            joined([prose(why), names(&left)], "")
        }
        Outcome::Failed(differences) => {
            let paths: Vec<&str> = differences.iter().map(|difference| difference.path.as_str()).collect();
            joined([prose("differs at "), names(&paths)], "")
        }
        Outcome::Skipped(why) => prose(&format!("skipped: {why}")),
        Outcome::Broken(what) => prose(&format!("cannot be read: {what}")),
    }
}

/// The recordings of each product, in the order of their names.
fn by_product(recordings: &[Recording]) -> Vec<Vec<&Recording>> {
    let mut products: Vec<Vec<&Recording>> = Vec::new();
    for recording in recordings {
        match products.last_mut() {
            Some(last) if last[0].product == recording.product => last.push(recording),
            Some(_) | None => products.push(vec![recording]),
        }
    }
    products
}

fn kind_of(source: Source) -> Kind {
    match source {
        Source::Recorded => Kind::Recorded,
        Source::Documented(_) => Kind::Documented,
        Source::Chosen(_) => Kind::Chosen,
    }
}

fn row(cells: impl IntoIterator<Item = Text>) -> Row {
    Row { id: None, cells: cells.into_iter().collect() }
}

fn link_to(profile: &str) -> Piece {
    Piece::Link(Target::Section(profile.to_owned()), code(profile))
}

fn to(words: &str, section: &str) -> Text {
    vec![Piece::Link(Target::Section(section.to_owned()), prose(words)), Piece::Words(".".to_owned())]
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
