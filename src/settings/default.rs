//! The configuration of a fresh installation, exactly as settings §3 has it: one presence group with six presences, four
//! profiles, one phone hint group with nine hints, the context `default`. `store` writes it on first run and `init
//! --language` chooses the texts; names, ids, colours and transitions are the same in every language.

use std::collections::{BTreeMap, BTreeSet};

use super::color::Color;
use super::column;
use super::configuration::Configuration;
use super::context::Context;
use super::edit::DEFAULT_GROUP;
use super::id::{PhoneHintGroupId, PresenceGroupId, PresenceId, ServerUuid};
use super::name::{
    ContextName, Description, DisplayName, HintText, PhoneHintGroupName, PresenceGroupName, PresenceName, ProfileName,
};
use super::phone_hint::{HintNumber, PhoneHint, PhoneHintGroup};
use super::presence::{Presence, PresenceAction, PresenceGroup};
use super::profile::{Position, Profile, ProfileXlet, Service, Xlet, XletFlags, XletNumber};
use super::rule::Refusal;
use super::setting::{Key, SettingValue};
use super::string_enum::string_enum;

string_enum! {
    /// The language of the default display texts.
    Language, S1, Language {
        English = "en",
        French = "fr",
    }
}

impl Configuration {
    /// Settings §3 for a new server.
    pub(crate) fn default_data(server_uuid: ServerUuid, language: Language) -> Self {
        fill(server_uuid, language).expect("the default data keep the rules, as a test shows for each language")
    }
}

fn fill(server_uuid: ServerUuid, language: Language) -> Result<Configuration, Refusal> {
    let mut configuration = Configuration::empty(server_uuid);
    let presence_group = add_presences(&mut configuration, language)?;
    let phone_hint_group = add_phone_hints(&mut configuration, language)?;
    for (name, services, xlets) in PROFILES {
        let xlets = xlets.iter().map(xlet).collect::<Result<Vec<_>, _>>()?;
        let may_listen = name == LISTENING_PROFILE;
        let name = ProfileName::parse(name)?;
        configuration.profiles.add(|id| Profile {
            id,
            version: 1,
            name,
            presence_group,
            phone_hint_group,
            may_listen,
            services: services.iter().copied().collect(),
            preferences: BTreeMap::new(),
            xlets,
        });
    }
    if language == Language::French {
        configuration.set_setting(SettingValue::parse(Key::PeopleColumns, column::FRENCH)?)?;
    }
    let name = ContextName::parse("default")?;
    configuration.contexts.add(|id| Context { id, version: 1, name, includes: Vec::new() });
    Ok(configuration)
}

/// A text in each language: English, French.
type Texts = (&'static str, &'static str);

fn text(language: Language, texts: Texts) -> &'static str {
    match language {
        Language::English => texts.0,
        Language::French => texts.1,
    }
}

/// Name, display text, colour, whether the four others may be chosen from it and it from them, action.
type PresenceRow = (&'static str, Texts, &'static str, Reach, PresenceAction);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// From here to every presence of this kind.
    Chosen,
    /// Entered and left by login and logout alone.
    Apart,
}

/// Settings §3.1.
const PRESENCES: [PresenceRow; 6] = [
    ("available", ("Available", "Disponible"), "#9BC920", Reach::Chosen, PresenceAction::EnableDnd(false)),
    ("away", ("Away", "Sorti"), "#FFDD00", Reach::Chosen, PresenceAction::EnableDnd(false)),
    ("outtolunch", ("Out to lunch", "Parti Manger"), "#6CA6FF", Reach::Chosen, PresenceAction::EnableDnd(false)),
    ("donotdisturb", ("Do not disturb", "Ne pas déranger"), "#D13224", Reach::Chosen, PresenceAction::EnableDnd(true)),
    ("berightback", ("Be right back", "Bientôt de retour"), "#F2833A", Reach::Chosen, PresenceAction::EnableDnd(false)),
    ("disconnected", ("Disconnected", "Déconnecté"), "#9E9E9E", Reach::Apart, PresenceAction::AgentLogoff),
];

fn add_presences(configuration: &mut Configuration, language: Language) -> Result<PresenceGroupId, Refusal> {
    let name = PresenceGroupName::parse(DEFAULT_GROUP)?;
    let description = Description::parse(text(language, ("Default presences", "base, ne peut pas être supprimé")))?;
    let group =
        configuration.presence_groups.add(|id| PresenceGroup { id, version: 1, name, description, deletable: false });
    for ((name, display, color, _, action), position) in PRESENCES.into_iter().zip(1..) {
        let name = PresenceName::parse(name)?;
        let display = DisplayName::parse(text(language, display))?;
        let color = Color::parse(color)?;
        let actions = vec![action];
        let reachable = BTreeSet::new();
        configuration.presences.add(|id| Presence {
            id,
            version: 1,
            group,
            position,
            name,
            display,
            color,
            reachable,
            actions,
        });
    }
    let chosen: BTreeSet<PresenceId> = configuration
        .presences_of(group)
        .into_iter()
        .zip(PRESENCES)
        .filter_map(|(presence, row)| (row.3 == Reach::Chosen).then_some(presence.id))
        .collect();
    for id in &chosen {
        if let Some(presence) = configuration.presences.get(*id) {
            let mut presence = Presence { reachable: chosen.clone(), ..(**presence).clone() };
            presence.reachable.remove(id);
            configuration.presences.put(presence);
        }
    }
    Ok(group)
}

/// Settings §3.3.
const PHONE_HINTS: [(i64, Texts, &str); 9] = [
    (-2, ("Removed / does not exist", "Inexistant"), "#9E9E9E"),
    (-1, ("Deactivated", "Désactivé"), "#9E9E9E"),
    (0, ("Available", "Disponible"), "#9BC920"),
    (1, ("In use or calling", "En ligne OU appelle"), "#D13224"),
    (2, ("Busy", "Occupé"), "#D13224"),
    (4, ("Unavailable", "Indisponible"), "#9E9E9E"),
    (8, ("Ringing", "Sonne"), "#6CA6FF"),
    (9, ("In use or calling, and ringing", "(En Ligne OU Appelle) ET Sonne"), "#D13224"),
    (16, ("On hold", "En Attente"), "#FFDD00"),
];

fn add_phone_hints(configuration: &mut Configuration, language: Language) -> Result<PhoneHintGroupId, Refusal> {
    let name = PhoneHintGroupName::parse(DEFAULT_GROUP)?;
    let description = Description::parse(text(language, ("Default phone hints", "base, ne peut pas être supprimé")))?;
    let mut hints = BTreeMap::new();
    for (number, texts, color) in PHONE_HINTS {
        let hint = PhoneHint { text: HintText::parse(text(language, texts))?, color: Color::parse(color)? };
        hints.insert(HintNumber::new(number)?, hint);
    }
    let make = |id| PhoneHintGroup { id, version: 1, name, description, deletable: false, hints };
    Ok(configuration.phone_hint_groups.add(make))
}

/// Whose users may listen to agents.
const LISTENING_PROFILE: &str = "Supervisor";

type XletRow = (Xlet, Position, Option<i64>);

/// Settings §3.2, in the order of its document block; numbers make the wire's order of it.
const PROFILES: [(&str, &[Service], &[XletRow]); 4] = [
    (
        "Supervisor",
        &[],
        &[
            (Xlet::Identity, Position::Grid, Some(0)),
            (Xlet::Queues, Position::Dock, None),
            (Xlet::QueueMembers, Position::Dock, None),
            (Xlet::QueueEntryDetails, Position::Dock, None),
            (Xlet::Agents, Position::Dock, None),
            (Xlet::AgentDetails, Position::Dock, None),
        ],
    ),
    (
        "Agent",
        &[],
        &[
            (Xlet::Identity, Position::Grid, Some(0)),
            (Xlet::Queues, Position::Dock, None),
            (Xlet::CustomerInfo, Position::Dock, None),
            (Xlet::AgentDetails, Position::Dock, None),
        ],
    ),
    (
        "Client",
        &[Service::EnableDnd, Service::ForwardUnconditional, Service::ForwardBusy, Service::ForwardNoAnswer],
        &[
            (Xlet::Identity, Position::Grid, Some(0)),
            (Xlet::Tabber, Position::Grid, Some(1)),
            (Xlet::People, Position::Tab, Some(0)),
            (Xlet::CustomerInfo, Position::Tab, Some(2)),
            (Xlet::Fax, Position::Tab, Some(3)),
            (Xlet::History, Position::Tab, Some(4)),
            (Xlet::Features, Position::Tab, Some(5)),
            (Xlet::Conference, Position::Tab, Some(6)),
        ],
    ),
    (
        "Switchboard",
        &[],
        &[
            (Xlet::Identity, Position::Grid, Some(0)),
            (Xlet::Switchboard, Position::Dock, Some(1)),
            (Xlet::Directory, Position::Dock, Some(3)),
        ],
    ),
];

fn xlet(row: &XletRow) -> Result<ProfileXlet, Refusal> {
    let (xlet, position, number) = *row;
    Ok(ProfileXlet { xlet, position, number: number.map(XletNumber::new).transpose()?, flags: XletFlags::ALL })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_data(language: Language) -> Configuration {
        Configuration::default_data(ServerUuid::new(uuid::Uuid::from_u128(1)), language)
    }

    #[test]
    fn both_languages_keep_every_rule_without_a_warning() {
        for language in Language::ALL {
            assert_eq!(default_data(*language).findings(), []);
        }
    }

    #[test]
    fn the_profiles_have_the_wire_forms_of_the_table() {
        let expected = [
            "1 Supervisor: identity,grid,,0 queues,dock,fcms, queuemembers,dock,fcms, queueentrydetails,dock,fcms, \
             agents,dock,fcms, agentdetails,dock,fcms,",
            "2 Agent: identity,grid,,0 queues,dock,fcms, customerinfo,dock,fcms, agentdetails,dock,fcms,",
            "3 Client: identity,grid,,0 people,tab,,0 tabber,grid,,1 customerinfo,tab,,2 fax,tab,,3 history,tab,,4 \
             features,tab,,5 conference,tab,,6",
            "4 Switchboard: identity,grid,,0 switchboard,dock,fcms,1 directory,dock,fcms,3",
        ];
        let configuration = default_data(Language::English);
        let shown = configuration.profiles.iter().map(|profile| {
            let xlets = profile.ordered_xlets().into_iter().map(|entry| {
                let flags = if entry.position == Position::Dock { entry.flags.letters() } else { String::new() };
                let number = entry.number.map_or_else(String::new, |number| number.get().to_string());
                format!(" {},{},{flags},{number}", entry.xlet, entry.position)
            });
            format!("{} {}:{}", profile.id, profile.name, xlets.collect::<String>())
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        for profile in configuration.profiles.iter() {
            assert_eq!(profile.services.len(), if profile.name.as_str() == "Client" { 4 } else { 0 });
            assert_eq!(profile.may_listen, profile.name.as_str() == "Supervisor");
            assert!(profile.preferences.is_empty() && profile.xlets.iter().all(|entry| entry.flags == XletFlags::ALL));
        }
    }

    #[test]
    fn the_languages_differ_in_texts_alone() {
        let (english, french) = (default_data(Language::English), default_data(Language::French));
        for (one, other) in english.presences.iter().zip(french.presences.iter()) {
            assert_eq!(Presence { display: other.display.clone(), ..(**one).clone() }, **other);
        }
        let texts: Vec<_> = french.presences.iter().map(|presence| presence.display.as_str()).collect();
        let table = ["Disponible", "Sorti", "Parti Manger", "Ne pas déranger", "Bientôt de retour", "Déconnecté"];
        assert_eq!(texts, table);
        assert_eq!(english.profiles, french.profiles);
    }

    #[test]
    fn the_phone_hints_are_those_of_the_table() {
        let configuration = default_data(Language::English);
        let group = configuration.phone_hint_groups.iter().next().expect("a group");
        let shown: Vec<_> =
            group.hints.iter().map(|(number, hint)| format!("{number} {} {}", hint.color, hint.text)).collect();
        let table = [
            "-2 #9E9E9E Removed / does not exist",
            "-1 #9E9E9E Deactivated",
            "0 #9BC920 Available",
            "1 #D13224 In use or calling",
            "2 #D13224 Busy",
            "4 #9E9E9E Unavailable",
            "8 #6CA6FF Ringing",
            "9 #D13224 In use or calling, and ringing",
            "16 #FFDD00 On hold",
        ];
        assert_eq!(shown, table);
        assert!(!group.deletable);
    }
}
