//! What goes and what stays when a user is removed, told before it is done.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, UserId};
use crate::settings::label::Labelled as _;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::quoted;
use crate::tui::app::{App, Repeat, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::proposal::Proposal;

/// `again` is the same for others.
pub(super) fn question(user: &Arc<User>, again: Repeat, app: &App) -> Question {
    let target = Target { kind: Kind::User, id: user.id.number() };
    let (id, seen, words) =
        (user.id, app.expected_version(target), format!("{} was removed", user.label(&app.configuration)));
    let title = format!("Remove {}?", user.label(&app.configuration));
    let text = move |app: &App| match app.configuration.users.get(id) {
        Some(user) => consequences(user, app),
        None => "The user was removed meanwhile.".to_owned(),
    };
    Question::recounted(title, app, text)
        .choice('y', "remove the user", move |app| {
            app.change_and_repeat(words, seen, again, move |c| c.remove_user(id))
        })
        .stay("keep the user")
}

/// The same for several, in one transaction.
pub(super) fn ask_many(users: Vec<UserId>, (words, named): (&str, String), again: Repeat, app: &mut App) -> Transition {
    let c = &app.configuration;
    let are_meant: BTreeSet<UserId> = users.iter().copied().filter(|id| c.users.get(*id).is_some()).collect();
    let mut told = vec![named, "They are removed with favorites and personal contacts.".to_owned()];
    let is_meant = |user: Option<UserId>| user.is_some_and(|user| are_meant.contains(&user));
    let lines = c.lines.iter().filter(|line| is_meant(Some(line.user))).count();
    if lines > 0 {
        told.push(format!("{} removed too.", are(lines, "line")));
    }
    let boxes = c.voicemails.iter().filter(|voicemail| is_meant(voicemail.user)).count();
    let agents = c.agents.iter().filter(|agent| is_meant(agent.user)).count();
    for (number, what) in [(boxes, "voicemail box"), (agents, "agent")] {
        if number > 0 {
            told.push(format!(
                "{} {}, without a user.",
                count(number, what),
                if number == 1 { "stays" } else { "stay" }
            ));
        }
    }
    let number = are_meant.len();
    let done = format!("{} {} removed", count(number, "user"), if number == 1 { "was" } else { "were" });
    let remove = move |c: &mut Configuration| {
        // Whoever is gone already is what was wanted.
        for id in users.iter().filter(|id| c.users.get(**id).is_some()).copied().collect::<Vec<_>>() {
            c.remove_user(id)?;
        }
        Ok(())
    };
    Proposal::new(format!("Remove {words}?"), "remove them", done, remove).again(again).always(told).put(app)
}

/// A line a consequence.
fn consequences(user: &User, app: &App) -> String {
    let c = &app.configuration;
    let mut words = vec![format!("{} is removed with favorites and personal contacts.", user.full_name())];
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
