//! Ending sessions: asked first, one or all of the user, and whether the clients may come back by themselves (protocol
//! decision 11).

use crate::control::{self, Session};
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;

pub(super) fn question(session: &Session, app: &App) -> Question {
    let (login, address) = (session.user.clone(), session.address.clone());
    let all = app.sessions().iter().filter(|other| other.user == login).count();
    let (number, user) = (session.session, login.clone());
    let text = move |app: &App| {
        let of_user = || app.sessions().iter().filter(|other| other.user == user);
        let from = match of_user().any(|other| other.session == number) {
            true => format!("is connected from {address}"),
            false => "has left this session meanwhile".to_owned(),
        };
        let all = match of_user().count() {
            0 | 1 => String::new(),
            several => format!(", and has {} in all", count(several, "session")),
        };
        format!(
            "\"{user}\" {from}{all}.\nA client whose session is just ended comes back by itself; one that is told not to \
             waits until somebody logs in again. To keep the user out, disable the user or change the password first."
        )
    };
    let one = control::SessionSelector::Session(session.session);
    let every = control::SessionSelector::User(login.clone());
    let choice = |which: &control::SessionSelector, come_back: ComeBack| {
        let ask = control::Request::Disconnect { which: which.clone(), force: come_back == ComeBack::MayNot };
        let login = login.clone();
        move |app: &mut App| end(ask, login, app)
    };
    let (plain, forced) = (choice(&one, ComeBack::May), choice(&one, ComeBack::MayNot));
    let question = Question::recounted(format!("End the session of {login}?"), app, text)
        .choice('y', "end this session", plain)
        .choice('f', "end this session; the client is told not to come back", forced);
    let question = match all {
        0 | 1 => question,
        _ => question.choice('a', "end all sessions of the user", choice(&every, ComeBack::May)).choice(
            'A',
            "end all of them; the clients are told not to come back",
            choice(&every, ComeBack::MayNot),
        ),
    };
    question.stay("leave it")
}

/// What the client is told on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ComeBack {
    May,
    MayNot,
}

fn end(ask: control::Request, login: String, app: &mut App) -> Transition {
    app.ask_server(ask, move |app, reply| {
        match reply {
            Ok(control::Response::Disconnected { sessions: 0 }) => {
                app.warn(format!("\"{login}\" was not connected any more"))
            }
            Ok(control::Response::Disconnected { sessions }) => {
                let number = count(usize::try_from(sessions).unwrap_or(usize::MAX), "session");
                app.tell(format!("ended {number} of \"{login}\""));
            }
            Ok(_) => app.fail("the server answered something else than was asked"),
            Err(error) => app.fail(format!("not ended: {error}")),
        }
        Transition::Stay
    })
}
