//! What would become of a file's entries: which are added, which are there already, what is wrong with the others. The
//! writing itself runs the same function inside its transaction.

use crate::exchange::phone_book::EntryFile;
use crate::settings::address_book::FailedLine;
use crate::settings::configuration::Configuration;
use crate::settings::id::ContextId;
use crate::settings::rule::{Finding, Refusal, Rule, Severity, count};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::settings::whole::WholeConfiguration;

pub(super) struct Planned {
    /// The file's, without its folders.
    pub(super) name: String,
    pub(super) file: EntryFile,
    /// Of entries that name none.
    context: Option<ContextId>,
    /// Lines that cannot be taken, those of unknown contexts too.
    pub(super) failed: Vec<FailedLine>,
    pub(super) added: Added,
    /// What refuses the whole.
    pub(super) error: Option<String>,
}

/// What the entries came to, or would.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Added {
    pub(super) new: usize,
    /// Word for word in the phone book already.
    pub(super) present: usize,
}

impl Planned {
    pub(super) fn of(name: String, file: EntryFile, context: Option<ContextId>, present: &WholeConfiguration) -> Self {
        let (_, failed) = file.placed(present, context);
        let mut planned = Self { name, file, context, failed, added: Added::default(), error: None };
        let mut after = present.clone();
        match planned.apply(&mut after) {
            Ok(added) => {
                let known = present.findings();
                let is_new = |finding: &&Finding| !known.contains(finding);
                let found = after.findings();
                let error = found.iter().filter(is_new).find(|finding| finding.severity == Severity::Error);
                planned.error = error.map(|error| error.refusal.to_string());
                planned.added = added;
            }
            Err(refusal) => planned.error = Some(refusal.to_string()),
        }
        planned
    }

    /// The file has neither an entry nor a line that fails.
    pub(super) fn holds_nothing(&self) -> bool {
        self.file.entries.is_empty() && self.failed.is_empty()
    }

    /// Adds the good entries; refused if others fail now than were shown.
    fn apply(&self, whole: &mut WholeConfiguration) -> Result<Added, Refusal> {
        let (entries, failed) = self.file.placed(whole, self.context);
        if failed != self.failed {
            let words = "the contexts were changed meanwhile; import it again".to_owned();
            return Err(Refusal::new(Rule::V1, TargetKind::TheImport, Violation::NotDone { words }));
        }
        let read = entries.len();
        let new = whole.add_phone_book_entries(entries)?;
        Ok(Added { new, present: read - new })
    }

    /// The same inside a transaction that has all entries at hand.
    pub(super) fn add(&self, configuration: &mut Configuration) -> Result<Added, Refusal> {
        WholeConfiguration::edit(configuration, |whole| self.apply(whole))
    }

    /// `3 entries were added; 1 is there already; 2 are left out`
    pub(super) fn words(&self, added: Added) -> String {
        let mut words = format!("{} {} added", count(added.new, "entry"), if added.new == 1 { "was" } else { "were" });
        for (number, what) in [(added.present, "there already"), (self.failed.len(), "left out")] {
            match number {
                0 => {}
                1 => words.push_str(&format!("; 1 is {what}")),
                more => words.push_str(&format!("; {more} are {what}")),
            }
        }
        words
    }
}
