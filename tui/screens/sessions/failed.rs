//! Failed logins: whose are counted, how far they slow further ones down and who waits, as the server said it when it was
//! asked; forgotten here as `ctibox unlock` does it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::control::{self, FailedLogins};
use crate::settings::id::Id as _;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

const NAME_WIDTH: usize = 42;
const NUMBER_WIDTH: usize = 10;
const KIND_WIDTH: usize = 9;

const LOGIN: &str = "login";

pub(super) struct Failed {
    rows: Vec<Row>,
    list: List<usize>,
}

/// A login or an address.
struct Row {
    kind: &'static str,
    name: String,
    failures: u32,
    delay_seconds: u64,
    waiting: u32,
}

/// Asks the server, and shows the answer above the screen that asked.
pub(super) fn ask(app: &mut App) -> Transition {
    ask_for(app, |failed| Transition::Push(Box::new(Failed::show(failed))))
}

fn ask_for(app: &mut App, then: impl FnOnce(FailedLogins) -> Transition + 'static) -> Transition {
    app.ask_server(control::Request::FailedLogins, move |app, reply| match reply {
        Ok(control::Response::FailedLogins(failed)) => then(failed),
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

impl Failed {
    fn show(failed: FailedLogins) -> Self {
        let logins = failed.logins.into_iter().map(|it| Row {
            kind: LOGIN,
            name: it.login,
            failures: it.failures,
            delay_seconds: it.delay_seconds,
            waiting: it.waiting,
        });
        let addresses = failed.addresses.into_iter().map(|it| Row {
            kind: "address",
            name: it.address,
            failures: it.failures,
            delay_seconds: it.delay_seconds,
            waiting: it.waiting,
        });
        let rows: Vec<Row> = logins.chain(addresses).collect();
        Self { list: List::new((0..rows.len()).collect()), rows }
    }

    fn chosen(&self) -> Option<&Row> {
        self.list.chosen().and_then(|at| self.rows.get(at))
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn look_again(&mut self, app: &mut App) -> Transition {
        ask_for(app, |failed| Transition::Replace(Box::new(Self::show(failed))))
    }

    fn unlock(&mut self, _app: &mut App) -> Transition {
        let Some(row) = self.chosen() else { return Transition::Stay };
        let shown = |app: &mut App| ask_for(app, |failed| Transition::Replace(Box::new(Self::show(failed))));
        ask_to_forget(row.kind, &row.name, row.failures, shown)
    }

    /// To whoever has the login.
    fn open_user(&mut self, app: &mut App) -> Transition {
        let Some(row) = self.chosen().filter(|row| row.kind == LOGIN) else { return Transition::Stay };
        match app.configuration.users.find(|user| user.has_login(&row.name)) {
            Some(user) => Transition::Go(Tab::Users, Some(Target { kind: Kind::User, id: user.id.number() })),
            None => {
                app.warn(format!("nobody has the login \"{}\"", row.name));
                Transition::Stay
            }
        }
    }
}

/// Asks whether they are to be forgotten, and goes on like that.
pub(in crate::tui::screens) fn ask_to_forget(
    kind: &str,
    name: &str,
    failures: u32,
    then: impl FnOnce(&mut App) -> Transition + 'static,
) -> Transition {
    let number = count(usize::try_from(failures).unwrap_or(usize::MAX), "failed login");
    let are = if failures == 1 { "is" } else { "are" };
    let text = format!(
        "{number} of {kind} \"{name}\" {are} counted. Once forgotten, the next attempts are checked immediately."
    );
    let (title, name) = (format!("Forget the failed logins of {name}?"), name.to_owned());
    let question = Question::new(title, text)
        .choice('y', "forget them", move |app: &mut App| forget(name, then, app))
        .stay("leave it");
    Transition::Push(Box::new(question))
}

fn forget(name: String, then: impl FnOnce(&mut App) -> Transition + 'static, app: &mut App) -> Transition {
    app.ask_server(control::Request::ForgetFailedLogins { of: name.clone() }, move |app, reply| {
        match reply {
            Ok(control::Response::FailedLoginsForgotten { failures }) => {
                let number = count(usize::try_from(failures).unwrap_or(usize::MAX), "failed login");
                app.tell(format!("forgot {number} of {name}"));
            }
            Ok(_) => app.fail("the server's answer was not understood"),
            Err(error) => app.fail(format!("not forgotten: {error}")),
        }
        then(app)
    })
}

impl Screen for Failed {
    fn title(&self, _app: &App) -> String {
        "failed logins".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.chosen().is_none().then_some("no login failed lately");
        let address = self.chosen().is_some_and(|row| row.kind != LOGIN).then_some("it is an address, not a login");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::Unlock], "unlock", "Forget the failed logins; asks first", Self::unlock)
                .blocked(none)
                .edits(app),
            Command::new([Action::Open], "user", "Go to the user who has the login", Self::open_user)
                .blocked(none)
                .blocked(address),
            Command::new([Action::Reload], "again", "Ask the server again", Self::look_again),
        ]
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        if self.rows.is_empty() {
            let words = Line::styled(" No login failed within the last 15 minutes.", theme::MUTED);
            frame.buffer_mut().set_line(area.x, area.y + 1, &words, area.width);
            return;
        }
        let columns = [
            Column::new(KIND_WIDTH, "Kind"),
            Column::new(NAME_WIDTH, "Login or address").holding(self.rows.iter().map(|row| row.name.as_str())),
            Column::new(NUMBER_WIDTH, "Failures"),
            Column::new(NUMBER_WIDTH, "Delay"),
            Column::new(NUMBER_WIDTH, "Waiting").if_room(),
        ];
        let widths = fit(area.width.saturating_sub(1), columns);
        let head = row_text(widths, ["Kind", "Login or address", "Failures", "Delay", "Waiting"]);
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(frame, rows, true, |at| {
            self.rows.get(at).map_or_else(Line::default, |row| {
                let (delay, style) = match row.delay_seconds {
                    0 => ("none".to_owned(), theme::PLAIN),
                    seconds => (format!("! {seconds} s"), theme::WARNING),
                };
                let [kind, name, failures, delay_width, waiting] = widths;
                let before = format!(
                    " {}{}{}",
                    cell(row.kind, kind),
                    cell(&row.name, name),
                    cell(&row.failures.to_string(), failures)
                );
                Line::from(vec![
                    Span::raw(before),
                    Span::styled(cell(&delay, delay_width), style),
                    Span::raw(cell(&row.waiting.to_string(), waiting)),
                ])
            })
        });
    }
}

fn row_text(widths: [usize; 5], texts: [&str; 5]) -> String {
    format!(" {}", cells(texts, &widths))
}
