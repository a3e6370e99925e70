//! Work that would never end: a message that leads to itself again.

use crate::diagnostic::Problems;
use crate::whole::{Sending, Verb, Whole};

/// Reports circles of messages, and services that wait for themselves. A circle with a timer in it is no storm.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Problems) {
    let sure = Graph::new(whole, |sending| sending.sure && !sending.delayed);
    if let Some(circle) = sure.circle() {
        report(whole, &circle, true, problems);
    } else if let Some(circle) = Graph::new(whole, |sending| !sending.delayed).circle() {
        report(whole, &circle, false, problems);
    }
    for sending in &whole.sendings {
        let same = |index: usize| whole.handlers[index].message.value == sending.message.value;
        let circle = sending.handler.is_some_and(same);
        if sending.verb == Verb::Call && sending.to.value == sending.from.value && !circle {
            let message =
                format!("{} calls itself, so one of its workers waits for another", sending.to.value);
            let help =
                "when all of them wait, none is left to answer: do the work in place, or `send` instead";
            problems.warning(sending.to.place, message, help);
        }
    }
}

/// Which handler sets off which.
struct Graph {
    /// For each handler: the handlers it reaches, each with the position of the sending.
    next: Vec<Vec<(usize, usize)>>,
}

impl Graph {
    fn new(whole: &Whole<'_>, counts: impl Fn(&Sending<'_>) -> bool) -> Self {
        let mut next = vec![Vec::new(); whole.handlers.len()];
        for (index, sending) in whole.sendings.iter().enumerate() {
            if let Some(from) = sending.handler.filter(|_| counts(sending)) {
                next[from].extend(whole.receivers(sending).into_iter().map(|to| (to, index)));
            }
        }
        Graph { next }
    }

    /// The sendings of a circle, if there is one. Goes deep without recursion, because chains can be long.
    fn circle(&self) -> Option<Vec<usize>> {
        let mut seen = vec![Seen::No; self.next.len()];
        for start in 0..self.next.len() {
            let mut path: Vec<(usize, usize)> = Vec::new();
            if matches!(seen[start], Seen::No) {
                seen[start] = Seen::OnPath;
                path.push((start, 0));
            }
            while let Some((node, edge)) = path.last_mut() {
                let Some(&(to, sending)) = self.next[*node].get(*edge) else {
                    seen[*node] = Seen::Done;
                    path.pop();
                    continue;
                };
                *edge += 1;
                match seen[to] {
                    Seen::Done => {}
                    Seen::No => {
                        seen[to] = Seen::OnPath;
                        path.push((to, 0));
                    }
                    Seen::OnPath => return Some(self.closed(&path, to, sending)),
                }
            }
        }
        None
    }

    /// The sendings along the path from `to` on, and the one that leads back to it.
    fn closed(&self, path: &[(usize, usize)], to: usize, last: usize) -> Vec<usize> {
        let from = path.iter().position(|(node, _)| *node == to).unwrap_or_default();
        let inner = &path[from..path.len() - 1];
        inner.iter().map(|&(node, edge)| self.next[node][edge - 1].1).chain([last]).collect()
    }
}

#[derive(Clone, Copy)]
enum Seen {
    No,
    OnPath,
    Done,
}

fn report(whole: &Whole<'_>, circle: &[usize], sure: bool, problems: &mut Problems) {
    const SHOWN_MAX: usize = 8;
    let sendings: Vec<&Sending<'_>> = circle.iter().map(|&index| &whole.sendings[index]).collect();
    let (Some(first), Some(last)) = (sendings.first(), sendings.last()) else { return };
    let shown = sendings.iter().take(SHOWN_MAX);
    let way: Vec<String> =
        shown.map(|it| format!("{} -> {} ({})", it.from.value, it.to.value, it.message.value)).collect();
    let dots = if sendings.len() > SHOWN_MAX { ", ..." } else { "" };
    let way = format!("{}{dots}", way.join(", "));
    let place = first.message.place.min(last.message.place);
    let (message, help) = if sendings.iter().all(|sending| sending.verb == Verb::Call) {
        let goes = if sure { "go" } else { "can go" };
        (
            format!("these calls {goes} round, and each waits for the next: {way}"),
            "when all workers wait, none is left to answer: do the work in place, or `send` instead",
        )
    } else if sure {
        let help = "the run shows it until a limit ends it: to let the circle end, put one of these under `if` or \
                    `chance`; as a timer it has `after:`";
        (format!("these messages go round for ever: {way}"), help)
    } else {
        let help = "make sure that its branches end it, or cases never finish";
        (format!("these messages can go round: {way}"), help)
    };
    problems.warning(place, message, help);
}
