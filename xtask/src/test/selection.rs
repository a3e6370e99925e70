//! Which steps a person asked for.

use crate::failure::{Failure, Outcome};
use std::ops::Range;

#[derive(PartialEq, Eq, Debug)]
pub enum Selection {
    All,
    From(String),
    Only(String),
}

impl Selection {
    pub fn read(arguments: &mut lexopt::Parser) -> Outcome<Self> {
        let mut selection = Selection::All;
        while let Some(argument) = arguments.next()? {
            let chosen: fn(String) -> Selection = match argument {
                lexopt::Arg::Long("from") => Selection::From,
                lexopt::Arg::Long("only") => Selection::Only,
                other @ (lexopt::Arg::Long(_) | lexopt::Arg::Short(_) | lexopt::Arg::Value(_)) => {
                    return Err(other.unexpected().into());
                }
            };
            if selection != Selection::All {
                return Err(Failure::new("Choose steps with either --from or --only, once."));
            }
            selection = chosen(arguments.value()?.to_string_lossy().into_owned());
        }
        Ok(selection)
    }

    /// Where the chosen steps are among all of them.
    pub fn range(&self, steps: &[&str]) -> Outcome<Range<usize>> {
        let place = |name: &str| {
            steps.iter().position(|step| *step == name).ok_or_else(|| {
                Failure::new(format!("There is no step {name:?}. The steps are: {}.", steps.join(", ")))
            })
        };
        Ok(match self {
            Selection::All => 0..steps.len(),
            Selection::From(name) => place(name)?..steps.len(),
            Selection::Only(name) => {
                let only = place(name)?;
                only..only + 1
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: Result<Range<usize>, &str>) {
        let chosen = Selection::read(&mut lexopt::Parser::from_args(words))
            .and_then(|selection| selection.range(&["format", "clippy", "tests"]));
        match (chosen, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{words:?}"),
            (Err(failure), Err(part)) => assert!(failure.to_string().contains(part), "{failure}"),
            (found, _) => panic!("{words:?} gives {found:?}"),
        }
    }

    #[test]
    fn steps_are_chosen_by_name() {
        check(&[], Ok(0..3));
        check(&["--from", "clippy"], Ok(1..3));
        check(&["--only=clippy"], Ok(1..2));
    }

    #[test]
    fn a_wrong_choice_says_what_there_is() {
        check(&["--only", "clipy"], Err("The steps are: format, clippy, tests."));
        check(&["--only", "tests", "--from", "format"], Err("either --from or --only"));
        check(&["clippy"], Err("Not understood"));
    }
}
