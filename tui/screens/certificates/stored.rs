//! The pairs that the data folder keeps under names: which there are, giving one to clients, removing one; forms beside
//! add, make and ask for more. Files are no settings: what is done to them is no change that History knows.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::HALF_FINGERPRINT;
use super::stored_forms::{AddModel, CreateModel, RequestModel, store};
use super::take_over;
use crate::certificate::{Content, PairName, PairPaths, Stored, days_left};
use crate::check::named_pair;
use crate::settings::rule::{Severity, count};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::app::{App, Detail, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::clock::moment;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES};

const FOOT_ROWS: u16 = 8;

pub(super) struct StoredPairs {
    rows: Vec<Stored>,
    list: List<usize>,
    filter: Filter,
    /// Why the folder cannot be read.
    fault: Option<String>,
    in_use: PairPaths,
}

impl StoredPairs {
    pub(super) fn open(app: &App) -> Self {
        let in_use = PairPaths::effective(None, &app.folder);
        let (list, filter) = (List::default(), Filter::new(&["names"]));
        let mut new = Self { rows: Vec::new(), list, filter, fault: None, in_use };
        new.look(app);
        new
    }

    /// The cursor stays on its name.
    fn look(&mut self, app: &App) {
        let chosen = self.chosen().map(|stored| stored.name.clone());
        (self.rows, self.fault) = match store(app).list() {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(error.words())),
        };
        self.in_use = PairPaths::effective(app.effective().general().encryption_pair.as_ref(), &app.folder);
        let rows = self.rows.iter().enumerate();
        let rows = rows.map(|(at, stored)| (at, Cow::from(stored.name.to_string().to_lowercase())));
        let names = |at: usize, _| self.rows.get(at).map_or_else(String::new, names);
        self.filter.narrow(&mut self.list, rows, names);
        if let Some(at) = self.rows.iter().position(|stored| Some(&stored.name) == chosen.as_ref()) {
            self.list.choose(at);
        }
    }

    fn chosen(&self) -> Option<&Stored> {
        self.list.chosen().and_then(|at| self.rows.get(at))
    }

    fn is_in_use(&self, stored: &Stored) -> bool {
        stored.paths == self.in_use
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        let waiting = self.chosen().filter(|stored| matches!(stored.content, Content::Waiting));
        let model = AddModel::new(waiting.map(|stored| &stored.name), app);
        Transition::Push(Box::new(Form::open(model, app)))
    }

    fn create(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(CreateModel::new(app), app)))
    }

    fn request(&mut self, app: &mut App) -> Transition {
        let waiting = self.chosen().filter(|stored| matches!(stored.content, Content::Waiting));
        let model = RequestModel::new(waiting.map(|stored| &stored.name), app);
        Transition::Push(Box::new(Form::open(model, app)))
    }

    fn give(&mut self, _app: &mut App) -> Transition {
        let Some(stored) = self.chosen() else { return Transition::Stay };
        let (name, paths) = (stored.name.clone(), stored.paths.clone());
        let text = "It is used from the next handshake on. Clients that only trust the present certificate, or its \
         authority, refuse the new one until they are told to trust it.";
        let question = Question::new(format!("Give {name} to clients?"), text)
            .choice('y', "use it", move |app| use_pair(&name, paths, app))
            .stay("leave it");
        Transition::Push(Box::new(question))
    }

    fn remove(&mut self, _app: &mut App) -> Transition {
        let Some(stored) = self.chosen() else { return Transition::Stay };
        let name = stored.name.clone();
        let text = "Its key is removed with it. Neither Ctrl-Z nor History brings them back.";
        let question = Question::new(format!("Remove the certificate {name}?"), text)
            .choice('y', "remove it", move |app| {
                let (store, removed) = (store(app), name.clone());
                let remove = move || store.remove(&name).map_err(|error| error.to_string());
                app.make("removing", remove, move |app, outcome| {
                    match outcome.and_then(|outcome| outcome) {
                        Ok(()) => app.tell(format!("removed the certificate {removed}")),
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
        let none = chosen.is_none().then_some("no pair is kept under a name");
        let used = chosen.is_some_and(|stored| self.is_in_use(stored));
        let waits = chosen.is_some_and(|stored| matches!(stored.content, Content::Waiting));
        let waits = waits.then_some("its key waits for its certificate; a adds that");
        let is_pair = |stored: &Stored| matches!(stored.content, Content::Pair(_));
        let unread = (!self.chosen().is_some_and(is_pair)).then_some("there is no certificate to copy from");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "use", "Use the pair for clients; asks first", Self::give)
                .blocked(none)
                .blocked(waits)
                .blocked(used.then_some("it is in use already"))
                .edits(app),
            Command::new(
                [Key::char('a')],
                "add",
                "Add a pair from files, or the certificate that a key waits for",
                Self::add,
            )
            .blocked(app.file_obstacle())
            .edits(app),
            Command::new([Key::char('n')], "make", "Make a key and its certificate", Self::create).edits(app),
            Command::new(
                [Key::char('S')],
                "request",
                "Make a key, and a request for an authority elsewhere to sign",
                Self::request,
            )
            .edits(app),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove certificate and key; asks first",
                Self::remove,
            )
            .blocked(none)
            .blocked(used.then_some("it is in use: give clients another one first"))
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

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let rows: Vec<[String; 4]> = self.rows.iter().map(|stored| self.cells(stored, app)).collect();
        let column =
            |at: usize, design, head| Column::new(design, head).holding(rows.iter().map(|row| row[at].as_str()));
        let columns =
            [column(0, 17, "name"), Column::new(7, "in use"), column(2, 16, "names").if_room(), column(3, 33, "state")];
        let widths = fit(area.width.saturating_sub(1), columns);
        let heads = ["name", "in use", "names", "state"];
        let head = format!(" {}", cells(heads, &widths));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if self.rows.is_empty() {
            let (style, words) = match &self.fault {
                Some(fault) => (theme::ERROR, format!(" {} {fault}", theme::sign(Severity::Error))),
                None => (theme::MUTED, " No pair is kept under a name.".to_owned()),
            };
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), style);
        }
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS.min(area.height / 2));
        let height = area.height.saturating_sub(1 + foot_rows);
        self.list.draw(frame, Rect { y: area.y + 1, height, ..area }, true, |at| {
            let Some(texts) = rows.get(at) else { return Line::default() };
            let is_good = self.rows.get(at).is_some_and(|stored| is_good(stored, app));
            Line::styled(format!(" {}", cells(texts, &widths)), if is_good { theme::PLAIN } else { theme::WARNING })
        });
        if let Some(foot) = self.foot(area.width, app) {
            foot.draw(frame, Rect { y: area.y + 1 + height, height: foot_rows, ..area });
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, app).map(Detail::foot)
    }
}

impl StoredPairs {
    /// Name, whether clients get it, whom it names, how it stands.
    fn cells(&self, stored: &Stored, app: &App) -> [String; 4] {
        let used = if self.is_in_use(stored) { "yes" } else { "-" }.to_owned();
        let (names, state) = match &stored.content {
            Content::Pair(pair) => {
                let own = &pair.description;
                let end = moment(own.not_after.unix_timestamp(), app.now);
                let state = match days_left(own.not_after, app.now) {
                    days @ 0.. => {
                        let days = count(usize::try_from(days).unwrap_or(usize::MAX), "day");
                        format!("until {end}, {days}")
                    }
                    _ => format!("expired {end}"),
                };
                (own.names.first().unwrap_or(&own.subject).clone(), state)
            }
            Content::Waiting => ("-".to_owned(), "waits for its certificate".to_owned()),
            Content::Broken(_) => ("-".to_owned(), "cannot be used".to_owned()),
        };
        [stored.name.to_string(), used, names, state]
    }
}

fn is_good(stored: &Stored, app: &App) -> bool {
    matches!(&stored.content, Content::Pair(pair) if pair.description.not_after > app.now)
}
