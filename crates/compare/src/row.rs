//! The rows of the table: what is measured, in a sentence and with its formula.

use topology::{Plan, Promise};

/// Something that architectures are compared by.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name in files, e.g. `response_p99`.
    pub id: String,
    /// What it belongs to.
    pub group: Group,
    /// Its name, short.
    pub name: String,
    /// What it says, in a sentence.
    pub says: String,
    /// How it is made of what happens, as a formula.
    pub formula: String,
    /// In what it is measured.
    pub unit: Unit,
    /// Which values are preferred.
    pub better: Better,
    /// Where it comes from.
    pub source: Source,
}

/// The questions that rows answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What the customer sees.
    Customer,
    /// When everything is done.
    Completion,
    /// What failures do.
    Failures,
    /// Who depends on whom.
    Coupling,
    /// How much gets done.
    Throughput,
    /// What is not yet true, or never.
    Consistency,
    /// What became of messages.
    Messages,
    /// What there is to know.
    Parts,
    /// What there is to read.
    Explaining,
}

/// In what a value is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// A share, 0 to 1.
    Share,
    /// So many.
    Count,
    /// So many a second.
    PerSecond,
    /// So many times as much.
    Factor,
}

/// Which values are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Small ones.
    Less,
    /// Great ones.
    More,
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Every run has a value: the mean over the runs has an interval.
    Runs,
    /// Experiments with one seed, in which a part is knocked out, slowed or flooded: no interval.
    Probes,
    /// The architecture itself: exact.
    Plan,
}

/// All rows for contenders of a scenario, in the order of the table. Facts and checks are the same in all variants.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let mut rows: Vec<Row> = ROWS.iter().map(Fixed::row).collect();
    let mut reached: Vec<usize> = Vec::new();
    for check in &plan.checks {
        let Promise::Within { reach, .. } = &check.promise else { continue };
        for fact in reach {
            if !reached.contains(&fact.index()) {
                reached.push(fact.index());
            }
        }
    }
    let behind = rows.iter().rposition(|row| row.group == Group::Consistency).map_or(rows.len(), |at| at + 1);
    let missing = reached.into_iter().map(|fact| missing(&plan.facts[fact]));
    rows.splice(behind..behind, missing.collect::<Vec<_>>());
    rows
}

/// One for each fact that a promise waits for.
fn missing(fact: &str) -> Row {
    Row {
        id: format!("missing:{fact}"),
        group: Group::Consistency,
        name: format!("Promised, never {fact}"),
        says: format!(
            "How many customers were told yes, or wait for no answer, and are not {fact} when the run ends."
        ),
        formula: format!(
            "number of requests answered yes, or not to be answered, with {fact} = 0 at the end"
        ),
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    }
}

/// A row that every comparison has.
struct Fixed {
    id: &'static str,
    group: Group,
    name: &'static str,
    says: &'static str,
    formula: &'static str,
    unit: Unit,
    better: Better,
    source: Source,
}

impl Fixed {
    fn row(&self) -> Row {
        Row {
            id: self.id.into(),
            group: self.group,
            name: self.name.into(),
            says: self.says.into(),
            formula: self.formula.into(),
            unit: self.unit,
            better: self.better,
            source: self.source,
        }
    }
}

const ROWS: [Fixed; 28] = [
    Fixed {
        id: "response_mean",
        group: Group::Customer,
        name: "Response, mean",
        says: "How long a customer waits for the answer, on average.",
        formula: "mean(answered at − asked at) over requests answered yes",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "response_p50",
        group: Group::Customer,
        name: "Response, median",
        says: "Half of the customers wait no longer than this for their answer.",
        formula: "50th percentile of (answered at − asked at) over requests answered yes; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "response_p99",
        group: Group::Customer,
        name: "Response, 99th percentile",
        says: "All but one in a hundred customers wait no longer than this for their answer.",
        formula: "99th percentile of (answered at − asked at) over requests answered yes; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "turned_away",
        group: Group::Customer,
        name: "Customers turned away",
        says: "The share of customers who were refused, or who lost patience.",
        formula: "(refused + gave up) / requests that wait for an answer",
        unit: Unit::Share,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "completion_p50",
        group: Group::Completion,
        name: "Until all is done, median",
        says: "Half of the requests are completely done after this time, with everything that follows from them.",
        formula: "50th percentile of (nothing left to do − asked at) over requests answered yes, or not to be answered, of which everything was delivered; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "completion_p99",
        group: Group::Completion,
        name: "Until all is done, 99th percentile",
        says: "All but one in a hundred requests are completely done after this time.",
        formula: "99th percentile of (nothing left to do − asked at) over requests answered yes, or not to be answered, of which everything was delivered; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "drain",
        group: Group::Completion,
        name: "Work left after the last request",
        says: "How long the system still works after the last customer came.",
        formula: "when nothing was left to do for any request, or the run's end if something still is − last request at",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "unfinished",
        group: Group::Completion,
        name: "Promised and not completely done",
        says: "The share of the promises made to customers of which something is lost, or still to do when the run ends.",
        formula: "1 − requests completely done / requests answered yes, or not to be answered; completely done: everything was delivered",
        unit: Unit::Share,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "taken_while_down",
        group: Group::Failures,
        name: "Taken while something is down",
        says: "Of the customers who came while a part was down, slow or cut off, the share who were told yes.",
        formula: "answered yes / requests that wait for an answer, over those made between a crash, slowness or cut and its end",
        unit: Unit::Share,
        better: Better::More,
        source: Source::Runs,
    },
    Fixed {
        id: "blast_radius",
        group: Group::Failures,
        name: "Blast radius",
        says: "When one part is down for the whole run: the share of what the other parts do for customers that fails with it, on average over the parts.",
        formula: "mean over services and channels of 1 − (answers and facts by other parts that there still are) / (those without the failure), by request",
        unit: Unit::Share,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "must_be_up",
        group: Group::Coupling,
        name: "Must be up",
        says: "How many parts have to be up so that customers are not turned away.",
        formula: "number of services and channels without which fewer than 95 % of those customers are told yes who are told yes otherwise",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "must_be_fast",
        group: Group::Coupling,
        name: "Must be fast",
        says: "How many services a customer waits for: slowing one of them down makes the answer slower.",
        formula: "number of services that, three times as slow, lengthen the mean response by more than 5 %, or let fewer than 95 % of those be told yes who are told yes otherwise",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "names",
        group: Group::Coupling,
        name: "Who knows whom",
        says: "How many times one service knows another: it calls it, or sends it commands.",
        formula: "number of pairs (service, other service that it calls, or that its commands reach through a channel); an event is for whoever listens",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Plan,
    },
    Fixed {
        id: "hops_to_answer",
        group: Group::Coupling,
        name: "Hops until the answer",
        says: "How many messages travel one after the other between a customer's question and the answer.",
        formula: "mean number of messages on the path of causes from request to answer, both included",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "throughput",
        group: Group::Throughput,
        name: "Completely done per second",
        says: "How many requests are completely done in a second.",
        formula: "requests answered yes, or not to be answered, of which everything was delivered / (run's length − warm-up)",
        unit: Unit::PerSecond,
        better: Better::More,
        source: Source::Runs,
    },
    Fixed {
        id: "scaling",
        group: Group::Throughput,
        name: "Twice the workers",
        says: "How many times as much is done with twice as many of everybody who works, when ten times as many requests come.",
        formula: "requests completely done a second with twice the workers, their room and their prefetch / with as many as planned; no faults, ten times the requests in a tenth of the time (10 s at least), second half of it; none if those planned keep up",
        unit: Unit::Factor,
        better: Better::More,
        source: Source::Probes,
    },
    Fixed {
        id: "staleness_p50",
        group: Group::Consistency,
        name: "Not yet true, median",
        says: "How long after the yes it takes, for half of the customers, until everything that ever becomes true of their request is true.",
        formula: "50th percentile of max(0, last fact set at − answered yes at, or asked at where nobody waits for an answer), over requests with a fact; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "staleness_p99",
        group: Group::Consistency,
        name: "Not yet true, 99th percentile",
        says: "How long after the yes it takes, for all but one in a hundred customers, until everything that ever becomes true of their request is true.",
        formula: "99th percentile of max(0, last fact set at − answered yes at, or asked at where nobody waits for an answer), over requests with a fact; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "promises_broken",
        group: Group::Consistency,
        name: "Promises broken",
        says: "How often the scenario's promises are broken in a run.",
        formula: "number of violations of all checks when the run ends, over the whole run with its warm-up",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "lost",
        group: Group::Messages,
        name: "Messages lost",
        says: "How many commands and events are missing: lost or put aside, and no other copy took their place.",
        formula: "number of commands and events lost of which no other copy took the place + number put aside",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "done_twice",
        group: Group::Messages,
        name: "Done twice",
        says: "How many things were done again for a request although they were done already.",
        formula: "number of (request, fact) whose fact was set when it was true already",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "out_of_order",
        group: Group::Messages,
        name: "Out of order",
        says: "How many messages were taken up after a later one of the same request, or key.",
        formula: "number of commands and events taken up after a later one, since the warm-up",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "channels",
        group: Group::Parts,
        name: "Channels",
        says: "How many channels there are to run and to know.",
        formula: "number of channels that something is sent to, or put aside in",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Plan,
    },
    Fixed {
        id: "message_types",
        group: Group::Parts,
        name: "Message types",
        says: "How many types of messages there are to agree on.",
        formula: "number of types that somebody sends, requests included",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Plan,
    },
    Fixed {
        id: "flow_places",
        group: Group::Parts,
        name: "Places of the flow",
        says: "In how many places it is written what follows on what.",
        formula: "number of services with a handler that calls or sends something",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Plan,
    },
    Fixed {
        id: "messages_per_case",
        group: Group::Parts,
        name: "Messages per request",
        says: "How many messages are sent for one request, acknowledgements, copies and repetitions included.",
        formula: "copies of messages made since the warm-up / requests since then",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "records_to_read",
        group: Group::Explaining,
        name: "Records to read",
        says: "How many records there are to read to explain one request that went wrong, or any one if none did.",
        formula: "mean number of records of a request, over those that were refused, given up, lost something or broke a promise; in the first 300,000 records of a run",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "places_to_look",
        group: Group::Explaining,
        name: "Places to look",
        says: "In how many places these records lie.",
        formula: "mean number of clients, services and channels with records of such a request",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Probes,
    },
];
