use crate::drivers::Stop;
use crate::replay::Replay;
use crate::vector::Vector;

pub(super) fn replay(_vector: &Vector) -> Result<Replay, Stop> {
    Err(Stop::Skip("not written yet".to_owned()))
}
