//! One part of a script: a queue, workers, and what they did.

use std::collections::VecDeque;

use channel::{Channel, GroupTerms, MemberTerms, Subscription, Takes, Value as Setting};
use kernel::{Span, Time};
use serde_json::{Value, json};

use crate::bench::{Bench, Delivered};
use crate::drivers::{self, Stop};
use crate::vector::{Step, Vector};

/// What a step takes.
const STEP: Span = Span::from_millis(10);

/// After how long a task that asks for it is tried again.
const RETRY_DELAY: Span = Span::from_millis(1000);

/// Celery's default of `max_retries`.
const RETRIES_MAX: u64 = 3;

/// How long it takes to notice that a process was killed.
const NOTICE: Span = Span::from_millis(100);

/// So many starts are watched of what never ends.
const STARTS_MAX: usize = 100;

/// A queue with its workers.
#[derive(Clone, Debug)]
pub(super) struct Part {
    bench: Bench,
    late: bool,
    reject_lost: bool,
    /// How many tasks a worker may hold for each of its processes.
    pub(super) multiplier: u32,
    workers: Vec<Worker>,
    tasks: Vec<Task>,
    /// Tasks that are sent only later.
    later: Vec<(Time, Task)>,
    /// How many tasks waited when the first worker came.
    pub(super) waiting_before: Option<usize>,
    /// Events by worker.
    pub(super) rows: Vec<(String, Value)>,
    pub(super) starts: Vec<Start>,
    pub(super) dones: Vec<String>,
    pub(super) sent: Vec<String>,
}

/// A task, as it was sent.
#[derive(Clone, Debug)]
struct Task {
    id: String,
    takes: Span,
    kills: bool,
    fails: bool,
    retries: u64,
    retries_max: u64,
}

#[derive(Clone, Debug)]
struct Worker {
    name: String,
    subscription: Subscription,
    processes: usize,
    came: Time,
    alive: bool,
    /// Fetched and not started.
    fetched: VecDeque<Delivered>,
    running: Vec<Running>,
}

#[derive(Clone, Debug)]
struct Running {
    delivered: Delivered,
    until: Time,
}

/// A task was started.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) worker: String,
    pub(super) id: String,
    /// How long the worker had been there.
    pub(super) after: Span,
    /// The other workers that had something running then.
    pub(super) while_busy: Vec<String>,
}

impl Part {
    pub(super) fn new(vector: &Vector, step: &Step) -> Result<Part, Stop> {
        let settings = settings(vector, step)?;
        let mut bench = Bench::new(drivers::rules("celery", &settings.values)?);
        let group = bench.add_group("celery", GroupTerms::default());
        bench.with(|channel, effects| channel.bind(group, "", 1, effects));
        Ok(Part {
            bench,
            late: settings.late,
            reject_lost: settings.reject_lost,
            multiplier: settings.multiplier,
            workers: Vec::new(),
            tasks: Vec::new(),
            later: Vec::new(),
            waiting_before: None,
            rows: Vec::new(),
            starts: Vec::new(),
            dones: Vec::new(),
            sent: Vec::new(),
        })
    }

    pub(super) fn step(&mut self, step: &Step) -> Result<(), Stop> {
        self.run_until(self.bench.now() + STEP);
        match step.op.as_str() {
            "environment" | "note" | "check" | "observe" => {}
            "sleep" | "wait" => self.run_until(self.bench.now() + Span::from_millis(step.number("ms")?)),
            "start_worker" => self.start_worker(step)?,
            "send_task" => self.send(step)?,
            "crash" | "kill" | "kill_worker" => self.crash(step.text("who")?),
            "stop_worker" | "stop" | "shutdown" => self.stop(step.text("who")?),
            remark if remark.contains(' ') => {}
            _ => return Err(step.unknown("celery")),
        }
        self.run_until(self.bench.now());
        Ok(())
    }

    fn group(&self) -> channel::Group {
        self.bench.group("celery").unwrap_or(channel::Group(0))
    }

    pub(super) fn waiting(&self) -> usize {
        self.bench.channel.ready_len(self.group())
    }

    fn start_worker(&mut self, step: &Step) -> Result<(), Stop> {
        let name = step.text("who")?.to_owned();
        let waiting = self.waiting();
        self.waiting_before.get_or_insert(waiting);
        let processes = step.number_if("concurrency")?.unwrap_or(1).max(1);
        let prefetch = u64::from(self.multiplier).saturating_mul(processes);
        let terms = MemberTerms {
            prefetch: u32::try_from(prefetch).ok().filter(|prefetch| *prefetch > 0),
            ..MemberTerms::default()
        };
        let group = self.group();
        let subscription = self.bench.subscribe(&name, group, terms);
        self.workers.push(Worker {
            name,
            subscription,
            processes: usize::try_from(processes).unwrap_or(1),
            came: self.bench.now(),
            alive: true,
            fetched: VecDeque::new(),
            running: Vec::new(),
        });
        Ok(())
    }

    fn send(&mut self, step: &Step) -> Result<(), Stop> {
        let arguments =
            step.raw("args").and_then(Value::as_array).ok_or_else(|| step.wrong("args", "a list"))?;
        let id = arguments.first().and_then(Value::as_str);
        let options = step.raw("options");
        let option = |name: &str| options.and_then(|options| options.get(name)).and_then(Value::as_f64);
        let task = Task {
            id: id.ok_or_else(|| step.wrong("args", "a list that begins with an id"))?.to_owned(),
            takes: Span::from_seconds(arguments.get(1).and_then(Value::as_f64).unwrap_or(0.0)),
            kills: arguments.get(2).and_then(Value::as_bool).unwrap_or(false),
            fails: step.text("task")?.contains("fail"),
            retries: 0,
            retries_max: option("max_retries").map_or(RETRIES_MAX, |most| most as u64),
        };
        self.sent.push(task.id.clone());
        match option("countdown") {
            Some(seconds) => self.later.push((self.bench.now() + Span::from_seconds(seconds), task)),
            None => self.publish(task),
        }
        Ok(())
    }

    fn publish(&mut self, task: Task) {
        self.bench.publish(&task.id, "");
        self.tasks.push(task);
    }

    fn worker(&self, name: &str) -> Option<usize> {
        self.workers.iter().rposition(|worker| worker.name == name && worker.alive)
    }

    /// The whole worker is killed.
    fn crash(&mut self, name: &str) {
        if let Some(subscription) = self.end(name) {
            self.bench.with(|channel, effects| channel.disconnect(subscription, effects));
        }
    }

    /// A worker is asked to stop: it gives back what it has not done.
    fn stop(&mut self, name: &str) {
        if let Some(subscription) = self.end(name) {
            self.bench.with(|channel, effects| channel.leave(subscription, effects));
        }
    }

    fn end(&mut self, name: &str) -> Option<Subscription> {
        let index = self.worker(name)?;
        let worker = &mut self.workers[index];
        worker.alive = false;
        worker.fetched.clear();
        worker.running.clear();
        Some(worker.subscription)
    }

    /// Lets everything happen up to an instant.
    fn run_until(&mut self, then: Time) {
        loop {
            self.hand_out();
            let Some(next) = self.next_instant().filter(|next| *next <= then) else { break };
            self.go_to(next);
        }
        self.bench.pass_until(then);
        self.hand_out();
    }

    /// Lets everything happen that still can.
    pub(super) fn run_out(&mut self) {
        self.hand_out();
        while self.is_anything_left() && self.starts.len() < STARTS_MAX {
            let Some(next) = self.next_instant() else { break };
            self.go_to(next);
            self.hand_out();
        }
    }

    fn is_anything_left(&self) -> bool {
        let somebody = self.workers.iter().any(|worker| worker.alive);
        let running = self.workers.iter().any(|worker| !worker.running.is_empty());
        let held = self.bench.channel.held_len(self.group()) > 0;
        running || somebody && (held || self.waiting() > 0 || !self.later.is_empty())
    }

    fn next_instant(&mut self) -> Option<Time> {
        let ends = self.workers.iter().flat_map(|worker| worker.running.iter().map(|running| running.until));
        let sends = self.later.iter().map(|(at, _)| *at);
        let own = ends.chain(sends).min();
        let engine = Channel::next_instant(&mut self.bench.channel);
        own.into_iter().chain(engine).min()
    }

    fn go_to(&mut self, next: Time) {
        self.bench.pass_until(next);
        for index in 0..self.workers.len() {
            while let Some(n) = self.workers[index].running.iter().position(|running| running.until <= next) {
                let running = self.workers[index].running.remove(n);
                self.finish(index, &running.delivered);
            }
        }
        while let Some(n) = self.later.iter().position(|(at, _)| *at <= next) {
            let (_, task) = self.later.remove(n);
            self.publish(task);
        }
    }

    /// Workers fetch what the broker sends, and start what they have a process for.
    fn hand_out(&mut self) {
        loop {
            for delivered in self.bench.deliveries() {
                let of = |worker: &&mut Worker| worker.subscription == delivered.to && worker.alive;
                if let Some(worker) = self.workers.iter_mut().find(of) {
                    worker.fetched.push_back(delivered);
                }
            }
            let free =
                |worker: &Worker| worker.running.len() < worker.processes && !worker.fetched.is_empty();
            let Some(index) = self.workers.iter().position(free) else { return };
            if self.starts.len() >= STARTS_MAX {
                return;
            }
            if let Some(delivered) = self.workers[index].fetched.pop_front() {
                self.start(index, delivered);
            }
        }
    }

    fn start(&mut self, index: usize, delivered: Delivered) {
        let Some(tag) = delivered.tag else { return };
        let subscription = self.workers[index].subscription;
        if !self.bench.with(|channel, effects| channel.take_up(subscription, tag, effects)) {
            return;
        }
        let Some(task) = self.tasks.get(delivered.message as usize).cloned() else { return };
        let now = self.bench.now();
        let busy = |worker: &&Worker| worker.subscription != subscription && !worker.running.is_empty();
        let while_busy = self.workers.iter().filter(busy).map(|worker| worker.name.clone()).collect();
        let worker = &mut self.workers[index];
        self.starts.push(Start {
            worker: worker.name.clone(),
            id: task.id.clone(),
            after: now.since(worker.came),
            while_busy,
        });
        self.rows.push((
            worker.name.clone(),
            json!({
                "id": task.id,
                "event": "start",
                "redelivered": delivered.redelivered,
                "retries": task.retries,
            }),
        ));
        let takes = if task.kills { NOTICE } else { task.takes };
        worker.running.push(Running { delivered, until: now + takes });
        if takes == Span::ZERO {
            self.go_to(now);
        }
    }

    /// A task has come to its end, or its process to its.
    fn finish(&mut self, index: usize, delivered: &Delivered) {
        let Some(task) = self.tasks.get(delivered.message as usize).cloned() else { return };
        let (subscription, name) = (self.workers[index].subscription, self.workers[index].name.clone());
        if task.kills && self.late && self.reject_lost {
            if let Some(tag) = delivered.tag {
                self.bench.with(|channel, effects| channel.delivery_failed(subscription, tag, effects));
            }
            return;
        }
        if task.fails && task.retries < task.retries_max {
            let again = Task { retries: task.retries + 1, ..task.clone() };
            self.later.push((self.bench.now() + RETRY_DELAY, again));
        }
        if !task.fails && !task.kills {
            self.dones.push(task.id.clone());
            self.rows.push((name, json!({ "id": task.id, "event": "done" })));
        }
        if self.late
            && let Some(tag) = delivered.tag
        {
            self.bench.acknowledge(subscription, tag);
        }
    }
}

/// The settings of a part.
struct Settings {
    values: Vec<(&'static str, Setting)>,
    late: bool,
    reject_lost: bool,
    multiplier: u32,
}

/// Reads the names under which the script handed Celery's settings on.
fn settings(vector: &Vector, step: &Step) -> Result<Settings, Stop> {
    let mut settings = Settings { values: Vec::new(), late: false, reject_lost: false, multiplier: 4 };
    let named = vector.config.get("broker").and_then(Value::as_str).unwrap_or("rabbitmq");
    let (mut broker, mut transport) = (named.to_owned(), json!({}));
    if step.op == "environment" {
        for (key, value) in step.fields() {
            let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
            let on = !matches!(text.as_str(), "" | "0" | "false" | "null");
            match key.as_str() {
                "op" | "note" => {}
                "broker" => broker = text,
                "CAL" => settings.late = on,
                "CRWL" => settings.reject_lost = on,
                "CPM" => {
                    settings.multiplier = text.parse().map_err(|_| step.wrong("CPM", "a whole number"))?;
                }
                "CTO" => {
                    transport =
                        serde_json::from_str(&text).map_err(|_| step.wrong("CTO", "an object as text"))?;
                }
                _ => {
                    return Err(Stop::Skip(format!("the meaning of the environment's {key} is not known")));
                }
            }
        }
    }
    let choices: &[&str] = match channel::profile("celery").and_then(|profile| profile.parameter("broker")) {
        Some(parameter) => match parameter.takes {
            Takes::Choice(words) => words,
            Takes::Count { .. } | Takes::Span { .. } | Takes::Flag => &[],
        },
        None => &[],
    };
    let index = choices.iter().position(|choice| *choice == broker);
    let index = index.ok_or_else(|| Stop::Skip(format!("Celery over {broker} is outside the model")))?;
    settings.values.push(("broker", Setting::Choice(index)));
    settings.values.push(("acks_late", Setting::Flag(settings.late)));
    // What comes again without end, and what is tried again, is here decided by the workers.
    settings.values.push(("max_retries", Setting::None));
    let seconds = |name: &str, key: &str| {
        let value = transport.get(key).and_then(Value::as_f64).or_else(|| vector.setting(name));
        value.map(|seconds| Setting::Span(Span::from_seconds(seconds)))
    };
    if let Some(value) = seconds("visibility_timeout_s", "visibility_timeout") {
        settings.values.push(("visibility_timeout", value));
    }
    if let Some(value) = seconds("unacked_restore_interval_s", "unacked_restore_interval") {
        settings.values.push(("unacked_restore_interval", value));
    }
    Ok(settings)
}
