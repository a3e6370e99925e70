//! What crashes of brokers and of processes leave, and what becomes of messages that fail.

use channel::Group;
use kernel::Time;
use topology::{
    Act, Arrivals, Client, Flow, Link, LossReason, Place, PlanBuilder, RecordKind, Service, Target, World,
};

use crate::parts::{BEGUN, DONE, Given, Ran, always, line, millis, records_of, rules, seconds};

/// Ten jobs of 200 ms for one worker; the broker is down from 500 ms to 1 s.
fn broker_down(profile_name: &'static str, given: &[(&str, Given)]) -> Ran {
    let mut line = line(profile_name, rules(profile_name, given), &[("s", 1, always(200))]);
    line.jobs_at([0; 10]);
    line.down(Place::Channel(line.jobs), 500, 1000);
    line.run()
}

#[test]
fn a_restart_of_the_broker_empties_a_durable_queue() {
    for name in ["rabbitmq-classic", "rabbitmq-quorum"] {
        let ran = broker_down(name, &[("prefetch", Given::Number(1))]);
        let done = ran.times_of(DONE);
        // The one in hand comes again, because its connection broke.
        assert!(done.iter().all(|&times| times >= 1) && done.iter().sum::<usize>() == 11, "{name}: {done:?}");
        assert_eq!(ran.world.ledger().lost_to(LossReason::BrokerDown), 0, "{name}");
        assert_eq!(ran.world.ledger().waiting, 0, "{name}");
    }
}

#[test]
fn a_list_in_memory_survives_a_restart() {
    let ran = broker_down("redis-list", &[]);
    // At 500 ms two are done, and the third is in hand, popped for good.
    assert_eq!(ran.times_of(DONE), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(ran.world.ledger().lost_to(LossReason::BrokerDown), 7);
    let written = broker_down("redis-list", &[("appendonly", Given::Yes)]);
    assert_eq!(written.times_of(DONE), [1; 10]);
}

#[test]
fn a_consumer_that_has_crashed_pops_one_more() {
    let mut line = line("redis-list", rules("redis-list", &[]), &[("s", 1, always(200))]);
    line.plan.default_link(Link::with_latency(always(50)));
    line.jobs_at([0; 5]);
    // Its broker learns of it at 200 ms.
    line.down(Place::Service(line.services[0]), 150, 2000);
    let ran = line.run();
    assert_eq!(ran.times_of(DONE), [0, 1, 1, 1, 1]);
    assert_eq!(ran.world.ledger().lost(), 1);
}

/// One task of a second; the worker's process crashes in its middle and is back soon.
fn task_in_a_crash(acks_late: Given) -> Ran {
    let mut line = line("celery", rules("celery", &[("acks_late", acks_late)]), &[("s", 1, always(1000))]);
    line.jobs_at([0]);
    line.down(Place::Service(line.services[0]), 500, 700);
    line.run()
}

#[test]
fn a_task_that_was_acknowledged_early_survives_its_worker() {
    let ran = task_in_a_crash(Given::No);
    assert_eq!((ran.times_of(BEGUN), ran.times_of(DONE)), (vec![1], vec![0]));
    assert_eq!(ran.world.ledger().lost_to(LossReason::Crash), 1);
    assert_eq!(ran.when(|kind| *kind == RecordKind::CaseEnded { complete: false }), [500]);
}

#[test]
fn a_task_that_is_acknowledged_late_runs_once() {
    let ran = task_in_a_crash(Given::Yes);
    assert_eq!((ran.times_of(BEGUN), ran.times_of(DONE)), (vec![2], vec![1]));
    assert_eq!(ran.world.ledger().lost(), 0);
}

#[test]
fn a_worker_process_hoards_more_or_less_than_its_share() {
    for (multiplier, hoarded) in [(1, 4), (4, 16)] {
        let given = [("worker_prefetch_multiplier", Given::Number(multiplier))];
        let mut line = line("celery", rules("celery", &given), &[("s", 4, always(1000))]);
        line.jobs_at([0; 100]);
        let service = line.services[0];
        let mut world = World::new(line.plan.build().unwrap(), 1);
        world.run_until(Time::ZERO + millis(500));
        assert_eq!((world.tasks().count(), world.inbox(service).len()), (4, hoarded));
    }
}

/// Ten orders at once are answered, and each leaves an email to send, which takes 100 ms. The service that
/// answered crashes at 350 ms.
fn emails_after_the_reply(profile_name: &'static str) -> (World, usize, usize) {
    let mut plan = PlanBuilder::new("emails", seconds(60));
    let (place, email) = (plan.message_type("place"), plan.message_type("email"));
    let emails = plan.channel("emails", profile_name, rules(profile_name, &[]));
    let shop = plan.service(Service::named("shop"));
    let mailer = plan.service(Service::named("mailer").work(always(100)));
    let emailed = plan.fact("emailed");
    plan.handler(shop, place, Flow::new().reply().send(Target::Channel(emails), email));
    plan.handler(mailer, email, Flow::new().work().set(emailed));
    let arrivals = Arrivals::Times { at: vec![millis(0); 10] };
    plan.client(Client::named("shopper", arrivals, place, Target::Service(shop)));
    plan.fault(Time::ZERO + millis(350), Act::Crash { place: Place::Service(shop) });
    plan.fault(Time::ZERO + millis(400), Act::Restart { place: Place::Service(shop) });
    let (world, records) = records_of(plan.build().unwrap(), 1);
    let count = |wanted: fn(&RecordKind) -> bool| records.iter().filter(|it| wanted(&it.kind)).count();
    let answered = count(|kind| *kind == RecordKind::CaseAnswered);
    let sent = count(|kind| matches!(kind, RecordKind::FactSet { .. }));
    (world, answered, sent)
}

#[test]
fn a_task_in_the_background_survives_its_process() {
    let (world, answered, sent) = emails_after_the_reply("background-task");
    assert_eq!((answered, sent), (10, 3));
    assert_eq!(world.ledger().lost(), 7);
    assert_eq!(world.ledger().waiting, 0);
    let (_, answered, sent) = emails_after_the_reply("rabbitmq-quorum");
    assert_eq!((answered, sent), (10, 10), "a queue outside the process keeps them");
}

#[test]
fn a_channel_in_a_process_is_up_without_it() {
    let mut plan = PlanBuilder::new("process", seconds(10));
    let (place, email) = (plan.message_type("place"), plan.message_type("email"));
    let tasks = plan.channel("tasks", "background-task", rules("background-task", &[]));
    let shop = plan.service(Service::named("shop"));
    plan.handler(shop, place, Flow::new().send(Target::Channel(tasks), email));
    plan.handler(shop, email, Flow::new());
    let arrivals = Arrivals::Times { at: vec![millis(0)] };
    plan.client(Client::named("shopper", arrivals, place, Target::Service(shop)));
    let mut world = World::new(plan.build().unwrap(), 1);
    let (process, channel) = (Place::Service(shop), Place::Channel(tasks));
    world.apply(Act::Crash { place: process });
    assert!(!world.is_up(channel));
    world.apply(Act::Restart { place: channel });
    assert!(!world.is_up(channel), "it comes up only with its process");
    world.apply(Act::Restart { place: process });
    assert!(world.is_up(channel));
    for route in &world.plan().routes {
        if [route.from, route.to].contains(&channel) {
            assert_eq!(world.plan().links[usize::from(route.link)].latency, always(0));
        }
    }
}

#[test]
fn a_message_that_fails_again_and_again_is_lost_or_never_leaves() {
    let mut plan = PlanBuilder::new("poison", seconds(60));
    let charge = plan.message_type("charge");
    let given = [("delivery_limit", Given::Number(2))];
    let jobs = plan.channel("jobs", "rabbitmq-quorum", rules("rabbitmq-quorum", &given));
    let dead = plan.channel("dead", "rabbitmq-quorum", rules("rabbitmq-quorum", &[]));
    plan.dead_letter(jobs, dead);
    let payment = plan.service(Service::named("payment"));
    let support = plan.service(Service::named("support"));
    let looked_at = plan.fact("looked at");
    plan.handler(payment, charge, Flow::new().fail());
    plan.handler(support, charge, Flow::new().set(looked_at));
    let arrivals = Arrivals::Times { at: vec![millis(0); 5] };
    plan.client(Client::named("client", arrivals, charge, Target::Channel(jobs)));

    plan.consumers(jobs, &[payment]);
    plan.group(dead, "support", &[support]);
    let (world, records) = records_of(plan.build().unwrap(), 1);
    let count = |wanted: fn(&RecordKind) -> bool| records.iter().filter(|it| wanted(&it.kind)).count();
    assert_eq!(count(|kind| *kind == RecordKind::HandlerFailed), 15, "three attempts each");
    assert_eq!(count(|kind| matches!(kind, RecordKind::DeadLettered { .. })), 5);
    assert_eq!(count(|kind| matches!(kind, RecordKind::FactSet { .. })), 5);
    assert_eq!((world.dead_lettered(jobs), world.dead_letters(jobs).len()), (5, 5));
    assert_eq!(world.ledger().waiting, 0);
}

#[test]
fn a_service_gets_back_what_it_failed_at_from_the_dead_letters() {
    let given = [("delivery_limit", Given::Number(2))];
    let mut line = line("rabbitmq-quorum", rules("rabbitmq-quorum", &given), &[]);
    let failing = line.plan.service(Service::named("failing"));
    line.plan.handler(failing, line.job, Flow::new().fail());
    let dead = line.plan.channel("dead", "rabbitmq-quorum", rules("rabbitmq-quorum", &[]));
    line.plan.dead_letter(line.jobs, dead);
    line.jobs_at([0; 5]);
    let ran = line.run();
    assert!(ran.world.plan().channels[dead.index()].subscribers.is_empty());
    assert_eq!(ran.world.waiting_in(dead, Group(0)).count(), 5);
}

#[test]
fn what_comes_back_from_the_dead_letters_is_taken_for_a_second_copy() {
    // jobs, where it fails --> rest, for a second --> jobs, though that knows it again by its identity
    let given = [("max_receive_count", Given::Number(1)), ("visibility_timeout", Given::Millis(1000))];
    let mut line = line("sqs-fifo", rules("sqs-fifo", &given), &[]);
    let failing = line.plan.service(Service::named("failing"));
    line.plan.handler(failing, line.job, Flow::new().set(BEGUN).fail());
    let given = [("message_ttl", Given::Millis(1000))];
    let rest = line.plan.channel("rest", "rabbitmq-classic", rules("rabbitmq-classic", &given));
    line.plan.dead_letter(line.jobs, rest);
    line.plan.dead_letter(rest, line.jobs);
    line.jobs_at([0]);
    let ran = line.run();
    assert!(ran.times_of(BEGUN)[0] > 20, "{:?}", ran.times_of(BEGUN));
    assert_eq!(ran.world.ledger().lost(), 0);
}

#[test]
fn a_subscriber_that_does_not_keep_up_holds_up_the_others_or_is_never_cut_off() {
    let given = [("client_output_buffer_limit", Given::Number(20))];
    let services = [("fast", 1, always(1)), ("slow", 1, always(500))];
    let mut line = line("redis-pubsub", rules("redis-pubsub", &given), &services);
    line.jobs_at((0..200).map(|index| index * 20));
    let [fast, slow] = [line.services[0], line.services[1]];
    let ran = line.run();
    assert_eq!(ran.times_at(fast, DONE), [1; 200]);
    let cut = ran.when(|kind| *kind == RecordKind::CutOff { service: slow });
    assert!(cut.len() >= 2, "it connects again, and is cut off again: {cut:?}");
    let heard = ran.times_at(slow, DONE).iter().sum::<usize>();
    let ledger = ran.world.ledger();
    let missed = ledger.lost_to(LossReason::Unread) + ledger.lost_to(LossReason::SubscriberAway);
    assert!(ledger.lost_to(LossReason::Unread) > 20);
    assert_eq!(heard + missed as usize, 200);
}

#[test]
fn a_subject_reaches_groups_whose_pattern_does_not_match() {
    let mut plan = PlanBuilder::new("subjects", seconds(10));
    let events = plan.channel("events", "nats", rules("nats", &[]));
    let created = plan.message_type("created");
    plan.subject(created, "orders.eu.created");
    let heard = plan.fact("heard");
    let mut services = Vec::new();
    for (name, pattern) in [("all", "orders.>"), ("eu", "orders.eu.*"), ("us", "orders.us.*"), ("plain", "")]
    {
        let service = plan.service(Service::named(name));
        plan.handler(service, created, Flow::new().set(heard));
        if !pattern.is_empty() {
            plan.binding(events, name, pattern);
        }
        services.push(service);
    }
    let arrivals = Arrivals::Times { at: vec![millis(1)] };
    plan.client(Client::named("client", arrivals, created, Target::Channel(events)));
    let (world, records) = records_of(plan.build().unwrap(), 1);
    let ran = Ran { world, records };
    let times: Vec<usize> = services.iter().map(|&service| ran.times_at(service, heard)[0]).collect();
    assert_eq!(times, [1, 1, 0, 1]);
}

#[test]
fn a_plan_with_impossible_groups_runs() {
    let wrong = |change: fn(&mut crate::parts::Line)| {
        let mut line = line("nats", rules("nats", &[]), &[("s", 1, always(1))]);
        line.jobs_at([0]);
        change(&mut line);
        line.plan.build().unwrap_err().0
    };
    assert!(wrong(|line| line.plan.binding(line.jobs, "nobody", "job")).contains("nobody"));
    assert!(wrong(|line| line.plan.dead_letter(line.jobs, line.jobs)).contains("itself"));
    assert!(
        wrong(|line| {
            let deaf = line.plan.service(Service::named("deaf"));
            line.plan.group(line.jobs, "all", &[deaf]);
        })
        .contains("deaf")
    );
    assert!(
        wrong(|line| {
            line.plan.group(line.jobs, "twice", &[]);
            line.plan.group(line.jobs, "twice", &[]);
        })
        .contains("twice")
    );
}
