//! What goes and what stays when a user is removed, told before it is done.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::label::Labelled as _;
use crate::settings::queue::MemberId;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::quoted;
use crate::tui::app::{App, Repeat, Target, Transition};
use crate::tui::ask::{HIDDEN, Question};
use crate::tui::proposal::Proposal;
use crate::tui::screens::person::person;
use crate::tui::tab::Tab;

/// The store keeps this for so long (`STATE_KEPT_AFTER_REMOVAL`).
const PERSONAL: &str =
    "favorites, personal contacts and services that are switched on; for a week an undo brings these back";
/// No history keeps them.
const PASSWORD_GOES: &str = "Until this console is left, Ctrl-Z brings back the password too; the history keeps none.";
const PASSWORDS_GO: &str =
    "Until this console is left, Ctrl-Z brings back their passwords too; the history keeps none.";

/// `again` is the same for others; a filter may hide who is marked.
pub(super) fn question(user: &Arc<User>, is_hidden: bool, again: Repeat, app: &App) -> Question {
    let target = Target { kind: Kind::User, id: user.id.number() };
    let (id, seen, words) =
        (user.id, app.expected_version(target), format!("{} was removed", user.label(&app.configuration)));
    let title = format!("Remove {}?", user.label(&app.configuration));
    let text = move |app: &App| match app.configuration.users.get(id) {
        Some(user) if is_hidden => format!("{HIDDEN}\n{}", consequences(user, app)),
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
    let mut told = vec![named, format!("They are removed with {PERSONAL}.")];
    let is_meant = |user: Option<UserId>| user.is_some_and(|user| are_meant.contains(&user));
    let lines: BTreeSet<LineId> = c.lines.iter().filter(|line| is_meant(Some(line.user))).map(|line| line.id).collect();
    if !lines.is_empty() {
        told.push(format!("{} removed too.", are(lines.len(), "line")));
    }
    let left = queues_of(c, |member| matches!(member, MemberId::Line(line) if lines.contains(&line)));
    if !left.is_empty() {
        told.push(format!("Lines of them are no members of {} any more.", queue_words(&left)));
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
    if c.users.iter().any(|user| are_meant.contains(&user.id) && user.password.is_some()) {
        told.push(PASSWORDS_GO.to_owned());
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
    let mut words = vec![format!("{} is removed with {PERSONAL}.", person(user, c))];
    let lines = c.lines_of(user.id);
    if !lines.is_empty() {
        let names = quoted(lines.iter().map(|line| &line.extension));
        words.push(format!("{} removed too: {names}.", are(lines.len(), "line")));
    }
    // A telephone that is a member of a queue goes with its line.
    let left = queues_of(c, |member| lines.iter().any(|line| member == MemberId::Line(line.id)));
    if !left.is_empty() {
        let whose = if lines.len() == 1 { "It is" } else { "They are" };
        words.push(format!("{whose} no member of {} any more.", queue_words(&left)));
    }
    if let Some(voicemail) = c.voicemails.find(|voicemail| voicemail.user == Some(user.id)) {
        let place = Tab::Voicemails.key();
        words.push(format!("The {} stays, without a user: {place} shows it.", voicemail.label(c)));
    }
    if let Some(agent) = c.agents.find(|agent| agent.user == Some(user.id)) {
        let queues = queues_of(c, |member| member == MemberId::Agent(agent.id));
        let stays = match queues.is_empty() {
            true => "stays".to_owned(),
            false => format!("stays a member of {}", queue_words(&queues)),
        };
        words.push(format!("The {} {stays}, without a user: {} shows it.", agent.label(c), Tab::Queues.key()));
    }
    if user.password.is_some() {
        words.push(PASSWORD_GOES.to_owned());
    }
    let sessions = super::sessions_of(user, app);
    if sessions > 0 {
        words.push(format!("Connected now: the server ends {}.", count(sessions, "session")));
    }
    words.join("\n")
}

/// The names of the queues that have such a member.
fn queues_of(c: &Configuration, is_meant: impl Fn(MemberId) -> bool) -> Vec<String> {
    let queues = c.queues.iter().filter(|queue| queue.members.iter().any(|member| is_meant(member.member)));
    queues.map(|queue| queue.name.to_string()).collect()
}

/// `queue "support"`, `queues "orders", "support"`
fn queue_words(names: &[String]) -> String {
    format!("{} {}", if names.len() == 1 { "queue" } else { "queues" }, quoted(names))
}

/// `1 line is`, `2 lines are`.
fn are(number: usize, what: &str) -> String {
    format!("{} {}", count(number, what), if number == 1 { "is" } else { "are" })
}
