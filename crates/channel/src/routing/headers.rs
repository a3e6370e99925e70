//! Bindings by headers instead of a name.

/// The arguments of a binding to an AMQP headers exchange, as RabbitMQ's `rabbit_exchange_type_headers` takes
/// them (AMQP 0-9-1, section 3.1.3.4).
///
/// Values are texts here. AMQP gives them types, and a number equals no text, not even one of the same
/// digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMatch {
    /// Whether one header is enough (`x-match: any`) or all are needed (`x-match: all`, and where it is not
    /// said).
    pub any: bool,
    /// The headers that are wanted, with their values; without one, any value will do. A key is there once,
    /// as AMQP demands of its tables (section 4.2.5.5). Keys that begin with `x-` do not count, as RabbitMQ
    /// ignores them unless `x-match` ends in `-with-x`.
    pub wanted: Vec<(String, Option<String>)>,
}

impl HeaderMatch {
    /// Whether a message with these headers matches. If nothing is wanted, `all` matches every message and
    /// `any` matches none.
    pub fn matches(&self, headers: &[(String, String)]) -> bool {
        let mut wanted = self.wanted.iter().filter(|(key, _)| !key.starts_with("x-"));
        let there = |(key, value): &(String, Option<String>)| {
            headers
                .iter()
                .any(|(name, content)| name == key && value.as_ref().is_none_or(|value| value == content))
        };
        if self.any { wanted.any(there) } else { wanted.all(there) }
    }
}
