//! Users: all of them with a search that narrows at each key, one user's page with his lines, the forms for both, changes
//! to all that match, and the import of XiVO's table of users (settings §1.5, §8).

mod bulk;
mod form;
mod import;
mod index;
mod made;
mod page;
mod removal;
mod table;

use std::collections::HashSet;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Screen, Target};
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::text_line::TextLine;

use form::UserModel;
use index::Index;
use page::Page;

/// Keys that move the cursor while one types what to look for.
const MOVES_WHILE_TYPING: [Key; 4] = [Key::UP, Key::DOWN, Key::PAGE_UP, Key::PAGE_DOWN];

/// The list of users.
pub(super) struct Users {
    index: Index,
    /// Those that match.
    list: List<UserId>,
    search: Search,
    /// Logins of who is connected, folded.
    connected: HashSet<String>,
}

enum Search {
    None,
    /// It is being typed.
    Open(TextLine),
    /// It stands, and the keys are commands again.
    Kept(TextLine),
}

impl Search {
    fn line(&self) -> Option<&TextLine> {
        match self {
            Self::None => None,
            Self::Open(line) | Self::Kept(line) => Some(line),
        }
    }

    fn pattern(&self) -> &str {
        self.line().map_or("", TextLine::text)
    }
}

impl Users {
    pub(super) fn open(office: &Office) -> Self {
        let index = Index::new(&office.configuration);
        let list = List::new(index.find(""));
        Self { index, list, search: Search::None, connected: connected(office) }
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }

    fn look(&mut self, _office: &mut Office) -> Answer {
        self.search = match std::mem::replace(&mut self.search, Search::None) {
            Search::None => Search::Open(TextLine::default()),
            Search::Open(line) | Search::Kept(line) => Search::Open(line),
        };
        Answer::Stay
    }

    fn keep(&mut self, _office: &mut Office) -> Answer {
        self.search = match std::mem::replace(&mut self.search, Search::None) {
            Search::Open(line) if !line.text().trim().is_empty() => Search::Kept(line),
            _ => Search::None,
        };
        self.narrow();
        Answer::Stay
    }

    fn show_all(&mut self, _office: &mut Office) -> Answer {
        self.search = Search::None;
        self.narrow();
        Answer::Stay
    }

    fn narrow(&mut self) {
        self.list.set(self.index.find(self.search.pattern()));
    }

    fn enter(&mut self, office: &mut Office) -> Answer {
        match self.list.chosen() {
            Some(id) => Answer::Push(Box::new(Page::open(id, office))),
            None => Answer::Stay,
        }
    }

    fn add(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Form::open(UserModel::new(office), office)))
    }

    fn edit(&mut self, office: &mut Office) -> Answer {
        match self.list.chosen().and_then(|id| UserModel::of(id, office)) {
            Some(model) => Answer::Push(Box::new(Form::open(model, office))),
            None => Answer::Stay,
        }
    }

    fn remove(&mut self, office: &mut Office) -> Answer {
        let user = self.list.chosen().and_then(|id| office.configuration.users.get(id));
        user.map_or(Answer::Stay, |user| Answer::Push(Box::new(removal::question(user, office))))
    }

    fn all(&mut self, _office: &mut Office) -> Answer {
        let matching = bulk::Matching::new(self.list.ids().to_vec(), self.search.pattern());
        Answer::Push(Box::new(matching.question()))
    }

    fn import(&mut self, _office: &mut Office) -> Answer {
        Answer::Push(Box::new(import::File::ask()))
    }
}

/// How often a user is connected.
fn sessions_of(user: &User, office: &Office) -> usize {
    office.sessions().iter().filter(|session| user.has_login(&session.user)).count()
}

/// The folded logins of the sessions there are.
fn connected(office: &Office) -> HashSet<String> {
    office.sessions().iter().map(|session| session.user.to_lowercase()).collect()
}

impl Screen for Users {
    fn title(&self, _office: &Office) -> String {
        "users".to_owned()
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        if let Search::Open(_) = self.search {
            return vec![
                Command::new([Key::ENTER], "keep", "Keep what was found and go on with the list", Self::keep),
                Command::new([Key::ESC], "show all", "Forget the search and show all users", Self::show_all),
                Command::keyed(MOVES_WHILE_TYPING, "move", "Move the cursor", Self::moved),
            ];
        }
        let none = self.list.chosen().is_none().then_some("there is no user");
        let mut commands = vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the user with all lines", Self::enter).blocked(none),
            Command::new([Key::char('/')], "find", "Look for a name, login, e-mail address or number", Self::look),
            Command::new([Key::char('a')], "add", "Add a user", Self::add).edits(office),
            Command::new([Key::char('e')], "edit", "Edit names, login, password, profile and agent", Self::edit)
                .blocked(none)
                .edits(office),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the user with all lines", Self::remove)
                .blocked(none)
                .edits(office),
            Command::new(
                [Key::char('b')],
                "all",
                "Give all that are shown a profile, enable or disable them",
                Self::all,
            )
            .blocked(none)
            .edits(office),
            Command::new([Key::char('i')], "import", "Import the table of users of XiVO", Self::import),
        ];
        if let Search::Kept(_) = self.search {
            commands.push(Command::new([Key::ESC], "show all", "Forget the search and show all users", Self::show_all));
        }
        commands
    }

    fn takes_text(&self) -> bool {
        matches!(self.search, Search::Open(_))
    }

    fn typed(&mut self, key: Key, _office: &mut Office) -> Answer {
        if let Search::Open(line) = &mut self.search {
            let before = line.text().to_owned();
            line.press(key);
            if line.text() != before {
                self.narrow();
                self.list.press(Key::HOME);
            }
        }
        Answer::Stay
    }

    fn pasted(&mut self, text: &str, _office: &mut Office) {
        if let Search::Open(line) = &mut self.search {
            line.paste(text);
            self.narrow();
            self.list.press(Key::HOME);
        }
    }

    fn heard(&mut self, office: &mut Office) {
        self.connected = connected(office);
        if !self.index.is_of(&office.configuration) {
            self.index = Index::new(&office.configuration);
            self.narrow();
        }
    }

    fn reveal(&mut self, target: Target, office: &mut Office) -> Answer {
        let line = LineId::new(target.id);
        let user = match target.kind {
            Kind::User => Some(UserId::new(target.id)),
            Kind::Line => office.configuration.lines.get(line).map(|line| line.user),
            _ => None,
        };
        let Some(user) = user else { return Answer::Stay };
        if !self.list.choose(user) {
            self.show_all(office);
            self.list.choose(user);
        }
        Answer::Push(Box::new(match target.kind {
            Kind::Line => Page::of_line(user, line, office),
            _ => Page::open(user, office),
        }))
    }

    fn clicked(&mut self, at: Position, office: &mut Office) -> Answer {
        if self.list.clicked(at) { self.enter(office) } else { Answer::Stay }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        let rows = Rect { y: area.y + 2, height: area.height - 4, ..area };
        self.draw_search(frame, Rect { height: 1, ..area });
        table::draw_head(frame, Rect { y: area.y + 1, height: 1, ..area }, &self.index);
        let (index, connected, c) = (&self.index, &self.connected, &office.configuration);
        self.list.draw(frame, rows, true, |id| table::row(id, c, index, connected, area.width));
        let chosen = self.list.chosen().and_then(|id| c.users.get(id));
        table::draw_foot(frame, Rect { y: area.bottom() - 2, height: 2, ..area }, chosen, c, index);
    }
}
