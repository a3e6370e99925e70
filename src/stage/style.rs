//! The colours and the type of the style sheet, read from its custom properties.

use scene::{Face, Palette};
use web_sys::{CssStyleDeclaration, HtmlCanvasElement};

/// What the style sheet says.
pub(super) struct Style {
    pub(super) palette: Palette,
    sans: String,
    mono: String,
    /// Every font that was asked for, as the canvas wants it.
    fonts: Vec<(Face, f64, String)>,
}

impl Style {
    /// The style of a canvas; what the page does not say is as on paper.
    pub(super) fn of(canvas: &HtmlCanvasElement) -> Style {
        let mut palette = Palette::day();
        let (mut sans, mut mono) = (String::from("sans-serif"), String::from("monospace"));
        let computed = web_sys::window().and_then(|window| window.get_computed_style(canvas).ok().flatten());
        if let Some(computed) = computed {
            for (name, value) in [
                ("--ground", &mut palette.ground),
                ("--ink", &mut palette.ink),
                ("--ink-soft", &mut palette.ink_soft),
                ("--lamp", &mut palette.lamp),
                ("--amber", &mut palette.amber),
                ("--loss", &mut palette.loss),
                ("--font-sans", &mut sans),
                ("--font-mono", &mut mono),
            ] {
                read(&computed, name, value);
            }
            for (index, value) in palette.types.iter_mut().enumerate() {
                read(&computed, &format!("--type-{index}"), value);
            }
        }
        Style { palette, sans, mono, fonts: Vec::new() }
    }

    /// A font as the canvas wants it: "600 15px Plex".
    pub(super) fn font(&mut self, face: Face, size: f64) -> &str {
        let known = self.fonts.iter().position(|(known, at, _)| *known == face && *at == size);
        let index = known.unwrap_or_else(|| {
            let (weight, family) = match face {
                Face::Words => (400, &self.sans),
                Face::Name => (600, &self.sans),
                Face::Figures => (400, &self.mono),
            };
            self.fonts.push((face, size, format!("{weight} {size}px {family}")));
            self.fonts.len() - 1
        });
        &self.fonts[index].2
    }
}

fn read(computed: &CssStyleDeclaration, name: &str, value: &mut String) {
    if let Ok(said) = computed.get_property_value(name)
        && !said.trim().is_empty()
    {
        *value = said.trim().to_owned();
    }
}
