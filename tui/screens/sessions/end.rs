//! Ending sessions: asked first, one or all of the user, and whether the clients may come back by themselves (protocol
//! decision 11).

use std::collections::BTreeSet;

use crate::control::{self, Session, SessionSelector};
use crate::settings::rule::count;
use crate::tui::app::{App, Repeat, RowsOf, Transition};
use crate::tui::ask::Question;
use crate::tui::command_line::{SameCommand, quoted};

pub(super) fn question(session: &Session, app: &App) -> Question {
    let (login, address) = (session.user.clone(), session.address.clone());
    let all = app.sessions().iter().filter(|other| other.user == login).count();
    let (number, user) = (session.session, login.clone());
    let text = move |app: &App| {
        let of_user = || app.sessions().iter().filter(|other| other.user == user);
        let from = match of_user().any(|other| other.session == number) {
            true => format!("is connected from {address}"),
            false => "has left this session in the meantime".to_owned(),
        };
        let all = match of_user().count() {
            0 | 1 => String::new(),
            several => format!(", and has {} in all", count(several, "session")),
        };
        format!(
            "\"{user}\" {from}{all}.\nThe client reconnects by itself. With f it stays out until the user logs in \
             again. To keep the user out for good, disable the user or change the password first."
        )
    };
    let one = SessionSelector::Session(session.session);
    let every = SessionSelector::User(login.clone());
    let choice = |which: &SessionSelector, come_back: ComeBack| {
        let (which, of) = (which.clone(), EndedSessions::Of(format!("\"{login}\"")));
        move |app: &mut App| end(which, come_back, of, app)
    };
    let (plain, forced) = (choice(&one, ComeBack::May), choice(&one, ComeBack::MayNot));
    let question = Question::recounted(format!("End the session of {login}?"), app, text)
        .choice('y', "end this session", plain)
        .choice('f', "end this session; the client is told not to reconnect", forced);
    let question = match all {
        0 | 1 => question,
        _ => question.choice('a', "end all sessions of the user", choice(&every, ComeBack::May)).choice(
            'A',
            "end all of them; the clients are told not to reconnect",
            choice(&every, ComeBack::MayNot),
        ),
    };
    question.stay("leave it")
}

/// Whose sessions are ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui::screens) enum EndedSessions {
    Marked,
    /// `3 marked users`, `Ada Kuhn`.
    Of(String),
}

impl EndedSessions {
    /// `marked session`, `session of Ada Kuhn`.
    fn words(&self, session: &str) -> String {
        match self {
            Self::Marked => format!("marked {session}"),
            Self::Of(who) => format!("{session} of {who}"),
        }
    }

    /// `3 marked sessions`, `1 session of Ada Kuhn`.
    fn counted(&self, number: usize) -> String {
        let session = if number == 1 { "session" } else { "sessions" };
        format!("{number} {}", self.words(session))
    }
}

/// Several at once.
pub(in crate::tui::screens) fn ask_to_end(sessions: Vec<u64>, of: EndedSessions, app: &mut App) -> Transition {
    if sessions.is_empty() {
        app.warn(format!("there is no {}", of.words("session")));
        return Transition::Stay;
    }
    let number = sessions.len();
    let known: BTreeSet<u64> = sessions.iter().copied().collect();
    let text = move |app: &App| {
        let present: Vec<&Session> = app.sessions().iter().filter(|session| known.contains(&session.session)).collect();
        let users: BTreeSet<&str> = present.iter().map(|session| session.user.as_str()).collect();
        let gone = match number - present.len() {
            0 => String::new(),
            gone => format!("; {} left meanwhile", have(gone, "session")),
        };
        let (open, users) = (count(present.len(), "session"), count(users.len(), "user"));
        format!(
            "{open} of {users} {} open{gone}.\nEnded clients reconnect by themselves. With f they stay out until their \
             user logs in again. To keep users out for good, disable them first.",
            if present.len() == 1 { "is" } else { "are" }
        )
    };
    let choice = |come_back: ComeBack| {
        let (which, of) = (SessionSelector::Sessions(sessions.clone()), of.clone());
        move |app: &mut App| end(which, come_back, of, app)
    };
    let question = Question::recounted(format!("End {}?", of.counted(number)), app, text)
        .choice('y', "end them", choice(ComeBack::May))
        .choice('f', "end them; the clients are told not to reconnect", choice(ComeBack::MayNot))
        .stay("leave them");
    Transition::Push(Box::new(question))
}

/// `1 session has`.
fn have(number: usize, what: &str) -> String {
    format!("{} {}", count(number, what), if number == 1 { "has" } else { "have" })
}

/// What the client is told on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ComeBack {
    May,
    MayNot,
}

/// The same as commands, which end all sessions of a user.
fn commands(which: &SessionSelector, come_back: ComeBack, app: &App) -> Vec<SameCommand> {
    let is_meant = |session: &Session| match which {
        SessionSelector::Session(number) => session.session == *number,
        SessionSelector::Sessions(numbers) => numbers.contains(&session.session),
        SessionSelector::User(login) => session.user == *login,
    };
    let force = if come_back == ComeBack::MayNot { " --force" } else { "" };
    let logins: BTreeSet<&str> =
        app.sessions().iter().filter(|session| is_meant(session)).map(|session| session.user.as_str()).collect();
    let command = |login: &str| {
        let mut of_user = app.sessions().iter().filter(|session| session.user == login);
        match of_user.all(is_meant) {
            true => SameCommand::Line(format!("user disconnect {}{force}", quoted(login))),
            false => SameCommand::None(format!("ending some of the sessions of {login}")),
        }
    };
    logins.into_iter().map(command).collect()
}

/// `of` says whose they are.
fn end(which: SessionSelector, come_back: ComeBack, of: EndedSessions, app: &mut App) -> Transition {
    let commands = commands(&which, come_back, app);
    let ask = control::Request::Disconnect { which, force: come_back == ComeBack::MayNot };
    app.ask_server(ask, move |app, reply| {
        match reply {
            Ok(control::Response::Disconnected { sessions: 0 }) => {
                app.warn(format!("no {} was there any more", of.words("session")))
            }
            Ok(control::Response::Disconnected { sessions }) => {
                let words = format!("ended {}", of.counted(usize::try_from(sessions).unwrap_or(usize::MAX)));
                app.remember_made_elsewhere(words.clone(), commands);
                app.remember_repeat(Repeat::new(RowsOf::Sessions, "end sessions", |ids, app| {
                    let numbers = ids.iter().filter_map(|id| u64::try_from(*id).ok()).collect();
                    ask_to_end(numbers, EndedSessions::Marked, app)
                }));
                app.tell(words);
            }
            Ok(_) => app.fail("the server's answer was not understood"),
            Err(error) => app.fail(format!("not ended: {error}")),
        }
        Transition::Stay
    })
}
