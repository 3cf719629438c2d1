//! What goes and what stays when a user is removed, told before it is done.

use std::sync::Arc;

use crate::settings::id::Id as _;
use crate::settings::label::Labelled as _;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::quoted;
use crate::tui::app::{App, Target};
use crate::tui::ask::Question;

pub(super) fn question(user: &Arc<User>, app: &App) -> Question {
    let target = Target { kind: Kind::User, id: user.id.number() };
    let (id, seen, words) =
        (user.id, app.expected_version(target), format!("{} was removed", user.label(&app.configuration)));
    let title = format!("Remove {}?", user.label(&app.configuration));
    let text = move |app: &App| match app.configuration.users.get(id) {
        Some(user) => consequences(user, app),
        None => "The user was removed meanwhile.".to_owned(),
    };
    Question::recounted(title, app, text)
        .choice('y', "remove the user", move |app| app.change_and_tell(words, seen, move |c| c.remove_user(id)))
        .stay("keep the user")
}

/// A line a consequence.
fn consequences(user: &User, app: &App) -> String {
    let c = &app.configuration;
    let mut words = vec![format!("{} is removed with favourites and personal contacts.", user.full_name())];
    let lines = c.lines_of(user.id);
    if !lines.is_empty() {
        let names = quoted(lines.iter().map(|line| &line.extension));
        words.push(format!("{} removed too: {names}.", are(lines.len(), "line")));
    }
    if let Some(voicemail) = c.voicemails.find(|voicemail| voicemail.user == Some(user.id)) {
        words.push(format!("The {} stays, without a user.", voicemail.label(c)));
    }
    if let Some(agent) = c.agents.find(|agent| agent.user == Some(user.id)) {
        words.push(format!("The {} stays in its queues, without a user.", agent.label(c)));
    }
    let sessions = super::sessions_of(user, app);
    if sessions > 0 {
        words.push(format!("Connected now: the server ends {}.", count(sessions, "session")));
    }
    words.join("\n")
}

/// `1 line is`, `2 lines are`.
fn are(number: usize, what: &str) -> String {
    format!("{} {}", count(number, what), if number == 1 { "is" } else { "are" })
}
