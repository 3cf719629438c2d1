//! Failed logins: whose are counted, how far they slow further ones down and who waits, as the server said it when it was
//! asked; forgotten here as `ctibox unlock` does it. Beside the list stands whose login it is, or who is connected from the
//! address.

mod row;

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::control::{self, FailedLogins};
use crate::settings::id::Id as _;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::users;
use crate::tui::tab::Tab;
use crate::tui::table_view::{AnyTable, TableView};
use crate::tui::theme;

use super::forget::ask_to_forget;
use row::{FIELDS, FailedColumn, FailedKind, FailedRow, FailedRows};

pub(super) struct Failed {
    rows: FailedRows,
    table: TableView<usize, FailedColumn>,
    /// What the server says when it is asked again, until it is shown.
    newer: Rc<RefCell<Option<FailedLogins>>>,
}

/// Asks the server, and shows the answer above the screen that asked.
pub(super) fn ask(app: &mut App) -> Transition {
    ask_for(app, |app, failed| Transition::Push(Box::new(Failed::show(failed, app))))
}

fn ask_for(app: &mut App, then: impl FnOnce(&mut App, FailedLogins) -> Transition + 'static) -> Transition {
    app.ask_server(control::Request::FailedLogins, move |app, reply| match reply {
        Ok(control::Response::FailedLogins(failed)) => then(app, failed),
        Ok(_) => {
            app.fail("the server's answer was not understood");
            Transition::Stay
        }
        Err(error) => {
            app.fail(format!("not known: {error}"));
            Transition::Stay
        }
    })
}

/// The same once more, for a list that is shown already.
fn ask_again(newer: Rc<RefCell<Option<FailedLogins>>>, app: &mut App) -> Transition {
    ask_for(app, move |_, failed| {
        newer.replace(Some(failed));
        Transition::Stay
    })
}

impl Failed {
    fn show(failed: FailedLogins, app: &App) -> Self {
        let mut screen = Self { rows: FailedRows::default(), table: TableView::new(FIELDS), newer: Rc::default() };
        screen.rows.take(failed);
        screen.look(app);
        screen
    }

    fn look(&mut self, app: &App) {
        if let Some(failed) = self.newer.take() {
            self.rows.take(failed);
        }
        self.rows.know(&app.configuration);
        self.table.look(&self.rows);
    }

    fn chosen(&self) -> Option<&FailedRow> {
        self.table.chosen().and_then(|id| self.rows.get(id))
    }

    fn look_again(&mut self, app: &mut App) -> Transition {
        let transition = ask_again(Rc::clone(&self.newer), app);
        self.look(app);
        transition
    }

    fn unlock(&mut self, _app: &mut App) -> Transition {
        let Some(row) = self.chosen() else { return Transition::Stay };
        let newer = Rc::clone(&self.newer);
        ask_to_forget(row.kind.as_str(), &row.name, row.failures, move |app| ask_again(newer, app))
    }

    /// To whoever has the login.
    fn open_user(&mut self, app: &mut App) -> Transition {
        let Some(row) = self.chosen().filter(|row| row.kind == FailedKind::Login) else { return Transition::Stay };
        match row.user {
            Some(user) => Transition::Go(Tab::Users, Some(Target { kind: Kind::User, id: user.number() })),
            None => {
                app.warn(format!("nobody has the login \"{}\"", row.name));
                Transition::Stay
            }
        }
    }
}

impl Screen for Failed {
    fn title(&self, _app: &App) -> String {
        "failed logins".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("no login failed lately");
        let address = self.chosen().is_some_and(|row| row.kind == FailedKind::Address);
        let address = address.then_some("it is an address, not a login");
        vec![
            Command::new([Action::Unlock], "unlock", "Forget the failed logins; asks first", Self::unlock)
                .blocked(none)
                .edits(app),
            Command::new([Action::Open], "user", "Go to the user who has the login", Self::open_user)
                .blocked(none)
                .blocked(address),
            Command::new([Action::Reload], "again", "Ask the server again", Self::look_again),
        ]
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let row = self.chosen()?;
        let foot = row.in_full(width, app);
        Some(match row.user {
            Some(user) => Detail::screen(users::page_of(user, app)).above(foot),
            None => Detail::foot(foot),
        })
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        if self.rows.is_empty() {
            let words = Line::styled(" No login failed within the last 15 minutes.", theme::MUTED);
            frame.buffer_mut().set_line(area.x, area.y + 1, &words, area.width);
            return;
        }
        self.table.draw(frame, area, &self.rows);
    }
}
