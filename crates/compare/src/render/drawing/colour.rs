//! Colours: on the page they are the tokens of the theme; a file of its own has those of the day written into it.

use super::super::markup::escaped;

const TOKENS: &str = include_str!("../../../../../static/css/tokens.css");

/// Neighbours in this order differ most, and the first two do so for everybody.
const ORDER: [u8; 8] = [3, 7, 1, 2, 0, 6, 5, 4];

/// Where colours come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Colours {
    /// The style sheet of the page.
    Tokens,
    /// The picture itself.
    Day,
}

impl Colours {
    /// The colour of a token.
    pub fn of(self, token: &str) -> String {
        match self {
            Colours::Tokens => format!("var(--{token})"),
            Colours::Day => by_day(token).to_owned(),
        }
    }

    /// The colour of a curve.
    pub fn curve(self, number: usize) -> String {
        self.of(&format!("type-{}", ORDER[number % ORDER.len()]))
    }

    /// The typeface.
    pub fn font(self) -> String {
        match self {
            Colours::Tokens => "var(--font-sans)".into(),
            Colours::Day => escaped(by_day("font-sans")),
        }
    }
}

/// Beyond the eighth curve colours come again, with dashes.
pub(super) fn dashes(number: usize) -> &'static str {
    if number < ORDER.len() { "" } else { " stroke-dasharray=\"7 4\"" }
}

/// The first time that the style sheet says it is by day.
fn by_day(token: &str) -> &'static str {
    let key = format!("--{token}:");
    let found = TOKENS.find(&key).map(|start| &TOKENS[start + key.len()..]);
    found.and_then(|rest| rest.split(';').next()).map_or("", str::trim)
}

/// A field that is more than this share of the way to the darkest has bright text, which then has the better contrast
/// by day and by night.
pub(in crate::render) const DARK: f64 = 0.78;

/// The colour of a field by day: mixed in Oklab, where equal steps look equally far apart, from paper to blue, so that
/// nobody needs to tell hues.
pub(in crate::render) fn heat(share: f64) -> String {
    let (low, high) = (lab(by_day("raised")), lab(by_day("type-3")));
    let mixed = [0, 1, 2].map(|at| low[at] + (high[at] - low[at]) * share);
    hexadecimal(mixed)
}

/// The colour of what is written in it.
pub(in crate::render) fn heat_text(share: f64) -> &'static str {
    by_day(if share > DARK { "raised" } else { "ink" })
}

/// From `#rrggbb` to Oklab (Ottosson, 2020).
fn lab(colour: &str) -> [f64; 3] {
    let channel = |at: usize| {
        let byte =
            colour.get(1 + 2 * at..3 + 2 * at).and_then(|it| u8::from_str_radix(it, 16).ok()).unwrap_or(0);
        let value = f64::from(byte) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    let cones = product(&TO_CONES, [channel(0), channel(1), channel(2)]).map(libm::cbrt);
    product(&TO_LAB, cones)
}

fn hexadecimal(lab: [f64; 3]) -> String {
    let cones = product(&FROM_LAB, lab).map(|it| it * it * it);
    let byte = |value: f64| {
        let value = value.clamp(0.0, 1.0);
        let value =
            if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * libm::pow(value, 1.0 / 2.4) - 0.055 };
        (value * 255.0).round() as u8
    };
    let [red, green, blue] = product(&FROM_CONES, cones).map(byte);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn product(matrix: &[[f64; 3]; 3], [x, y, z]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}

const TO_CONES: [[f64; 3]; 3] = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const TO_LAB: [[f64; 3]; 3] = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
const FROM_LAB: [[f64; 3]; 3] = [
    [1.0, 0.396_337_777_4, 0.215_803_757_3],
    [1.0, -0.105_561_345_8, -0.063_854_172_8],
    [1.0, -0.089_484_177_5, -1.291_485_548_0],
];
const FROM_CONES: [[f64; 3]; 3] = [
    [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
    [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
    [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_comes_back_as_another() {
        for colour in ["#fdfcf8", "#0063a0", "#000000", "#ffffff"] {
            assert_eq!(hexadecimal(lab(colour)), colour);
        }
        assert_eq!((heat(0.0), heat(1.0)), (by_day("raised").into(), by_day("type-3").into()));
    }

    #[test]
    fn a_token_is_not_that_of_the_day() {
        assert_eq!(Colours::Day.of("ink"), "#1c2126");
        assert_eq!(Colours::Day.of("ground"), "#f6f4ee");
        for number in 0..9 {
            assert!(Colours::Day.curve(number).starts_with('#'), "{number}");
        }
    }
}
