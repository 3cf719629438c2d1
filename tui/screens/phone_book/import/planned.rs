//! What would become of a file's entries: which are added, which are there already, what is wrong with the others. The
//! writing itself runs the same function inside its transaction.

use std::sync::Arc;

use super::file::FileToRead;
use crate::exchange::phone_book::{EntryFile, PlacedEntries, Repetition, not_added_words};
use crate::settings::address_book::FailedLine;
use crate::settings::configuration::Configuration;
use crate::settings::id::ContextId;
use crate::settings::label::context_name;
use crate::settings::name::ContextName;
use crate::settings::rule::{Finding, Refusal, Rule, Severity, count};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::settings::whole::WholeConfiguration;
use crate::store::Store;
use crate::tui::command_line::{ImportedFile, SameCommand, phone_book_import};
use crate::tui::saving::store_words;

pub(super) struct Planned {
    pub(super) source: FileToRead,
    /// The file's, without its folders.
    pub(super) name: String,
    pub(super) file: Arc<EntryFile>,
    /// With which it was planned.
    contexts: Vec<(ContextId, ContextName)>,
    /// What entries name and nobody has.
    pub(super) missing_contexts: Vec<ContextName>,
    /// Lines that cannot be taken, those of unknown contexts too.
    pub(super) failed: Vec<FailedLine>,
    /// Entries that stand on an earlier line too.
    pub(super) repeated: Vec<Repetition>,
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
    pub(super) fn of(source: FileToRead, file: Arc<EntryFile>, present: &WholeConfiguration) -> Self {
        let PlacedEntries { failed, repeated, .. } = file.placed(present, source.context);
        let name = source.path.file_name().unwrap_or(source.path.as_os_str()).to_string_lossy().into_owned();
        let mut planned = Self {
            source,
            name,
            contexts: contexts(present),
            missing_contexts: file.missing_contexts(present),
            file,
            failed,
            repeated,
            added: Added::default(),
            error: None,
        };
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

    /// The same for what is stored now; or why that cannot be read.
    pub(super) fn anew(&self, store: &Store) -> Result<Self, String> {
        let present = store.whole_configuration().map_err(|error| store_words(&error))?;
        Ok(Self::of(self.source.clone(), Arc::clone(&self.file), &present))
    }

    /// Whether the contexts are those with which it was planned.
    pub(super) fn is_of(&self, c: &Configuration) -> bool {
        self.contexts == contexts(c)
    }

    /// What imports it outside of the console, after these contexts were added.
    pub(super) fn commands(&self, added_contexts: &[ContextName], c: &Configuration) -> Vec<SameCommand> {
        let FileToRead { path, format, encoding, context } = &self.source;
        let context = context.map(|id| context_name(c, id));
        let (name, is_in_part) = (&*path.to_string_lossy(), !self.failed.is_empty());
        let file = ImportedFile { name, is_in_part, added_contexts };
        phone_book_import(&file, *format, context.as_deref(), *encoding)
    }

    /// The file has neither an entry nor a line that fails.
    pub(super) fn holds_nothing(&self) -> bool {
        self.file.entries.is_empty() && self.failed.is_empty()
    }

    /// Adds the good entries; refused if others fail now than were shown.
    fn apply(&self, whole: &mut WholeConfiguration) -> Result<Added, Refusal> {
        let PlacedEntries { entries, failed, repeated } = self.file.placed(whole, self.source.context);
        if failed != self.failed {
            let words = "the contexts were changed meanwhile; import it again".to_owned();
            return Err(Refusal::new(Rule::V1, TargetKind::TheImport, Violation::NotDone { words }));
        }
        let once = entries.len() - repeated.len();
        let new = whole.add_phone_book_entries(entries)?;
        Ok(Added { new, present: once - new })
    }

    /// The same inside a transaction that has all entries at hand.
    pub(super) fn add(&self, configuration: &mut Configuration) -> Result<Added, Refusal> {
        WholeConfiguration::edit(configuration, |whole| self.apply(whole))
    }

    /// `3 entries were added; 1 is there already; 2 are repeated in the file`
    pub(super) fn words(&self, added: Added) -> String {
        let rest = not_added_words(added.present, self.repeated.len(), self.failed.len());
        format!("{} {} added{rest}", count(added.new, "entry"), if added.new == 1 { "was" } else { "were" })
    }
}

fn contexts(c: &Configuration) -> Vec<(ContextId, ContextName)> {
    c.contexts.iter().map(|context| (context.id, context.name.clone())).collect()
}
