//! What a change would do to the people who work with it, counted before it is done: how many users it touches, whose
//! sessions it ends, whom a setting shuts out. Pure; the console asks with it, and counts again while it asks.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::moved_presences::moved_words;
use super::server::Server;
use crate::config::{Effective, FileLayer, Overrides};
use crate::control::Session;
use crate::settings::auth_settings::BackendName;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::rule::plural;
use crate::settings::setting::{EncryptionMode, General, Key, Layer};
use crate::settings::user::User;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Consequence {
    /// How many are concerned.
    pub(super) number: usize,
    /// What it is about, told before it in words, a line each; there may be many.
    pub(super) told: Vec<String>,
    /// In words, a line each.
    pub(super) lines: Vec<String>,
    /// Which of them says the profile that all get.
    profile_line: Option<usize>,
    /// Whether somebody could be hurt who is not looked at: then it is asked first.
    pub(super) is_grave: bool,
}

impl Consequence {
    pub(super) fn of(before: &Configuration, after: &Configuration, server: &Server, overrides: &Overrides) -> Self {
        let mut found = Self { number: 0, told: Vec::new(), lines: Vec::new(), profile_line: None, is_grave: false };
        found.look_at_users(before, after, server);
        if let Some((number, words)) = moved_words(before, after, server) {
            found.add(number, words);
        }
        found.look_at_context_names(before, after);
        let named = &overrides.command_line;
        // What the command line names stands above all of that, and is looked at apart.
        let files = Overrides { command_line: Layer::new(), files: overrides.files.clone() };
        let general = |c: &Configuration| Effective::new(&c.settings, &files).general();
        let (old, new) = (general(before), general(after));
        found.look_at_main_lines(before, after, server, new.context_separation);
        found.look_at_telephony(&old, &new);
        found.look_at_listening(&old, &new, named, server);
        found.look_at_encryption(&old, &new, server);
        found.look_at_separation(&old, &new, after);
        found.look_at_backends(&old, &new, after);
        found.look_at_files(before, after, &overrides.files);
        found
    }

    /// Whoever asks says in full what holds afterwards, profiles among it.
    pub(super) fn say_what_holds(&mut self, holds: &str) {
        if let Some(at) = self.profile_line.take() {
            self.lines.remove(at);
        }
        self.lines.insert(0, format!("Afterwards: {holds}."));
    }

    fn add(&mut self, number: usize, line: String) {
        self.number = self.number.max(number);
        self.lines.push(line);
        self.is_grave = true;
    }

    fn look_at_users(&mut self, before: &Configuration, after: &Configuration, server: &Server) {
        let differences = before.users.differences(&after.users);
        let changed: Vec<(&User, Option<&User>)> =
            differences.into_iter().filter_map(|(old, new)| Some((&**old?, new.map(|new| &**new)))).collect();
        if changed.is_empty() {
            return;
        }
        let of = |user: &User| sessions_of(user, server);
        let connected = changed.iter().filter(|(old, _)| of(old) > 0).count();
        let users = changed.iter().map(|(old, _)| *old);
        self.number = changed.len();
        let online = match server {
            Server::Running(..) => format!("{} connected", grouped(connected)),
            Server::NotRunning => "the server is not running".to_owned(),
            Server::NotAskedYet | Server::Silent(_) => "the server has not said who is connected".to_owned(),
        };
        let all_of =
            |is_so: fn(&User, &User) -> bool| changed.iter().all(|(old, new)| new.is_some_and(|new| is_so(old, new)));
        let users = match all_of(|old, new| old.profile == new.profile) {
            true if all_of(|old, new| old.enabled != new.enabled) => by_state(users),
            true => grouped_count(changed.len(), "user"),
            false => by_profile(users, before),
        };
        self.lines.push(format!("This changes {users}; {online}."));
        self.look_at_profiles(&changed, after);
        self.is_grave = changed.len() > 1;
        if let [(old, Some(new))] = changed[..]
            && let (Some(login), Some(new_login)) = (&old.login, &new.login)
            && login != new_login
        {
            self.add(1, format!("Who logs in as \"{login}\" now must log in as \"{new_login}\" from then on."));
        }
        let loses_both = |(old, new): &&(&User, Option<&User>)| {
            new.is_some_and(|new| old.login.is_some() && old.password.is_some() && new.login.is_none())
        };
        match changed.iter().filter(loses_both).count() {
            0 => {}
            1 => self.add(1, "Without a login the user cannot log in any more, and the password goes.".to_owned()),
            number => {
                let users = grouped_count(number, "user");
                self.add(number, format!("Without a login {users} cannot log in any more, and their passwords go."));
            }
        }
        let loses_password = |(old, new): &&(&User, Option<&User>)| {
            new.is_some_and(|new| old.password.is_some() && new.password.is_none() && new.login.is_some())
        };
        match changed.iter().filter(loses_password).count() {
            0 => {}
            1 => self.add(1, "The user has no local password then.".to_owned()),
            number => {
                let users = grouped_count(number, "user");
                self.add(number, format!("{users} have no local password then."));
            }
        }
        let ended: Vec<usize> =
            changed.iter().filter(|(old, new)| ends_sessions(old, *new)).map(|(old, _)| of(old)).collect();
        let sessions: usize = ended.iter().sum();
        if sessions > 0 {
            let people = ended.iter().filter(|sessions| **sessions > 0).count();
            let users = if changed.len() == 1 { "The user is".to_owned() } else { are(people) };
            self.add(people, format!("{users} connected: the server ends {}.", grouped_count(sessions, "session")));
        }
    }

    /// Which profile they get, where all get the same.
    fn look_at_profiles(&mut self, changed: &[(&User, Option<&User>)], after: &Configuration) {
        let mut given = changed.iter().filter_map(|(old, new)| Some((old.profile, (*new)?.profile)));
        let Some((before, profile)) = given.next() else { return };
        if before == profile && given.clone().all(|(before, after)| before == after)
            || given.any(|(_, other)| other != profile)
        {
            return;
        }
        let name = profile.and_then(|id| after.profiles.get(id));
        let name = name.map_or_else(|| "no profile".to_owned(), |profile| format!("profile \"{}\"", profile.name));
        self.profile_line = Some(self.lines.len());
        self.lines.push(format!("Afterwards they have {name}."));
    }

    /// Of one user it is what was asked for, unless that changes at once whom somebody sees who is connected; of several it
    /// is told in any case.
    fn look_at_main_lines(&mut self, before: &Configuration, after: &Configuration, server: &Server, separated: bool) {
        let differences = before.lines.differences(&after.lines).into_iter();
        let touched: BTreeSet<_> = differences.filter_map(|(old, new)| Some(old.or(new)?.user)).collect();
        if touched.is_empty() {
            return;
        }
        let (old, new) = (before.main_lines(), after.main_lines());
        let is_moved =
            |user: &UserId| old.get(user).zip(new.get(user)).is_some_and(|(old, new)| old.context != new.context);
        let moved: Vec<&User> = touched
            .iter()
            .filter(|user| is_moved(user))
            .filter_map(|id| before.users.get(*id).map(|user| &**user))
            .collect();
        let connected = moved.iter().filter(|user| sessions_of(user, server) > 0).count();
        match moved.len() {
            0 => {}
            1 if connected == 0 || !separated => {}
            1 => self.add(
                1,
                "This moves the main line to another context: the user is connected, sees other people and is seen by \
                 others, immediately."
                    .to_owned(),
            ),
            number => self.add(
                number,
                format!(
                    "This moves the main lines of {} to another context, {} connected: with contexts separated they see \
                     other people and are seen by others, immediately.",
                    grouped_count(number, "user"),
                    grouped(connected)
                ),
            ),
        }
    }

    /// Without its secret there is no link to Asterisk.
    fn look_at_telephony(&mut self, old: &General, new: &General) {
        if old.ami.secret.is_some() && new.ami.secret.is_none() {
            let words = "This switches telephony off, immediately: no telephone, agent or call is followed any more, and \
                         nobody can dial with the client.";
            self.add(0, words.to_owned());
        }
    }

    /// The dial plan calls it by the old name until somebody changes that too.
    fn look_at_context_names(&mut self, before: &Configuration, after: &Configuration) {
        for (old, new) in before.contexts.differences(&after.contexts) {
            let (Some(old), Some(new)) = (old, new) else { continue };
            let lines = before.lines.iter().filter(|line| line.context == old.id).count();
            if old.name != new.name && lines > 0 {
                let line = format!(
                    "Context \"{}\" becomes \"{}\", with {}. Asterisk's dial plan must call it so too.",
                    old.name,
                    new.name,
                    grouped_count(lines, "line")
                );
                self.add(0, line);
            }
        }
    }

    fn look_at_listening(&mut self, old: &General, new: &General, named: &Layer, server: &Server) {
        let place = |general: &General| (general.client_listen.clone(), general.client_port);
        let (is_moved, is_switched) = (place(old) != place(new), old.client_enabled != new.client_enabled);
        if !is_moved && !is_switched {
            return;
        }
        let connected = sessions(server).len();
        let stay = match connected {
            0 => "nobody is connected now".to_owned(),
            1 => "1 is connected now and stays connected".to_owned(),
            _ => format!("{} are connected now and stay connected", grouped(connected)),
        };
        match (is_switched, new.client_enabled) {
            (true, false) => self.add(connected, format!("No client can connect any more; {stay}.")),
            (true, true) => self.add(0, format!("Clients can connect again, to {}.", told_place(new, server))),
            (false, false) => {}
            (false, true) if !named.is_empty() => {}
            (false, true) => self.add(
                connected,
                format!(
                    "From now on clients reach the server only at {}, and their settings must say so; {stay}.",
                    told_place(new, server)
                ),
            ),
        }
        if is_moved && !named.is_empty() {
            self.add(0, "The running server was started with --listen, which overrides this setting.".to_owned());
        }
    }

    fn look_at_encryption(&mut self, old: &General, new: &General, server: &Server) {
        if old.encryption_mode == new.encryption_mode {
            return;
        }
        let all = sessions(server).len();
        let encrypted = sessions(server).iter().filter(|session| session.encrypted).count();
        let open = "Connected users are not affected until their next login.";
        match new.encryption_mode {
            EncryptionMode::Off => self.add(
                encrypted,
                format!(
                    "Nothing is encrypted from the next login on; {} of {} connected are encrypted now, and clients that \
                     are set to encrypt cannot log in. {open}",
                    grouped(encrypted),
                    grouped(all)
                ),
            ),
            EncryptionMode::Require => self.add(
                all - encrypted,
                format!(
                    "Clients that do not encrypt cannot log in any more: {} of {} connected do not. {open}",
                    grouped(all - encrypted),
                    grouped(all)
                ),
            ),
            EncryptionMode::Offer => self.add(
                all,
                format!("Clients may encrypt or not; {} of {} connected encrypt now. {open}", grouped(encrypted), grouped(all)),
            ),
        }
    }

    /// What a file says of a setting holds, whatever is stored.
    fn look_at_files(&mut self, before: &Configuration, after: &Configuration, files: &FileLayer) {
        let is_other = |key: &&Key| before.settings.get(key) != after.settings.get(key);
        for key in Key::ALL.iter().filter(is_other) {
            if let Some(above) = files.above(*key) {
                self.add(0, format!("It has no effect as long as {}.", above.overrides_words()));
            }
        }
    }

    /// Whoever has only a password of ours is shut out where nobody checks those any more.
    fn look_at_backends(&mut self, old: &General, new: &General, c: &Configuration) {
        let is_local = |general: &General| general.auth.backends.contains(&BackendName::XivoUser);
        if old.auth.backends == new.auth.backends || !is_local(old) || is_local(new) {
            return;
        }
        let users = c.users.iter().filter(|user| user.enabled && user.password.is_some() && !user.break_glass).count();
        let who = grouped_count(users, "user");
        self.add(
            users,
            format!("{who} with a local password can no longer log in with it: auth.backends does not name xivo_user."),
        );
    }

    fn look_at_separation(&mut self, old: &General, new: &General, c: &Configuration) {
        if old.context_separation == new.context_separation {
            return;
        }
        let users = c.users.len();
        if !new.context_separation {
            self.add(users, format!("{} will see each other, immediately.", grouped_count(users, "user")));
            return;
        }
        let has_line: HashSet<_> = c.lines.iter().map(|line| line.user).collect();
        let alone = c.users.iter().filter(|user| !has_line.contains(&user.id)).count();
        let contexts: HashSet<_> = c.lines.iter().filter(|line| line.is_main).map(|line| line.context).collect();
        self.add(
            users,
            format!(
                "{} in {} will see only the people of their own context, immediately.",
                grouped_count(users - alone, "user"),
                grouped_count(contexts.len(), "context")
            ),
        );
        self.lines.push("Conference rooms they also see in the contexts that theirs includes.".to_owned());
        if alone > 0 {
            self.lines.push(format!("{} without a line will see nobody.", grouped_count(alone, "user")));
        }
    }
}

/// As the server does it (protocol decision 11): whoever is removed or disabled, or has another password.
fn ends_sessions(old: &User, new: Option<&User>) -> bool {
    new.is_none_or(|new| !new.enabled || new.password != old.password)
}

fn sessions(server: &Server) -> &[Session] {
    match server {
        Server::Running(_, sessions) => sessions,
        _ => &[],
    }
}

fn sessions_of(user: &User, server: &Server) -> usize {
    sessions(server).iter().filter(|session| user.has_login(&session.user)).count()
}

/// `3 000 users (now 2 949 Client, 40 Agent, 11 Supervisor)`.
fn by_profile<'a>(users: impl Iterator<Item = &'a User>, c: &Configuration) -> String {
    let mut shares: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for user in users {
        let profile = user.profile.and_then(|profile| c.profiles.get(profile));
        *shares.entry(profile.map_or("without a profile", |profile| profile.name.as_str())).or_default() += 1;
        all += 1;
    }
    let mut shares: Vec<(&str, usize)> = shares.into_iter().collect();
    shares.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    shared_out(all, &shares)
}

/// `3 users (now 2 enabled, 1 disabled)`.
fn by_state<'a>(users: impl Iterator<Item = &'a User> + Clone) -> String {
    let all = users.clone().count();
    let enabled = users.filter(|user| user.enabled).count();
    let shares = [("enabled", enabled), ("disabled", all - enabled)].into_iter().filter(|(_, number)| *number > 0);
    shared_out(all, &shares.collect::<Vec<_>>())
}

/// All of them, with how many there are of each kind now.
fn shared_out(all: usize, shares: &[(&str, usize)]) -> String {
    let shares: Vec<String> = shares.iter().map(|(name, number)| format!("{} {name}", grouped(*number))).collect();
    format!("{} (now {})", grouped_count(all, "user"), shares.join(", "))
}

/// What the running server was told on its command line stands above the settings.
fn told_place(general: &General, server: &Server) -> String {
    if let Server::Running(status, _) = server
        && !status.named.is_empty()
    {
        return status.named.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    }
    let addresses: Vec<String> = general.client_listen.iter().map(ToString::to_string).collect();
    format!("{}, port {}", addresses.join(", "), general.client_port)
}

/// `1 is`, `3 000 are`.
fn are(number: usize) -> String {
    if number == 1 { "1 is".to_owned() } else { format!("{} are", grouped(number)) }
}

/// `2 949`: as people read a number, and as they may type it.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn grouped_count(number: usize, what: &str) -> String {
    format!("{} {}", grouped(number), plural(number, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::id::{Id as _, UserId};
    use crate::settings::setting::SettingValue;

    fn changed(edit: impl FnOnce(&mut Configuration)) -> Consequence {
        let before = fixtures::small_company();
        let mut after = before.clone();
        edit(&mut after);
        Consequence::of(&before, &after, &Server::NotRunning, &Overrides::default())
    }

    fn set(key: Key, value: &str) -> Consequence {
        changed(|c| c.set_setting(SettingValue::parse(key, value).expect("a value")).expect("it is taken"))
    }

    #[test]
    fn a_name_hurts_nobody_and_a_change_to_several_is_told_with_numbers() {
        let first =
            |id| move |c: &mut Configuration| c.users.edit(UserId::new(id), |user| user.enabled = !user.enabled);
        assert!(!changed(first(1)).is_grave);
        let both = changed(|c| {
            first(1)(c);
            first(2)(c);
        });
        assert!(
            both.is_grave && both.number == 2 && both.lines[0].starts_with("This changes 2 users (now "),
            "{both:?}"
        );
        assert_eq!(
            changed(|_| ()),
            Consequence { number: 0, told: Vec::new(), lines: Vec::new(), profile_line: None, is_grave: false }
        );
    }

    #[test]
    fn settings_that_shut_people_out_say_so_and_others_do_not() {
        for (key, value) in [
            (Key::ClientEnabled, "false"),
            (Key::ClientPort, "5004"),
            (Key::ClientListen, "127.0.0.1"),
            (Key::EncryptionMode, "require"),
            (Key::ContextSeparation, "true"),
        ] {
            let found = set(key, value);
            let lines = if key == Key::ContextSeparation { 3 } else { 1 };
            assert!(found.is_grave && found.lines.len() == lines, "{key}: {found:?}");
        }
        assert!(!set(Key::ChatKeepDays, "9").is_grave);
        assert!(!set(Key::ClientPort, "5003").is_grave, "it is the default");
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (3000, "3 000"), (1_234_567, "1 234 567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((grouped_count(1, "user"), grouped_count(3000, "entry")), ("1 user".into(), "3 000 entries".into()));
    }
}
