//! What a screen is: a state that draws itself, lists what can be done, and answers with where to go next. The console
//! holds a stack of them; none knows another but by opening it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::commands::{Command, Offer};
use super::keys::Key;
use super::office::Office;
use super::screens;
use crate::settings::table::Kind;

/// Where a screen sends the console next.
pub(crate) enum Answer {
    Stay,
    /// One more screen, above this one.
    Push(Box<dyn Shown>),
    /// Back to the one below.
    Pop,
    /// Another one in its place.
    Replace(Box<dyn Shown>),
    /// Back, and there as if that screen had answered this.
    Back(Box<Answer>),
    /// To a place of the top bar, and there to an object.
    Go(Place, Option<Target>),
    Leave,
}

/// An object that a place can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) id: i64,
}

/// How a screen stands on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// It fills the body.
    Whole,
    /// So many columns and rows in the middle of the one below.
    Over(u16, u16),
}

/// Whether other places can be gone to while it is on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Free,
    /// A form or a question: it must be answered or left first.
    Modal,
}

pub(super) trait Screen: Sized {
    /// Its part of the title: `xivo`, `new presence`.
    fn title(&self, office: &Office) -> String;

    /// What can be done now.
    fn commands(&self, office: &Office) -> Vec<Command<Self>>;

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office);

    fn stance(&self) -> Stance {
        Stance::Whole
    }

    fn hold(&self) -> Hold {
        Hold::Free
    }

    /// Whether characters are text now, and no commands.
    fn takes_text(&self) -> bool {
        false
    }

    /// A key that is no command.
    fn typed(&mut self, _key: Key, _office: &mut Office) -> Answer {
        Answer::Stay
    }

    fn pasted(&mut self, _text: &str, _office: &mut Office) {}

    /// A mouse click within what was drawn last.
    fn clicked(&mut self, _at: Position, _office: &mut Office) -> Answer {
        Answer::Stay
    }

    /// The office has another configuration or other news: what was shown by id may be gone.
    fn heard(&mut self, _office: &mut Office) {}

    /// Goes to an object, if it is one of its own.
    fn reveal(&mut self, _target: Target, _office: &mut Office) -> Answer {
        Answer::Stay
    }

    /// Whether leaving now would lose something.
    fn has_unsaved(&self) -> bool {
        false
    }

    /// Whether a `Job` works for it: the console then draws and lets it look several times a second.
    fn is_working(&self) -> bool {
        false
    }

    /// Looks after its job, while it is on top.
    fn look_after(&mut self, _office: &mut Office) -> Answer {
        Answer::Stay
    }
}

/// A screen as the stack holds it.
pub(crate) trait Shown {
    fn title(&self, office: &Office) -> String;
    fn offers(&self, office: &Office) -> Vec<Offer>;
    /// A key: a command of the screen, or text.
    fn press(&mut self, key: Key, office: &mut Office) -> Option<Answer>;
    fn pasted(&mut self, text: &str, office: &mut Office);
    fn clicked(&mut self, at: Position, office: &mut Office) -> Answer;
    fn heard(&mut self, office: &mut Office);
    fn reveal(&mut self, target: Target, office: &mut Office) -> Answer;
    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office);
    fn stance(&self) -> Stance;
    fn hold(&self) -> Hold;
    fn takes_text(&self) -> bool;
    fn has_unsaved(&self) -> bool;
    fn is_working(&self) -> bool;
    fn look_after(&mut self, office: &mut Office) -> Answer;
}

impl<S: Screen> Shown for S {
    fn title(&self, office: &Office) -> String {
        Screen::title(self, office)
    }

    fn offers(&self, office: &Office) -> Vec<Offer> {
        self.commands(office).iter().map(Command::offer).collect()
    }

    fn press(&mut self, key: Key, office: &mut Office) -> Option<Answer> {
        let is_text = Screen::takes_text(self) && key.typed().is_some();
        let command = self.commands(office).into_iter().find(|command| !is_text && command.is_for(key));
        match command {
            Some(command) => Some(command.act(self, key, office)),
            // F1 is no text: the help is for forms too.
            None if Screen::takes_text(self) && key != Key::F1 => Some(self.typed(key, office)),
            None => None,
        }
    }

    fn pasted(&mut self, text: &str, office: &mut Office) {
        Screen::pasted(self, text, office);
    }

    fn clicked(&mut self, at: Position, office: &mut Office) -> Answer {
        Screen::clicked(self, at, office)
    }

    fn heard(&mut self, office: &mut Office) {
        Screen::heard(self, office);
    }

    fn reveal(&mut self, target: Target, office: &mut Office) -> Answer {
        Screen::reveal(self, target, office)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        Screen::draw(self, frame, area, office);
    }

    fn stance(&self) -> Stance {
        Screen::stance(self)
    }

    fn hold(&self) -> Hold {
        Screen::hold(self)
    }

    fn takes_text(&self) -> bool {
        Screen::takes_text(self)
    }

    fn has_unsaved(&self) -> bool {
        Screen::has_unsaved(self)
    }

    fn is_working(&self) -> bool {
        Screen::is_working(self)
    }

    fn look_after(&mut self, office: &mut Office) -> Answer {
        Screen::look_after(self, office)
    }
}

/// The places of the top bar; `--screen` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Overview,
    Presences,
    Profiles,
    Users,
    Hints,
    Contexts,
    Queues,
    Settings,
    Certificates,
    Sessions,
    History,
    Help,
}

impl Place {
    pub(crate) const ALL: [Self; 12] = [
        Self::Overview,
        Self::Presences,
        Self::Profiles,
        Self::Users,
        Self::Hints,
        Self::Contexts,
        Self::Queues,
        Self::Settings,
        Self::Certificates,
        Self::Sessions,
        Self::History,
        Self::Help,
    ];

    /// The word for `--screen` and the top bar.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Presences => "presences",
            Self::Profiles => "profiles",
            Self::Users => "users",
            Self::Hints => "hints",
            Self::Contexts => "contexts",
            Self::Queues => "queues",
            Self::Settings => "settings",
            Self::Certificates => "certificates",
            Self::Sessions => "sessions",
            Self::History => "history",
            Self::Help => "help",
        }
    }

    /// What stands above its screen.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Presences => "Presences",
            Self::Profiles => "Profiles",
            Self::Users => "Users",
            Self::Hints => "Phone hints",
            Self::Contexts => "Contexts and lines",
            Self::Queues => "Agents and queues",
            Self::Settings => "General settings",
            Self::Certificates => "Certificates",
            Self::Sessions => "Sessions",
            Self::History => "History",
            Self::Help => "Help",
        }
    }

    /// In the top bar, after the key.
    pub(super) fn tab(self) -> &'static str {
        match self {
            Self::Hints => "Hints",
            Self::Contexts => "Contexts",
            Self::Queues => "Queues",
            Self::Settings => "Settings",
            other => other.heading(),
        }
    }

    /// The key that goes there from any screen without an open form.
    pub(super) fn key(self) -> Key {
        Key::char(match self {
            Self::Overview => '1',
            Self::Presences => '2',
            Self::Profiles => '3',
            Self::Users => '4',
            Self::Hints => '5',
            Self::Contexts => '6',
            Self::Queues => '7',
            Self::Settings => '8',
            Self::Certificates => '9',
            Self::Sessions => '0',
            Self::History => 'h',
            Self::Help => '?',
        })
    }

    /// Where objects of this kind are edited.
    pub(super) fn of(kind: Kind) -> Option<Self> {
        match kind {
            // `ctibox phonebook` edits the phone book.
            Kind::Server | Kind::PhoneBookEntry => None,
            Kind::Setting => Some(Self::Settings),
            Kind::PresenceGroup | Kind::Presence => Some(Self::Presences),
            Kind::PhoneHintGroup => Some(Self::Hints),
            Kind::Profile => Some(Self::Profiles),
            Kind::User => Some(Self::Users),
            Kind::Context | Kind::Line | Kind::Voicemail | Kind::Conference => Some(Self::Contexts),
            Kind::Agent | Kind::Queue => Some(Self::Queues),
        }
    }

    /// A fresh screen of the place.
    pub(super) fn open(self, office: &Office) -> Box<dyn Shown> {
        screens::open(self, office)
    }
}
