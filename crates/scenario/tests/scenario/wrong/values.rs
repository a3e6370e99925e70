//! Keys and values that are wrong by themselves.

use expect_test::expect;

use super::{check, exact};

#[test]
fn another_version() {
    check(
        "signalbox: 2",
        expect![[r#"
        1:12: error: signalbox is `2`; this program reads version 1: write `signalbox: 1`
    "#]],
    );
}

#[test]
fn no_version() {
    exact(
        r#"
title: A shop
clients: {}
services: {}
"#,
        expect![[r#"
            1:1: error: the file has no `signalbox`; add `signalbox:`: The version of this format, 1.
        "#]],
    );
}

#[test]
fn an_unknown_key() {
    check(
        "tittle: A shop",
        expect![[r#"
        1:1: error: the file has the unknown key `tittle`; did you mean title?
    "#]],
    );
}

#[test]
fn a_key_that_resembles_none() {
    check(
        "weather: fine",
        expect![[r#"
        1:1: error: the file has the unknown key `weather`; expected one of: signalbox, title, about, seed, length, speed, clients, services, links, channels, checks, faults, handlers or variants
    "#]],
    );
}

#[test]
fn many_problems_at_once() {
    check(
        r#"
speed: fast
length: 60
clients:
  shopper: { arrivals: poison 5/s, sends: order, to: shopp, patience: 2 }
services:
  shop: { worker: 0, inbox: many }
checks:
  - { never: paid >, why: nobody pays twice }
faults:
  - { at: 20, crash: paymnet }
"#,
        expect![[r#"
            1:8: error: speed: `fast` does not begin with a number; expected a factor with an x, such as 0.25x or 5x
            2:9: error: length: `60` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
            4:24: error: clients.shopper.arrivals: `poison` is not a way of arriving; did you mean poisson?
            4:54: error: request of order by shopper: there is no service or channel shopp; did you mean shop?
            4:71: error: clients.shopper.patience: `2` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
            6:11: error: services.shop has the unknown key `worker`; did you mean workers?
            6:29: error: services.shop.inbox: `many` is not such a number; expected a whole number from 0 to 1000000000
            8:20: error: checks.never: the expression ends too early; expected a name or a number, as in `paid > 1`
            10:11: error: faults.at: `20` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
        "#]],
    );
}

#[test]
fn a_duration_without_unit() {
    check(
        "length: 60",
        expect![[r#"
            1:9: error: length: `60` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
        "#]],
    );
}

#[test]
fn a_duration_with_an_unknown_unit() {
    check(
        "length: 60sec",
        expect![[r#"
        1:9: error: length: `60sec` has the unknown unit `sec`; expected a duration with a unit, such as 80ms, 2s or 1.5h
    "#]],
    );
}

#[test]
fn a_duration_with_a_space() {
    check(
        "length: 60 s",
        expect![[r#"
        1:9: error: length: `60 s` has a space before its unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
    "#]],
    );
}

#[test]
fn a_duration_with_a_comma() {
    check(
        "length: 1,5h",
        expect![[r#"
        1:9: error: length: `1,5h` has a comma; decimals are written with a point, such as 0.5s
    "#]],
    );
}

#[test]
fn a_negative_duration() {
    check(
        "length: -60s",
        expect![[r#"
        1:9: error: length: `-60s` is negative; expected a duration with a unit, such as 80ms, 2s or 1.5h
    "#]],
    );
}

#[test]
fn a_run_without_length() {
    check(
        "length: 0s",
        expect![[r#"
        1:9: error: length: `0s` is no time at all; expected a duration above zero, such as 2s
    "#]],
    );
}

#[test]
fn a_run_that_is_too_long() {
    check(
        "length: 31d",
        expect![[r#"
        1:9: error: length: a run of 31d is too long; at most 30d
    "#]],
    );
}

#[test]
fn a_negative_seed() {
    check(
        "seed: -1",
        expect![[r#"
        1:7: error: seed: `-1` is not such a number; expected a whole number from 0 to 18446744073709551615
    "#]],
    );
}

#[test]
fn a_seed_in_quotes() {
    check(
        r#"seed: "42""#,
        expect![[r#"
        1:8: error: seed: `42` is a text; expected a whole number from 0 to 18446744073709551615, without quotes
    "#]],
    );
}

#[test]
fn a_speed_without_x() {
    check(
        "speed: 0.5",
        expect![[r#"
        1:8: error: speed: `0.5` has no unit; expected a factor with an x, such as 0.25x or 5x
    "#]],
    );
}

#[test]
fn a_speed_of_zero() {
    check(
        "speed: 0x",
        expect![[r#"
        1:8: error: speed: `0x` is zero; expected a factor above 0, such as 0.25x
    "#]],
    );
}

#[test]
fn no_workers() {
    check(
        "services: { shop: { workers: 0 } }",
        expect![[r#"
        1:30: error: services.shop.workers: 0 is out of range; expected a whole number from 1 to 10000
    "#]],
    );
}

#[test]
fn too_many_workers() {
    check(
        "services: { shop: { workers: 10001 } }",
        expect![[r#"
        1:30: error: services.shop.workers: 10001 is out of range; expected a whole number from 1 to 10000
    "#]],
    );
}

#[test]
fn half_a_worker() {
    check(
        "services: { shop: { workers: 2.5 } }",
        expect![[r#"
        1:30: error: services.shop.workers: `2.5` is not such a number; expected a whole number from 1 to 10000
    "#]],
    );
}

#[test]
fn a_service_that_is_nothing() {
    check(
        r#"
services:
  shop:
"#,
        expect![[r#"
            2:3: error: services.shop is nothing; expected a service, a mapping with workers, inbox, work, clock, store or memory
        "#]],
    );
}

#[test]
fn a_service_that_is_a_list() {
    check(
        r#"
services:
  - shop
"#,
        expect![[r#"
            2:3: error: services is a list; expected a mapping from the name of a service to what it is
            5:64: error: request of order by shopper: there is no service or channel shop; none is defined yet
            6:13: error: handlers: there is no service shop; none is defined yet
        "#]],
    );
}

#[test]
fn a_title_that_is_a_list() {
    check(
        "title: [A, shop]",
        expect![[r#"
        1:8: error: title is a list; expected a text
    "#]],
    );
}

#[test]
fn a_title_of_nothing() {
    check(
        "title:",
        expect![[r#"
        1:1: error: title is nothing; expected a text
    "#]],
    );
}

#[test]
fn a_title_that_is_too_long() {
    check(
        "title: long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ",
        expect![[r#"
            1:8: error: title: the text is too long; at most 200 characters
        "#]],
    );
}

#[test]
fn an_unknown_distribution() {
    check(
        "services: { shop: { work: lognorml median 80ms p99 300ms } }",
        expect![[r#"
        1:27: error: services.shop.work: `lognorml` is not a duration such as 80ms or a distribution; did you mean lognormal?
    "#]],
    );
}

#[test]
fn a_distribution_that_is_not_complete() {
    check(
        "services: { shop: { work: lognormal median 80ms } }",
        expect![[r#"
        1:27: error: services.shop.work: `lognormal median 80ms` is not complete or says too much; write it like `lognormal median 80ms p99 300ms`
    "#]],
    );
}

#[test]
fn a_distribution_with_a_number_without_unit() {
    check(
        "services: { shop: { work: lognormal median 80ms p99 300 } }",
        expect![[r#"
        1:53: error: services.shop.work: `300` has no unit; expected a duration with a unit, such as 80ms, 2s or 1.5h
    "#]],
    );
}

#[test]
fn percentiles_the_wrong_way_round() {
    check(
        "services: { shop: { work: lognormal median 300ms p99 80ms } }",
        expect![[r#"
        1:27: error: services.shop.work: p99 is below the median; 99 of 100 are below p99, so it is at least the median
    "#]],
    );
}

#[test]
fn percentiles_the_wrong_way_round_in_a_mapping() {
    check(
        "services: { shop: { work: { lognormal: { median: 300ms, p99: 80ms } } } }",
        expect![[r#"
        1:27: error: p99 is below the median; 99 of 100 are below p99, so it is at least the median
    "#]],
    );
}

#[test]
fn a_range_the_wrong_way_round() {
    check(
        "services: { shop: { work: uniform 20ms..10ms }, other: { work: { uniform: 20ms..10ms } } }",
        expect![[r#"
            1:35: error: services.shop.work: low is above high; the lower value comes first, such as uniform 10ms..20ms
            1:75: error: services.other.work.uniform: low is above high; the lower value comes first, such as uniform 10ms..20ms
        "#]],
    );
}

#[test]
fn a_mapping_that_is_no_distribution() {
    check(
        "services: { shop: { work: { lognorml: { median: 80ms, p99: 300ms } } } }",
        expect![[r#"
        1:29: error: services.shop.work: `lognorml` is not a distribution; did you mean lognormal?
    "#]],
    );
}

#[test]
fn a_percentile_is_missing() {
    check(
        r#"
services:
  shop:
    work: { lognormal: { median: 80ms } }
"#,
        expect![[r#"
            3:13: error: services.shop.work.lognormal has no `p99`; add `p99:`: 99 of 100 are below this.
        "#]],
    );
}

#[test]
fn a_tail_without_end() {
    check(
        "services: { shop: { work: pareto minimum 10ms shape 0 } }",
        expect![[r#"
        1:27: error: services.shop.work: the shape 0 is out of range; expected a number from 0.1 to 1000
    "#]],
    );
}

#[test]
fn nothing_measured() {
    check(
        "services: { shop: { work: { empirical: [] } } }",
        expect![[r#"
        1:40: error: services.shop.work.empirical has 0 items; expected 1 to 100000
    "#]],
    );
}

#[test]
fn two_distributions_in_one() {
    check(
        "services: { shop: { work: { constant: 1ms, exponential: 2ms } } }",
        expect![[r#"
        1:27: error: services.shop.work has both `constant` and `exponential`; a distribution has one of them; in a list the other begins a new item
    "#]],
    );
}

#[test]
fn an_unknown_way_of_arriving() {
    check(
        "clients: { shopper: { arrivals: poison 5/s, sends: order, to: shop } }",
        expect![[r#"
        1:33: error: clients.shopper.arrivals: `poison` is not a way of arriving; did you mean poisson?
    "#]],
    );
}

#[test]
fn a_rate_without_unit() {
    check(
        "clients: { shopper: { arrivals: poisson 5, sends: order, to: shop } }",
        expect![[r#"
        1:41: error: clients.shopper.arrivals: `5` has no unit; expected a rate with a unit, such as 5/s or 300/min
    "#]],
    );
}

#[test]
fn a_rate_of_zero() {
    check(
        "clients: { shopper: { arrivals: constant 0/s, sends: order, to: shop } }",
        expect![[r#"
        1:33: error: clients.shopper.arrivals: at a rate of zero nothing ever comes; expected a rate above 0/s
    "#]],
    );
}

#[test]
fn a_rate_that_is_too_high() {
    check(
        "clients: { shopper: { arrivals: poisson 100001/s, sends: order, to: shop } }",
        expect![[r#"
        1:41: error: clients.shopper.arrivals: `100001/s` is too fast; at most 100000/s can be simulated
    "#]],
    );
}

#[test]
fn a_burst_of_nobody() {
    check(
        "clients: { shopper: { arrivals: burst 0 every 5s, sends: order, to: shop } }",
        expect![[r#"
        1:39: error: clients.shopper.arrivals: `0` is out of range; expected a whole number from 1 to 100000
    "#]],
    );
}

#[test]
fn a_burst_that_is_not_complete() {
    check(
        "clients: { shopper: { arrivals: burst 20, sends: order, to: shop } }",
        expect![[r#"
        1:33: error: clients.shopper.arrivals: `burst 20` is not complete or says too much; write it like `burst 20 every 5s`
    "#]],
    );
}

#[test]
fn a_ramp_that_takes_no_time() {
    check(
        "clients: { shopper: { arrivals: ramp 1/s to 5/s over 0s, sends: order, to: shop } }",
        expect![[r#"
            1:33: error: clients.shopper.arrivals: the ramp takes no time; expected how long the change takes, such as 30s
        "#]],
    );
}

#[test]
fn arrivals_at_no_time() {
    check(
        "clients: { shopper: { arrivals: [], sends: order, to: shop } }",
        expect![[r#"
        1:33: error: clients.shopper.arrivals has 0 items; expected 1 to 100000
    "#]],
    );
}

#[test]
fn loss_of_more_than_everything() {
    check(
        "links: { default: { loss: 120% } }",
        expect![[r#"
        1:27: error: links.default.loss: `120%` is more than everything; expected a percentage from 0% to 100%, such as 2%
    "#]],
    );
}

#[test]
fn loss_without_percent() {
    check(
        "links: { default: { loss: 0.5 } }",
        expect![[r#"
        1:27: error: links.default.loss: `0.5` has no unit; expected a percentage from 0% to 100%, such as 2%
    "#]],
    );
}

#[test]
fn a_link_of_one_place() {
    check(
        "links: { between: [{ places: [shop], loss: 1% }] }",
        expect![[r#"
            1:30: error: links.between.places has 1 item; expected 2
        "#]],
    );
}
