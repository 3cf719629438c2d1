//! What was read of the history: transactions, the newest first, page by page on a thread beside, since one import may be
//! a hundred thousand entries. The screen begins the reading and looks after it; nothing here draws.

use std::sync::Arc;
use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::AuditId;
use crate::store::{AuditTransaction, Store, StoreError, UndoneBy};
use crate::tui::app::App;
use crate::tui::filter::SEPARATOR;
use crate::tui::job::{Job, JobState};
use crate::tui::latest::Freshness;
use crate::tui::system_user::{name_of, person};

/// Transactions that are read at once: at the beginning, and where the cursor goes past the last.
const PAGE: usize = 200;
/// The same for a filter, which is to look into all there are.
const FILTER_PAGE: usize = 20_000;

/// Columns of whoever made one at the least.
pub(super) const WHO_LEAST: usize = 6;

/// Before the title of what was undone: an undo itself is called one.
pub(super) const TAKEN_BACK: &str = "taken back";

/// One transaction, as it is shown and looked into.
pub(in crate::tui::screens) struct Listed {
    pub(in crate::tui::screens) id: AuditId,
    pub(in crate::tui::screens) entries: usize,
    pub(in crate::tui::screens) at: i64,
    pub(in crate::tui::screens) who: String,
    pub(super) by: String,
    pub(in crate::tui::screens) title: String,
    /// By whom it was undone, or a part of it.
    pub(super) undone: Option<UndoneBy>,
    /// The first entries of what it undid.
    undoes: Vec<AuditId>,
    /// Its entries, title, by which way and who, folded.
    pub(super) text: String,
    /// How much of that its entries are.
    entries_end: usize,
    /// Where whoever made it begins.
    who_begin: usize,
    /// How much of that is the person, whatever account they became.
    person_length: usize,
}

impl Listed {
    fn of(transaction: AuditTransaction) -> Self {
        let title = transaction.headline();
        let AuditTransaction { id, entries, at, system_user, origin, text, undoes, undone, .. } = transaction;
        let who = person(&system_user);
        let mut folded = String::with_capacity(text.len() + title.len() + who.len());
        for line in text.lines() {
            folded.push_str(&fold(line));
            folded.push(SEPARATOR);
        }
        let entries_end = folded.len();
        let state = if undone.is_some() { TAKEN_BACK } else { "" };
        for part in [title.as_str(), &origin, state] {
            folded.push_str(&fold(part));
            folded.push(SEPARATOR);
        }
        let who_begin = folded.len();
        folded.push_str(&fold(&who));
        let person_length = fold(&name_of(&system_user)).len();
        Self {
            id,
            entries,
            at,
            who,
            by: origin,
            title,
            undone,
            undoes,
            text: folded,
            entries_end,
            who_begin,
            person_length,
        }
    }

    pub(super) fn folded_who(&self) -> &str {
        self.text.get(self.who_begin..).unwrap_or_default()
    }

    /// The same without the account that the person became.
    pub(super) fn folded_person(&self) -> &str {
        self.folded_who().get(..self.person_length).unwrap_or_default()
    }

    /// What is so of all its entries: its title, by which way and who, folded.
    pub(super) fn text_of_all(&self) -> &str {
        self.text.get(self.entries_end..).unwrap_or_default()
    }

    pub(super) fn is_undo(&self) -> bool {
        !self.undoes.is_empty()
    }

    /// Whether an entry has these words, folded, in its own.
    pub(super) fn touches(&self, words: &str) -> bool {
        self.text.get(..self.entries_end).is_some_and(|entries| entries.contains(words))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadingPart {
    Newest,
    Older,
}

type ListedPage = Result<Vec<Listed>, StoreError>;

/// What came of looking after the reading.
pub(in crate::tui::screens) enum ReadOutcome {
    Nothing,
    More,
    Failed(String),
}

#[derive(Default)]
pub(in crate::tui::screens) struct HistoryReading {
    listed: Vec<Listed>,
    /// The first transaction of all is there.
    is_whole: bool,
    job: Option<(ReadingPart, Job<ListedPage>)>,
    /// What the newest were read for.
    known: Option<Arc<Configuration>>,
    /// Of the newest.
    freshness: Freshness,
    /// Why no reading could be begun.
    failed: Option<String>,
}

impl HistoryReading {
    /// The newest first.
    pub(in crate::tui::screens) fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// Columns of the longest name of whoever made one: it is shown in full, however long it is.
    pub(in crate::tui::screens) fn who_width(&self) -> usize {
        self.listed.iter().map(|listed| listed.who.width()).fold(WHO_LEAST, usize::max)
    }

    /// Ids fall, so one is found without a walk.
    pub(super) fn get(&self, id: AuditId) -> Option<&Listed> {
        let place = self.listed.binary_search_by(|listed| id.cmp(&listed.id));
        place.ok().map(|place| &self.listed[place])
    }

    /// Whether there are older ones that were not read.
    pub(super) fn has_more(&self) -> bool {
        !self.is_whole
    }

    /// Whether there is something to look after.
    pub(in crate::tui::screens) fn is_under_way(&self) -> bool {
        self.job.is_some() || self.failed.is_some()
    }

    /// Begins to read what was written since, if anything was; whether it did.
    pub(in crate::tui::screens) fn begin_newest(&mut self, app: &App) -> bool {
        if self.job.is_some() || self.known.as_ref().is_some_and(|known| Arc::ptr_eq(known, &app.configuration)) {
            return false;
        }
        self.known = Some(Arc::clone(&app.configuration));
        self.freshness.begin(app);
        self.begin(ReadingPart::Newest, &app.store, PAGE);
        true
    }

    /// Whether what this console wrote is not among those that are known, and is being read.
    pub(super) fn is_behind(&self, app: &App) -> bool {
        matches!(self.job, Some((ReadingPart::Newest, _))) && self.freshness.is_behind(app)
    }

    /// Begins to read the next page of older ones, if there are some; whether it did.
    pub(super) fn begin_older(&mut self, store: &Store) -> bool {
        self.begin_page(store, PAGE)
    }

    /// The same for a filter, which looks into all there are.
    pub(super) fn begin_rest(&mut self, store: &Store) -> bool {
        self.begin_page(store, FILTER_PAGE)
    }

    fn begin_page(&mut self, store: &Store, limit: usize) -> bool {
        let begins = self.job.is_none() && !self.is_whole && !self.listed.is_empty();
        if begins {
            self.begin(ReadingPart::Older, store, limit);
        }
        begins
    }

    fn begin(&mut self, part: ReadingPart, store: &Store, limit: usize) {
        let before = self.listed.last().map(|listed| listed.id).filter(|_| part == ReadingPart::Older);
        let store = store.clone();
        let job = Job::start("history", move |_| {
            let page = store.transactions(before, limit)?;
            Ok(page.into_iter().map(Listed::of).collect())
        });
        match job {
            Ok(job) => self.job = Some((part, job)),
            Err(error) => self.failed = Some(format!("no thread could be started: {error}")),
        }
    }

    /// Takes what was read, if it is there within so long.
    pub(in crate::tui::screens) fn take(&mut self, patience: Duration) -> ReadOutcome {
        if let Some(error) = self.failed.take() {
            return ReadOutcome::Failed(error);
        }
        let Some((part, job)) = &mut self.job else { return ReadOutcome::Nothing };
        let (part, outcome) = match job.wait(patience) {
            JobState::Working => return ReadOutcome::Nothing,
            JobState::Ended(outcome) => (*part, outcome),
            JobState::Lost => {
                self.job = None;
                return ReadOutcome::Failed("reading the history ended unexpectedly".to_owned());
            }
        };
        self.job = None;
        match outcome {
            Ok(page) => {
                self.put(part, page);
                ReadOutcome::More
            }
            Err(error) => ReadOutcome::Failed(error.to_string()),
        }
    }

    fn put(&mut self, part: ReadingPart, page: Vec<Listed>) {
        if part == ReadingPart::Newest {
            self.freshness.end();
        }
        match (part, self.listed.first().map(|newest| newest.id)) {
            (ReadingPart::Older, _) => {
                self.is_whole = page.len() < PAGE;
                self.listed.extend(page);
            }
            // What is read again may have been undone since.
            (ReadingPart::Newest, Some(newest)) if joins(&page, newest) => {
                let last = page.last().map(|listed| listed.id);
                let older = std::mem::take(&mut self.listed).into_iter().filter(|listed| Some(listed.id) < last);
                let older: Vec<_> = older.collect();
                self.listed = page;
                self.listed.extend(older);
            }
            // More than a page came since, or one undid what is older than the page: what is known does not join it.
            (ReadingPart::Newest, _) => {
                self.is_whole = page.len() < PAGE;
                self.listed = page;
            }
        }
    }
}

/// Whether the page of the newest reaches down to the newest that is known, and to all that its newer ones undid.
fn joins(page: &[Listed], newest: AuditId) -> bool {
    let last = page.last().map(|listed| listed.id);
    let is_on_it = |id: &AuditId| Some(*id) >= last;
    let newer = page.iter().take_while(|listed| listed.id != newest);
    page.iter().any(|listed| listed.id == newest) && newer.flat_map(|listed| &listed.undoes).all(is_on_it)
}
