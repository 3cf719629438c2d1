//! Users, lines, voicemail boxes and agents as a whole: rules U1, U3, U4, F2 and F14 of users, C3, C4 and Q1 of the rest, and
//! the warning for users whom context separation isolates (settings §1.2).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::dialplan::expect_context;
use super::setting::is_on;
use super::{Subject, Validator};
use crate::settings::id::{Id as _, UserId};
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::reserved;
use crate::settings::rule::Rule;
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    check_uniqueness(validator);
    let configuration = validator.configuration;
    let mut lines: HashMap<UserId, Lines> = HashMap::with_capacity(configuration.users.len());
    for line in configuration.lines.iter() {
        let lines = lines.entry(line.user).or_default();
        lines.all += 1;
        lines.main += usize::from(line.is_main);
        expect_context(validator, &**line, line.context);
        if let Some(why) = reserved::extension(line.extension.as_str()) {
            validator.error(Rule::C2, &**line, why);
        }
        expect_user(validator, &**line, Some(line.user));
    }
    check_devices(validator);
    let is_separated = is_on(configuration, Key::ContextSeparation);
    for user in configuration.users.iter() {
        check_user(validator, user);
        match lines.get(&user.id) {
            None if is_separated => {
                validator.warning(Rule::C3, &**user, Violation::NoLine);
            }
            Some(Lines { all, main }) if *main != 1 => {
                validator.error(Rule::C3, &**user, Violation::MainLines { all: *all, main: *main });
            }
            None | Some(_) => {}
        }
    }
    for voicemail in configuration.voicemails.iter() {
        expect_context(validator, &**voicemail, voicemail.context);
        expect_user(validator, &**voicemail, voicemail.user);
    }
    for agent in configuration.agents.iter() {
        expect_context(validator, &**agent, agent.context);
        if let Some(why) = reserved::agent(agent.number.as_str()) {
            validator.error(Rule::Q1, &**agent, why);
        }
        expect_user(validator, &**agent, agent.user);
    }
}

/// How many lines a user has, and how many of them say they are main.
#[derive(Default)]
struct Lines {
    all: usize,
    main: usize,
}

fn check_uniqueness(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let users = || configuration.users.iter().map(|user| &**user);
    validator.unique(Rule::U1, "login (the case of letters does not count)", users(), User::folded_login);
    validator.unique(Rule::U1, "uuid", users(), |user| Some(user.uuid));
    validator.unique(Rule::U3, "e-mail address (the case of letters does not count)", users(), |user| {
        user.email.as_ref().map(|email| email.as_str().to_lowercase())
    });
    let voicemails = || configuration.voicemails.iter().map(|voicemail| &**voicemail);
    validator.unique(Rule::Q1, "box and context", voicemails(), |voicemail| {
        Some((voicemail.mailbox.as_str(), voicemail.context))
    });
    validator.unique(Rule::C3, "user", voicemails(), |voicemail| voicemail.user);
    let agents = || configuration.agents.iter().map(|agent| &**agent);
    validator.unique(Rule::Q1, "number", agents(), |agent| Some(agent.number.as_str()));
    validator.unique(Rule::C3, "user", agents(), |agent| agent.user);
}

/// Rule C4: the first line of a device is whose calls are told there. Two numbers of one person on one telephone are no
/// mistake.
fn check_devices(validator: &mut Validator<'_>) {
    // A number that stands twice is an error of its own.
    let place = |line: &Line| (line.context, line.extension.clone());
    let is_told = |first: &Line, line: &Line| first.user != line.user && place(first) != place(line);
    let configuration = validator.configuration;
    let mut first_lines: HashMap<Box<str>, &Line> = HashMap::with_capacity(configuration.lines.len());
    for line in configuration.lines.iter() {
        match first_lines.entry(line.device.key()) {
            Entry::Vacant(entry) => drop(entry.insert(line)),
            Entry::Occupied(entry) if is_told(entry.get(), line) => {
                let (device, first) = (line.device.to_string(), entry.get().object_name(configuration));
                validator.warning(Rule::C4, &**line, Violation::SharesDevice { device, first });
            }
            Entry::Occupied(_) => {}
        }
    }
}

fn expect_user(validator: &mut Validator<'_>, on: &dyn Subject, user: Option<UserId>) {
    if let Some(user) = user
        && validator.configuration.users.get(user).is_none()
    {
        validator.error(Rule::C3, on, Violation::UnknownUser { id: user.number() });
    }
}

fn check_user(validator: &mut Validator<'_>, user: &User) {
    if user.break_glass && user.password.is_none() {
        validator.warning(Rule::U5, user, Violation::BreakGlassWithoutPassword);
    } else if user.break_glass && !user.enabled {
        validator.warning(Rule::U5, user, Violation::BreakGlassDisabled);
    }
    if user.login.is_none() {
        if user.enabled {
            validator.error(Rule::U4, user, Violation::EnabledWithoutLogin);
        }
        if user.password.is_some() {
            validator.error(Rule::U4, user, Violation::PasswordWithoutLogin);
        }
    }
    match user.profile {
        Some(profile) if validator.configuration.profiles.get(profile).is_none() => {
            validator.error(Rule::F2, user, Violation::NamesUnknown { kind: Kind::Profile, id: profile.number() });
        }
        None if user.enabled => validator.warning(Rule::F14, user, Violation::EnabledWithoutProfile),
        _ => {}
    }
}
