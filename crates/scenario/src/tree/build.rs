//! Builds the tree out of the parser's events, within limits.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Entry, Node, Scalar, Style, Value, shortened, syntax};
use crate::diagnostic::{Place, Problems};
use crate::index::Index;
use crate::text::escaped;

/// The greatest number of parts of a text.
const NODES_MAX: usize = 200_000;
/// How deep parts may stand in each other.
const DEPTH_MAX: usize = 64;
/// How many parts aliases may add: enough for repeating a table, too few for a bomb.
const ALIASED_MAX: usize = 10_000;

/// The tree of a text. `None` if it is no tree at all; what is wrong has been reported then.
pub(crate) fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    let mut builder = Builder::new(problems);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.event(event, span).ok()?,
            Err(error) => {
                syntax::report(text, &error, problems);
                return None;
            }
        }
    }
    let root = builder.root;
    if root.is_none() {
        problems.error(
            Place::START,
            "the file is empty",
            "a scenario begins with `signalbox: 1` and a `title:`; the presets show how one looks",
        );
    }
    root
}

/// The text cannot be read any further; why has been reported.
struct Stop;

/// A list or mapping whose end has not come yet.
struct Open {
    place: Place,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Mapping { entries: Vec<Entry>, seen: Index<'static>, key: Option<(String, Place)> },
}

struct Builder<'p> {
    problems: &'p mut Problems,
    open: Vec<Open>,
    /// By the parser's number of the anchor.
    anchors: Vec<Option<Node>>,
    nodes: usize,
    aliased: usize,
    documents: usize,
    root: Option<Node>,
}

impl<'p> Builder<'p> {
    fn new(problems: &'p mut Problems) -> Self {
        let (open, anchors) = (Vec::new(), Vec::new());
        Builder { problems, open, anchors, nodes: 0, aliased: 0, documents: 0, root: None }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let place = place_of(span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(place),
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::Scalar(text, style, anchor, tag) => {
                self.untagged(tag.is_some(), place)?;
                let value = Value::Scalar(Scalar { text: text.into_owned(), style: style_of(style) });
                self.part(Node { place, value }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.untagged(tag.is_some(), place)?;
                self.begin(Open { place, anchor, parts: Parts::List(Vec::new()) })
            }
            Event::MappingStart(anchor, tag) => {
                self.untagged(tag.is_some(), place)?;
                let parts = Parts::Mapping { entries: Vec::new(), seen: Index::new(), key: None };
                self.begin(Open { place, anchor, parts })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
    }

    fn document(&mut self, place: Place) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents > 1 {
            return self.stop(
                place,
                "a second document begins here",
                "a file holds one scenario: remove the `---`",
            );
        }
        Ok(())
    }

    fn untagged(&mut self, tagged: bool, place: Place) -> Result<(), Stop> {
        if tagged {
            return self.stop(
                place,
                "this has a YAML tag (a word with `!`)",
                "scenarios use none: remove it",
            );
        }
        Ok(())
    }

    fn begin(&mut self, open: Open) -> Result<(), Stop> {
        let in_key_position = |open: &Open| matches!(&open.parts, Parts::Mapping { key: None, .. });
        if self.open.last().is_some_and(in_key_position) {
            return self.stop(
                open.place,
                "a list or mapping stands where a key should be",
                "a key is a name, such as `orders:`; braces need a key before them",
            );
        }
        self.shallow(1, open.place)?;
        self.open.push(open);
        Ok(())
    }

    /// Whether so many more levels are still few enough.
    fn shallow(&mut self, levels: usize, place: Place) -> Result<(), Stop> {
        if self.open.len() + levels > DEPTH_MAX {
            let message = format!("parts stand in each other more than {DEPTH_MAX} deep");
            return self.stop(place, &message, "make it flatter");
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        let Some(Open { place, anchor, parts }) = self.open.pop() else { return Ok(()) };
        let value = match parts {
            Parts::List(items) => Value::List(items),
            Parts::Mapping { entries, .. } => Value::Mapping(entries),
        };
        self.part(Node { place, value }, anchor)
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Stop> {
        let Some(node) = self.anchors.get(anchor).cloned().flatten() else {
            return self.stop(
                place,
                "this alias stands inside what it stands for",
                "that would never end: remove it",
            );
        };
        self.shallow(depth(&node), place)?;
        self.aliased += size(&node);
        if self.aliased > ALIASED_MAX {
            let message = format!("aliases (`*name`) repeat more than {ALIASED_MAX} parts");
            return self.stop(
                place,
                &message,
                "write fewer of them; this is a guard against files that explode",
            );
        }
        self.part(node, 0)
    }

    /// A complete part: an item, a key, what stands under a key, or the whole.
    fn part(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        self.nodes += 1;
        self.readable(&node)?;
        if self.nodes + self.aliased > NODES_MAX {
            let message = format!("the file has more than {NODES_MAX} parts");
            return self.stop(node.place, &message, "make it smaller");
        }
        if anchor != 0 {
            self.aliased += size(&node);
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = Some(node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.root = Some(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Mapping { entries, seen, key }) => match key.take() {
                Some((key, place)) => add(entries, seen, key, place, node, self.problems),
                None => *key = Some(key_of(node, self.problems)?),
            },
        }
        Ok(())
    }

    /// Quoted texts can contain what the text itself may not, written with escapes.
    fn readable(&mut self, node: &Node) -> Result<(), Stop> {
        let text =
            node.text().filter(|_| matches!(&node.value, Value::Scalar(it) if it.style == Style::Quoted));
        match text.and_then(escaped) {
            Some(wrong) => self.stop(node.place, &wrong.message, &wrong.help),
            None => Ok(()),
        }
    }

    fn stop<T>(&mut self, place: Place, message: &str, help: &str) -> Result<T, Stop> {
        self.problems.error(place, message, help);
        Err(Stop)
    }
}

fn key_of(node: Node, problems: &mut Problems) -> Result<(String, Place), Stop> {
    match node.value {
        Value::Scalar(scalar) => Ok((scalar.text, node.place)),
        Value::List(_) | Value::Mapping(_) => {
            problems.error(
                node.place,
                "a list or mapping is used as a key",
                "a key is a name, such as `orders:`",
            );
            Err(Stop)
        }
    }
}

fn add(
    entries: &mut Vec<Entry>,
    seen: &mut Index<'static>,
    key: String,
    place: Place,
    mut node: Node,
    problems: &mut Problems,
) {
    if let Some(line) = seen.get(key.as_str()) {
        let message = format!("`{}` stands twice in the same mapping", shortened(&key));
        problems.error(place, message, format!("the first is in line {line}: remove one or join them"));
        return;
    }
    if node.text().is_none() && matches!(node.value, Value::Scalar(_)) {
        // Where nothing stands the parser's position is that of whatever comes next.
        node.place = place;
    }
    seen.insert(key.clone().into(), place.line as usize);
    entries.push(Entry { key, place, node });
}

fn size(node: &Node) -> usize {
    let entries = node.entries().iter().map(|entry| 1 + size(&entry.node));
    1 + entries.chain(node.items().iter().map(size)).sum::<usize>()
}

/// How many levels of lists and mappings it has.
fn depth(node: &Node) -> usize {
    let entries = node.entries().iter().map(|entry| depth(&entry.node));
    match &node.value {
        Value::Scalar(_) => 0,
        Value::List(_) | Value::Mapping(_) => {
            1 + entries.chain(node.items().iter().map(depth)).max().unwrap_or_default()
        }
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn place_of(span: Span) -> Place {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: number(span.start.line()), column: number(span.start.col() + 1) }
}
