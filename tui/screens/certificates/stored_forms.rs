//! The forms that add a pair from files, make one, and make a request for one; and the request, to be copied. Their work on
//! files is done before the settings are saved, which stay as they are.

use std::path::PathBuf;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::certificate::{
    self, CertificateStore, DAYS_MAX, Occupied, PairBytes, PairName, PairPaths, SignedBy, VALIDITY_DAYS, read,
};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::command_line::{SameCommand, certificate_add, certificate_create, certificate_request};
use crate::tui::commands::Command;
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::entry::{Entry, Field};

use super::form::field_of_file;

/// By its whole path: the settings name it so.
pub(super) fn store(app: &App) -> CertificateStore {
    CertificateStore::of(&std::path::absolute(&app.folder).unwrap_or_else(|_| app.folder.clone()))
}

fn refusal(on: TargetKind, words: impl ToString) -> Refusal {
    Refusal::new(Rule::G2, on, Violation::NotDone { words: words.to_string() })
}

fn pair_name(fields: &Fields) -> Result<PairName, Fault> {
    fields.parse("name", |text| text.trim().parse().map_err(|fault| refusal(TargetKind::Name, fault)))
}

fn name_field(name: Option<&PairName>) -> Field {
    let text = name.map(ToString::to_string).unwrap_or_default();
    Field::new("name", "Pair name", "1 to 64 letters, digits, _ . or -", Entry::text(text))
}

/// What was wrong with the files, in the words of whoever looked at them.
fn failed(error: certificate::StoreError) -> Fault {
    match error {
        certificate::StoreError::Pair(error) => error.finding().refusal.into(),
        certificate::StoreError::Unusable { findings } => match findings.into_iter().next() {
            Some(finding) => finding.refusal.into(),
            None => refusal(TargetKind::Certificate, "it cannot be used").into(),
        },
        certificate::StoreError::Exists { .. } => Fault::of("name", refusal(TargetKind::Name, error)),
        certificate::StoreError::Unknown { .. } | certificate::StoreError::NoKey { .. } => {
            Fault::of("key", refusal(TargetKind::Key, error))
        }
    }
}

/// The same of files that two fields name.
fn failed_with(files: &PairPaths, error: certificate::StoreError) -> Fault {
    match error {
        certificate::StoreError::Pair(error) => error.finding_in(files).refusal.into(),
        other => failed(other),
    }
}

/// Takes a pair out of files that this account may read.
#[derive(Clone)]
pub(super) struct AddModel {
    data: PathBuf,
    /// Whose key waits.
    waiting: Option<PairName>,
}

impl AddModel {
    pub(super) fn new(waiting: Option<&PairName>, app: &App) -> Self {
        Self { data: store(app).data().to_owned(), waiting: waiting.cloned() }
    }
}

fn file(fields: &Fields, name: &'static str) -> Result<PathBuf, Fault> {
    fields.parse(name, |text| match text.trim() {
        path if path.starts_with('/') => Ok(PathBuf::from(path)),
        _ => Err(Refusal::new(Rule::G2, TargetKind::FormField(name), Violation::PathNotWhole)),
    })
}

/// None: the one that waits under the name.
fn key_file(fields: &Fields) -> Result<Option<PathBuf>, Fault> {
    if fields.text("key").trim().is_empty() { Ok(None) } else { file(fields, "key").map(Some) }
}

impl Model for AddModel {
    fn title(&self) -> String {
        "add a pair".to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, _app: &App) -> Vec<Field> {
        let key = match self.waiting {
            Some(_) => "Empty: the one that waits for this certificate",
            None => "PEM, not encrypted; empty: the one that a request made",
        };
        vec![
            name_field(self.waiting.as_ref()),
            Field::new(
                "certificate",
                "Certificate",
                "PEM, followed by its issuers: /root/cti.crt; it is copied",
                Entry::text(""),
            )
            .path(),
            Field::new("key", "Key", key, Entry::text("")).path(),
            Field::new(
                "replace",
                "Replace",
                "Whether it replaces the pair that has this name; Space switches",
                Entry::Toggle(false),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, _: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let (name, certificate, key) = (pair_name(fields), file(fields, "certificate"), key_file(fields));
        name.and(certificate).and(key).map(drop)
    }

    fn prepare(&mut self, fields: &Fields, _: RandomSource) -> Result<(), Fault> {
        let (name, certificate, key) = (pair_name(fields)?, file(fields, "certificate")?, key_file(fields)?);
        let store = CertificateStore::of(&self.data);
        let is_waiting = key.is_none();
        let from = PairPaths { certificate, key: key.unwrap_or_else(|| store.paths(&name).key) };
        let text = read(&from.certificate).map_err(|error| failed_with(&from, error.into()))?;
        let key_text = match is_waiting {
            false => read(&from.key).map_err(|error| failed_with(&from, error.into()))?.into(),
            true => store.waiting_key(&name).map_err(|error| failed_with(&from, error))?,
        };
        let occupied = if fields.is_on("replace") { Occupied::Replace } else { Occupied::Refuse };
        let bytes = PairBytes { certificate: text, key: key_text };
        store.add(&name, &from, &bytes, occupied).map(drop).map_err(|error| failed_with(&from, error))
    }

    fn field_of_refusal(&self, refusal: &Refusal) -> Option<&'static str> {
        match refusal.on.what() {
            Some(TargetKind::Name) => Some("name"),
            _ => (refusal.rule == Rule::G2).then(|| field_of_file(refusal)),
        }
    }

    fn same_commands(&self, fields: &Fields) -> Option<Vec<SameCommand>> {
        let (certificate, key) = (file(fields, "certificate").ok()?, key_file(fields).ok()?);
        Some(certificate_add(fields.text("name").trim(), &certificate, key.as_deref(), fields.is_on("replace")))
    }

    fn words(&self, fields: &Fields) -> String {
        format!("the certificate {} is stored", fields.text("name").trim())
    }

    fn advice(&self) -> Option<&'static str> {
        Some("Enter uses it for clients")
    }
}

/// Who is named in what is made.
fn subject_fields() -> [Field; 2] {
    [
        Field::new("common", "Common name", "Empty: the first of the names", Entry::text("")),
        Field::new(
            "names",
            "Names",
            "Names by which clients reach this server; empty: this host's and the common name",
            Entry::text(""),
        ),
    ]
}

fn subject(fields: &Fields) -> certificate::Subject {
    let common = fields.text("common").trim();
    let names = fields.text("names").split([' ', ',']).filter(|name| !name.is_empty());
    certificate::Subject {
        common_name: Some(common.to_owned()).filter(|name| !name.is_empty()),
        names: names.map(str::to_owned).collect(),
    }
}

#[derive(Clone)]
pub(super) struct CreateModel {
    data: PathBuf,
    /// The authority's certificate, its path and text, once saving had it sign: clients are to trust that.
    authority: Option<(PathBuf, String)>,
}

impl CreateModel {
    pub(super) fn new(app: &App) -> Self {
        Self { data: store(app).data().to_owned(), authority: None }
    }
}

fn days(fields: &Fields) -> Result<u16, Fault> {
    fields.parse("days", |text| {
        let days = text.trim().parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
        days.ok_or_else(|| {
            Refusal::new(Rule::G2, TargetKind::Days, Violation::must_be(format!("a number from 1 to {DAYS_MAX}")))
        })
    })
}

fn signed_by(fields: &Fields) -> SignedBy {
    if fields.is_on("authority") { SignedBy::Authority } else { SignedBy::Itself }
}

impl Model for CreateModel {
    fn title(&self) -> String {
        "make a pair".to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, _app: &App) -> Vec<Field> {
        let mut fields = vec![name_field(None)];
        fields.extend(subject_fields());
        fields.extend([
            Field::new("days", "Days", "For how long it is valid: 1 to 3650", Entry::text(VALIDITY_DAYS)),
            Field::new(
                "authority",
                "Signed by authority",
                "Signed by ctibox's own authority: whoever trusts it trusts all its certificates",
                Entry::Toggle(false),
            ),
        ]);
        fields
    }

    fn apply(&self, fields: &Fields, _: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let (name, days) = (pair_name(fields), days(fields));
        name.and(days).map(drop)
    }

    fn prepare(&mut self, fields: &Fields, _: RandomSource) -> Result<(), Fault> {
        let store = CertificateStore::of(&self.data);
        let (name, by) = (pair_name(fields)?, signed_by(fields));
        let authority = store.create(&name, &subject(fields), days(fields)?, by).map_err(failed)?;
        self.authority = authority.and_then(|pair| {
            let text = std::fs::read_to_string(&pair.certificate).ok()?;
            Some((pair.certificate, text))
        });
        Ok(())
    }

    fn same_commands(&self, fields: &Fields) -> Option<Vec<SameCommand>> {
        let (subject, days) = (subject(fields), days(fields).ok()?);
        Some(certificate_create(fields.text("name").trim(), &subject, days, signed_by(fields)))
    }

    fn words(&self, fields: &Fields) -> String {
        format!("the certificate {} was made", fields.text("name").trim())
    }

    fn advice(&self) -> Option<&'static str> {
        Some("Enter uses it for clients")
    }

    fn then(&mut self, _fields: &Fields, _app: &App) -> Transition {
        let Some((path, text)) = self.authority.take() else { return Transition::Pop };
        let words = format!(
            "This is ctibox's own authority, {}. Clients must trust it: hand them this file. Then they trust every pair \
             that it signs.",
            path.display()
        );
        let title = "authority".to_owned();
        Transition::Replace(Box::new(PemText { title, what: "the authority's certificate", text, words }))
    }
}

#[derive(Clone)]
pub(super) struct RequestModel {
    data: PathBuf,
    waiting: Option<PairName>,
    /// What saving made.
    text: Option<String>,
}

impl RequestModel {
    /// One whose key waits already gets the same request again.
    pub(super) fn new(waiting: Option<&PairName>, app: &App) -> Self {
        Self { data: store(app).data().to_owned(), waiting: waiting.cloned(), text: None }
    }
}

impl Model for RequestModel {
    fn title(&self) -> String {
        "request a certificate".to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, _app: &App) -> Vec<Field> {
        let mut fields = vec![name_field(self.waiting.as_ref())];
        fields.extend(subject_fields());
        fields
    }

    fn apply(&self, fields: &Fields, _: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        pair_name(fields).map(drop)
    }

    fn prepare(&mut self, fields: &Fields, _: RandomSource) -> Result<(), Fault> {
        let text = CertificateStore::of(&self.data).request(&pair_name(fields)?, &subject(fields)).map_err(failed)?;
        self.text = Some(text);
        Ok(())
    }

    fn same_commands(&self, fields: &Fields) -> Option<Vec<SameCommand>> {
        Some(certificate_request(fields.text("name").trim(), &subject(fields)))
    }

    fn words(&self, fields: &Fields) -> String {
        format!("the key of {} waits for its certificate", fields.text("name").trim())
    }

    fn then(&mut self, fields: &Fields, _app: &App) -> Transition {
        let name = fields.text("name").trim().to_owned();
        match self.text.take() {
            Some(text) => {
                let words = format!(
                    "It is certs/{name}.csr in the data folder. a adds the certificate that the authority returns."
                );
                let title = format!("request {name}");
                Transition::Replace(Box::new(PemText { title, what: "the request", text, words }))
            }
            None => Transition::Pop,
        }
    }
}

/// A request or a certificate, whole, to be copied to whoever needs it, and where it lies.
struct PemText {
    title: String,
    what: &'static str,
    text: String,
    words: String,
}

impl PemText {
    fn copy(&mut self, app: &mut App) -> Transition {
        app.copy(self.what, self.text.clone());
        Transition::Stay
    }
}

impl Screen for PemText {
    fn title(&self, _app: &App) -> String {
        self.title.clone()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::new([Action::Open, Action::Back], "close", "Close it; it stays in the data folder", |_, _| {
                Transition::Pop
            }),
            Command::new([Action::Clipboard], "copy", "Copy it to the clipboard of the terminal", Self::copy),
        ]
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let mut lines: Vec<Line<'_>> = self.text.lines().map(Line::raw).collect();
        lines.push(Line::raw(""));
        let words = wrapped(&self.words, usize::from(area.width));
        // What it is must be seen, however long the text is.
        lines.truncate(usize::from(area.height).saturating_sub(words.len()));
        lines.extend(words.into_iter().map(|words| Line::styled(words, theme::PLAIN)));
        frame.render_widget(Paragraph::new(lines), area);
    }
}
