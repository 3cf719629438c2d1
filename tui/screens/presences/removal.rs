//! What removing a presence would do, told before it is done: who has it now (rule P12), from where it is chosen, and
//! what the rules would say then.

use std::collections::BTreeSet;

use crate::settings::configuration::Configuration;
use crate::settings::count::some_of;
use crate::settings::id::{Id as _, PresenceId};
use crate::settings::presence::{AVAILABLE, Presence};
use crate::settings::rule::{Severity, count};
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::server::Server;

/// Names in one sentence; more are counted.
const NAMES_SHOWN: usize = 6;

/// Asks whether to remove the presence; what the rules forbid is said without a question.
pub(super) fn ask(id: PresenceId, app: &mut App) -> Transition {
    let before = std::sync::Arc::clone(&app.configuration);
    let Some(presence) = before.presences.get(id) else { return Transition::Stay };
    let mut draft = Configuration::clone(&before);
    if let Err(refusal) = draft.remove_presence(id) {
        app.fail(refusal.to_string());
        return Transition::Stay;
    }
    let known = before.presence_findings();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for finding in
        draft.presence_findings().into_iter().filter(|finding| known.iter().all(|known| !known.says_the_same(finding)))
    {
        let told = if finding.severity == Severity::Error { &mut errors } else { &mut warnings };
        told.push(finding.refusal.to_string());
    }
    if let Some(error) = errors.into_iter().next() {
        app.fail(error);
        return Transition::Stay;
    }
    let warnings: Vec<String> = warnings.into_iter().map(|warning| format!("Then {warning}.")).collect();
    let text = move |app: &App| {
        let c = &app.configuration;
        let Some(presence) = c.presences.get(id) else { return "It was removed meanwhile.".to_owned() };
        [vec![who_has_it(presence, app), from_where(presence, c)], warnings.clone()].concat().join("\n")
    };
    let target = Target { kind: Kind::Presence, id: id.number() };
    let (seen, words) = (app.expected_version(target), format!("presence \"{}\" was removed", presence.name));
    let question = Question::recounted(format!("Remove presence {}?", presence.name), app, text)
        .choice('y', "remove it", move |app| app.change_and_tell(words, seen, move |c| c.remove_presence(id)))
        .stay("keep it");
    Transition::Push(Box::new(question))
}

fn who_has_it(presence: &Presence, app: &App) -> String {
    let c = &app.configuration;
    let available = c.presence_named(presence.group, AVAILABLE);
    let available = available.map_or(AVAILABLE, |available| available.display.as_str());
    match &app.server {
        Server::NotRunning => "No user is connected: the server does not run.".to_owned(),
        Server::NotAskedYet | Server::Silent(_) => {
            format!("The server has not said who is connected; users who have it will be moved to {available}.")
        }
        Server::Running(..) => {
            let users = users_with(presence, app);
            match users.len() {
                0 => "No connected user has it.".to_owned(),
                number => {
                    format!(
                        "{} will be moved to {available}: {}.",
                        count(number, "connected user"),
                        some_of(&users, NAMES_SHOWN)
                    )
                }
            }
        }
    }
}

/// The logins of connected users who have this presence: those whose profile uses its group.
fn users_with<'a>(presence: &Presence, app: &'a App) -> Vec<&'a str> {
    let c = &app.configuration;
    let named: BTreeSet<&str> = app
        .sessions()
        .iter()
        .filter(|session| session.presence == presence.name.as_str())
        .map(|session| session.user.as_str())
        .collect();
    let uses_group = |login: &str| {
        let user = c.users.find(|user| user.has_login(login));
        let profile = user.and_then(|user| user.profile).and_then(|profile| c.profiles.get(profile));
        profile.is_some_and(|profile| profile.presence_group == presence.group)
    };
    named.into_iter().filter(|login| uses_group(login)).collect()
}

fn from_where(presence: &Presence, c: &Configuration) -> String {
    let others: Vec<&str> = c.reached_from(presence.id).into_iter().map(|other| other.name.as_str()).collect();
    match others.len() {
        0 => "It cannot be reached from any presence.".to_owned(),
        number => format!("It can be reached from {}: {}.", count(number, "presence"), some_of(&others, NAMES_SHOWN)),
    }
}
