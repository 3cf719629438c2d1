//! What a refusal or finding is about, as data: an object by kind and name, a setting, a text that was to become
//! something, a part of a file. Texts are made of it at the rim by `Display`; hints take the names out of it, and what
//! is compared is what people would read.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::table::Kind;
use super::target_kind::TargetKind;

/// A longer text is cut where it is quoted.
const QUOTED_CHARACTERS: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RuleTarget {
    Object(ObjectName),
    /// By its key.
    Setting(&'static str),
    /// A text that is none of what it was to be: `login "b"`.
    Text {
        what: TargetKind,
        text: String,
    },
    /// The same without quotes: `xlet number 1000`.
    Shown {
        what: TargetKind,
        shown: String,
    },
    /// What has no name, or one that is not told: `password`, `the console`.
    Thing(TargetKind),
    /// Of a table, by its name; what stands in the cell is not told.
    Column(&'static str),
    /// And what stands in the cell: it can be no secret in a wrong column.
    Cell {
        column: &'static str,
        text: String,
    },
    /// A place in a document: `users[3] "bob"`.
    Place(String),
    /// A part of such a place.
    Within {
        place: Box<RuleTarget>,
        part: Box<RuleTarget>,
    },
    OnLine {
        line: u64,
        part: Box<RuleTarget>,
    },
}

impl RuleTarget {
    pub(crate) fn text(what: TargetKind, text: &str) -> Self {
        Self::Text { what, text: text.to_owned() }
    }

    pub(crate) fn shown(what: TargetKind, shown: impl fmt::Display) -> Self {
        Self::Shown { what, shown: shown.to_string() }
    }

    pub(crate) fn within(place: &Self, part: impl Into<Self>) -> Self {
        Self::Within { place: Box::new(place.clone()), part: Box::new(part.into()) }
    }

    /// What it was to be, without saying what it is.
    pub(crate) fn without_text(self) -> Self {
        match self {
            Self::Text { what, .. } => Self::Thing(what),
            other => other,
        }
    }

    /// Without the places around it.
    pub(crate) fn innermost(&self) -> &Self {
        match self {
            Self::Within { part, .. } | Self::OnLine { part, .. } => part.innermost(),
            other => other,
        }
    }

    /// The object that it names.
    pub(crate) fn object(&self) -> Option<&ObjectName> {
        match self.innermost() {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn kind(&self) -> Option<Kind> {
        self.object().map(|object| object.kind)
    }

    /// What the text was to be, of a text.
    pub(crate) fn what(&self) -> Option<TargetKind> {
        match self.innermost() {
            Self::Text { what, .. } | Self::Shown { what, .. } | Self::Thing(what) => Some(*what),
            Self::Object(_) | Self::Setting(_) | Self::Column(_) | Self::Cell { .. } | Self::Place(_) => None,
            Self::Within { .. } | Self::OnLine { .. } => None,
        }
    }
}

impl From<ObjectName> for RuleTarget {
    fn from(name: ObjectName) -> Self {
        Self::Object(name)
    }
}

impl From<TargetKind> for RuleTarget {
    fn from(thing: TargetKind) -> Self {
        Self::Thing(thing)
    }
}

impl fmt::Display for RuleTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(name) => name.fmt(out),
            Self::Setting(key) => write!(out, "setting {key}"),
            // What is empty has nothing to be quoted, and what is long says less than the reason behind it.
            Self::Text { what, text } if text.is_empty() => what.fmt(out),
            Self::Text { what, text } => write!(out, "{what} {}", quoted(text)),
            Self::Shown { what, shown } => write!(out, "{what} {shown}"),
            Self::Thing(thing) => thing.fmt(out),
            Self::Column(name) => write!(out, "column {name}"),
            Self::Cell { column, text } if text.is_empty() => write!(out, "column {column}"),
            Self::Cell { column, text } => write!(out, "column {column} {}", quoted(text)),
            Self::Place(place) => out.write_str(place),
            Self::Within { place, part } => write!(out, "{place}: {part}"),
            Self::OnLine { line, part } => write!(out, "line {line} of the file, {part}"),
        }
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS) {
        Some((end, _)) => format!("{:?}", format!("{}…", &text[..end])),
        None => format!("{text:?}"),
    }
}

/// What people call an object: `presence "away" in group "xivo"`, `line "1001@default"`. Two are the same if people read
/// the same, be they other objects by id.
#[derive(Debug, Clone)]
pub(crate) struct ObjectName {
    pub(crate) kind: Kind,
    /// None: it is not there yet, or not any more.
    pub(crate) id: Option<i64>,
    pub(crate) naming: Naming,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Naming {
    /// `"sales"`
    Name(String),
    /// `"away" in group "xivo"`
    InGroup { name: String, group: String },
    /// `"1001@default"`
    InContext { number: String, context: String },
    /// `12 "Ann Lee"`: no name tells it apart.
    Numbered { id: i64, name: String },
    /// `"+49" at place 2`: it stands in an order. That it stands elsewhere makes no other one of it.
    Placed { name: String, place: usize },
    /// `with id 12`: nobody knows its name any more.
    Id(i64),
}

impl ObjectName {
    pub(crate) fn named(kind: Kind, id: Option<i64>, name: impl fmt::Display) -> Self {
        Self { kind, id, naming: Naming::Name(name.to_string()) }
    }

    /// The name alone: `away`, `1001@default`; none of what only its number tells apart.
    pub(crate) fn name(&self) -> Option<String> {
        match &self.naming {
            Naming::Name(name)
            | Naming::InGroup { name, .. }
            | Naming::Numbered { name, .. }
            | Naming::Placed { name, .. } => Some(name.clone()),
            Naming::InContext { number, context } => Some(format!("{number}@{context}")),
            Naming::Id(_) => None,
        }
    }

    pub(crate) fn by_id(kind: Kind, id: i64) -> Self {
        Self { kind, id: Some(id), naming: Naming::Id(id) }
    }
}

impl PartialEq for ObjectName {
    fn eq(&self, other: &Self) -> bool {
        match (&self.naming, &other.naming) {
            (Naming::Placed { name, .. }, Naming::Placed { name: other_name, .. }) => {
                (self.kind, self.id, name) == (other.kind, other.id, other_name)
            }
            (naming, other_naming) => (self.kind, naming) == (other.kind, other_naming),
        }
    }
}

impl Eq for ObjectName {}

impl Hash for ObjectName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.naming {
            Naming::Placed { name, .. } => (self.kind, name).hash(state),
            naming => (self.kind, naming).hash(state),
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.naming) {
            (Kind::Voicemail, Naming::InContext { .. }) => out.write_str("voicemail box ")?,
            (kind, _) => write!(out, "{kind} ")?,
        }
        match &self.naming {
            Naming::Name(name) => write!(out, "\"{name}\""),
            Naming::InGroup { name, group } => write!(out, "\"{name}\" in group \"{group}\""),
            Naming::InContext { number, context } => write!(out, "\"{number}@{context}\""),
            Naming::Numbered { id, name } => write!(out, "{id} \"{name}\""),
            Naming::Placed { name, place } => write!(out, "\"{name}\" at place {place}"),
            Naming::Id(id) => write!(out, "with id {id}"),
        }
    }
}
