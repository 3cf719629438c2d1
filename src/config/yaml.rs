//! YAML as settings files have it: maps, lists and scalars, each with its place, a scalar as it was written. Everything is
//! bounded, aliases by what they stand for; a tag may say what a value is, never what is to be made of it. `files` reads
//! through it; it knows no key.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

/// A file of an administrator has some dozens.
const YAML_NODES_MAX: usize = 20_000;
/// Text that aliases stand for counts each time.
const YAML_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
const YAML_DEPTH_MAX: usize = 32;

/// Line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) value: NodeValue,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NodeValue {
    Null,
    /// As it was written, without its quotes.
    Scalar(String),
    List(Vec<Node>),
    /// In the order of the file; no key stands twice.
    Map(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) position: Position,
    pub(super) value: Node,
}

/// Why a text is no YAML that is taken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) position: Position,
    pub(super) why: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    /// None: nothing but comments.
    pub(super) root: Option<Node>,
    /// Keys that stand twice in one map; the last one counts.
    pub(super) repeated: Vec<(Position, String)>,
}

/// Reads the one document of a text.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, Broken> {
    let text = printable(bytes)?;
    let last = last_line(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| broken(position(error.marker(), last), error.info()))?;
        builder.take(event, position(&span.start, last))?;
    }
    let root = builder.root.filter(|root| root.value != NodeValue::Null);
    Ok(Document { root, repeated: builder.repeated })
}

fn broken(position: Position, why: impl Into<String>) -> Broken {
    Broken { position, why: why.into() }
}

/// A line break at the end begins no line of its own.
fn last_line(text: &str) -> u32 {
    let breaks = text.matches(['\n', '\r']).count() - text.matches("\r\n").count();
    let lines = breaks + usize::from(!text.ends_with(['\n', '\r']) || breaks == 0);
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The parser places what is missing at the end on a line behind the last one, a value (`? `) as well as an end.
fn position(at: &Marker, last: u32) -> Position {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match number(at.line()) {
        line if line > last => Position { line: last, column: 1 },
        line => Position { line, column: number(at.col()).saturating_add(1) },
    }
}

/// The text without a byte order mark. What YAML calls not printable is refused: the parser would end at a NUL.
fn printable(bytes: &[u8]) -> Result<&str, Broken> {
    let at = |before: &str, why: &str| {
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Broken { position: Position { line: number(line), column: number(column) }, why: why.to_owned() }
    };
    let text = str::from_utf8(bytes)
        .map_err(|error| at(&String::from_utf8_lossy(&bytes[..error.valid_up_to()]), "it is not UTF-8 from here on"))?;
    let is_printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    match text.find(|c| !is_printable(c)) {
        Some(end) => Err(at(&text[..end], "a control character stands here")),
        None => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
    }
}

/// What an anchor stands for.
struct Anchored {
    node: Node,
    size: Size,
}

/// How much a node is, with all that is in it.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nodes: usize,
    text: usize,
    height: usize,
}

impl Size {
    fn add(&mut self, inner: Self) {
        self.nodes += inner.nodes;
        self.text += inner.text;
        self.height = self.height.max(inner.height + 1);
    }
}

/// A list or map that has begun and not ended.
struct Open {
    at: Position,
    anchor: usize,
    size: Size,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(Position, String)> },
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    repeated: Vec<(Position, String)>,
    documents: usize,
    total: Size,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: Position) -> Result<(), Broken> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                match self.documents {
                    1 => Ok(()),
                    _ => Err(broken(at, "a second document begins here")),
                }
            }
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor) else {
                    return Err(broken(at, "an alias stands within what it names"));
                };
                // Charged before it is copied.
                let size = anchored.size;
                self.charge(size, at)?;
                let node = Node { position: at, ..self.anchors[&anchor].node.clone() };
                self.put(node, size, at)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || is_core(tag.as_deref(), at)? == Some("str");
                let size = Size { nodes: 1, text: text.len(), height: 0 };
                self.charge(size, at)?;
                let value = match &*text {
                    "" | "~" | "null" | "Null" | "NULL" if !is_text => NodeValue::Null,
                    _ => NodeValue::Scalar(text.into_owned()),
                };
                self.finish(Node { position: at, value }, size, anchor, at)
            }
            Event::SequenceStart(anchor, tag) => self.begin(anchor, tag.as_deref(), at, Content::List(Vec::new())),
            Event::MappingStart(anchor, tag) => {
                self.begin(anchor, tag.as_deref(), at, Content::Map { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
        }
    }

    fn begin(&mut self, anchor: usize, tag: Option<&Tag>, at: Position, content: Content) -> Result<(), Broken> {
        is_core(tag, at)?;
        let size = Size { nodes: 1, text: 0, height: 0 };
        self.charge(size, at)?;
        self.open.push(Open { at, anchor, size, content });
        Ok(())
    }

    fn end(&mut self, at: Position) -> Result<(), Broken> {
        let Some(Open { at: begin, anchor, size, content }) = self.open.pop() else {
            return Err(broken(at, "something ends here that did not begin"));
        };
        let value = match content {
            Content::List(items) => NodeValue::List(items),
            Content::Map { entries, .. } => NodeValue::Map(self.merged(entries)?),
        };
        self.finish(Node { position: begin, value }, size, anchor, begin)
    }

    /// No more than the bounds, whatever is still to come.
    fn charge(&mut self, size: Size, at: Position) -> Result<(), Broken> {
        self.total.nodes += size.nodes;
        self.total.text += size.text;
        if self.total.nodes > YAML_NODES_MAX || self.total.text > YAML_TEXT_BYTES_MAX {
            return Err(broken(at, "that is too much: aliases count as what they stand for"));
        }
        if self.open.len() + size.height >= YAML_DEPTH_MAX {
            return Err(broken(at, format!("it is nested deeper than {YAML_DEPTH_MAX}")));
        }
        Ok(())
    }

    /// A node is whole: an anchor names it, and it goes where it stands.
    fn finish(&mut self, node: Node, size: Size, anchor: usize, at: Position) -> Result<(), Broken> {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size });
        }
        self.put(node, size, at)
    }

    fn put(&mut self, node: Node, size: Size, at: Position) -> Result<(), Broken> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.size.add(size);
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, key } => match key.take() {
                Some((position, key)) => entries.push(Entry { key, position, value: node }),
                None => *key = Some((node.position, key_text(node.value, at)?)),
            },
        }
        Ok(())
    }

    /// What `<<` names is put in where the map does not say otherwise; of a key that stands twice the last one counts.
    fn merged(&mut self, entries: Vec<Entry>) -> Result<Vec<Entry>, Broken> {
        let (merges, own): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.key == "<<");
        let mut merged: Vec<Entry> = Vec::with_capacity(own.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        for entry in own {
            match places.get(&entry.key) {
                Some(place) => {
                    self.repeated.push((entry.position, entry.key.clone()));
                    merged[*place] = entry;
                }
                None => {
                    places.insert(entry.key.clone(), merged.len());
                    merged.push(entry);
                }
            }
        }
        for Entry { position, value, .. } in merges {
            let nodes = match value.value {
                NodeValue::List(nodes) => nodes,
                _ => vec![value],
            };
            for node in nodes {
                let NodeValue::Map(more) = node.value else {
                    return Err(Broken { position, why: "`<<` names no map".to_owned() });
                };
                for entry in more {
                    if !places.contains_key(&entry.key) {
                        places.insert(entry.key.clone(), merged.len());
                        merged.push(entry);
                    }
                }
            }
        }
        Ok(merged)
    }
}

fn key_text(value: NodeValue, at: Position) -> Result<String, Broken> {
    match value {
        NodeValue::Scalar(text) => Ok(text),
        NodeValue::Null => Ok("null".to_owned()),
        NodeValue::List(_) | NodeValue::Map(_) => Err(broken(at, "a key must be a word")),
    }
}

/// The word of a tag of YAML itself (`!!str`); every other tag is refused.
fn is_core(tag: Option<&Tag>, at: Position) -> Result<Option<&str>, Broken> {
    const CORE: [&str; 7] = ["str", "int", "float", "bool", "null", "seq", "map"];
    match tag {
        None => Ok(None),
        Some(tag) if tag.is_yaml_core_schema() && CORE.contains(&tag.suffix.as_str()) => Ok(Some(&tag.suffix)),
        Some(_) => Err(broken(at, "a tag that is not taken stands here: nothing is run or made by a settings file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document in short: maps in braces, lists in brackets, scalars as they are, null as `~`.
    fn short(text: &str) -> String {
        match parse(text.as_bytes()) {
            Ok(document) => document.root.as_ref().map_or_else(String::new, node),
            Err(Broken { position, why }) => format!("{}:{} {why}", position.line, position.column),
        }
    }

    fn node(node_: &Node) -> String {
        match &node_.value {
            NodeValue::Null => "~".to_owned(),
            NodeValue::Scalar(text) => text.clone(),
            NodeValue::List(items) => format!("[{}]", items.iter().map(node).collect::<Vec<_>>().join(" ")),
            NodeValue::Map(entries) => {
                let entries = entries.iter().map(|entry| format!("{}={}", entry.key, node(&entry.value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn a_scalar_is_what_was_written() {
        let text = "a: 03:00\nb: 1.30\nc: off\nd: 'null'\ne: ~\nf:\ng: \"x\\ty\"\nh: !!str null\ni: [1, 0x1F]\n";
        assert_eq!(short(text), "{a=03:00 b=1.30 c=off d=null e=~ f=~ g=x\ty h=null i=[1 0x1F]}");
        let document = parse(text.as_bytes()).expect("YAML");
        let Some(Node { value: NodeValue::Map(entries), .. }) = document.root else { unreachable!("a map") };
        assert_eq!(entries[3].value.value, NodeValue::Scalar("null".to_owned()));
        assert_eq!(entries[1].value.position, Position { line: 2, column: 4 });
        assert_eq!(entries[1].position, Position { line: 2, column: 1 });
    }

    #[test]
    fn json_is_yaml_too_and_nothing_is_nothing() {
        assert_eq!(
            short("{\"auth\": {\"backend\": \"ldap_user\"}, \"debug\":true}"),
            "{auth={backend=ldap_user} debug=true}"
        );
        assert_eq!(short("{\n\t\"debug\":\n\t\ttrue\n}"), "{debug=true}");
        for nothing in ["", "\n# a comment\n", "---\n", "---\n...\n", "\u{feff}", "~"] {
            assert_eq!(parse(nothing.as_bytes()).expect(nothing), Document::default(), "{nothing:?}");
        }
    }

    #[test]
    fn aliases_and_merge_keys_stand_for_what_they_name() {
        assert_eq!(short("a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n"), "{a={p=1 q=2} b={p=1 q=2} c={q=3 p=1}}");
        assert!(short("a: &x [*x]").contains("within what it names"), "{}", short("a: &x [*x]"));
    }

    #[test]
    fn a_billion_laughs_are_no_memory() {
        let mut text = "l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for level in 1..10 {
            let inner = vec![format!("*l{}", level - 1); 9].join(", ");
            text.push_str(&format!("l{level}: &l{level} [{inner}]\n"));
        }
        assert!(short(&text).contains("too much"), "{}", short(&text));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(900_000), vec!["*a"; 100].join(", "));
        assert!(short(&long).contains("too much"), "{}", short(&long));
        assert!(short(&"[".repeat(100)).contains("nested deeper"), "{}", short(&"[".repeat(100)));
        let deep = format!("a: &a {}{}\nb: {}*a{}\n", "[".repeat(20), "]".repeat(20), "[".repeat(20), "]".repeat(20));
        assert!(short(&deep).contains("nested deeper"), "{}", short(&deep));
    }

    #[test]
    fn tags_run_nothing_and_what_cannot_be_read_is_placed() {
        for (text, begin) in [
            ("a: 1\nb: !exec ls\n", "2:"),
            ("a: !!python/object/apply:os.system [ls]", "1:"),
            ("a: 1\n---\nb: 2\n", "2:"),
            ("auth:\n  backend: x\n bad\n", "3:"),
            ("a: 1\nb: \u{0}\n", "2:4 a control character"),
            ("? [a]\n: b\n", "1:"),
            ("a: {<<: 3}", "1:"),
            ("a: *unknown", "1:"),
        ] {
            assert!(short(text).starts_with(begin), "{text:?}: {}", short(text));
        }
        let latin = parse(b"a: 1\nb: \xe9\n").expect_err("no UTF-8");
        assert_eq!(latin.position, Position { line: 2, column: 4 });
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_in_a_file_is_read_or_refused(
            parts in proptest::collection::vec(proptest::sample::select(FRAGMENTS.to_vec()), 0..40)
        ) {
            let text = parts.concat();
            let lines = text.matches(['\n', '\r']).count() + 1;
            match parse(text.as_bytes()) {
                Err(broken) => proptest::prop_assert!(broken.position.line as usize <= lines),
                Ok(document) => proptest::prop_assert!(document.root.iter().all(|root| deepest_line(root) as usize <= lines)),
            }
        }
    }

    fn deepest_line(node: &Node) -> u32 {
        let within = match &node.value {
            NodeValue::Null | NodeValue::Scalar(_) => 0,
            NodeValue::List(nodes) => nodes.iter().map(deepest_line).max().unwrap_or_default(),
            NodeValue::Map(entries) => entries
                .iter()
                .map(|entry| entry.position.line.max(deepest_line(&entry.value)))
                .max()
                .unwrap_or_default(),
        };
        node.position.line.max(within)
    }

    #[test]
    fn a_value_that_is_missing_at_the_end_stands_on_the_last_line() {
        let document = parse(b"? ").expect("YAML");
        assert_eq!(document.root.as_ref().map(deepest_line), Some(1));
        let document = parse(b"a:\n- b:\n\n").expect("YAML");
        assert!(document.root.as_ref().map(deepest_line) <= Some(3));
    }

    const FRAGMENTS: [&str; 40] = [
        "a",
        "b: ",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "&x ",
        "*x",
        "<<: ",
        "!!str ",
        "!t ",
        "'",
        "\"",
        "\\",
        "|\n",
        ">-\n",
        "# c",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! a:\n",
        "~",
        "\t",
        "\r\n",
        "\u{85}",
        "\u{feff}",
        "é",
        "\\x4",
        "1",
        "@",
        "`",
        "!",
    ];

    #[test]
    fn of_a_key_that_stands_twice_the_last_one_counts() {
        let document = parse(b"a: 1\nb: 2\na: 3\n").expect("YAML");
        assert_eq!(document.root.as_ref().map(node).as_deref(), Some("{a=3 b=2}"));
        assert_eq!(document.repeated, [(Position { line: 3, column: 1 }, "a".to_owned())]);
    }
}
