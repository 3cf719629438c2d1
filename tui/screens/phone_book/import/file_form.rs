//! Which file is to be imported, and what the file itself does not say: nothing is stored, saving it reads the file.

use super::file::FileToRead;
use super::reading::Reading;
use crate::exchange::phone_book::Format;
use crate::exchange::text_encoding::TextEncoding;
use crate::settings::configuration::Configuration;
use crate::settings::id::ContextId;
use crate::settings::label::context_name;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::form::{Destination, Fault, Fields, Model, Purpose};
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::entry::{Entry, Field};

/// What the options of `format` stand for; None: its name says it.
const FORMATS: [Option<Format>; 3] = [None, Some(Format::Csv), Some(Format::Vcard)];

/// What stands below the fields, a paragraph each. A test sees that each column is named.
const EXPLAINED: [&str; 6] = [
    "A table names its columns in its first line, in any order. For example:",
    "firstname,lastname,number,company",
    "Zoe,Roe,+33123456789,Acme",
    "All columns: firstname, lastname, number, mobile, email, company, fax, home, other, context; a name or a number must \
     be there.",
    "They may be called as Outlook, Google and others do, in several languages: First Name, Nachname, Company.",
    "Nothing is written before you have seen it.",
];

#[derive(Clone)]
pub(super) struct FileModel {
    /// What the options of `context` stand for; None: everyone's.
    contexts: Vec<Option<ContextId>>,
}

impl FileModel {
    pub(super) fn new(app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| Some(context.id));
        Self { contexts: std::iter::once(None).chain(contexts).collect() }
    }

    fn file(&self, fields: &Fields) -> Result<FileToRead, Fault> {
        let path = fields.parse("file", |text| match text.trim() {
            "" => Err(Refusal::new(Rule::D1, TargetKind::File, Violation::must_be("named"))),
            path => Ok(path.to_owned()),
        })?;
        let encoding = fields.parse_optional("encoding", |text| {
            let form = "a name like utf-8, windows-1252, iso-8859-15 or macintosh";
            let refusal = || {
                Refusal::new(Rule::D1, RuleTarget::text(TargetKind::Encoding, text.trim()), Violation::must_be(form))
            };
            TextEncoding::parse(text).ok_or_else(refusal)
        })?;
        let format = fields.choose("format", &FORMATS)?.or_else(|| Format::of_name(&path)).ok_or_else(|| {
            let form = "a name that ends in .csv, .vcf or .vcard, or chosen what it is below";
            Fault::of(
                "file",
                Refusal::new(Rule::D1, RuleTarget::text(TargetKind::File, &path), Violation::must_be(form)),
            )
        })?;
        Ok(FileToRead { path: path.into(), format, encoding, context: fields.choose("context", &self.contexts)? })
    }
}

impl Model for FileModel {
    fn explain(&self, _fields: &Fields) -> Vec<String> {
        EXPLAINED.map(str::to_owned).to_vec()
    }

    fn key(&self) -> Option<FormKey> {
        Some(FormKey { subject: FormSubject::Import(Kind::PhoneBookEntry), within: None })
    }

    fn title(&self) -> String {
        "import".to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let format = |format: &Option<Format>| match format {
            None => "as the end of its name says",
            Some(Format::Csv) => "a table: CSV",
            Some(Format::Vcard) => "cards: vCard",
        };
        let context =
            |id: &Option<ContextId>| id.map_or_else(|| "none: everyone sees it".to_owned(), |id| context_name(c, id));
        vec![
            Field::new(
                "file",
                "File",
                "A table or cards; without / first it counts from where the console was started",
                Entry::text(app.last_file(Kind::PhoneBookEntry)),
            )
            .path(),
            Field::new(
                "format",
                "Format",
                "What the file is; Enter opens the list",
                Entry::choice(FORMATS.iter().map(|it| format(it).to_owned()).collect(), None),
            ),
            Field::new(
                "context",
                "Context",
                "Whose those entries are that name no context",
                Entry::choice(self.contexts.iter().map(context).collect(), None),
            ),
            Field::new(
                "encoding",
                "Encoding",
                "Like windows-1252; empty: the file says it, or it is guessed",
                Entry::text(""),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, _: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        self.file(fields).map(drop)
    }

    fn destination(&self) -> Destination {
        Destination::Draft
    }

    fn save_command(&self) -> (&'static str, &'static str) {
        ("read", "Read the file and show what would come of it")
    }

    fn words(&self, fields: &Fields) -> String {
        format!("reading {}; nothing is written before you have seen it", fields.text("file").trim())
    }

    fn then(&mut self, fields: &Fields, app: &App) -> Transition {
        match self.file(fields) {
            Ok(file) => Transition::Replace(Box::new(Reading::start(file, app))),
            // It was looked over before.
            Err(_) => Transition::Stay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::phone_book::EntryFile;
    use crate::settings::phone_book::Field as EntryField;

    #[test]
    fn every_column_is_named_where_the_file_is_asked_for_and_the_example_is_one() {
        let names = EntryField::ALL.iter().map(|field| field.as_str()).chain(["context"]);
        assert!(EXPLAINED[3].contains(&format!("All columns: {};", names.collect::<Vec<_>>().join(", "))));
        let example = EntryFile::read(EXPLAINED[1..3].join("\n").as_bytes(), Format::Csv, None).expect("a table");
        assert_eq!((example.entries.len(), example.failed.len(), example.unknown_columns.len()), (1, 0, 0));
    }
}
