//! Which of many differences are beyond chance.

/// How probable a difference may be by chance at most to be called beyond it, if all of these are to be called so with
/// a probability of at most 5 percent where there is no difference at all (Holm 1979): the least probable has to be
/// below 5 percent by their number, the next below 5 percent by one less, and so on until one is not.
pub(crate) fn holm(mut chances: Vec<f64>) -> f64 {
    chances.sort_by(f64::total_cmp);
    let mut limit = LEVEL / chances.len().max(1) as f64;
    for (at, &chance) in chances.iter().enumerate() {
        if chance > LEVEL / (chances.len() - at) as f64 {
            break;
        }
        limit = limit.max(chance);
    }
    limit
}

/// The probability with which anything at all is called a difference where there is none.
const LEVEL: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::holm;

    #[test]
    fn more_is_called_a_difference_than_holm_does() {
        // 0.01 is below 0.05 / 4 and 0.016 below 0.05 / 3, but 0.03 is not below 0.05 / 2, so 0.04 does not count.
        assert_eq!(holm(vec![0.04, 0.01, 0.03, 0.016]), 0.016);
        assert_eq!(holm(vec![0.04]), 0.05);
        assert_eq!(holm(vec![0.06]), 0.05);
        assert_eq!(holm(vec![0.5, 0.02, 0.03]), 0.05 / 3.0);
        assert_eq!(holm(vec![0.0, 0.0, 1.0]), 0.05 / 3.0);
        assert_eq!(holm(vec![]), 0.05);
    }
}
