//! What the keys do.

use player::Command;

use crate::Action;
use crate::browser::theme;

/// A key and what it does, for the list that `?` shows.
pub const LIST: [(&str, &str); 15] = [
    ("Space", "play or pause"),
    ("→", "pause, and let the next thing happen"),
    ("R", "restart with the same seed"),
    ("E", "run to the end"),
    ("[ ]", "slower, faster"),
    ("1 … 9", "choose a variant"),
    ("V", "from a failure to its cure, and back"),
    ("B", "one stage, several side by side, or figures"),
    ("/", "go to the parts"),
    ("C", "crash or restart the selected part"),
    ("+ − 0", "nearer, farther, all of the stage"),
    ("Esc", "select and follow nothing, close a list"),
    ("O", "open a file"),
    ("T", "day or night"),
    ("?", "this list"),
];

/// How much nearer a key brings.
const ZOOM: f64 = 1.25;

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Something that the desk does.
    Do(Action),
    /// To select nothing and close the list of problems.
    Leave,
    /// To choose a file.
    ChooseFile,
    /// To come so many times nearer to the stage.
    Zoom(f64),
    /// To go to the list of parts.
    GoToParts,
    /// To see the keys.
    ShowKeys,
}

/// What the key of that name asks for.
pub fn wish(name: &str) -> Option<Wish> {
    let action = match name {
        " " => Action::PlayOrPause,
        "ArrowRight" => Action::Run(Command::StepEvent),
        "r" | "R" => Action::Run(Command::Restart),
        "e" | "E" => Action::Run(Command::RunToEnd),
        "v" | "V" => Action::Flip,
        "b" | "B" => Action::NextBoard,
        "[" => Action::Faster { reverse: true },
        "]" => Action::Faster { reverse: false },
        "c" | "C" => Action::CrashOrRestart,
        "0" => Action::ShowWhole,
        "t" | "T" => Action::SetTheme(theme::current().other()),
        "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" => {
            Action::ChooseVariant(name.parse::<usize>().ok()? - 1)
        }
        "+" | "=" => return Some(Wish::Zoom(ZOOM)),
        "-" => return Some(Wish::Zoom(1.0 / ZOOM)),
        "/" => return Some(Wish::GoToParts),
        "o" | "O" => return Some(Wish::ChooseFile),
        "?" => return Some(Wish::ShowKeys),
        "Escape" => return Some(Wish::Leave),
        _ => return None,
    };
    Some(Wish::Do(action))
}
