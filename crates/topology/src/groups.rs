//! Who listens to a channel, and how the listeners share the work.

use channel::{Audience, Routing, Rules, routing::Grammar};

use crate::builder::Planned;
use crate::flow::{Node, Sending};
use crate::{
    ChannelId, ChannelPlan, GroupPlan, MessageKind, Place, Plan, PlanBuilder, PlanError, ServiceId,
    Subscriber, Target, TypeId,
};

/// The greatest number of workers that listen to one channel, because each may be a member of a group.
const WORKERS_MAX: usize = 60_000;

impl Plan {
    /// The groups of a channel under these rules: those that the scenario names, and the other subscribers as
    /// the rules say.
    pub(crate) fn groups_of(&self, channel: ChannelId, rules: &Rules) -> Vec<GroupPlan> {
        let plan = &self.channels[channel.index()];
        let position = |service: &ServiceId| {
            plan.subscribers.iter().position(|known| known.service == *service).map(|index| index as u16)
        };
        let named = |(name, services): &(String, Vec<ServiceId>)| {
            let subscribers = services.iter().filter_map(position).collect();
            GroupPlan { name: name.clone(), subscribers, bindings: Vec::new() }
        };
        let mut groups: Vec<GroupPlan> = plan.named.iter().map(named).collect();
        let others = (0..plan.subscribers.len() as u16)
            .filter(|index| !groups.iter().any(|group| group.subscribers.contains(index)));
        let others: Vec<u16> = others.collect();
        match rules.audience {
            // A queue is there even if nobody reads it.
            Audience::OneConsumer if !others.is_empty() || groups.is_empty() => {
                let name = plan.name.clone();
                groups.push(GroupPlan { name, subscribers: others, bindings: Vec::new() });
            }
            Audience::OneConsumer => {}
            Audience::EverySubscription => groups.extend(others.into_iter().map(|index| {
                let service = plan.subscribers[usize::from(index)].service;
                let name = self.services[service.index()].name.clone();
                GroupPlan { name, subscribers: vec![index], bindings: Vec::new() }
            })),
        }
        for group in &mut groups {
            group.bindings = self.bindings_of(plan, group, rules);
        }
        groups
    }

    /// What a group is bound with: what the scenario says, else the subjects of what it handles.
    fn bindings_of(&self, channel: &ChannelPlan, group: &GroupPlan, rules: &Rules) -> Vec<String> {
        match rules.routing {
            Routing::ConsistentHash | Routing::Bindings(Grammar::Everything) => return vec![String::new()],
            Routing::Bindings(_) => {}
        }
        let meant = |(to, _): &&(String, String)| self.is_called(channel, group, to);
        let mut bindings: Vec<String> =
            channel.bound.iter().filter(meant).map(|(_, pattern)| pattern.clone()).collect();
        if !bindings.is_empty() {
            return bindings;
        }
        for &message_type in &channel.types {
            let handles =
                |&index: &u16| channel.subscribers[usize::from(index)].types.contains(&message_type);
            let subject = &self.types[message_type.index()].subject;
            let wanted = group.subscribers.is_empty() || group.subscribers.iter().any(handles);
            if wanted && !bindings.contains(subject) {
                bindings.push(subject.clone());
            }
        }
        bindings
    }

    /// Whether a group, or a service in it, has this name.
    fn is_called(&self, channel: &ChannelPlan, group: &GroupPlan, name: &str) -> bool {
        let service = |&index: &u16| channel.subscribers[usize::from(index)].service;
        group.name == name
            || group.subscribers.iter().map(service).any(|it| self.services[it.index()].name == name)
    }
}

/// What is sent to a channel.
#[derive(Clone, Default)]
struct Traffic {
    /// By whoever publishes.
    sent: Vec<TypeId>,
    /// Put aside by other channels, and not sent by anybody else.
    aside: Vec<TypeId>,
    publishers: Vec<ServiceId>,
}

impl PlanBuilder {
    /// A service listens to every channel on which somebody sends a type that it handles, unless the channel
    /// says who listens.
    pub(crate) fn listeners(&mut self) {
        let traffic = self.traffic();
        for (index, Traffic { sent, aside, publishers }) in traffic.into_iter().enumerate() {
            let channel = Place::Channel(ChannelId(index as u16));
            for id in 0..self.plan.services.len() as u16 {
                let service = ServiceId(id);
                let handles = |wanted: &TypeId| self.plan.handler_of[self.slot(service, *wanted)] != u16::MAX;
                let plan = &self.plan.channels[index];
                let named = plan.named.iter().any(|(_, who)| who.contains(&service))
                    || plan.consumers.as_ref().is_some_and(|who| who.contains(&service));
                let listens = named || plan.consumers.is_none();
                let heard = sent.iter().filter(|_| listens).chain(aside.iter().filter(|_| named)).copied();
                let types: Vec<TypeId> = heard.filter(handles).collect();
                if !types.is_empty() {
                    let route = self.route(channel, Place::Service(service));
                    self.plan.channels[index].subscribers.push(Subscriber { service, types, route });
                }
            }
            self.plan.channels[index].types = sent.into_iter().chain(aside).collect();
            self.plan.channels[index].publishers = publishers;
        }
    }

    /// Finds out what is sent where, and which types are events.
    fn traffic(&mut self) -> Vec<Traffic> {
        let mut traffic = vec![Traffic::default(); self.plan.channels.len()];
        let mut note = |to: Target, message_type: TypeId, by: Option<ServiceId>| {
            let Target::Channel(channel) = to else { return };
            let traffic = &mut traffic[channel.index()];
            if !traffic.sent.contains(&message_type) {
                traffic.sent.push(message_type);
            }
            if let Some(by) = by
                && !traffic.publishers.contains(&by)
            {
                traffic.publishers.push(by);
            }
        };
        let mut events = Vec::new();
        for client in &self.plan.clients {
            note(client.to, client.sends, None);
            if let Target::Channel(channel) = client.to
                && self.plan.channels[channel.index()].rules.audience == Audience::EverySubscription
            {
                events.push(client.sends);
            }
        }
        for Planned { service, flow, .. } in &self.flows {
            flow.visit(&mut |node| {
                if let Node::Send(Sending { to, message_type, kind, .. }) = node {
                    let (to, message_type, kind) = (*to, *message_type, *kind);
                    note(to, message_type, Some(*service));
                    if kind == MessageKind::Event {
                        events.push(message_type);
                    }
                }
            });
        }
        for event in events {
            self.plan.types[event.index()].kind = MessageKind::Event;
        }
        while self.pass_dead_letters_on(&mut traffic) {}
        traffic
    }

    /// What a channel puts aside is sent on. Returns whether that was news anywhere.
    fn pass_dead_letters_on(&self, traffic: &mut [Traffic]) -> bool {
        let mut news = false;
        for (index, channel) in self.plan.channels.iter().enumerate() {
            let Some(to) = channel.dead_letter_to else { continue };
            for message_type in [traffic[index].sent.clone(), traffic[index].aside.clone()].concat() {
                let there = &mut traffic[to.index()];
                if !there.sent.contains(&message_type) && !there.aside.contains(&message_type) {
                    there.aside.push(message_type);
                    news = true;
                }
            }
        }
        news
    }

    /// Forms the groups of every channel, or says which cannot be.
    pub(crate) fn form_groups(&mut self) -> Result<(), PlanError> {
        for index in 0..self.plan.channels.len() {
            let id = ChannelId(index as u16);
            if let Some(to) = self.plan.channels[index].dead_letter_to {
                let route = self.route(Place::Channel(id), Place::Channel(to));
                self.plan.channels[index].dead_letter_route = Some(route);
            }
            let groups = self.plan.groups_of(id, &self.plan.channels[index].rules);
            if let Some(wrong) = self.wrong_about(id, &groups) {
                return Err(PlanError(format!("channel {}: {wrong}", self.plan.channels[index].name)));
            }
            self.plan.channels[index].groups = groups;
        }
        Ok(())
    }

    fn wrong_about(&self, id: ChannelId, groups: &[GroupPlan]) -> Option<String> {
        let plan = &self.plan;
        let channel = &plan.channels[id.index()];
        if channel.dead_letter_to == Some(id) {
            return Some("it cannot send what it puts aside to itself".into());
        }
        for (number, (name, services)) in channel.named.iter().enumerate() {
            if channel.named[..number].iter().any(|(known, _)| known == name) {
                return Some(format!("it has two groups named {name}"));
            }
            let deaf = |who: &&ServiceId| !channel.subscribers.iter().any(|known| known.service == **who);
            if let Some(deaf) = services.iter().find(deaf) {
                let service = &plan.services[deaf.index()].name;
                return Some(format!("{service} of group {name} handles nothing that is sent there"));
            }
        }
        let bound = |to: &str| groups.iter().any(|group| plan.is_called(channel, group, to));
        if let Some((nobody, _)) = channel.bound.iter().find(|(to, _)| !bound(to)) {
            return Some(format!("it has neither a group nor a subscriber named {nobody}"));
        }
        let workers = |it: &Subscriber| usize::from(plan.services[it.service.index()].workers);
        let workers: usize = channel.subscribers.iter().map(workers).sum();
        let many = workers > WORKERS_MAX;
        many.then(|| format!("{workers} workers listen: at most {WORKERS_MAX} are possible"))
    }
}
