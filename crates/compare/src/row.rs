//! The rows of the table: what is measured, in a sentence and with its formula.

use topology::{Check, FactId, Plan, Promise};

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
    let behind = rows.iter().rposition(|row| row.group == Group::Consistency).map_or(rows.len(), |at| at + 1);
    // The only check says no more than all of them.
    let broken = plan.checks.iter().enumerate().filter(|_| plan.checks.len() > 1);
    let broken = broken.map(|(at, check)| self::broken(at + 1, check));
    let missing = awaited(plan).into_iter().map(missing);
    rows.splice(behind..behind, broken.chain(missing).collect::<Vec<_>>());
    rows
}

/// The row that a person names. Else: that there is none, and which may have been meant.
pub(crate) fn known<'a>(rows: &'a [Row], id: &str) -> Result<&'a Row, String> {
    rows.iter().find(|row| row.id == id).ok_or_else(|| {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        format!("there is no row {id}; {}", scenario::suggest(id, "one of", &ids))
    })
}

/// The facts that promises wait for.
pub(crate) fn awaited(plan: &Plan) -> Vec<&str> {
    promised(plan).into_iter().map(|fact| plan.facts[fact.index()].as_str()).collect()
}

/// The facts that are promised to every customer who is told yes, each once.
pub(crate) fn promised(plan: &Plan) -> Vec<FactId> {
    let mut promised: Vec<FactId> = Vec::new();
    for check in &plan.checks {
        let Promise::Within { reach, .. } = &check.promise else { continue };
        for &fact in reach {
            if !promised.contains(&fact) {
                promised.push(fact);
            }
        }
    }
    promised
}

/// One for each check, by its position in the scenario, from 1.
fn broken(position: usize, check: &Check) -> Row {
    Row {
        id: format!("broken:{position}"),
        group: Group::Consistency,
        name: check.name.clone(),
        says: format!("How often this promise is broken in a run: {}", check.why),
        formula: "number of violations of this check when the run ends, over the whole run with its warm-up"
            .into(),
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    }
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
        name: "Customers without a yes",
        says: "The share of customers who were refused, lost patience, or still wait when the run ends.",
        formula: "(refused + gave up + still waiting at the run's end) / requests that wait for an answer",
        unit: Unit::Share,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "completion_p50",
        group: Group::Completion,
        name: "Until all is done, median",
        says: "Half of the customers who were told yes have everything they were promised after this time. Who never gets it counts with the time until the run ended.",
        formula: "50th percentile of (done, or the run's end − asked at) over requests answered yes, or not to be answered; done: every promised fact is true for the first time; where no fact is promised: nothing is left to do, and nothing of it was lost; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "completion_p99",
        group: Group::Completion,
        name: "Until all is done, 99th percentile",
        says: "All but one in a hundred customers who were told yes have everything they were promised after this time. Who never gets it counts with the time until the run ended.",
        formula: "99th percentile of (done, or the run's end − asked at) over requests answered yes, or not to be answered; done: every promised fact is true for the first time; where no fact is promised: nothing is left to do, and nothing of it was lost; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "drain",
        group: Group::Completion,
        name: "Work left after the last request",
        says: "How long after the last customer came the last promise is kept.",
        formula: "max(0, last request done at − last request made at); done as above, over all requests that are done when the run ends or is stopped, those of the warm-up too; none if none is",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "unfinished",
        group: Group::Completion,
        name: "Promised and not done",
        says: "The share of the customers who were told yes who do not have everything they were promised when the run ends.",
        formula: "1 − requests done / requests answered yes, or not to be answered; done as above, by the time the run ends or is stopped",
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
        says: "When one part is down for the whole run: the share of what the other parts do for customers that fails with it, on average over the parts. All channels of one kind are one part: their broker, or their database.",
        formula: "mean over services and brokers of 1 − (answers and facts by other parts that there still are) / (those without the failure), by request; a broker: all channels of one profile that are not in a process, down together",
        unit: Unit::Share,
        better: Better::Less,
        source: Source::Probes,
    },
    Fixed {
        id: "must_be_up",
        group: Group::Coupling,
        name: "Must be up",
        says: "How many parts have to be up so that customers are not turned away. All channels of one kind are one part: their broker, or their database.",
        formula: "number of services and brokers without which fewer than 95 % of those customers are told yes who are told yes otherwise; a broker: all channels of one profile that are not in a process, down together",
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
        name: "Done per second",
        says: "How many requests are done in a second.",
        formula: "requests answered yes, or not to be answered, that are done / (time when the run ended or was stopped − warm-up); done as above, over requests made since the warm-up",
        unit: Unit::PerSecond,
        better: Better::More,
        source: Source::Runs,
    },
    Fixed {
        id: "scaling",
        group: Group::Throughput,
        name: "Twice the workers",
        says: "How many times as much is done with twice as many of everybody who works, when twice as many requests come: 2 if all keep up, about 1 if more workers are of no use.",
        formula: "requests done a second with twice the workers, their room and their prefetch / with as many as planned; requests come evenly, so many that the busiest of those planned are busy for 90 % of their time, and twice as many for twice the workers; no faults; none if nobody is ever busy",
        unit: Unit::Factor,
        better: Better::More,
        source: Source::Probes,
    },
    Fixed {
        id: "staleness_p50",
        group: Group::Consistency,
        name: "Not yet true, median",
        says: "How long after the yes it takes, for half of the customers, until everything they were promised is true. What never becomes true counts with the time until the run ended.",
        formula: "50th percentile of max(0, last promised fact true for the first time, or the run's end − answered yes at, or asked at where nobody waits for an answer), over requests answered yes, or not to be answered; none where no fact is promised; exact to 1 in 2,000",
        unit: Unit::Milliseconds,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "staleness_p99",
        group: Group::Consistency,
        name: "Not yet true, 99th percentile",
        says: "How long after the yes it takes, for all but one in a hundred customers, until everything they were promised is true. What never becomes true counts with the time until the run ended.",
        formula: "99th percentile of max(0, last promised fact true for the first time, or the run's end − answered yes at, or asked at where nobody waits for an answer), over requests answered yes, or not to be answered; none where no fact is promised; exact to 1 in 2,000",
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
        says: "How many commands and events were lost or put aside without anybody being told, whether somebody sent them again later or not.",
        formula: "number of commands and events lost, or put aside, of which no other copy took the place; not calls, whose caller is told or stops waiting",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "done_twice",
        group: Group::Messages,
        name: "Done twice",
        says: "For how many customers something they were promised was done once more although it was done already.",
        formula: "number of requests of which a promised fact (any fact, where none is promised) was set when it was true already",
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
        says: "In how many places it is written what follows on what. Who only answers those who asked knows nothing of the flow.",
        formula: "number of services with a handler that calls or sends something to others than those whose message it handles",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Plan,
    },
    Fixed {
        id: "messages_per_case",
        group: Group::Parts,
        name: "Messages per request",
        says: "How many messages travel for one request: acknowledgements, repetitions, and a copy for each reader of a channel that hands out copies.",
        formula: "copies of messages made since the warm-up / requests since then; a copy is made when a message is sent, passed on by a topic or a log to a reader, handed out once more, or doubled by the network",
        unit: Unit::Count,
        better: Better::Less,
        source: Source::Runs,
    },
    Fixed {
        id: "records_to_read",
        group: Group::Explaining,
        name: "Records to read",
        says: "How many records there are to read to explain one request.",
        formula: "mean number of records of a request, over all of which nothing is left to do (none if there is none); in the first 300,000 records of a run",
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
