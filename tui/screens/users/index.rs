//! All users, each with one folded text of what is looked for: made once a configuration in the order of their logins, then
//! those without one in that of their names; walked along once a key.

use std::collections::HashMap;
use std::sync::Arc;

use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{ProfileId, UserId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;
use crate::tui::filter::{BEGINNINGS, Folded, SEPARATOR, spelled_out};
use crate::tui::widgets::heads::SortKey;

use super::columns::{ContextsInUse, NO_LINE, UserColumn, Widths, line_words};
use super::live::{Live, presence_of};

pub(super) struct Index {
    /// Of which it was made.
    configuration: Arc<Configuration>,
    users: Vec<(UserId, String)>,
    /// Folded, with the first names behind them, of who has one.
    last_names: HashMap<UserId, String>,
    /// Where each stands among them.
    places: HashMap<UserId, usize>,
    lines: HashMap<UserId, LineTexts>,
    main_lines: HashMap<UserId, Arc<Line>>,
    agents: HashMap<UserId, Arc<Agent>>,
    /// The voicemail boxes: `1001@default`.
    boxes: HashMap<UserId, String>,
    /// Folded.
    profiles: HashMap<ProfileId, String>,
    contexts: ContextsInUse,
    widths: Widths,
}

/// The lines of one user, as they are asked for.
#[derive(Default)]
struct LineTexts {
    extensions: String,
    /// With their contexts.
    places: String,
    /// The telephones, folded.
    devices: String,
    number: usize,
    contexts: String,
}

impl Index {
    /// Users are found by name, login, e-mail address, extensions, contexts and telephones of all their lines, agent's number
    /// and mobile number, and by the beginnings of words that many have: profile, state, that there is no line.
    pub(super) fn new(configuration: &Arc<Configuration>) -> Self {
        let mut lines: HashMap<UserId, LineTexts> = HashMap::new();
        let mut main_lines = HashMap::new();
        for line in configuration.lines.iter() {
            let lines = lines.entry(line.user).or_default();
            let (extension, context) = (fold(line.extension.as_str()), context_name(configuration, line.context));
            lines.extensions.push(SEPARATOR);
            lines.extensions.push_str(&extension);
            lines.places.extend([extension.as_str(), "@", &fold(&context), &SEPARATOR.to_string()]);
            lines.devices.extend([fold(line.device.as_str()).as_str(), "\n"]);
            lines.number += 1;
            lines.contexts.push(SEPARATOR);
            lines.contexts.push_str(&context);
            if line.is_main {
                main_lines.insert(line.user, Arc::clone(line));
            }
        }
        let agents = configuration.agents.iter().filter_map(|agent| Some((agent.user?, Arc::clone(agent))));
        let agents: HashMap<UserId, Arc<Agent>> = agents.collect();
        let box_of = |found: &Voicemail| format!("{}@{}", found.mailbox, context_name(configuration, found.context));
        let boxes = configuration.voicemails.iter().filter_map(|found| Some((found.user?, box_of(found))));
        let boxes: HashMap<UserId, String> = boxes.collect();
        let profiles = configuration.profiles.iter().map(|profile| (profile.id, fold(profile.name.as_str())));
        let profiles: HashMap<ProfileId, String> = profiles.collect();
        let mut users: Vec<((bool, String), UserId, String)> = Vec::with_capacity(configuration.users.len());
        for user in configuration.users.iter() {
            let email = user.email.as_ref().map_or("", |email| email.as_str());
            let login = user.folded_login();
            let mut text =
                [user.full_name().as_str(), login.as_deref().unwrap_or_default(), email].map(fold).join("\n");
            let lines = lines.get(&user.id);
            text.push_str(lines.map_or("", |lines| lines.extensions.as_str()));
            let mut add = |part: &str| {
                text.push(SEPARATOR);
                text.push_str(part);
            };
            if let Some(lines) = lines {
                add(&lines.places);
                add(&lines.devices);
            }
            if let Some(agent) = agents.get(&user.id) {
                add(&fold(agent.number.as_str()));
            }
            if let Some(mobile) = &user.mobile {
                add(&fold(mobile.as_str()));
            }
            // Last of what is one user's own: what comes first is known by its place.
            if let Some(spelled) = spelled_out(&user.full_name()) {
                add(&spelled);
            }
            // What many have: `ab` means no `enabled`.
            text.push(BEGINNINGS);
            text.push_str(if lines.is_none() { NO_LINE } else { "" });
            let mut add = |part: &str| {
                text.push(SEPARATOR);
                text.push_str(part);
            };
            add(user.profile.and_then(|profile| profiles.get(&profile)).map_or("no profile: none", String::as_str));
            add(match (&user.login, user.enabled) {
                (None, _) => UserState::NoLogin.as_str(),
                (Some(_), true) => UserState::Enabled.as_str(),
                (Some(_), false) => UserState::Disabled.as_str(),
            });
            let place = login.map_or_else(|| (true, fold(&user.full_name())), |login| (false, login));
            users.push((place, user.id, text));
        }
        users.sort_unstable();
        let contexts = contexts_of(main_lines.values());
        let more = |user| more_words(lines.get(&user).map_or(0, |lines| lines.number));
        let words = main_lines.values();
        let words = words.map(|line| line_words(line, contexts, configuration) + &more(line.user));
        let named = configuration.users.iter().filter(|user| !user.last_name.as_str().is_empty());
        let last_names = named.map(|user| (user.id, fold(&format!("{} {}", user.last_name, user.first_name))));
        Self {
            last_names: last_names.collect(),
            widths: Widths::of(configuration, words),
            configuration: Arc::clone(configuration),
            places: users.iter().enumerate().map(|(place, (_, id, _))| (*id, place)).collect(),
            users: users.into_iter().map(|(_, id, text)| (id, text)).collect(),
            lines,
            main_lines,
            agents,
            boxes,
            profiles,
            contexts,
        }
    }

    fn text(&self, id: UserId) -> &str {
        let user = self.places.get(&id).and_then(|place| self.users.get(*place));
        user.map_or("", |(_, text)| text.as_str())
    }

    /// What a user is sorted by; made of what is there already, for all of them are asked at one key.
    pub(super) fn sort_key<'a>(&'a self, id: UserId, column: UserColumn, live: &'a Live) -> SortKey<'a> {
        // Name, login, e-mail address, and whatever else is found.
        let mut parts = self.text(id).split(SEPARATOR);
        let (name, login, email) = (parts.next(), parts.next().unwrap_or_default(), parts.next());
        let user = || self.configuration.users.get(id);
        let text = |text: Option<&'a str>| text.map_or(SortKey::Nothing, SortKey::folded);
        match column {
            UserColumn::Name => text(name),
            UserColumn::LastName => text(self.last_names.get(&id).map(String::as_str)),
            UserColumn::Login => text(Some(login)),
            UserColumn::Email => text(email),
            UserColumn::Profile => text(user().and_then(|user| self.profiles.get(&user.profile?)).map(String::as_str)),
            UserColumn::Line => text(self.main_line(id).map(|line| line.extension.as_str())),
            UserColumn::Agent => text(self.agent(id).map(|agent| agent.number.as_str())),
            UserColumn::State => {
                user().map_or(SortKey::Nothing, |user| SortKey::count(UserState::of(user, live) as usize))
            }
            UserColumn::Presence => text(live.presence(login)),
            UserColumn::Services => user().map_or(SortKey::Nothing, |user| SortKey::folded(live.services(user))),
            UserColumn::Mobile => text(user().and_then(|user| user.mobile.as_ref()).map(|mobile| mobile.as_str())),
            UserColumn::Client => text(live.version(login)),
            UserColumn::LastLogin => live.last_login(login).map_or(SortKey::Nothing, SortKey::Number),
        }
    }

    pub(super) fn is_of(&self, configuration: &Arc<Configuration>) -> bool {
        Arc::ptr_eq(&self.configuration, configuration)
    }

    /// All of them in order.
    pub(super) fn ids(&self) -> Vec<UserId> {
        self.users.iter().map(|(id, _)| *id).collect()
    }

    /// What is looked into.
    pub(super) fn searched(&self, id: UserId, live: &Live) -> Folded<'_> {
        let known = Folded::known(self.text(id));
        let Some(user) = self.configuration.users.get(id) else { return known };
        let services = live.services(user);
        let is_connected = UserState::of(user, live) == UserState::Connected;
        if !is_connected && services.is_empty() {
            return known;
        }
        let presence = presence_words(user, &self.configuration, live).filter(|_| is_connected).unwrap_or_default();
        let connected = if is_connected { UserState::Connected.as_str() } else { "" };
        known.and([connected.to_owned(), presence, services].into_iter())
    }

    /// What a filter asks for by name.
    pub(super) fn field(&self, id: UserId, name: &str, live: &Live) -> String {
        let c = &self.configuration;
        let Some(user) = c.users.get(id) else { return String::new() };
        let lines = self.lines.get(&id);
        match name {
            "profile" => user.profile.and_then(|id| c.profiles.get(id)).map(|profile| profile.name.to_string()),
            "state" => Some(UserState::of(user, live).asked_for().to_owned()),
            "context" => lines.map(|lines| lines.contexts.clone()),
            "line" => lines.map(|lines| lines.places.clone()),
            "agent" => self.agent(id).map(|agent| agent.number.to_string()),
            "presence" => presence_words(user, c, live),
            "service" => Some(live.services(user)),
            "email" => user.email.as_ref().map(ToString::to_string),
            "mobile" => user.mobile.as_ref().map(ToString::to_string),
            "box" => self.boxes.get(&id).cloned(),
            "name" => Some(user.full_name()),
            "login" => user.login.as_ref().map(ToString::to_string),
            "password" => user.password.as_ref().map(|_| password_word(user).to_owned()),
            _ => None,
        }
        .unwrap_or_default()
    }

    pub(super) fn main_line(&self, user: UserId) -> Option<&Line> {
        self.main_lines.get(&user).map(|line| &**line)
    }

    /// `1001@default`, and how many more lines there are: `1001 +1`.
    pub(super) fn lines_words(&self, user: UserId) -> Option<String> {
        let line = line_words(self.main_line(user)?, self.contexts, &self.configuration);
        Some(line + &more_words(self.lines.get(&user).map_or(0, |lines| lines.number)))
    }

    /// What the columns of the table hold.
    pub(super) fn widths(&self) -> &Widths {
        &self.widths
    }

    pub(super) fn agent(&self, user: UserId) -> Option<&Agent> {
        self.agents.get(&user).map(|agent| &**agent)
    }
}

/// Of so many lines all but the main one.
fn more_words(lines: usize) -> String {
    if lines > 1 { format!(" +{}", lines - 1) } else { String::new() }
}

fn contexts_of<'a>(main_lines: impl IntoIterator<Item = &'a Arc<Line>>) -> ContextsInUse {
    let mut contexts = main_lines.into_iter().map(|line| line.context);
    let first = contexts.next();
    if contexts.all(|context| Some(context) == first) { ContextsInUse::One } else { ContextsInUse::Several }
}

/// Whether a user may log in, and whether they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UserState {
    Connected,
    Enabled,
    Disabled,
    NoLogin,
}

impl UserState {
    pub(super) fn of(user: &User, live: &Live) -> Self {
        let Some(login) = user.folded_login() else { return Self::NoLogin };
        match (user.enabled, live.is_connected(&login)) {
            (false, _) => Self::Disabled,
            (true, true) => Self::Connected,
            (true, false) => Self::Enabled,
        }
    }

    /// What `state:` finds: whoever is connected is enabled too.
    fn asked_for(self) -> &'static str {
        match self {
            Self::Connected => "enabled, connected",
            Self::Enabled => "enabled, offline",
            Self::Disabled | Self::NoLogin => self.as_str(),
        }
    }

    /// All that `state:` can be asked for.
    pub(super) const ASKED_FOR: &'static [&'static str] = &["enabled", "connected", "offline", "disabled", "no login"];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::NoLogin => "no login",
        }
    }
}

/// What `password:` finds of who has one.
fn password_word(user: &User) -> &'static str {
    if user.break_glass { "set, break-glass" } else { "set" }
}

/// All that `password:` can be asked for; `none` is who has none.
pub(super) const PASSWORDS: &[&str] = &["set", "break-glass"];

/// The presence of whoever is connected, by both its names.
fn presence_words(user: &User, c: &Configuration, live: &Live) -> Option<String> {
    let login = user.folded_login()?;
    let name = live.presence(&login)?;
    let display = presence_of(user, name, c).map(|presence| presence.display.to_string());
    Some(format!("{name}, {}", display.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::Id as _;
    use crate::settings::name::{FirstName, LastName, MobileNumber};
    use crate::tui::filter::Filter;
    use crate::tui::keys::Key;
    use crate::tui::screens::users::FIELDS;

    /// Whom a filter finds.
    fn found(index: &Index, pattern: &str, live: &Live) -> Vec<i64> {
        let mut filter = Filter::new(FIELDS);
        filter.press(Key::char('/'));
        filter.paste(pattern);
        let has = |id, name, value: &str| Folded::of(&index.field(id, name, live)).says(value);
        filter.sift(index.ids(), |id| index.searched(id, live), has).into_iter().map(|user| user.number()).collect()
    }

    #[test]
    fn users_are_found_by_name_login_address_and_any_number() {
        let mut known = small_company();
        known.users.edit(UserId::new(3), |user| {
            user.first_name = FirstName::parse("Chloé").expect("a name");
            user.last_name = LastName::parse("Ørsted").expect("a name");
        });
        let index = Index::new(&Arc::new(known));
        let found = |pattern: &str| found(&index, pattern, &Live::default());
        assert_eq!(found(""), [1, 2, 3]);
        assert_eq!(found("CHLOE"), [3]);
        assert_eq!(found("orsted chl"), [3]);
        assert_eq!(found("bob@example"), [2]);
        assert_eq!(found("1002"), [1]);
        assert_eq!(found("al 100"), [1]);
        assert_eq!(found("20 (01)"), [2]);
        for nobody in ["alicealice", "ali 200", "nobody"] {
            assert_eq!(found(nobody), [0; 0], "{nobody:?}");
        }
    }

    #[test]
    fn users_are_found_by_what_their_row_shows() {
        let mut known = small_company();
        known.users.edit(UserId::new(3), |user| user.mobile = Some(MobileNumber::parse("+33600").expect("a number")));
        let index = Index::new(&Arc::new(known));
        let found = |pattern: &str| found(&index, pattern, &Live::default());
        assert_eq!(found("sales"), [2]);
        assert_eq!(found("default client"), [1]);
        assert_eq!(found("8001"), [2]);
        assert_eq!(found("1002@default"), [1]);
        assert_eq!(found("no line"), [3]);
        assert_eq!((found("disabled"), found("enabled")), (vec![], vec![1, 2, 3]));
        assert_eq!(found("33600"), [3]);
        assert_eq!(found("pjsip/2001"), [2]);
        // What stands within a word that all have finds nobody.
        assert_eq!(
            (found("ab"), found("lie"), found("cli"), found("ena")),
            (vec![], vec![], vec![1, 2, 3], vec![1, 2, 3])
        );
    }

    #[test]
    fn users_are_found_by_what_a_field_says() {
        let mut known = small_company();
        known.users.edit(UserId::new(3), |user| user.enabled = false);
        let index = Index::new(&Arc::new(known));
        let live = Live::with("bob", "away");
        let found = |pattern: &str| found(&index, pattern, &live);
        assert_eq!(found("state:disabled"), [3]);
        assert_eq!(found("state:connected"), [2]);
        assert_eq!(found("state:enabled"), [1, 2]);
        assert_eq!(found("state:offline"), [1]);
        assert_eq!(found("presence:away"), [2]);
        assert_eq!(found("presence:none"), [1, 3]);
        assert_eq!(found("line:1002"), [1]);
        assert_eq!(found("!line:none !state:disabled"), [1, 2]);
    }

    #[test]
    fn users_are_found_by_either_spelling_of_umlauts_and_by_having_no_password() {
        let mut known = small_company();
        let name = |text| LastName::parse(text).expect("a name");
        known.users.edit(UserId::new(1), |user| (user.last_name, user.password) = (name("Müller"), None));
        known.users.edit(UserId::new(2), |user| user.last_name = name("Mueller"));
        known.users.edit(UserId::new(3), |user| (user.last_name, user.password) = (name("Muller"), None));
        let index = Index::new(&Arc::new(known));
        let found = |pattern: &str| found(&index, pattern, &Live::default());
        assert_eq!((found("mueller"), found("MÜLLER"), found("muller")), (vec![1, 2], vec![1, 2, 3], vec![1, 3]));
        assert_eq!((found("name:mueller"), found("!müller")), (vec![1, 2], vec![]));
        assert!(found("password:none").contains(&1) && !found("password:any").contains(&1));
    }
}
