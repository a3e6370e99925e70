//! HTML and SVG as text. Everything that comes from a file goes through [`escaped`].

/// A text as it has to be written in markup, between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters are not allowed in SVG, escaped or not.
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// A name that may be broken where a path may: behind its dots and equal signs.
pub(super) fn breakable(name: &str) -> String {
    escaped(name).replace('.', ".<wbr>").replace('=', "=<wbr>").replace('_', "_<wbr>")
}

/// An element with a text in it.
pub(super) fn element(tag: &str, class: &str, text: &str) -> String {
    format!("<{tag} class=\"{class}\">{}</{tag}>", escaped(text))
}

/// What may be clicked where there is somebody to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clicks {
    /// On the page.
    Heard,
    /// In a document.
    Unheard,
}

impl Clicks {
    /// A button around markup, or a mere box where nobody would hear it. `data` are attributes by name.
    pub fn button(self, class: &str, data: &[(&str, &str)], content: &str) -> String {
        match self {
            Clicks::Unheard => format!("<span class=\"{class}\">{content}</span>"),
            Clicks::Heard => {
                let data = data.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)));
                format!(
                    "<button type=\"button\" class=\"report-button {class}\"{}>{content}</button>",
                    data.collect::<String>()
                )
            }
        }
    }
}
