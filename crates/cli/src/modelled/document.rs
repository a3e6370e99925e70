//! A page as data, from which each of its forms is written.

/// A page.
pub struct Page {
    /// Its name.
    pub title: String,
    /// What it says before its first section.
    pub lead: Vec<Block>,
    /// Its chapters.
    pub sections: Vec<Section>,
}

/// A part of a page that has a name.
pub struct Section {
    /// By this it is pointed to.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// Something that stands by itself between others.
pub enum Block {
    /// The name of what follows.
    Heading(&'static str),
    /// Sentences.
    Paragraph(Text),
    /// Points.
    List(Vec<Text>),
    /// What is so, each with where that is known from.
    Rules(Vec<Rule>),
    /// Rows and columns.
    Table(Table),
    /// Lines to be typed as they are.
    Lines {
        /// Their language, by the usual short name.
        language: &'static str,
        /// The lines.
        text: &'static str,
    },
}

/// A sentence with its source.
pub struct Rule {
    /// The sentence.
    pub text: Text,
    /// What kind of source it has.
    pub kind: Kind,
    /// The source.
    pub source: Text,
}

/// The kinds of sources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The product was watched.
    Recorded,
    /// A document says so.
    Documented,
    /// It was decided here.
    Chosen,
}

/// Rows and columns. The first cell of a row says what the row is about.
pub struct Table {
    /// What it shows, where nothing above has said so.
    pub caption: Option<Text>,
    /// How it is to be read where there is little room.
    pub shape: Shape,
    /// The names of the columns.
    pub head: Vec<&'static str>,
    /// The cells, as many in each row as there are columns.
    pub rows: Vec<Row>,
}

/// A row of a table.
pub struct Row {
    /// By this it is pointed to, if at all.
    pub id: Option<String>,
    /// Its cells.
    pub cells: Vec<Text>,
}

/// What a table is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// To compare rows: they stay side by side, however narrow the screen is.
    Compared,
    /// To look things up: where there is little room each row stands for itself.
    LookedUp,
}

/// Words with what is special among them.
pub type Text = Vec<Piece>;

/// A stretch of a text.
pub enum Piece {
    /// Ordinary words.
    Words(String),
    /// A name, or something to be typed.
    Code(String),
    /// A place to go to.
    Link(Target, Text),
}

/// Where a link leads.
pub enum Target {
    /// To a section of the page.
    Section(String),
    /// To a recording.
    Recording(String),
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Recorded, Kind::Documented, Kind::Chosen];

    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Recorded => "recorded",
            Kind::Documented => "documented",
            Kind::Chosen => "chosen",
        }
    }
}

impl Section {
    /// A section whose id follows from its title, as it does where Markdown is shown.
    pub fn new(title: Text, blocks: Vec<Block>, sections: Vec<Section>) -> Self {
        let id = plain(&title).to_lowercase().replace(' ', "-");
        Section { id, title, blocks, sections }
    }
}

/// Sentences. What stands between backticks is code, and so is each word that can only be a name: one with `_`,
/// or with `.` or `=` between letters (`max_retries`, `fetch.min.bytes`, `acks=all`).
pub fn prose(text: &str) -> Text {
    let mut pieces = Text::new();
    for (n, part) in text.split('`').enumerate() {
        if n % 2 == 1 {
            pieces.push(Piece::Code(part.to_owned()));
        } else {
            part.split_inclusive(' ').for_each(|word| push_word(&mut pieces, word));
        }
    }
    pieces
}

/// One name.
pub fn code(name: impl Into<String>) -> Text {
    vec![Piece::Code(name.into())]
}

/// Texts one after the other, with something between them.
pub fn joined(texts: impl IntoIterator<Item = Text>, between: &str) -> Text {
    let mut pieces = Text::new();
    for (n, text) in texts.into_iter().enumerate() {
        if n > 0 {
            push_words(&mut pieces, between);
        }
        pieces.extend(text);
    }
    pieces
}

/// The text without anything special.
pub fn plain(text: &Text) -> String {
    let of = |piece: &Piece| match piece {
        Piece::Words(words) | Piece::Code(words) => words.clone(),
        Piece::Link(_, text) => plain(text),
    };
    text.iter().map(of).collect()
}

fn push_word(pieces: &mut Text, word: &str) {
    let name = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    match word.split_once(name) {
        Some((before, after)) if can_only_be_a_name(name) => {
            push_words(pieces, before);
            pieces.push(Piece::Code(name.to_owned()));
            push_words(pieces, after);
        }
        _ => push_words(pieces, word),
    }
}

fn push_words(pieces: &mut Text, words: &str) {
    match pieces.last_mut() {
        _ if words.is_empty() => {}
        Some(Piece::Words(last)) => last.push_str(words),
        Some(Piece::Code(_) | Piece::Link(..)) | None => pieces.push(Piece::Words(words.to_owned())),
    }
}

fn can_only_be_a_name(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let joins =
        |three: &[char]| three[0].is_alphabetic() && "_.=".contains(three[1]) && three[2].is_alphabetic();
    letters.windows(3).any(joins)
}
