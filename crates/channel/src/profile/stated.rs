//! Where it is known from that a product behaves as its row says.

/// One thing that a profile does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does, in a sentence.
    pub rule: &'static str,
    /// Where that is known from.
    pub source: Source,
    /// The recordings that show it, by name (`rabbitmq.ttl`). Not every recording was kept, so there may be
    /// none although it was recorded.
    pub vectors: &'static [&'static str],
}

/// Where a rule is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It was recorded on the product and version of the row.
    Recorded,
    /// A document says so: which, and where in it.
    Documented(&'static str),
    /// It was our own decision: why.
    Chosen(&'static str),
}

pub(super) const fn recorded(rule: &'static str, vectors: &'static [&'static str]) -> Statement {
    Statement { rule, source: Source::Recorded, vectors }
}

pub(super) const fn documented(rule: &'static str, document: &'static str) -> Statement {
    Statement { rule, source: Source::Documented(document), vectors: &[] }
}

pub(super) const fn chosen(rule: &'static str, why: &'static str) -> Statement {
    Statement { rule, source: Source::Chosen(why), vectors: &[] }
}
