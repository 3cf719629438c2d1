//! Users, their lines and voicemail boxes, and accounts, as commands change them.

use crate::settings::account::Account;
use crate::settings::line::Line;
use crate::settings::user::User;

use super::words::Words;
use super::{Change, Sides, Told, sides};

pub(super) fn users(change: &Change<'_>, told: &mut Told) {
    for user in sides(&change.before.users, &change.after.users) {
        match user {
            Sides::Added(user) => add_user(user, change, told),
            Sides::Edited(old, new) => edit_user(old, new, change, told),
            Sides::Removed(user) => told.remove(Words::new("user remove").name(user.login_or_id()).flag("--yes")),
        }
    }
}

fn add_user(user: &User, change: &Change<'_>, told: &mut Told) {
    let words = Words::new("user add");
    let words = match &user.login {
        Some(login) => words.name(login.as_str()),
        None => words.flag("--no-login"),
    };
    let words = words
        .option("--first-name", user.first_name.as_str())
        .given("--last-name", user.last_name.as_str())
        .given("--profile", &user.profile.map_or_else(String::new, |profile| change.profile(profile)))
        .given("--email", user.email.as_ref().map_or("", |email| email.as_str()))
        .given("--mobile", user.mobile.as_ref().map_or("", |mobile| mobile.as_str()));
    told.say(match &user.login {
        Some(_) => words.flag_if(!user.enabled, "--disabled").flag(password_flag(user.password.is_some())),
        None => words,
    });
    if user.break_glass {
        told.say(Words::new("user edit").name(user.login_or_id()).option("--break-glass", "on"));
    }
}

fn password_flag(has_one: bool) -> &'static str {
    if has_one { "--password-stdin" } else { "--no-password" }
}

fn edit_user(old: &User, new: &User, change: &Change<'_>, told: &mut Told) {
    let mut words = Words::new("user edit").name(old.login_or_id());
    words = match (&old.login, &new.login) {
        (Some(_), None) => words.flag("--no-login"),
        (old, Some(new)) if old.as_ref() != Some(new) => words.option("--rename", new.as_str()),
        (_, _) => words,
    };
    words = words
        .changed("--first-name", &old.first_name, &new.first_name, ToString::to_string)
        .changed("--last-name", &old.last_name, &new.last_name, ToString::to_string)
        .changed("--profile", &old.profile, &new.profile, |id| id.map_or_else(String::new, |id| change.profile(id)))
        .changed("--email", &old.email, &new.email, text_or_none)
        .changed("--mobile", &old.mobile, &new.mobile, text_or_none)
        .changed("--break-glass", &old.break_glass, &new.break_glass, |on| if *on { "on" } else { "off" }.to_owned());
    told.say_if_some(words);
    if old.password != new.password && new.login.is_some() {
        told.say(Words::new("user password").name(new.login_or_id()).flag(password_flag(new.password.is_some())));
    }
    match (old.enabled, new.enabled) {
        (false, true) => told.say(Words::new("user enable").name(new.login_or_id())),
        (true, false) if new.login.is_some() => told.say(Words::new("user disable").name(new.login_or_id())),
        _ => {}
    }
}

fn text_or_none<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(String::new, ToString::to_string)
}

/// A removed user's lines go with the user, and another main line comes of itself where the old one goes.
pub(super) fn lines(change: &Change<'_>, told: &mut Told) {
    for line in sides(&change.before.lines, &change.after.lines) {
        match line {
            Sides::Added(line) => add_line(line, change, told),
            Sides::Edited(old, new) => edit_line(old, new, change, told),
            Sides::Removed(line) if change.is_user_removed(line.user) => {}
            Sides::Removed(line) => {
                let words = Words::new("line remove").name(line.extension.as_str());
                told.remove(words.at("--context", change.context(line.context)));
            }
        }
    }
}

fn add_line(line: &Line, change: &Change<'_>, told: &mut Told) {
    let has_others = change.after.lines_of(line.user).len() > 1;
    let default = format!("PJSIP/{}", line.extension);
    let device = if line.device.as_str() == default { "" } else { line.device.as_str() };
    told.say(
        Words::new("line add")
            .name(line.extension.as_str())
            .option("--context", change.context(line.context))
            .option("--user", change.user(line.user))
            .given("--device", device)
            .flag_if(line.is_main && has_others, "--main"),
    );
}

fn edit_line(old: &Line, new: &Line, change: &Change<'_>, told: &mut Told) {
    if old.user != new.user {
        return told.none(format!("giving line {} to another user", new.extension));
    }
    if old.context != new.context {
        let words = Words::new("line move").name(old.extension.as_str());
        let words = words.at("--context", change.context(old.context));
        told.say(words.option("--to", change.context(new.context)));
    }
    let main_went = |line: &&std::sync::Arc<Line>| line.is_main && change.after.lines.get(line.id).is_none();
    let becomes_main = new.is_main && !old.is_main && !change.before.lines_of(new.user).iter().any(main_went);
    let words = Words::new("line edit")
        .name(old.extension.as_str())
        .at("--context", change.context(new.context))
        .changed("--renumber", &old.extension, &new.extension, ToString::to_string)
        .changed("--device", &old.device, &new.device, ToString::to_string)
        .flag_if(becomes_main, "--main");
    told.say_if_some(words);
}

pub(super) fn voicemails(change: &Change<'_>, told: &mut Told) {
    for voicemail in sides(&change.before.voicemails, &change.after.voicemails) {
        match voicemail {
            Sides::Added(new) => told.say(
                Words::new("voicemail add")
                    .name(new.mailbox.as_str())
                    .option("--context", change.context(new.context))
                    .given("--user", &change.user_or_nobody(&new.user)),
            ),
            Sides::Edited(old, new) => {
                let is_left_alone = old.user.is_some_and(|user| change.is_user_removed(user)) && new.user.is_none();
                let user = if is_left_alone { &new.user } else { &old.user };
                let words = Words::new("voicemail edit")
                    .name(old.mailbox.as_str())
                    .at("--context", change.context(old.context))
                    .changed("--user", user, &new.user, |user| change.user_or_nobody(user))
                    .changed("--to", &old.context, &new.context, |context| change.context(*context));
                told.say_if_some(words);
            }
            Sides::Removed(old) => {
                let words = Words::new("voicemail remove").name(old.mailbox.as_str());
                told.remove(words.at("--context", change.context(old.context)));
            }
        }
    }
}

pub(super) fn accounts(change: &Change<'_>, told: &mut Told) {
    for account in sides(&change.before.accounts, &change.after.accounts) {
        match account {
            Sides::Added(new) => {
                let words = Words::new("account add").name(new.name.as_str()).option("--kind", new.kind.as_str());
                let words = contexts(rights(words, new), new, change).flag_if(!new.enabled, "--disabled");
                told.say(words.flag(password_flag(new.password.is_some())));
            }
            Sides::Edited(old, new) => edit_account(old, new, change, told),
            Sides::Removed(old) => told.remove(Words::new("account remove").name(old.name.as_str()).flag("--yes")),
        }
    }
}

fn rights(words: Words, account: &Account) -> Words {
    account.rights.iter().fold(words, |words, right| words.option("--right", right.as_str()))
}

fn contexts(words: Words, account: &Account, change: &Change<'_>) -> Words {
    account.contexts.iter().fold(words, |words, context| words.option("--context", change.context(*context)))
}

fn edit_account(old: &Account, new: &Account, change: &Change<'_>, told: &mut Told) {
    let mut words = Words::new("account edit")
        .name(old.name.as_str())
        .changed("--rename", &old.name, &new.name, ToString::to_string)
        .changed("--kind", &old.kind, &new.kind, |kind| kind.as_str().to_owned());
    if old.rights != new.rights {
        words = rights(words, new);
    }
    if old.contexts != new.contexts {
        words = if new.contexts.is_empty() { words.flag("--all-contexts") } else { contexts(words, new, change) };
    }
    told.say_if_some(words);
    let name = || Words::new("account password").name(new.name.as_str());
    if old.password != new.password {
        told.say(name().flag(password_flag(new.password.is_some())));
    }
    match (old.enabled, new.enabled) {
        (false, true) => told.say(Words::new("account enable").name(new.name.as_str())),
        (true, false) => told.say(Words::new("account disable").name(new.name.as_str())),
        _ => {}
    }
}
