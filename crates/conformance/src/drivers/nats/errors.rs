//! What the server refused, in the words of its clients.

use serde_json::{Value, json};

use super::Verb;
use super::server::Server;
use super::stream::Stream;
use crate::question::Question;

/// Something that the server refused.
pub(super) struct Refusal {
    what: Refused,
    /// What it was about: an id, a subject, a stream.
    about: String,
}

/// What the server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A publication to a full stream.
    Full,
    /// A publication that no stream takes.
    NoStream,
    /// A request that nobody hears.
    NoResponders,
    /// A second consumer of a work queue.
    Taken,
}

/// How the words end in which a client says that it was refused; before them come names of exceptions, which
/// differ with the client's version.
const ERRORS: [(Refused, &[&str]); 4] = [
    (Refused::Full, &["description='maximum messages exceeded'"]),
    (Refused::NoStream, &["no response from stream", "NoStreamResponseError", "NoStreamResponseError()"]),
    (
        Refused::NoResponders,
        &["no responders available for request", "NoRespondersError", "NoRespondersError()", "503"],
    ),
    (
        Refused::Taken,
        &[
            "filtered consumer not unique on workqueue stream",
            "multiple non-filtered consumers not allowed on workqueue stream",
        ],
    ),
];

impl Server<'_> {
    pub(super) fn refuse(&mut self, what: Refused, about: &str) {
        self.books.refusals.push(Refusal { what, about: about.to_owned() });
    }

    /// What was refused. The client's words differ with its version, so what was written counts if it says the
    /// same of the same; what no rule of the model says is left as it is.
    pub(super) fn errors(&mut self) -> Value {
        let written =
            self.vector.observed.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        // Where errors were looked at, a second consumer of a work queue was tried even if no step says so.
        let known = self.books.refusals.iter().any(|refusal| refusal.what == Refused::Taken);
        if !known && self.streams.iter().any(Stream::is_taken) {
            self.refuse(Refused::Taken, "workqueue");
        }
        if written.iter().any(|row| row["at"].as_str().is_some_and(|at| at.contains("request"))) {
            self.request_if_no_step_does();
        }
        let mut refusals = self.books.refusals.iter().peekable();
        let mut rows = Vec::new();
        for row in written {
            if refusals.peek().is_some_and(|refusal| refusal.is(&row)) {
                refusals.next();
                rows.push(row);
            } else if !Refused::ALL.iter().any(|what| what.is_said_in(&row["error"])) {
                rows.push(row);
            }
        }
        rows.extend(refusals.map(|refusal| json!({ "at": refusal.about, "error": refusal.what.text() })));
        rows.into()
    }

    /// What became of a request, which need not be a step.
    pub(super) fn requests(&mut self, question: &Question) -> Vec<Value> {
        let written = self.vector.observed.get(question.key);
        let says = written.filter(|text| Refused::NoResponders.is_said_in(text)).cloned();
        let refused =
            ["responder", "without", "nobody", "no", "error"].iter().any(|word| question.says(word));
        if !refused && says.is_none() {
            return Vec::new(); // It may be about one that was answered.
        }
        self.request_if_no_step_does();
        if self.books.refusals.iter().any(|refusal| refusal.what == Refused::NoResponders) {
            vec![says.unwrap_or(json!(Refused::NoResponders.text()))]
        } else {
            vec![Value::Null]
        }
    }

    /// A request to a subject that nobody has, if no step makes one.
    fn request_if_no_step_does(&mut self) {
        let made = self.steps.iter().any(|step| Verb::of(step) == Some(Verb::Request));
        let known = self.books.refusals.iter().any(|refusal| refusal.what == Refused::NoResponders);
        if !made && !known {
            self.request("request", "nobody");
        }
    }
}

impl Refused {
    const ALL: [Refused; 4] = [Refused::Full, Refused::NoStream, Refused::NoResponders, Refused::Taken];

    fn endings(self) -> &'static [&'static str] {
        ERRORS.iter().find(|(what, _)| *what == self).map_or(&[], |(_, endings)| endings)
    }

    fn text(self) -> &'static str {
        self.endings().first().copied().unwrap_or_default()
    }

    fn is_said_in(self, text: &Value) -> bool {
        let text = text.as_str().unwrap_or_default();
        self.endings().iter().any(|ending| text.ends_with(ending))
    }
}

impl Refusal {
    /// Whether a row of `errors` speaks of this.
    fn is(&self, row: &Value) -> bool {
        let at = row["at"].as_str().unwrap_or_default();
        let words: Vec<&str> = at.split(' ').collect();
        let about = match self.what {
            Refused::Full | Refused::NoStream => words.contains(&self.about.as_str()),
            Refused::NoResponders => words.contains(&"request"),
            Refused::Taken => words.contains(&"consumer") && words.contains(&self.about.as_str()),
        };
        about && self.what.is_said_in(&row["error"])
    }
}
