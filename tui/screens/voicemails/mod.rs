//! Voicemail boxes: all of them with the context in which each stands and whose it is, and the form. What lies in a box is
//! Asterisk's.

pub(super) mod form;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, VoicemailId};
use crate::settings::label::{Labelled as _, context_name, number_order};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::users;
use crate::tui::tab::Tab;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::foot::Foot;

use super::marked_removal::MarkedRemoval;
use form::VoicemailModel;

pub(super) struct Voicemails {
    table: TableView<VoicemailId, BoxColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BoxColumn {
    Number,
    Context,
    User,
    Name,
}

impl TableColumn for BoxColumn {
    const ALL: &'static [Self] = &[Self::Number, Self::Context, Self::User, Self::Name];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Number => ColumnDesign::new("box", 14),
            Self::Context => ColumnDesign::new("context", 18).where_rows_differ(),
            Self::User => ColumnDesign::new("user", 18),
            Self::Name => ColumnDesign::new("name", 24),
        }
    }
}

struct BoxRows<'a>(&'a Configuration);

impl TableRows for BoxRows<'_> {
    type Id = VoicemailId;
    type Column = BoxColumn;

    /// By context and number.
    fn ids(&self) -> Vec<VoicemailId> {
        let mut voicemails: Vec<&Voicemail> = self.0.voicemails.iter().map(AsRef::as_ref).collect();
        voicemails.sort_by_cached_key(|voicemail| number_order(self.0, voicemail.context, voicemail.mailbox.as_str()));
        voicemails.iter().map(|voicemail| voicemail.id).collect()
    }

    fn searched(&self, id: VoicemailId) -> Folded<'_> {
        let Some(voicemail) = self.0.voicemails.get(id) else { return Folded::default() };
        Folded::of(&format!("{} {}", voicemail.mailbox, owner_words(voicemail, self.0)))
    }

    fn field(&self, id: VoicemailId, name: &'static str) -> Folded<'_> {
        match (self.0.voicemails.get(id), name) {
            (None, _) => Folded::default(),
            (Some(voicemail), "context") => Folded::of(&context_name(self.0, voicemail.context)),
            (Some(voicemail), _) => Folded::of(&owner_words(voicemail, self.0)),
        }
    }

    fn cell(&self, id: VoicemailId, column: BoxColumn) -> Line<'static> {
        let Some(voicemail) = self.0.voicemails.get(id) else { return Line::default() };
        let user = owner(voicemail, self.0);
        Line::raw(match column {
            BoxColumn::Number => voicemail.mailbox.to_string(),
            BoxColumn::Context => context_name(self.0, voicemail.context),
            BoxColumn::User => user.map_or_else(|| "-".to_owned(), User::shown_login),
            BoxColumn::Name => user.map(User::full_name).unwrap_or_default(),
        })
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no voicemail box yet; `a` adds one.", theme::MUTED)
    }
}

impl Voicemails {
    pub(super) fn open(app: &App) -> Self {
        let mut table = TableView::new(&["context", "user"]).marked();
        table.look(&BoxRows(&app.configuration));
        Self { table }
    }

    fn chosen<'a>(&self, c: &'a Configuration) -> Option<&'a Voicemail> {
        self.table.chosen().and_then(|id| c.voicemails.get(id)).map(AsRef::as_ref)
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(VoicemailModel::new(None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(VoicemailModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let removal = MarkedRemoval {
            what: "voicemail box",
            told: "Their users have no box then. What lies in them stays with Asterisk.",
            name: |id, c: &Configuration| c.voicemails.get(id).map(|voicemail| voicemail.label(c)),
            remove: |id, c: &mut Configuration| c.remove_voicemail(id),
        };
        removal.ask(self.table.list(), Self::remove_one, app)
    }

    fn remove_one(id: VoicemailId, is_hidden: bool, app: &mut App) -> Transition {
        let c = &app.configuration;
        let Some(voicemail) = c.voicemails.get(id) else { return Transition::Stay };
        let called = voicemail.label(c);
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
        removal.hidden(is_hidden).ask(app, move |c| c.remove_voicemail(id))
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
        let none = self.table.obstacle("there is no voicemail box");
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit number, context and whose it is", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Add], "add", "Add a voicemail box", Self::add).edits(app),
            Command::new([Action::Remove], "remove", "Remove the voicemail box, or all that are marked", Self::remove)
                .blocked(self.table.obstacle_for_marked("there is no voicemail box"))
                .edits(app),
            Command::new([Action::Whose], "whose", "Go to the user whose box it is", Self::go_to_user).blocked(none),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Voicemail, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&BoxRows(&app.configuration));
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::Voicemail {
            self.table.choose(VoicemailId::new(target.id), &BoxRows(&app.configuration));
        }
        Transition::Stay
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    /// Whose it is.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let voicemail = self.chosen(&app.configuration)?;
        if let Some(user) = voicemail.user {
            return Some(Detail::screen(users::page_of(user, app)));
        }
        let mut foot = Foot::new(&voicemail.label(&app.configuration), width);
        foot.tell("The box is nobody's: no client shows what lies in it.");
        foot.tell("› Enter gives it to a user");
        Some(Detail::foot(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.table.draw(frame, area, &BoxRows(&app.configuration));
    }
}
