//! Channels that do not fit the work: it takes longer than a delivery lasts, or more do it than there are shares.

use channel::{Acknowledgement, Choice, HandsOut, Keeps, Rules};
use kernel::Span;

use super::limits::typical;
use crate::diagnostic::{At, Problems};
use crate::document::Step;
use crate::setting::Setting;
use crate::units::duration_text;
use crate::whole::{Group, PartKind, Traffic, Whole};

/// Looks at every group of every channel.
pub(super) fn check(whole: &Whole<'_>, traffic: &[Traffic<'_>], problems: &mut Problems) {
    for (index, traffic) in traffic.iter().enumerate() {
        let Some(setting) = &whole.settings[index] else { continue };
        let channel = Channel { whole, index, setting };
        for group in &traffic.groups {
            channel.partitions(group, problems);
            for service in &group.services {
                channel.comes_again(group, service, traffic, problems);
            }
        }
    }
}

struct Channel<'c> {
    whole: &'c Whole<'c>,
    index: usize,
    setting: &'c Setting,
}

impl Channel<'_> {
    /// A message that comes again before its work is done is done twice.
    fn comes_again(&self, group: &Group<'_>, service: &str, traffic: &Traffic<'_>, problems: &mut Problems) {
        let delivery = &self.setting.rules.delivery;
        let (Some(again), Acknowledgement::AfterWork) = (delivery.again_after, delivery.acknowledgement)
        else {
            return;
        };
        let batch = match delivery.hands_out {
            HandsOut::Push => 1,
            HandsOut::Pull { batch } | HandsOut::Poll { batch, .. } => batch,
        };
        let mut longest = (again.seconds() / f64::from(batch), "");
        for message in traffic.types.keys() {
            let work = self.work(service, message);
            if work > longest.0 && self.whole.gets(self.index, group, message) {
                longest = (work, message);
            }
        }
        let (work, message) = longest;
        if !message.is_empty() {
            // Nobody is helped by nanoseconds of a mean.
            let work = duration_text(Span::from_millis((work * 1e3).round().max(1.0) as u64));
            let name = &self.whole.channels[self.index].name.value;
            let each = if batch > 1 { format!(", up to {batch} at a time") } else { String::new() };
            let text = format!(
                "{service} takes {work} for {message} on average{each}, and {name} hands it out again after {}",
                duration_text(again)
            );
            let nanos = |rules: &Rules| rules.delivery.again_after.map_or(0, Span::nanos);
            self.warn(text, nanos, ["the work will be done twice", "when it comes again"], problems);
        }
    }

    /// Who has no partition has nothing to do.
    fn partitions(&self, group: &Group<'_>, problems: &mut Problems) {
        let rules = &self.setting.rules;
        let (Keeps::Log { partitions, .. }, Choice::Partition(_)) = (rules.keeps, rules.delivery.choice)
        else {
            return;
        };
        let workers: usize = group.services.iter().map(|service| self.workers(service)).sum();
        let idle = workers.saturating_sub(usize::from(partitions));
        if idle > 0 {
            let name = &self.whole.channels[self.index].name.value;
            let noun = if partitions == 1 { "partition" } else { "partitions" };
            let stay = if idle == 1 { "stays" } else { "stay" };
            let text = format!(
                "{idle} of {workers} workers of {} {stay} idle: the log {name} has {partitions} {noun}",
                group.name
            );
            let count = |rules: &Rules| match rules.keeps {
                Keeps::Log { partitions, .. } => partitions.into(),
                Keeps::Nothing | Keeps::Queue => 0,
            };
            self.warn(
                text,
                count,
                ["a partition belongs to one worker of a group", "how many there are"],
                problems,
            );
        }
    }

    /// Warns where that was written which decides, or else at the channel.
    fn warn(
        &self,
        message: String,
        about: fn(&Rules) -> u64,
        [why, what]: [&str; 2],
        problems: &mut Problems,
    ) {
        let deciding = self.setting.deciding(about);
        let place = deciding.and_then(|parameter| self.setting.place(parameter));
        let place = place.unwrap_or(self.whole.channels[self.index].name.place);
        let help = match deciding {
            Some(parameter) => format!("{why}: `{}` decides {what}", parameter.name),
            None => why.into(),
        };
        problems.warning(place, message, help);
    }

    fn workers(&self, service: &str) -> usize {
        match self.whole.kind(service) {
            Some((PartKind::Service, index)) => self.whole.services[index].value.workers.unwrap_or(1).into(),
            Some((PartKind::Client | PartKind::Channel, _)) | None => 0,
        }
    }

    /// For how many seconds a service works on a message on average, if it takes the longer way.
    fn work(&self, service: &str, message: &str) -> f64 {
        let (Some(handler), Some((PartKind::Service, index))) =
            (self.whole.handler(service, message), self.whole.kind(service))
        else {
            return 0.0;
        };
        let handler = self.whole.handlers[handler];
        if handler.habits.durable {
            // Its message is acknowledged when it is taken up.
            return 0.0;
        }
        let usual = self.whole.services[index].value.work.as_ref().map_or(0.0, typical);
        seconds(&handler.steps, usual)
    }
}

fn seconds(steps: &[At<Step>], usual: f64) -> f64 {
    steps.iter().map(|step| seconds_of(&step.value, usual)).sum()
}

fn seconds_of(step: &Step, usual: f64) -> f64 {
    let longest = || step.blocks().iter().fold(0.0, |longest, (steps, _)| seconds(steps, usual).max(longest));
    match step {
        Step::Work { time, times: None } => time.as_ref().map_or(usual, typical),
        Step::Wait { until: None, time, .. } => time.as_ref().map_or(0.0, typical),
        Step::Chance { probability, then, otherwise } => {
            probability * seconds(then, usual) + (1.0 - probability) * seconds(otherwise, usual)
        }
        Step::If { .. } | Step::Parallel(_) => longest(),
        Step::Try { steps, .. } | Step::Retry { steps, .. } => seconds(steps, usual),
        Step::Deadline { time, steps, .. } => seconds(steps, usual).min(typical(time)),
        // How long these take only a run can say.
        Step::Work { times: Some(_), .. } | Step::Wait { until: Some(_), .. } | Step::Call(_) => 0.0,
        Step::Send(_) | Step::Publish(_) | Step::Reply(_) | Step::Set(_) | Step::Let(_) => 0.0,
        Step::Store(_) | Step::Remember(_) | Step::Forget(_) | Step::Measure(_) => 0.0,
        Step::Undo(_) | Step::Fail => 0.0,
    }
}
