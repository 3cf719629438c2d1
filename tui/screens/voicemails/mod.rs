//! Voicemail boxes: all of them with the context in which each stands and whose it is, and the form. What lies in a box is
//! Asterisk's.

pub(super) mod form;

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{Id as _, VoicemailId};
use crate::settings::label::{Labelled as _, context_name, number_order};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

use form::VoicemailModel;

pub(super) struct Voicemails {
    list: List<VoicemailId>,
    filter: Filter,
}

impl Voicemails {
    pub(super) fn open(app: &App) -> Self {
        let mut voicemails = Self { list: List::default(), filter: Filter::new(&["context", "user"]) };
        voicemails.look(app);
        voicemails
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = ordered(c).into_iter().map(|voicemail| {
            let text = format!("{} {}", voicemail.mailbox, owner_words(voicemail, c));
            (voicemail.id, Cow::from(fold(&text)))
        });
        let field = |id, name| match (c.voicemails.get(id), name) {
            (None, _) => String::new(),
            (Some(voicemail), "context") => context_name(c, voicemail.context),
            (Some(voicemail), _) => owner_words(voicemail, c),
        };
        self.filter.narrow(&mut self.list, rows, field);
    }

    /// The cursor on that one, whatever was looked for.
    fn choose(&mut self, id: VoicemailId, app: &App) {
        if !self.list.choose(id) {
            self.filter.clear();
            self.look(app);
            self.list.choose(id);
        }
    }

    fn chosen<'a>(&self, c: &'a Configuration) -> Option<&'a Voicemail> {
        self.list.chosen().and_then(|id| c.voicemails.get(id)).map(AsRef::as_ref)
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(VoicemailModel::new(None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(VoicemailModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let c = &app.configuration;
        let Some(voicemail) = self.chosen(c) else { return Transition::Stay };
        let (id, called) = (voicemail.id, voicemail.label(c));
        let text = move |app: &App| {
            let c = &app.configuration;
            let owner = c.voicemails.get(id).and_then(|voicemail| owner(voicemail, c));
            match owner {
                Some(user) => format!("{} has no box then. What lies in it stays with Asterisk.", user.shown_login()),
                None => "It is nobody's. What lies in it stays with Asterisk.".to_owned(),
            }
        };
        let removal = Removal {
            target: Target { kind: Kind::Voicemail, id: id.number() },
            title: format!("Remove {called}?"),
            text: Box::new(text),
            words: format!("{called} was removed"),
        };
        removal.ask(app, move |c| c.remove_voicemail(id))
    }

    fn go_to_user(&mut self, app: &mut App) -> Transition {
        match self.chosen(&app.configuration).and_then(|voicemail| voicemail.user) {
            Some(user) => Transition::Go(Tab::Users, Some(Target { kind: Kind::User, id: user.number() })),
            None => {
                app.warn("the box is nobody's; Enter gives it to a user");
                Transition::Stay
            }
        }
    }
}

/// By context and number.
fn ordered(c: &Configuration) -> Vec<&Voicemail> {
    let mut voicemails: Vec<&Voicemail> = c.voicemails.iter().map(AsRef::as_ref).collect();
    voicemails.sort_by_cached_key(|voicemail| number_order(c, voicemail.context, voicemail.mailbox.as_str()));
    voicemails
}

fn owner<'a>(voicemail: &Voicemail, c: &'a Configuration) -> Option<&'a User> {
    voicemail.user.and_then(|user| c.users.get(user)).map(AsRef::as_ref)
}

/// Login and name of whose it is; empty for nobody.
fn owner_words(voicemail: &Voicemail, c: &Configuration) -> String {
    owner(voicemail, c).map(|user| format!("{} {}", user.shown_login(), user.full_name())).unwrap_or_default()
}

impl Screen for Voicemails {
    fn title(&self, _app: &App) -> String {
        "voicemail boxes".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no voicemail box");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit number, context and whose it is", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('a')], "add", "Add a voicemail box", Self::add).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the voicemail box", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('w')], "whose", "Go to the user whose box it is", Self::go_to_user).blocked(none),
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

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::Voicemail {
            self.choose(VoicemailId::new(target.id), app);
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let voicemails = || c.voicemails.iter();
        let [number, context, login, name] = fit(
            area.width.saturating_sub(1),
            [
                Column::new(14, "box").holding(voicemails().map(|voicemail| voicemail.mailbox.as_str())),
                Column::new(18, "context")
                    .where_rows_differ()
                    .holding(voicemails().map(|it| context_name(c, it.context))),
                Column::new(18, "user").holding(voicemails().filter_map(|it| owner(it, c)).map(User::shown_login)),
                Column::new(24, "name").holding(voicemails().filter_map(|it| owner(it, c)).map(User::full_name)),
            ],
        );
        let head = format!(
            " {}{}{}{}",
            cell("box", number),
            cell("context", context),
            cell("user", login),
            cell("name", name).trim_end()
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if c.voicemails.is_empty() {
            let words = " There is no voicemail box yet; `a` adds one.";
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), theme::MUTED);
        }
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(frame, rows, true, |id| {
            let Some(voicemail) = c.voicemails.get(id) else { return Line::default() };
            let user = owner(voicemail, c);
            Line::raw(format!(
                " {}{}{}{}",
                cell(voicemail.mailbox.as_str(), number),
                cell(&context_name(c, voicemail.context), context),
                cell(&user.map_or_else(|| "-".to_owned(), User::shown_login), login),
                cell(&user.map(User::full_name).unwrap_or_default(), name).trim_end()
            ))
        });
    }
}
