//! The pairs that the data folder keeps under names: which there are, giving one to clients, removing one; forms beside
//! add, make and ask for more. Files are no settings: what is done to them is no change that History knows.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::stored_forms::{AddModel, CreateModel, RequestModel, store};
use super::take_over;
use super::{HALF_FINGERPRINT, LOOKING};
use crate::certificate::{Content, PairName, PairPaths, Stored, days_left};
use crate::check::named_pair;
use crate::settings::rule::{Severity, count};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::app::{App, Detail, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::clock::moment;
use crate::tui::command_line::certificate_remove;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::latest::Latest;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

const FOOT_ROWS: u16 = 8;

pub(super) struct StoredPairs {
    table: TableView<usize, PairColumn>,
    kept: KeptPairs,
    /// A pair is being made or added: the cursor goes to it.
    awaits_new: bool,
}

/// What there was before it was looked again.
struct KnownNames {
    all: Vec<PairName>,
    chosen: Option<PairName>,
}

struct KeptPairs {
    /// As the folder was read last, or why it cannot be.
    found: Latest<Result<FoundPairs, String>>,
}

struct FoundPairs {
    stored: Vec<Stored>,
    /// What clients get, by whatever links it is named.
    in_use: Vec<PairName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PairColumn {
    Name,
    InUse,
    Names,
    State,
}

impl TableColumn for PairColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::InUse, Self::Names, Self::State];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("name", 17),
            Self::InUse => ColumnDesign::new("in use", 7),
            Self::Names => ColumnDesign::new("names", 16).need(Need::ByDesign(1)),
            Self::State => ColumnDesign::new("state", 36),
        }
    }
}

/// By their places among those that are kept.
struct PairRows<'a> {
    kept: &'a KeptPairs,
    app: &'a App,
}

impl TableRows for PairRows<'_> {
    type Id = usize;
    type Column = PairColumn;

    fn ids(&self) -> Vec<usize> {
        (0..self.kept.rows().len()).collect()
    }

    fn searched(&self, at: usize) -> Folded<'_> {
        self.kept.rows().get(at).map_or_else(Folded::default, |stored| Folded::of(&stored.name.to_string()))
    }

    fn field(&self, at: usize, _name: &'static str) -> Folded<'_> {
        self.kept.rows().get(at).map_or_else(Folded::default, |stored| Folded::of(&names(stored)))
    }

    fn cell(&self, at: usize, column: PairColumn) -> Line<'static> {
        let Some(stored) = self.kept.rows().get(at) else { return Line::default() };
        Line::raw(match column {
            PairColumn::Name => stored.name.to_string(),
            PairColumn::InUse => if self.kept.is_in_use(stored) { "yes" } else { "-" }.to_owned(),
            PairColumn::Names => match &stored.content {
                Content::Pair(pair) => pair.description.names.first().unwrap_or(&pair.description.subject).clone(),
                Content::Waiting | Content::Broken(_) => "-".to_owned(),
            },
            PairColumn::State => return state(stored, self.app),
        })
    }

    /// That which ends first stands first.
    fn sort_key(&self, at: usize, column: PairColumn) -> SortKey<'_> {
        match (self.kept.rows().get(at).map(|stored| &stored.content), column) {
            (Some(Content::Pair(pair)), PairColumn::State) => {
                SortKey::Number(pair.description.not_after.unix_timestamp())
            }
            _ => SortKey::of_cell(&self.cell(at, column)),
        }
    }

    fn empty_words(&self) -> Line<'static> {
        match self.kept.found.get() {
            Some(Err(fault)) => Line::styled(format!(" {} {fault}", theme::sign(Severity::Error)), theme::ERROR),
            Some(Ok(_)) => {
                Line::styled(" No pair is stored yet; `n` makes one, `a` adds one from files.", theme::MUTED)
            }
            None => Line::styled(LOOKING, theme::MUTED),
        }
    }
}

impl KeptPairs {
    fn rows(&self) -> &[Stored] {
        self.found.get().and_then(|found| found.as_ref().ok()).map_or(&[], |found| found.stored.as_slice())
    }

    fn look(&mut self, app: &mut App) {
        let store = store(app);
        let served = PairPaths::effective(app.effective().general().encryption_pair.as_ref(), &app.folder);
        let look = move || {
            let stored = store.list().map_err(|error| error.words())?;
            let in_use = stored.iter().filter(|stored| stored.paths.is_same(&served));
            let in_use = in_use.map(|stored| stored.name.clone()).collect();
            Ok(FoundPairs { stored, in_use })
        };
        self.found.look(look, app);
    }

    fn is_in_use(&self, stored: &Stored) -> bool {
        let found = self.found.get().and_then(|found| found.as_ref().ok());
        found.is_some_and(|found| found.in_use.contains(&stored.name))
    }
}

impl StoredPairs {
    pub(super) fn open(app: &mut App) -> Self {
        let kept = KeptPairs { found: Latest::default() };
        let mut new = Self { table: TableView::new(&["names"]), kept, awaits_new: false };
        Screen::on_update(&mut new, app);
        new
    }

    fn known(&self) -> KnownNames {
        let all = self.kept.rows().iter().map(|stored| stored.name.clone()).collect();
        KnownNames { all, chosen: self.chosen().map(|stored| stored.name.clone()) }
    }

    /// The cursor stays on its name, or goes to the one that was just made.
    fn arrange(&mut self, before: &KnownNames, app: &App) {
        self.table.look(&PairRows { kept: &self.kept, app });
        let rows = self.kept.rows();
        let new = rows.iter().position(|stored| !before.all.contains(&stored.name)).filter(|_| self.awaits_new);
        self.awaits_new &= new.is_none();
        let kept = || rows.iter().position(|stored| Some(&stored.name) == before.chosen.as_ref());
        if let Some(at) = new.or_else(kept) {
            self.table.choose_shown(at);
        }
    }

    fn chosen(&self) -> Option<&Stored> {
        self.table.chosen().and_then(|at| self.kept.rows().get(at))
    }

    fn add(&mut self, app: &mut App) -> Transition {
        let waiting = self.chosen().filter(|stored| matches!(stored.content, Content::Waiting));
        let model = AddModel::new(waiting.map(|stored| &stored.name), app);
        self.awaits_new = true;
        Transition::Push(Box::new(Form::open(model, app)))
    }

    fn create(&mut self, app: &mut App) -> Transition {
        self.awaits_new = true;
        Transition::Push(Box::new(Form::open(CreateModel::new(app), app)))
    }

    fn request(&mut self, app: &mut App) -> Transition {
        let waiting = self.chosen().filter(|stored| matches!(stored.content, Content::Waiting));
        let model = RequestModel::new(waiting.map(|stored| &stored.name), app);
        self.awaits_new = true;
        Transition::Push(Box::new(Form::open(model, app)))
    }

    fn give(&mut self, _app: &mut App) -> Transition {
        let Some(stored) = self.chosen() else { return Transition::Stay };
        let (name, paths) = (stored.name.clone(), stored.paths.clone());
        let text = "It is used from the next handshake on. Clients that only trust the present certificate, or its \
         authority, refuse the new one until they are told to trust it.";
        let question = Question::new(format!("Use {name} for clients?"), text)
            .choice('y', "use it", move |app| use_pair(&name, paths, app))
            .stay("leave it");
        Transition::Push(Box::new(question))
    }

    fn remove(&mut self, _app: &mut App) -> Transition {
        let Some(stored) = self.chosen() else { return Transition::Stay };
        let (name, paths) = (stored.name.clone(), stored.paths.clone());
        let text = "Its key is removed too. Neither Ctrl-Z nor History can bring them back.";
        let question = Question::new(format!("Remove the certificate {name}?"), text)
            .choice('y', "remove it", move |app| {
                let (store, removed) = (store(app), name.clone());
                let named = app.effective().named_pair_files();
                let remove = move || match paths.is_among(&named) {
                    true => {
                        Err("the settings name it, or a link to it; choose another one for clients first".to_owned())
                    }
                    false => store.remove(&name).map_err(|error| error.to_string()),
                };
                app.make("removing", remove, move |app, outcome| {
                    match outcome.and_then(|outcome| outcome) {
                        Ok(()) => {
                            let words = format!("removed the certificate {removed}");
                            app.remember_made_elsewhere(words.clone(), certificate_remove(&removed.to_string()));
                            app.tell(words);
                        }
                        Err(error) => app.fail(format!("not removed: {error}")),
                    }
                    Transition::Stay
                })
            })
            .stay("keep it");
        Transition::Push(Box::new(question))
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        if let Some(Stored { content: Content::Pair(pair), .. }) = self.chosen() {
            app.copy("the fingerprint", pair.description.fingerprint.clone());
        }
        Transition::Stay
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, app: &App) -> Option<Foot> {
        let stored = self.chosen()?;
        let mut foot = Foot::new(&stored.name.to_string(), width);
        foot.say("certificate", &super::super::pair::Pair::told(&stored.paths.certificate, app));
        match &stored.content {
            Content::Pair(pair) => {
                let own = &pair.description;
                foot.say("names", &names(stored));
                foot.say("issuer", if own.issuer == own.subject { "itself" } else { &own.issuer });
                // For reading it out on the telephone: two rows of sixteen.
                let half = own.fingerprint.len().min(HALF_FINGERPRINT);
                foot.say("SHA-256", &own.fingerprint[..half]);
                foot.say("", &own.fingerprint[half..]);
            }
            Content::Waiting => foot.tell("Its key waits for the certificate that was asked for; a adds that."),
            Content::Broken(error) => {
                foot.tell(&format!("{} cannot be used: {}", theme::sign(Severity::Error), error.words()));
            }
        }
        Some(foot)
    }
}

/// Whom it names.
fn names(stored: &Stored) -> String {
    match &stored.content {
        Content::Pair(pair) if pair.description.names.is_empty() => pair.description.subject.clone(),
        Content::Pair(pair) => pair.description.names.join(", "),
        Content::Waiting | Content::Broken(_) => String::new(),
    }
}

/// The settings name it; a running server takes it over at once.
fn use_pair(name: &PairName, paths: PairPaths, app: &mut App) -> Transition {
    let words = format!("clients get the certificate {name}");
    let told = words.clone();
    let edit = move |c: &mut crate::settings::configuration::Configuration| {
        let before = c.settings.clone();
        for (key, path) in
            [(Setting::EncryptionCertificate, &paths.certificate), (Setting::EncryptionKeyFile, &paths.key)]
        {
            c.set_setting(SettingValue::parse(key, &path.to_string_lossy())?)?;
        }
        named_pair(&before, &c.settings).map(drop)
    };
    app.change(words, None, Undoable::Yes, edit, move |app, outcome| {
        let is_saved = outcome.is_ok();
        app.tell_outcome(&told, outcome);
        if is_saved { take_over(told, app) } else { Transition::Stay }
    })
}

impl Screen for StoredPairs {
    fn title(&self, _app: &App) -> String {
        "stored".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let chosen = self.chosen();
        let none = chosen.is_none().then_some("no pair is stored");
        let used = chosen.is_some_and(|stored| self.kept.is_in_use(stored));
        let waits = chosen.is_some_and(|stored| matches!(stored.content, Content::Waiting));
        let waits = waits.then_some("its key waits for its certificate; a adds that");
        let is_pair = |stored: &Stored| matches!(stored.content, Content::Pair(_));
        let unread = (!self.chosen().is_some_and(is_pair)).then_some("there is no certificate to copy from");
        vec![
            Command::new([Action::Open], "use", "Use the pair for clients; asks first", Self::give)
                .blocked(none)
                .blocked(waits)
                .blocked(used.then_some("it is in use already"))
                .edits(app),
            Command::new(
                [Action::Add],
                "add",
                "Add a pair from files, or the certificate that a key waits for",
                Self::add,
            )
            .blocked(app.file_obstacle())
            .edits(app),
            Command::new([Action::MakePair], "make", "Make a key and its certificate", Self::create).edits(app),
            Command::new(
                [Action::SigningRequest],
                "request",
                "Make a key and a request for another authority to sign",
                Self::request,
            )
            .edits(app),
            Command::new([Action::Remove], "remove", "Remove certificate and key; asks first", Self::remove)
                .blocked(none)
                .blocked(used.then_some("it is in use: choose another one for clients first"))
                .edits(app),
            Command::new(
                [Action::Clipboard],
                "copy",
                "Copy the fingerprint to the clipboard of the terminal",
                Self::copy,
            )
            .blocked(unread),
        ]
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.table.narrow(&PairRows { kept: &self.kept, app });
    }

    fn on_update(&mut self, app: &mut App) {
        let before = self.known();
        self.kept.look(app);
        self.arrange(&before, app);
    }

    fn on_move(&mut self) {
        self.awaits_new = false;
    }

    fn is_working(&self) -> bool {
        self.kept.found.is_under_way()
    }

    fn is_behind(&self, app: &App) -> bool {
        self.kept.found.is_behind(app)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        let before = self.known();
        if self.kept.found.take(Duration::ZERO, app) {
            self.arrange(&before, app);
        }
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let (rows, below) = detail::above_foot(frame, area, FOOT_ROWS.min(area.height / 2));
        self.table.draw(frame, rows, &PairRows { kept: &self.kept, app });
        if let Some(foot) = self.foot(area.width, app) {
            foot.draw(frame, below);
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, app).map(Detail::foot)
    }
}

/// How it stands.
fn state(stored: &Stored, app: &App) -> Line<'static> {
    let warning = |words: &str| Line::styled(format!("{} {words}", theme::sign(Severity::Warning)), theme::WARNING);
    let end = match &stored.content {
        Content::Pair(pair) => pair.description.not_after,
        Content::Waiting => return warning("waits for its certificate"),
        Content::Broken(_) => return warning("cannot be used"),
    };
    let shown = moment(end.unix_timestamp(), app.now);
    match days_left(end, app.now) {
        days @ 0.. => {
            let days = count(usize::try_from(days).unwrap_or(usize::MAX), "day");
            Line::raw(format!("until {shown}, {days}"))
        }
        _ => warning(&format!("expired {shown}")),
    }
}
