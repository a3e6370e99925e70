//! What the lead and its children say to each other: numbers, and now and then words.

use compare::{Behind, Found, Turn};
use kernel::Time;

/// A sentence between the lead and a child.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// To a child, first of all: the study to make, see [`crate::Child::new`].
    Order(String),
    /// To a child: take these turns.
    Turns(Vec<Turn>),
    /// To a child: play this run again, and find the cases behind a cell.
    Ask {
        /// The contender's position.
        contender: usize,
        /// The row's id.
        row: String,
        /// The run's number.
        number: u64,
    },
    /// From a child: what came of the turns.
    Found(Vec<(Turn, Found)>),
    /// From a child: what is behind the cell.
    Behind(Vec<Behind>),
    /// From a child: something is wrong with the order.
    Wrong(String),
}

/// What stands first, and says how the rest is read.
const ORDER: f64 = 0.0;
const TURNS: f64 = 1.0;
const ASK: f64 = 2.0;
const FOUND: f64 = 3.0;
const BEHIND: f64 = 4.0;
const WRONG: f64 = 5.0;
/// How many numbers a turn takes.
const TURN: usize = 3;
/// Stands for a case that there is not.
const NO_CASE: f64 = -1.0;

impl Message {
    /// As numbers and words.
    pub fn pack(&self) -> (Vec<f64>, Vec<String>) {
        match self {
            Message::Order(text) => (vec![ORDER], vec![text.clone()]),
            Message::Wrong(words) => (vec![WRONG], vec![words.clone()]),
            Message::Turns(turns) => {
                let mut numbers = vec![TURNS];
                turns.iter().for_each(|turn| numbers.extend(pack_turn(*turn)));
                (numbers, Vec::new())
            }
            Message::Ask { contender, row, number } => {
                (vec![ASK, *contender as f64, *number as f64], vec![row.clone()])
            }
            Message::Found(list) => pack_found(list),
            Message::Behind(list) => {
                let mut numbers = vec![BEHIND];
                for behind in list {
                    // A run of a hundred days is told exactly.
                    numbers.extend([behind.case.map_or(NO_CASE, f64::from), behind.at.nanos() as f64]);
                }
                (numbers, list.iter().map(|behind| behind.words.clone()).collect())
            }
        }
    }

    /// What was packed; `None` if nobody packs so.
    pub fn unpack(numbers: &[f64], mut words: Vec<String>) -> Option<Message> {
        let (&kind, rest) = numbers.split_first()?;
        Some(if kind == ORDER {
            Message::Order(words.pop()?)
        } else if kind == WRONG {
            Message::Wrong(words.pop()?)
        } else if kind == TURNS {
            Message::Turns(rest.chunks_exact(TURN).map(unpack_turn).collect())
        } else if kind == ASK {
            let &[contender, number] = rest else { return None };
            Message::Ask { contender: contender as usize, row: words.pop()?, number: number as u64 }
        } else if kind == FOUND {
            Message::Found(unpack_found(rest, words)?)
        } else if kind == BEHIND {
            let behind = |(pair, words): (&[f64], String)| Behind {
                case: (pair[0] >= 0.0).then_some(pair[0] as u32),
                at: Time::from_nanos(pair[1] as u64),
                words,
            };
            Message::Behind(rest.chunks_exact(2).zip(words).map(behind).collect())
        } else {
            return None;
        })
    }
}

fn pack_turn(turn: Turn) -> [f64; TURN] {
    match turn {
        Turn::Run { contender, number } => [0.0, contender.into(), number as f64],
        Turn::Probe { contender, number } => [1.0, contender.into(), number.into()],
    }
}

fn unpack_turn(numbers: &[f64]) -> Turn {
    let contender = numbers[1] as u16;
    if numbers[0] == 0.0 {
        Turn::Run { contender, number: numbers[2] as u64 }
    } else {
        Turn::Probe { contender, number: numbers[2] as u16 }
    }
}

/// Of each: the turn, whether there are words, how many values, the values.
fn pack_found(list: &[(Turn, Found)]) -> (Vec<f64>, Vec<String>) {
    let (mut numbers, mut words) = (vec![FOUND], Vec::new());
    for (turn, found) in list {
        numbers.extend(pack_turn(*turn));
        numbers.extend([f64::from(u8::from(found.halted.is_some())), found.values.len() as f64]);
        numbers.extend(&found.values);
        words.extend(found.halted.clone());
    }
    (numbers, words)
}

fn unpack_found(mut rest: &[f64], words: Vec<String>) -> Option<Vec<(Turn, Found)>> {
    let (mut list, mut words) = (Vec::new(), words.into_iter());
    while !rest.is_empty() {
        let (head, behind) = rest.split_at_checked(TURN + 2)?;
        let (values, behind) = behind.split_at_checked(head[TURN + 1] as usize)?;
        let halted = if head[TURN] == 0.0 { None } else { words.next() };
        list.push((unpack_turn(head), Found { values: values.to_vec(), halted }));
        rest = behind;
    }
    Some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &Message) {
        let (numbers, words) = message.pack();
        // NaN is not equal to itself, and must come through.
        let back = Message::unpack(&numbers, words).expect("it can be read");
        assert_eq!(format!("{back:?}"), format!("{message:?}"));
    }

    #[test]
    fn a_message_arrives_as_it_was_sent() {
        let run = Turn::Run { contender: 1999, number: 1 << 50 };
        let probe = Turn::Probe { contender: 3, number: 12 };
        let halted = Some("at 3s at payment: the queue is full".to_owned());
        check(&Message::Order("{}".into()));
        check(&Message::Wrong("no such variant".into()));
        check(&Message::Turns(vec![run, probe]));
        check(&Message::Ask { contender: 2, row: "response_p99".into(), number: 41 });
        check(&Message::Found(vec![
            (run, Found { values: vec![0.1, f64::NAN, f64::INFINITY], halted: None }),
            (probe, Found { values: Vec::new(), halted }),
            (probe, Found { values: vec![-0.0], halted: None }),
        ]));
        let at = Time::from_nanos(100 * 86_400_000_000_000 + 1);
        check(&Message::Behind(vec![
            Behind { case: Some(0), at, words: "refused".into() },
            Behind { case: None, at: Time::ZERO, words: String::new() },
        ]));
    }

    #[test]
    fn what_was_cut_off_is_not_read() {
        let found = Found { values: vec![1.0, 2.0], halted: None };
        let message = Message::Found(vec![(Turn::Run { contender: 0, number: 0 }, found)]);
        let (numbers, words) = message.pack();
        assert_eq!(Message::unpack(&numbers[..numbers.len() - 1], words), None);
        assert_eq!(Message::unpack(&[99.0], Vec::new()), None);
    }
}
