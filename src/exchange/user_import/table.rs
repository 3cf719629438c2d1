//! From the bytes of a table of users to one draft a line: what its cells say, each in its type, and what is wrong with
//! them whatever the configuration may be. Cells may stand in wrong columns, a password among the names: `told` decides which
//! cells of a bad line are told.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::column::{self, CellMeaning, Column};
use super::told::{CellOrder, ReadLine, SecretPlaces, ToldCells};
use crate::exchange::csv::{CsvTable, RecordFault, Row, RowFault, TableFault};
use crate::exchange::text_encoding::{NotText, TextEncoding, decode};
use crate::settings::count::{count, listed};
use crate::settings::id::UserUuid;
use crate::settings::name::{Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber};
use crate::settings::password::Password;
use crate::settings::phone_number::{PhoneNumber, plain_cell};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

/// A hundred thousand users as XiVO writes them are some 20 MB.
pub(crate) const USER_TABLE_BYTES_MAX: u64 = 32 * 1024 * 1024;
const USER_TABLE_LINES_MAX: usize = 100_000;
/// The longest text of a first line that is taken for a name.
const COLUMN_NAME_CHARACTERS: usize = 64;

/// A table that cannot be read as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UserTableError {
    #[error("it has more than {} MiB, the limit of a table of users", USER_TABLE_BYTES_MAX / (1024 * 1024))]
    TooLong,
    #[error("it has {0} lines; the limit of a table of users is {USER_TABLE_LINES_MAX}")]
    TooManyLines(usize),
    #[error(transparent)]
    NotText(#[from] NotText),
    #[error(transparent)]
    NoTable(#[from] TableFault),
    #[error("it is empty")]
    Empty,
    #[error("its first line names no column `{wanted}`{}", named_words(named, *others))]
    NoColumn {
        wanted: &'static str,
        /// What it has that is known. What is not may be a password, in a table without a first line.
        named: Vec<String>,
        /// How many columns more it has.
        others: usize,
    },
    #[error("its first line names the column `{0}` twice")]
    Twice(&'static str),
}

/// A table whose first line named its columns.
#[derive(Debug)]
pub(crate) struct UserTable {
    /// Columns that XiVO had and ctibox has no use for.
    pub(crate) not_used: Vec<String>,
    /// Columns that nobody knows; what does not look like a name stands as its place.
    pub(crate) unknown: Vec<String>,
    /// The encoding, if it was guessed.
    pub(crate) guessed: Option<TextEncoding>,
    /// Those that it has.
    pub(super) columns: BTreeSet<Column>,
    pub(super) drafts: Vec<Draft>,
}

/// What one line says. Where a cell is not as it must be, its field is None and `reasons` tells.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) line: u64,
    /// As they were written, for words to people.
    pub(super) login_text: String,
    pub(super) full_name: String,
    pub(super) uuid: Option<UserUuid>,
    pub(super) login: Option<Login>,
    pub(super) first_name: Option<FirstName>,
    pub(super) last_name: Option<LastName>,
    pub(super) email: Option<EmailAddress>,
    pub(super) mobile: Option<MobileNumber>,
    pub(super) password: Option<Password>,
    pub(super) is_enabled: Option<bool>,
    pub(super) profile: Option<String>,
    pub(super) extension_text: String,
    pub(super) extension: Option<Extension>,
    pub(super) context: Option<String>,
    pub(super) telephone: Telephone,
    pub(super) mailbox_text: String,
    pub(super) mailbox: Option<Mailbox>,
    /// The line's own context if the column is empty.
    pub(super) mailbox_context: Option<String>,
    pub(super) reasons: Vec<Refusal>,
    pub(super) told: ToldCells,
}

impl Draft {
    /// The reasons with what stands in the cells, as far as that may be told.
    pub(super) fn with_cells(&self, reasons: Vec<Refusal>) -> Vec<Refusal> {
        // Where nothing else is wrong with the line and each password stands in its column, its cells are in order.
        let are_names_told = self.told.is_in_order || reasons.iter().all(names_nothing);
        let with_cell = |mut reason: Refusal| {
            let RuleTarget::Column(column) = reason.on else { return reason };
            if let Violation::NamesNothing { name, .. } = &mut *reason.problem {
                let mut cells = self.told.naming.iter().filter(|_| are_names_told);
                *name = cells.find(|(naming, _)| *naming == column).map(|(_, text)| text.clone());
                return reason;
            }
            match self.told.bad_cells.iter().find(|bad| bad.column == column) {
                Some(bad) if bad.problem.without_text() == *reason.problem => {
                    let on = RuleTarget::Cell { column, text: bad.text.clone() };
                    Refusal::new(reason.rule, on, bad.problem.clone())
                }
                _ => reason,
            }
        };
        reasons.into_iter().map(with_cell).collect()
    }

    /// Where the voicemail box is, and the column that says it.
    pub(super) fn mailbox_context(&self) -> Option<(Column, &str)> {
        let own = self.mailbox_context.as_deref().map(|name| (Column::MailboxContext, name));
        own.or_else(|| self.context.as_deref().map(|name| (Column::Context, name)))
    }

    /// Rule U4: what the line wants that nobody has without a login.
    pub(super) fn without_login(&self, has_login: bool) -> Vec<Refusal> {
        if has_login {
            return Vec::new();
        }
        let mut refusals = Vec::new();
        if self.password.is_some() {
            refusals.push(Refusal::new(Rule::U4, TargetKind::Password, Violation::NeedsLogin));
        }
        if self.is_enabled == Some(true) {
            refusals.push(of_column(Rule::U4, Column::IsEnabled, Violation::EnabledCellWithoutLogin));
        }
        refusals
    }
}

/// What rings, as a line says it.
#[derive(Debug)]
pub(super) struct Telephone {
    protocol: Option<Protocol>,
    name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Sip,
    Sccp,
    /// The name is the whole device, as in `DAHDI/4`.
    Custom,
}

impl Telephone {
    /// Whether the line leaves it open.
    pub(super) fn is_unsaid(&self) -> bool {
        self.protocol.is_none() && self.name.is_none()
    }

    /// Its name is the extension unless the line gives it another.
    pub(super) fn device(&self, extension: &Extension) -> Result<Device, Refusal> {
        let name = self.name.as_deref().unwrap_or(extension.as_str());
        let device = match self.protocol {
            None | Some(Protocol::Sip) => Device::parse(&format!("PJSIP/{name}")),
            Some(Protocol::Sccp) => Device::parse(&format!("SCCP/{extension}")),
            Some(Protocol::Custom) => Device::parse(name),
        };
        device.map_err(|refusal| without_cell(Column::SipName, &refusal))
    }

    /// The cells for `line_protocol` and `sip_username` that `device` makes this device of.
    pub(super) fn cells(device: &Device, extension: &Extension) -> (&'static str, String) {
        match device.as_str().split_once('/') {
            Some(("PJSIP", name)) => ("sip", name.to_owned()),
            Some(("SCCP", name)) if name == extension.as_str() => ("sccp", String::new()),
            _ => ("custom", device.to_string()),
        }
    }
}

impl UserTable {
    /// In the encoding that is `stated`, or that the bytes have; with any sign between the cells that programs write.
    pub(crate) fn read(bytes: &[u8], stated: Option<TextEncoding>) -> Result<Self, UserTableError> {
        if bytes.len() as u64 > USER_TABLE_BYTES_MAX {
            return Err(UserTableError::TooLong);
        }
        let decoded = decode(bytes, stated)?;
        let table = CsvTable::read(&decoded.text, usize::MAX, |name| column::meaning(name).is_some())?;
        if table.columns.iter().all(String::is_empty) {
            return Err(UserTableError::Empty);
        }
        let (mut columns, mut not_used, mut unknown) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let mut secrets = SecretPlaces::default();
        // What XiVO calls a column goes before what others do.
        let mut aliases = Vec::new();
        for (at, name) in table.columns.iter().enumerate() {
            match column::meaning(name) {
                Some(CellMeaning::Taken(column)) if columns.insert(column, at).is_some() => {
                    return Err(UserTableError::Twice(column::name(column)));
                }
                Some(CellMeaning::Taken(_)) => {}
                Some(CellMeaning::Alias(column)) => aliases.push((column, at)),
                Some(CellMeaning::NotUsed) => drop(not_used.insert(name.clone())),
                Some(CellMeaning::NotUsedSecret) => {
                    secrets.known.push(at);
                    not_used.insert(name.clone());
                }
                None => {
                    secrets.possible.extend((!name.is_empty()).then_some(at));
                    unknown.insert(shown_name(name, at));
                }
            }
        }
        for (column, at) in aliases {
            match columns.entry(column) {
                Entry::Vacant(entry) => drop(entry.insert(at)),
                Entry::Occupied(_) => drop(unknown.insert(table.columns[at].clone())),
            }
        }
        // Without one of these it is no table of users, and its first line may be one of passwords.
        if ![Column::FirstName, Column::Uuid].iter().any(|column| columns.contains_key(column)) {
            let mut places: Vec<usize> = columns.values().copied().collect();
            places.sort_unstable();
            let named: Vec<String> = places.iter().map(|at| table.columns[*at].clone()).chain(not_used).collect();
            let others = table.columns.iter().filter(|name| !name.is_empty()).count().saturating_sub(named.len());
            return Err(UserTableError::NoColumn { wanted: column::name(Column::FirstName), named, others });
        }
        let has_passwords = columns.contains_key(&Column::Password);
        if has_passwords {
            secrets.possible.clear();
        }
        let has_secrets = has_passwords || !unknown.is_empty() || !secrets.known.is_empty();
        let drafts: Vec<Draft> = table
            .map(|row| {
                let order = match row.is_short {
                    true => CellOrder::CutShort,
                    false if has_secrets => CellOrder::Whole,
                    false => CellOrder::Certain,
                };
                draft(row, order, &columns, &secrets)
            })
            .collect();
        if drafts.len() > USER_TABLE_LINES_MAX {
            return Err(UserTableError::TooManyLines(drafts.len()));
        }
        let sorted = |names: BTreeSet<String>| names.into_iter().filter(|name| !name.is_empty()).collect();
        let (not_used, unknown) = (sorted(not_used), sorted(unknown));
        Ok(Self { not_used, unknown, guessed: decoded.guessed, columns: columns.into_keys().collect(), drafts })
    }

    /// The columns that an import takes, by their newer names.
    pub(crate) fn column_names() -> impl Iterator<Item = &'static str> {
        column::names()
    }

    /// Whether it names no user.
    pub(crate) fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }
}

/// The cells of one line by their columns.
struct CellReader<'a> {
    cells: &'a [String],
    columns: &'a BTreeMap<Column, usize>,
    secrets: &'a SecretPlaces,
    reasons: Vec<Refusal>,
    /// Those that are not as their columns want them, and why.
    bad_cells: Vec<(Column, Violation)>,
}

impl<'a> CellReader<'a> {
    /// As it stands there; a missing column is as good as an empty cell.
    fn whole(&self, column: Column) -> &'a str {
        self.columns.get(&column).and_then(|at| self.cells.get(*at)).map_or("", String::as_str)
    }

    /// None if it is empty.
    fn text(&self, column: Column) -> Option<&'a str> {
        Some(self.whole(column).trim()).filter(|text| !text.is_empty())
    }

    /// A refusal is told without the cell.
    fn take<T>(&mut self, column: Column, outcome: Result<T, Refusal>) -> Option<T> {
        let note = |refusal: Refusal| {
            self.reasons.push(without_cell(column, &refusal));
            self.bad_cells.push((column, *refusal.problem));
        };
        outcome.map_err(note).ok()
    }

    /// Parsed if it is not empty.
    fn parsed<T>(&mut self, column: Column, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Option<T> {
        let text = self.text(column)?;
        self.take(column, parse(text))
    }

    /// A number that a spreadsheet may have had in its hands, parsed if it is not empty.
    fn number<T>(&mut self, column: Column, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Option<T> {
        let text = plain_cell(self.text(column)?);
        self.take(column, parse(&text))
    }

    fn read(mut self, line: u64, order: CellOrder) -> Draft {
        let login_text = self.text(Column::Login).unwrap_or_default().to_owned();
        let names = [Column::FirstName, Column::LastName].map(|column| self.text(column).unwrap_or_default());
        // In the order in which a person reads a line: it is that of the reasons.
        let uuid = self.parsed(Column::Uuid, uuid);
        let login = self.parsed(Column::Login, Login::parse);
        let has_first_name = self.columns.contains_key(&Column::FirstName);
        let first_name = has_first_name.then(|| self.take(Column::FirstName, FirstName::parse(names[0]))).flatten();
        let last_name = self.take(Column::LastName, LastName::parse(names[1]));
        let email = self.parsed(Column::Email, EmailAddress::parse);
        let mobile = self.parsed(Column::Mobile, |text| {
            PhoneNumber::parse(text).and_then(|number| MobileNumber::parse(number.as_str()))
        });
        let password = self.password();
        let is_enabled = self.number(Column::IsEnabled, is_enabled);
        let extension = self.number(Column::Extension, Extension::parse);
        let protocol = self.parsed(Column::Protocol, protocol);
        let telephone = Telephone { protocol, name: self.text(Column::SipName).map(ToOwned::to_owned) };
        let mailbox = self.number(Column::Mailbox, Mailbox::parse);
        let [extension_text, mailbox_text] =
            [Column::Extension, Column::Mailbox].map(|column| self.text(column).unwrap_or_default().to_owned());
        let [profile, context, mailbox_context] = [Column::Profile, Column::Context, Column::MailboxContext]
            .map(|column| self.text(column).map(ToOwned::to_owned));
        let read = ReadLine {
            cells: self.cells,
            columns: self.columns,
            secrets: self.secrets,
            order,
            has_password: password.is_some(),
            bad_cells: &self.bad_cells,
        };
        let told = read.told();
        Draft {
            line,
            full_name: names.join(" ").trim().to_owned(),
            login_text,
            uuid,
            login,
            first_name,
            last_name,
            email,
            mobile,
            password,
            is_enabled,
            profile,
            extension_text,
            extension,
            context,
            telephone,
            mailbox_text,
            mailbox,
            mailbox_context,
            reasons: self.reasons,
            told,
        }
    }

    /// For a line whose cells cannot be told apart.
    fn read_nothing(self, line: u64) -> Draft {
        Draft { reasons: Vec::new(), ..self.read(line, CellOrder::CutShort) }
    }

    /// Blanks around it belong to it.
    fn password(&mut self) -> Option<Password> {
        match self.whole(Column::Password) {
            "" => None,
            text => Password::parse(text).map_err(|refusal| self.reasons.push(refusal)).ok(),
        }
    }
}

/// About a cell that is not to be told.
pub(super) fn of_column(rule: Rule, column: Column, problem: Violation) -> Refusal {
    Refusal::new(rule, RuleTarget::Column(column::name(column)), problem)
}

/// Whether a cell is not as its column wants it, so that others of its line may stand in wrong columns too.
pub(super) fn is_of_column(refusal: &Refusal) -> bool {
    matches!(refusal.on, RuleTarget::Column(_) | RuleTarget::Cell { .. }) && !names_nothing(refusal)
}

/// `; it names lastname, email and 2 more that are not known`
fn named_words(named: &[String], others: usize) -> String {
    match (named, others) {
        ([], 0) => String::new(),
        ([], 1) => "; its one cell is not the name of a column".to_owned(),
        ([], others) => format!("; none of its {} is the name of a column", count(others, "cell")),
        (named, 0) => format!("; it names {}", listed(named)),
        (named, others) => format!("; it names {} and {others} more that nobody knows", listed(named)),
    }
}

/// A first line that swallowed others by a quote has more than names in it.
fn shown_name(name: &str, at: usize) -> String {
    let is_name = name.chars().count() <= COLUMN_NAME_CHARACTERS && !name.chars().any(char::is_control);
    if is_name { name.to_owned() } else { format!("column {}", at + 1) }
}

fn draft(row: Row, order: CellOrder, columns: &BTreeMap<Column, usize>, secrets: &SecretPlaces) -> Draft {
    let (cells, fault) = match row.cells {
        Ok(cells) => (cells, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let reader = CellReader { cells: &cells, columns, secrets, reasons: Vec::new(), bad_cells: Vec::new() };
    match fault {
        None => reader.read(row.line, order),
        Some(fault) => {
            let mut draft = reader.read_nothing(row.line);
            let problem = match fault {
                RowFault::Record(RecordFault::OpenQuote) => Violation::OpenQuote,
                RowFault::Record(RecordFault::BareReturn) => Violation::BareReturn,
                RowFault::TooManyCells { cells, columns } => Violation::TooManyCells { cells, columns },
            };
            draft.reasons.push(Refusal::new(Rule::D1, TargetKind::TheLine, problem));
            draft
        }
    }
}

fn uuid(text: &str) -> Result<UserUuid, Refusal> {
    UserUuid::parse(text)
        .ok_or_else(|| Refusal::new(Rule::U1, RuleTarget::text(TargetKind::Uuid, text), Violation::NoUuid))
}

fn protocol(text: &str) -> Result<Protocol, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "sip" | "pjsip" | "webrtc" => Ok(Protocol::Sip),
        "sccp" => Ok(Protocol::Sccp),
        "custom" => Ok(Protocol::Custom),
        _ => {
            let form = Violation::must_be("`sip`, `webrtc`, `sccp`, `custom` or empty");
            Err(of_column(Rule::D1, Column::Protocol, form))
        }
    }
}

fn is_enabled(text: &str) -> Result<bool, Refusal> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(of_column(Rule::D1, Column::IsEnabled, Violation::must_be("0, 1 or empty"))),
    }
}

/// Whether a cell has the form that its column wants, and names what does not exist.
fn names_nothing(refusal: &Refusal) -> bool {
    matches!(*refusal.problem, Violation::NamesNothing { .. })
}

/// What the cell must be, and nothing of what it is.
fn without_cell(column: Column, refusal: &Refusal) -> Refusal {
    of_column(refusal.rule, column, refusal.problem.without_text())
}
