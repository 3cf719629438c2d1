//! One user: all that is known of them, and the list of their lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use time::OffsetDateTime;

use super::bulk::{self, profile_words, remove_again};
use super::live::Live;
use super::user_lines::{self, UserLineColumn, UserLineRows};
use super::{removal, services, sessions_of, table};
use crate::control::FailedLogin;
use crate::settings::auth_settings::BackendName;
use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::label::context_name;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::tui::app::{App, Rows, Target, Transition};
use crate::tui::clock::span;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::proposal::Proposal;
use crate::tui::screen::Screen;
use crate::tui::screens::line_form::{LineModel, ask_to_remove};
use crate::tui::screens::sessions::ask_to_forget;
use crate::tui::server::Server;
use crate::tui::table_view::{AnyTable, TableView};
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// Columns of the words before each fact.
const LABEL_WIDTH: usize = 15;

pub(super) struct Page {
    id: UserId,
    lines: TableView<LineId, UserLineColumn>,
}

impl Page {
    pub(super) fn open(id: UserId, app: &App) -> Self {
        let mut page = Self { id, lines: TableView::new(user_lines::FIELDS) };
        page.look(app);
        page
    }

    fn look(&mut self, app: &App) {
        self.lines.look(&UserLineRows { user: self.id, c: &app.configuration });
    }

    fn choose(&mut self, line: LineId, app: &App) {
        self.lines.choose(line, &UserLineRows { user: self.id, c: &app.configuration });
    }

    /// With the cursor on that line.
    pub(super) fn of_line(id: UserId, line: LineId, app: &App) -> Self {
        let mut page = Self::open(id, app);
        page.choose(line, app);
        page
    }

    fn edit_user(&mut self, app: &mut App) -> Transition {
        super::edit(self.id, app)
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.lines.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(LineModel::add(Some(self.id), None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.lines.chosen() {
            Some(line) => Transition::Push(Box::new(Form::open(LineModel::edit(line, app), app))),
            // There is no row that it could be about.
            None => self.edit_user(app),
        }
    }

    fn make_main(&mut self, app: &mut App) -> Transition {
        let Some(line) = self.lines.chosen().and_then(|id| app.configuration.lines.get(id)) else {
            return Transition::Stay;
        };
        let (id, words) = (line.id, format!("line \"{}\" was made the main line", line.extension));
        let (title, choice) = ("Make it the main line?", "make it the main line");
        let transition = Proposal::new(title, choice, words, move |c| c.set_main_line(id)).put(app);
        self.look(app);
        self.choose(id, app);
        transition
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        bulk::switch_one(self.id, app)
    }

    fn change(&mut self, app: &mut App) -> Transition {
        bulk::change_one(self.id, app)
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        self.lines.chosen().map_or(Transition::Stay, |line| ask_to_remove(line, false, app))
    }

    fn unlock(&mut self, app: &mut App) -> Transition {
        let Some(failed) = failed_logins(self.id, app) else { return Transition::Stay };
        ask_to_forget("login", &failed.login, failed.failures, |_| Transition::Stay)
    }

    fn switch_services_off(&mut self, app: &mut App) -> Transition {
        services::switch_off(self.id, app)
    }

    fn remove_user(&mut self, app: &mut App) -> Transition {
        let user = app.configuration.users.get(self.id);
        user.map_or(Transition::Stay, |user| {
            Transition::Push(Box::new(removal::question(user, false, remove_again(), app)))
        })
    }
}

/// What the running server counts of the user, if they are among those with most failures.
fn failed_logins(user: UserId, app: &App) -> Option<&FailedLogin> {
    let user = app.configuration.users.get(user)?;
    match &app.server {
        Server::Running(status, _) => status.failed_logins.iter().find(|failed| user.has_login(&failed.login)),
        Server::NotAskedYet | Server::NotRunning | Server::Silent(_) => None,
    }
}

/// `7 within 15 minutes, the last 40 s ago, from 2 addresses; attempts are 8 s apart; U forgets them`.
fn failed_words(failed: &FailedLogin, keys: KeysOf, now: OffsetDateTime) -> String {
    let from = count(usize::try_from(failed.addresses).unwrap_or(usize::MAX), "address");
    let apart = match failed.delay_seconds {
        0 => String::new(),
        seconds => format!("; attempts are {seconds} s apart now"),
    };
    let forget = keys.told("; U forgets them");
    let last = failed.last_at.map_or_else(String::new, |at| format!(", the last {} ago", span(at, now)));
    format!("! {} within 15 minutes{last}, from {from}{apart}{forget}", failed.failures)
}

impl Screen for Page {
    fn title(&self, app: &App) -> String {
        app.configuration.users.get(self.id).map_or_else(
            || "removed".to_owned(),
            |user| match &user.login {
                Some(login) => login.to_string(),
                None => user.full_name(),
            },
        )
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let user = app.configuration.users.get(self.id);
        let gone = user.is_none().then_some("the user was removed");
        let line = self.lines.chosen().and_then(|id| app.configuration.lines.get(id));
        let none = self.lines.obstacle("the user has no line: a adds one");
        let not_removed = self.lines.obstacle("the user has no line; D removes the user");
        let hidden = none.filter(|_| has_lines(self.id, app));
        // Without a line there is but the user who can be meant.
        let edit = match line {
            Some(_) => {
                vec![Command::new([Action::Open, Action::Edit], "edit line", "Edit the line", Self::edit).edits(app)]
            }
            None => vec![
                Command::new([Action::Open], "edit line", "Edit the line", Self::edit).blocked(none).edits(app),
                Command::new([Action::Edit], "edit", "Edit the user, as long as there is no line", Self::edit)
                    .blocked(gone)
                    .blocked(hidden)
                    .quiet()
                    .edits(app),
            ],
        };
        let main = line.is_some_and(|line| line.is_main).then_some("it is the main line already");
        let none_failed = failed_logins(self.id, app).is_none().then_some("no login of this user failed lately");
        let mut commands = vec![
            Command::new(
                [Action::EditPage],
                "edit user",
                "Edit names, login, password, profile and agent",
                Self::edit_user,
            )
            .blocked(gone)
            .edits(app),
            Command::new([Action::Add], "add line", "Add a line to the user", Self::add).blocked(gone).edits(app),
        ];
        commands.extend(edit);
        commands.extend([
            Command::new([Action::MainLine], "main line", "Make it the main line", Self::make_main)
                .blocked(none)
                .blocked(main)
                .edits(app),
            Command::new([Action::Remove], "remove line", "Remove the line", Self::remove)
                .blocked(not_removed)
                .edits(app),
            Command::new([Action::RemovePage], "remove user", "Remove the user with all lines", Self::remove_user)
                .blocked(gone)
                .edits(app)
                .quiet(),
            Command::new([Action::Bulk], "bulk", "Change the user: profile, context, password and more", Self::change)
                .blocked(gone)
                .edits(app),
            Command::new([Action::Switch], "on/off", "Enable or disable the user", Self::switch)
                .blocked(gone)
                .edits(app)
                .quiet(),
            Command::new(
                [Action::ServicesOff],
                "services off",
                "Switch off what the user switched on: do not disturb, forwards; asks first",
                Self::switch_services_off,
            )
            .blocked(services::obstacle(user.map(|user| &**user), app))
            .edits(app),
            Command::new([Action::Unlock], "unlock", "Forget the failed logins; asks first", Self::unlock)
                .blocked(none_failed)
                .edits(app),
            Command::new([Action::Back], "back", "Go back to all users", |_, _| Transition::Pop).quiet(),
        ]);
        commands
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::User, Some(self.id))
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::User, id: self.id.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.lines)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.lines)
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_page(frame, area, KeysOf::Page, app);
    }

    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_page(frame, area, KeysOf::List, app);
    }
}

/// Whose keys are pressed where the page is drawn: beside a list those of the page do something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeysOf {
    Page,
    List,
}

impl KeysOf {
    /// What a key of the page does, said behind something else.
    fn told(self, words: &'static str) -> &'static str {
        if self == Self::Page { words } else { "" }
    }
}

fn has_lines(user: UserId, app: &App) -> bool {
    !app.configuration.lines_of(user).is_empty()
}

impl Page {
    fn draw_page(&mut self, frame: &mut Frame<'_>, area: Rect, keys: KeysOf, app: &App) {
        let Some(user) = app.configuration.users.get(self.id) else {
            frame.render_widget(Paragraph::new(" This user was removed."), area);
            return;
        };
        let facts = facts(user, area.width, keys, app);
        let facts_rows = u16::try_from(facts.len() + 1).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
        frame.render_widget(Paragraph::new(facts), area);
        let rows = Rect { y: area.y + facts_rows, height: area.height.saturating_sub(facts_rows), ..area };
        self.lines.draw(frame, rows, &UserLineRows { user: self.id, c: &app.configuration });
        if !has_lines(self.id, app) {
            let (style, words) = table::no_line_words(app);
            let words = format!("{words}{}", keys.told("; a adds one"));
            let below = Rect { y: rows.y + 1, height: rows.height.saturating_sub(1), ..rows };
            let lines = wrapped(&words, usize::from(below.width).saturating_sub(2)).into_iter();
            let lines: Vec<Line<'_>> = lines.map(|part| Line::styled(format!(" {part}"), style)).collect();
            frame.render_widget(Paragraph::new(lines), below);
        }
    }
}

/// Two columns of labels are too many at the design size: a row a fact.
fn facts(user: &User, width: u16, keys: KeysOf, app: &App) -> Vec<Line<'static>> {
    let c = &app.configuration;
    let none = || "none".to_owned();
    let live = Live::of_one(user, app);
    let (style, state) = table::state(user, &live);
    let state = match sessions_of(user, app) {
        0 => state,
        sessions => format!("{state}, {}", count(sessions, "session")),
    };
    let agent = c.agents.find(|agent| agent.user == Some(user.id)).map(|agent| agent.number.to_string());
    let voicemail = c.voicemails.find(|voicemail| voicemail.user == Some(user.id));
    let voicemail = voicemail.map(|found| format!("{}@{}", found.mailbox, context_name(c, found.context)));
    let lacking = app.effective().general().auth.lacking(user);
    let (style_of_password, password) = match (&user.password, user.break_glass) {
        (None, _) if lacking == Some(Violation::EnabledWithoutPassword) => {
            (theme::WARNING, "not set, so cannot log in")
        }
        (None, _) => (theme::PLAIN, "not set"),
        (Some(_), false) if !app.effective().general().auth.backends.contains(&BackendName::XivoUser) => {
            (theme::WARNING, "set, but nobody checks it: auth.backends does not name xivo_user")
        }
        (Some(_), false) => (theme::PLAIN, "set"),
        (Some(_), true) => (theme::PLAIN, "set, break-glass: works whatever other backends say"),
    };
    let failed = failed_logins(user.id, app);
    let failed = failed.map(|failed| ("Failed logins", failed_words(failed, keys, app.now), theme::WARNING));
    let before = [
        ("Name", user.full_name(), theme::PLAIN),
        ("E-mail address", user.email.as_ref().map_or_else(none, ToString::to_string), theme::PLAIN),
        ("Mobile number", user.mobile.as_ref().map_or_else(none, ToString::to_string), theme::PLAIN),
        ("State", state, style),
    ];
    let presence = table::presence_of_connected(user, &live, c).map(|presence| {
        let label = Span::styled(format!(" {}", cell("Presence", LABEL_WIDTH)), theme::MUTED);
        Line::from([vec![label], presence.spans].concat())
    });
    let behind = [
        ("Services", services_words(app.services.of(user.uuid), keys), theme::PLAIN),
        ("Profile", profile_words(user.profile, c), theme::PLAIN),
        ("Password", password.to_owned(), style_of_password),
        ("Agent", agent.unwrap_or_else(none), theme::PLAIN),
        ("Voicemail box", voicemail.unwrap_or_else(none), theme::PLAIN),
        ("UUID", user.uuid.to_string(), theme::PLAIN),
    ];
    let rows = |(label, words, style): (&str, String, Style)| fact(label, &words, style, width);
    let behind = behind.into_iter().chain(failed).flat_map(rows);
    before.into_iter().flat_map(rows).chain(presence).chain(behind).collect()
}

/// What the user has switched on by a client or a telephone.
fn services_words(on: &[String], keys: KeysOf) -> String {
    if on.is_empty() {
        return "none switched on".to_owned();
    }
    format!("{}{}", services::words(on).join(", "), keys.told("; O switches them off"))
}

/// With the words in as many rows as they need.
fn fact(label: &str, words: &str, style: Style, width: u16) -> Vec<Line<'static>> {
    let rows = wrapped(words, usize::from(width).saturating_sub(LABEL_WIDTH + 2));
    let label = |row: usize| cell(if row == 0 { label } else { "" }, LABEL_WIDTH);
    let line = |(row, part): (usize, String)| {
        Line::from(vec![Span::styled(format!(" {}", label(row)), theme::MUTED), Span::styled(part, style)])
    };
    rows.into_iter().enumerate().map(line).collect()
}
