//! Every profile, with random consumers, crashes and time: nothing leaves a channel unaccounted.

use std::collections::{BTreeMap, BTreeSet};

use channel::{
    Channel, Effect, Group, GroupTerms, Keeps, MemberTerms, PROFILES, Parameter, Publication, Rejection,
    Rules, Start, Subscription, Tag, Takes, Value,
};
use kernel::{Draw, Purpose, Span, Stream, Time};

/// What is owed to whom, by the effects alone.
#[derive(Default)]
struct Books {
    owed: BTreeSet<(Group, u32)>,
    over: BTreeMap<(Group, u32), Effect>,
    /// Deliveries that can be settled.
    hands: Vec<(Subscription, Tag)>,
    untracked: Vec<Subscription>,
    cut_off: Vec<Subscription>,
    taken: BTreeSet<u32>,
}

impl Books {
    fn enter(&mut self, effects: &[Effect], groups: &[Group], what: &str) {
        for effect in effects {
            match *effect {
                Effect::Kept { message, group } => {
                    assert!(self.owed.insert((group, message)), "{what}: {message} is owed twice");
                }
                Effect::Deliver { message, group, to, tag, .. } => match tag {
                    Some(tag) => {
                        assert!(
                            self.owed.contains(&(group, message)),
                            "{what}: {message} comes from nowhere"
                        );
                        self.hands.push((to, tag));
                    }
                    None => {
                        // Nothing is acknowledged, so this is the end of it.
                        self.owed.remove(&(group, message));
                        self.untracked.push(to);
                    }
                },
                Effect::Done { message, group } | Effect::DeadLettered { message, group, .. } => {
                    self.end(group, message, *effect, what);
                }
                Effect::Lost { message, group: Some(group), .. } => self.end(group, message, *effect, what),
                Effect::Lost { message, group: None, .. } | Effect::Refused { message } => {
                    assert!(self.taken.remove(&message), "{what}: {message} was never offered");
                    for &group in groups {
                        self.owed.remove(&(group, message));
                    }
                }
                Effect::Duplicate { message } => {
                    self.taken.remove(&message);
                }
                Effect::CutOff { who } => self.cut_off.push(who),
                Effect::Returned { .. } | Effect::Missed { .. } | Effect::NobodyListening { .. } => {}
            }
        }
    }

    fn end(&mut self, group: Group, message: u32, how: Effect, what: &str) {
        let owed = self.owed.remove(&(group, message));
        assert!(owed, "{what}: {how:?}, which was over already: {:?}", self.over.get(&(group, message)));
        self.over.insert((group, message), how);
    }
}

fn pick<T: Copy>(draw: &mut Draw, from: &[T]) -> Option<T> {
    (!from.is_empty()).then(|| from[draw.below(from.len() as u32) as usize])
}

/// A value that a parameter may have.
fn value(draw: &mut Draw, parameter: &Parameter) -> Value {
    match parameter.takes {
        Takes::Count { least, most, .. } => Value::Count((least + draw.below(6)).min(most)),
        Takes::Span { least, most, .. } => {
            Value::Span(Span::from_millis(u64::from(1 + draw.below(5_000))).max(least).min(most))
        }
        Takes::Flag => Value::Flag(draw.chance(0.5)),
        Takes::Choice(words) => Value::Choice(draw.below(words.len() as u32) as usize),
    }
}

#[test]
fn a_message_leaves_a_channel_unaccounted() {
    for profile in &PROFILES {
        for seed in 0..60 {
            let mut draw = Stream::new(seed, Purpose::Branch, profile.name).draw(0, 0);
            let mut chosen: Vec<(&Parameter, Value)> = Vec::new();
            for parameter in profile.parameters {
                if draw.chance(0.4) {
                    chosen.push((parameter, value(&mut draw, parameter)));
                }
            }
            let changed: Vec<String> =
                chosen.iter().map(|(parameter, value)| format!("{} {value:?}", parameter.name)).collect();
            let what = format!("{} seed {seed} {changed:?}", profile.name);
            let mut aside = Stream::new(seed, Purpose::Jitter, profile.name).draw(0, 0);
            play(profile.with(&chosen), &mut draw, &mut aside, &what);
        }
    }
}

fn play(rules: Rules, draw: &mut Draw, aside: &mut Draw, what: &str) {
    let one_group = rules.audience == channel::Audience::OneConsumer;
    let count = if one_group { 1 } else { 1 + draw.below(3) };
    let is_log = matches!(rules.keeps, Keeps::Log { .. });
    let mut channel = Channel::new(rules, 7);
    let subject = channel.subject("a");
    let mut effects = Vec::new();
    let mut books = Books::default();
    let mut members = Vec::new();
    let groups: Vec<Group> = (0..count)
        .map(|_| {
            let group = channel.add_group(GroupTerms { start: Start::New, ..GroupTerms::default() });
            channel.bind(group, "a", 1, &mut effects);
            for _ in 0..1 + draw.below(3) {
                members.push(channel.subscribe(group, MemberTerms::default(), &mut effects));
            }
            group
        })
        .collect();
    let mut now = Time::ZERO;
    for step in 0..250u32 {
        effects.clear();
        let at = format!("{what} step {step}");
        match draw.below(16) {
            0..=5 => {
                books.taken.insert(step);
                let mut publication = Publication::new(step, subject);
                publication.key = u64::from(draw.below(3));
                publication.identity = Some(u64::from(step));
                if one_group && !is_log {
                    // A queue with one group does not say that it keeps what it takes.
                    books.owed.insert((groups[0], step));
                }
                channel.publish(&publication, &mut effects);
                if effects
                    .iter()
                    .any(|effect| matches!(effect, Effect::NobodyListening { .. } | Effect::Missed { .. }))
                    && one_group
                {
                    books.owed.remove(&(groups[0], step));
                }
            }
            6..=8 => {
                if let Some((who, tag)) = books.hands.pop()
                    && channel.take_up(who, tag, &mut effects)
                {
                    channel.acknowledge(who, tag, &mut effects);
                }
            }
            9 => {
                if let Some((who, tag)) = books.hands.pop() {
                    let how = [
                        Rejection::Requeue,
                        Rejection::After(Span::from_millis(u64::from(draw.below(900)))),
                        Rejection::Discard,
                    ][draw.below(3) as usize];
                    channel.reject(who, tag, how, &mut effects);
                }
            }
            10 => {
                if let Some(who) = pick(draw, &members) {
                    channel.disconnect(who, &mut effects);
                }
            }
            11 => {
                if let Some(who) = pick(draw, &members) {
                    channel.connect(who, &mut effects);
                }
            }
            12 => {
                while let Some(who) = books.untracked.pop() {
                    channel.consumed(who, &mut effects);
                }
                while let Some(who) = books.cut_off.pop() {
                    channel.connect(who, &mut effects);
                }
            }
            13 if draw.chance(0.2) => {
                channel.crash(&mut effects);
            }
            14 => channel.restart(&mut effects),
            _ => {
                now += Span::from_millis(u64::from(draw.below(3_000)));
                channel.advance(now, &mut effects);
            }
        }
        if aside.chance(0.4)
            && let Some((who, tag)) = pick(aside, &books.hands)
        {
            channel.set_aside(who, tag, &mut effects);
        }
        books.enter(&effects, &groups, &at);
        for &group in &groups {
            let mut there: BTreeSet<u32> = channel.ready(group).collect();
            there.extend(channel.held(group).filter(|held| !held.needless).map(|held| held.message));
            there.extend(channel.delayed(group));
            let owed: BTreeSet<u32> =
                books.owed.iter().filter(|(to, _)| *to == group).map(|&(_, message)| message).collect();
            assert_eq!(there, owed, "{at}: group {group:?} after {effects:?}");
            for &member in &members {
                let in_hand = |held: &channel::HeldView| held.by == member && !held.worked && !held.aside;
                let held = channel.held(group).filter(in_hand).count();
                if channel.group_of(member) == group {
                    assert_eq!(held, channel.holds(member) as usize, "{at}: {member:?} counts wrongly");
                }
            }
        }
    }
}
