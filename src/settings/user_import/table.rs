//! From the bytes of a table of users to one draft a line: what its cells say, each in its type, and what is wrong with
//! them whatever the configuration may be. No message repeats the first line or a password, and no draft prints one.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{self, Column, Meaning};
use crate::settings::csv::{self, OpenQuote};
use crate::settings::id::UserUuid;
use crate::settings::name::{Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber};
use crate::settings::password::Password;
use crate::settings::rule::{Refusal, Rule, count};

/// A hundred thousand users as XiVO writes them are some 20 MB.
pub(crate) const USER_TABLE_BYTES_MAX: u64 = 32 * 1024 * 1024;
const USER_TABLE_LINES_MAX: usize = 100_000;

/// A table that cannot be read as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UserTableError {
    #[error("it has more than {} MiB, the limit of a table of users", USER_TABLE_BYTES_MAX / (1024 * 1024))]
    TooLong,
    #[error("it has {0} lines; the limit of a table of users is {USER_TABLE_LINES_MAX}")]
    TooManyLines(usize),
    #[error("it is not UTF-8 text: see line {0}")]
    NotText(usize),
    #[error("its first line opens a quote and does not close it")]
    OpenQuote,
    #[error("its first line names no column `{0}`")]
    NoColumn(&'static str),
    #[error("its first line names the column `{0}` twice")]
    Twice(&'static str),
}

/// A table whose first line named its columns.
#[derive(Debug)]
pub(crate) struct UserTable {
    /// Columns that XiVO had and ctibox has no use for.
    pub(crate) not_used: Vec<String>,
    /// Columns that nobody knows.
    pub(crate) unknown: Vec<String>,
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
    pub(super) is_enabled: bool,
    pub(super) profile: Option<String>,
    pub(super) extension: Option<Extension>,
    pub(super) context: Option<String>,
    pub(super) device: Option<Device>,
    pub(super) mailbox: Option<Mailbox>,
    /// The line's own context if the column is empty.
    pub(super) mailbox_context: Option<String>,
    pub(super) reasons: Vec<Refusal>,
}

impl UserTable {
    /// Comma, `|` as before 15.20 or `;` as spreadsheets of some countries write it between the cells: the first line
    /// decides.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, UserTableError> {
        if bytes.len() as u64 > USER_TABLE_BYTES_MAX {
            return Err(UserTableError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            UserTableError::NotText(before.iter().filter(|byte| **byte == b'\n').count() + 1)
        })?;
        let mut records = csv::read_separated(text, separator(text)).into_iter();
        if records.len() > USER_TABLE_LINES_MAX + 1 {
            return Err(UserTableError::TooManyLines(records.len() - 1));
        }
        let names = match records.next().map(|header| header.cells) {
            Some(cells) => cells.map_err(|OpenQuote| UserTableError::OpenQuote)?,
            None => Vec::new(),
        };
        let (mut columns, mut not_used, mut unknown) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for (at, name) in names.iter().enumerate() {
            match column::meaning(name) {
                Some(Meaning::Taken(column)) if columns.insert(column, at).is_some() => {
                    return Err(UserTableError::Twice(column::name(column)));
                }
                Some(Meaning::Taken(_)) => {}
                Some(Meaning::NotUsed) => drop(not_used.insert(name.trim().to_owned())),
                None => drop(unknown.insert(name.trim().to_owned())),
            }
        }
        // Without these it is no table of users, and its first line may be one of passwords.
        for column in [Column::FirstName, Column::Login] {
            if !columns.contains_key(&column) {
                return Err(UserTableError::NoColumn(column::name(column)));
            }
        }
        let drafts = records.map(|record| draft(record.line, record.cells, names.len(), &columns)).collect();
        let sorted = |names: BTreeSet<String>| names.into_iter().filter(|name| !name.is_empty()).collect();
        Ok(Self { not_used: sorted(not_used), unknown: sorted(unknown), drafts })
    }
}

/// The first of them that the first line has.
fn separator(text: &str) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [',', '|', ';'].into_iter().find(|sign| header.contains(*sign)).unwrap_or(',')
}

fn draft(line: u64, cells: Result<Vec<String>, OpenQuote>, names: usize, columns: &BTreeMap<Column, usize>) -> Draft {
    let (cells, fault) = match cells {
        Ok(cells) if cells.len() == names => (cells, None),
        Ok(cells) => (
            Vec::new(),
            Some(format!("has {}; the first line names {}", count(cells.len(), "cell"), count(names, "column"))),
        ),
        Err(OpenQuote) => (Vec::new(), Some("opens a quote and does not close it".to_owned())),
    };
    let reader = CellReader { cells: &cells, columns, reasons: Vec::new() };
    if let Some(fault) = fault {
        let mut draft = reader.read_nothing(line);
        draft.reasons.push(Refusal::new(Rule::D1, "the line", fault));
        return draft;
    }
    reader.read(line)
}

/// The cells of one line by their columns.
struct CellReader<'a> {
    cells: &'a [String],
    columns: &'a BTreeMap<Column, usize>,
    reasons: Vec<Refusal>,
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

    fn take<T>(&mut self, outcome: Result<T, Refusal>) -> Option<T> {
        outcome.map_err(|refusal| self.reasons.push(refusal)).ok()
    }

    /// Parsed if it is not empty.
    fn parsed<T>(&mut self, column: Column, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Option<T> {
        let text = self.text(column)?;
        self.take(parse(text))
    }

    fn read(mut self, line: u64) -> Draft {
        let login_text = self.text(Column::Login).unwrap_or_default().to_owned();
        let names = [Column::FirstName, Column::LastName].map(|column| self.text(column).unwrap_or_default());
        // In the order in which a person reads a line: it is that of the reasons.
        let uuid = self.parsed(Column::Uuid, uuid);
        let login = self.take(Login::parse(&login_text));
        let first_name = self.take(FirstName::parse(names[0]));
        let last_name = self.take(LastName::parse(names[1]));
        let email = self.parsed(Column::Email, EmailAddress::parse);
        let mobile = self.parsed(Column::Mobile, MobileNumber::parse);
        let password = self.password();
        let is_enabled = self.parsed(Column::IsEnabled, is_enabled).unwrap_or_default();
        let extension = self.parsed(Column::Extension, Extension::parse);
        let device = extension.as_ref().and_then(|extension| self.device(extension));
        let mailbox = self.parsed(Column::Mailbox, Mailbox::parse);
        let [profile, context, mailbox_context] = [Column::Profile, Column::Context, Column::MailboxContext]
            .map(|column| self.text(column).map(ToOwned::to_owned));
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
            extension,
            context,
            device,
            mailbox,
            mailbox_context,
            reasons: self.reasons,
        }
    }

    /// For a line whose cells cannot be told apart.
    fn read_nothing(self, line: u64) -> Draft {
        Draft { reasons: Vec::new(), ..self.read(line) }
    }

    /// Blanks around it belong to it.
    fn password(&mut self) -> Option<Password> {
        match self.whole(Column::Password) {
            "" => None,
            text => self.take(Password::parse(text)),
        }
    }

    /// The telephone of the line: its name is the extension unless the file gives it another.
    fn device(&mut self, extension: &Extension) -> Option<Device> {
        let name = self.text(Column::SipName).unwrap_or(extension.as_str());
        let device = match self.text(Column::Protocol).map(str::to_ascii_lowercase).as_deref() {
            None | Some("sip" | "pjsip" | "webrtc") => Device::parse(&format!("PJSIP/{name}")),
            Some("sccp") => Device::parse(&format!("SCCP/{extension}")),
            Some(_) => Err(of_column(Column::Protocol, "must be `sip`, `webrtc`, `sccp` or empty")),
        };
        self.take(device)
    }
}

fn uuid(text: &str) -> Result<UserUuid, Refusal> {
    UserUuid::parse(text).ok_or_else(|| Refusal::new(Rule::U1, format!("uuid {text:?}"), "is not a UUID"))
}

fn is_enabled(text: &str) -> Result<bool, Refusal> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(of_column(Column::IsEnabled, "must be 0, 1 or empty")),
    }
}

fn of_column(column: Column, message: &str) -> Refusal {
    Refusal::new(Rule::D1, format!("column {}", column::name(column)), message)
}
