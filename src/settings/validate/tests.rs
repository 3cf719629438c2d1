//! Each rule of presences, phone hints, profiles and settings broken once, and what is said of it.

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewQueue;
use crate::settings::fixtures::small_company;
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::presence::PresenceAction;
use crate::settings::profile::{Position, ProfileXlet, Xlet, XletFlags, XletNumber};
use crate::settings::rule::{Finding, Severity};
use crate::settings::setting::{Key, SettingValue};

fn shown(finding: &Finding) -> String {
    let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
    format!("{severity}: {}", finding.refusal.with_rule())
}

/// What is found after the office was broken in this way.
pub(super) fn found(break_it: impl FnOnce(&mut Configuration)) -> Vec<String> {
    let mut office = small_company();
    break_it(&mut office);
    office.findings().iter().map(shown).collect()
}

#[track_caller]
pub(super) fn check(expected: &[&str], break_it: impl FnOnce(&mut Configuration)) {
    assert_eq!(found(break_it), expected);
}

pub(super) fn set(office: &mut Configuration, key: Key, text: &str) {
    office.settings.insert(key, SettingValue::parse(key, text).unwrap());
}

fn presence(office: &Configuration, name: &str) -> PresenceId {
    office.presence_named(PresenceGroupId::new(1), name).unwrap().id
}

fn xlet(xlet: Xlet, position: Position, number: Option<i64>) -> ProfileXlet {
    let number = number.map(|number| XletNumber::new(number).unwrap());
    ProfileXlet { xlet, position, number, flags: XletFlags::ALL }
}

/// The profile `Custom` with these xlets.
fn custom(office: &mut Configuration, xlets: &[ProfileXlet]) {
    let id = office.add_profile(ProfileName::parse("Custom").unwrap(), None, None).unwrap();
    office.profiles.edit(id, |profile| profile.xlets = xlets.to_vec());
}

#[test]
fn the_sample_office_breaks_no_rule() {
    check(&[], |_| {});
}

#[test]
fn p1_group_names_are_unique_in_any_case_of_letters() {
    check(
        &["error: presence group \"XIVO\": has the same name (the case of letters does not count) as presence group \
           \"xivo\"; it must be unique (rule P1)"],
        |office| {
            office
                .add_presence_group(PresenceGroupName::parse("XIVO").unwrap(), Description::parse("").unwrap())
                .unwrap();
        },
    );
}

#[test]
fn p4_presence_names_are_unique_in_their_group() {
    check(
        &["error: presence \"away\" in group \"xivo\": has the same name as presence \"away\" in group \"xivo\"; it \
           must be unique (rule P4)"],
        |office| {
            let id = presence(office, "berightback");
            office.presences.edit(id, |presence| presence.name = PresenceName::parse("away").unwrap());
        },
    );
}

#[test]
fn p7_reachable_presences_stand_in_the_same_group() {
    check(
        &[
            "error: presence \"away\" in group \"xivo\": cannot reach presence \"available\" in group \"other\", which \
             is in another group (rule P7)",
            "error: presence \"away\" in group \"xivo\": cannot reach presence with id 99, which does not exist (rule \
             P7)",
        ],
        |office| {
            let other = PresenceGroupName::parse("other").unwrap();
            let group = office.add_presence_group(other, Description::parse("").unwrap()).unwrap();
            let stranger = office.presence_named(group, "available").unwrap().id;
            let id = presence(office, "away");
            office.presences.edit(id, |presence| presence.reachable.extend([stranger, PresenceId::new(99)]));
        },
    );
}

#[test]
fn p7_a_presence_stands_in_a_group() {
    check(&["error: presence \"away\" in group \"9\": stands in a group that does not exist (rule P7)"], |office| {
        let id = presence(office, "away");
        office.remove_presence(id).unwrap();
        let mut stray = (**office.presences.get(PresenceId::new(1)).unwrap()).clone();
        stray.id = id;
        stray.name = PresenceName::parse("away").unwrap();
        stray.group = PresenceGroupId::new(9);
        office.presences.put(stray);
    });
}

#[test]
fn p8_a_presence_does_not_store_itself_as_reachable() {
    check(
        &["error: presence \"away\" in group \"xivo\": reaches itself; that goes without saying and is not stored \
           (rule P8)"],
        |office| {
            let id = presence(office, "away");
            office.presences.edit(id, |presence| presence.reachable.extend([id]));
        },
    );
}

#[test]
fn p9_both_mandatory_presences_exist() {
    check(
        &[
            "error: presence group \"xivo\": must have a presence \"disconnected\" (rule P9)",
            "warning: presence \"gone\" in group \"xivo\": cannot be reached from \"available\" (rule P17)",
            "warning: presence \"gone\" in group \"xivo\": is a dead end: no other presence can be chosen from it \
             (rule P17)",
        ],
        |office| {
            let id = presence(office, "disconnected");
            office.presences.edit(id, |presence| presence.name = PresenceName::parse("gone").unwrap());
        },
    );
    assert_eq!(found(|office| drop(office.presences.remove(PresenceId::new(1))))[0], {
        "error: presence group \"xivo\": must have a presence \"available\" (rule P9)"
    });
}

#[test]
fn p14_and_h4_the_default_groups_exist() {
    check(
        &[
            "error: presence group \"xivo\": must exist and not be deletable (rule P14)",
            "error: phone hint group \"xivo\": must exist and not be deletable (rule H4)",
        ],
        |office| {
            office.presence_groups.edit(PresenceGroupId::new(1), |group| group.deletable = true);
            office.phone_hint_groups.edit(PhoneHintGroupId::new(1), |group| {
                group.name = PhoneHintGroupName::parse("other").unwrap();
            });
        },
    );
}

#[test]
fn p15_actions_neither_repeat_nor_contradict_each_other() {
    let with = |actions: &[PresenceAction]| {
        let actions = actions.to_vec();
        found(move |office| {
            let id = presence(office, "away");
            office.presences.edit(id, |presence| presence.actions = actions);
        })
    };
    use PresenceAction::*;
    assert_eq!(
        with(&[EnableDnd(true), EnableDnd(true)]),
        ["error: presence \"away\" in group \"xivo\": has the action enablednd more than once (rule P15)"]
    );
    assert_eq!(
        with(&[EnableDnd(true), EnableDnd(false)]),
        ["error: presence \"away\" in group \"xivo\": switches do-not-disturb both on and off; only one can hold \
          (rule P15)"]
    );
    assert_eq!(
        with(&[QueuePauseAll, QueueUnpauseAll]),
        ["error: presence \"away\" in group \"xivo\": has both actions queuepause_all and queueunpause_all; only one \
          can hold (rule P15)"]
    );
    for pausing in [QueuePauseAll, QueueUnpauseAll] {
        assert_eq!(
            with(&[AgentLogoff, pausing]),
            ["warning: presence \"away\" in group \"xivo\": pauses or unpauses the agent and logs them off as well; \
              after agentlogoff the other is of no use (rule P15)"]
        );
    }
}

#[test]
fn p16_disconnected_is_not_for_choosing() {
    check(
        &["warning: presence \"away\" in group \"xivo\": can reach \"disconnected\", which is for logout and should \
           not be chosen by hand (rule P16)"],
        |office| {
            let (id, disconnected) = (presence(office, "away"), presence(office, "disconnected"));
            office.presences.edit(id, |presence| presence.reachable.extend([disconnected]));
        },
    );
}

#[test]
fn p17_two_presences_that_lead_only_to_each_other_are_told() {
    let told = |name: &str| {
        format!(
            "warning: presence \"{name}\" in group \"xivo\": leads back to \"available\" by no way: whoever chooses it \
             stays outside until the next login (rule P17)"
        )
    };
    check(&[&told("away"), &told("outtolunch")], |office| {
        let (away, lunch) = (presence(office, "away"), presence(office, "outtolunch"));
        office.presences.edit(away, |presence| presence.reachable = [lunch].into());
        office.presences.edit(lunch, |presence| presence.reachable = [away].into());
    });
}

#[test]
fn p17_dead_ends_are_told() {
    check(
        &[
            "warning: presence \"lunch\" in group \"xivo\": cannot be reached from \"available\" (rule P17)",
            "warning: presence \"lunch\" in group \"xivo\": is a dead end: no other presence can be chosen from it \
             (rule P17)",
        ],
        |office| {
            let away = office.presences.get(presence(office, "away")).unwrap();
            let mut lunch = (**away).clone();
            lunch.id = PresenceId::new(50);
            lunch.position = 50;
            lunch.name = PresenceName::parse("lunch").unwrap();
            lunch.reachable.clear();
            office.presences.put(lunch);
        },
    );
}

#[test]
fn h1_phone_hint_group_names_are_unique() {
    check(
        &["error: phone hint group \"Xivo\": has the same name (the case of letters does not count) as phone hint \
           group \"xivo\"; it must be unique (rule H1)"],
        |office| {
            let name = PhoneHintGroupName::parse("Xivo").unwrap();
            office.add_phone_hint_group(name, Description::parse("").unwrap()).unwrap();
        },
    );
}

#[test]
fn f1_profiles_may_differ_in_case_alone_but_not_be_the_same() {
    let named = |name: &'static str| {
        found(move |office| {
            let id = office.add_profile(ProfileName::parse(name).unwrap(), None, None).unwrap();
            office.set_xlet(id, xlet(Xlet::Identity, Position::Grid, None)).unwrap();
        })
    };
    assert_eq!(
        named("CLIENT"),
        ["warning: profile \"CLIENT\": differs from profile \"Client\" only in the case of letters (rule F1)"]
    );
    assert_eq!(
        named("Client"),
        ["error: profile \"Client\": has the same name as profile \"Client\"; it must be unique (rule F1)"]
    );
}

#[test]
fn f2_the_groups_of_a_profile_and_the_profile_of_a_user_exist() {
    check(
        &[
            "error: profile \"Agent\": names presence group 9, which does not exist (rule F2)",
            "error: profile \"Agent\": names phone hint group 8, which does not exist (rule F2)",
            "error: user \"bob\": names profile 7, which does not exist (rule F2)",
        ],
        |office| {
            office.profiles.edit(ProfileId::new(2), |profile| {
                profile.presence_group = PresenceGroupId::new(9);
                profile.phone_hint_group = PhoneHintGroupId::new(8);
            });
            office.users.edit(UserId::new(2), |user| user.profile = Some(ProfileId::new(7)));
        },
    );
}

#[test]
fn f4_an_xlet_stands_once() {
    check(&["error: profile \"Custom\": has the xlet \"identity\" more than once (rule F4)"], |office| {
        let identity = xlet(Xlet::Identity, Position::Grid, None);
        custom(office, &[identity, identity]);
    });
}

#[test]
fn f5_tabs_need_the_tabber_in_grid() {
    let identity = xlet(Xlet::Identity, Position::Grid, Some(0));
    let people = xlet(Xlet::People, Position::Tab, Some(0));
    let tabber = |position| xlet(Xlet::Tabber, position, Some(7));
    let with = |xlets: &[ProfileXlet]| {
        let xlets = xlets.to_vec();
        found(move |office| custom(office, &xlets))
    };
    assert_eq!(with(&[identity, people, tabber(Position::Grid)]), [""; 0]);
    assert_eq!(
        with(&[identity, people]),
        ["error: profile \"Custom\": has the xlet \"people\" in tab, but no xlet \"tabber\" in grid to show it (rule \
          F5)"]
    );
    assert_eq!(
        with(&[identity, people, tabber(Position::Tab)]),
        ["error: profile \"Custom\": has the xlet \"tabber\" in tab; it must stand in grid (rule F5)"]
    );
    assert_eq!(
        with(&[identity, people, tabber(Position::Dock)]),
        ["error: profile \"Custom\": has the xlet \"tabber\" in dock; it must stand in grid (rule F5)"]
    );
    assert_eq!(
        with(&[identity, tabber(Position::Grid)]),
        ["warning: profile \"Custom\": has the xlet \"tabber\", but no xlet in tab for it to show (rule F5)"]
    );
}

#[test]
fn f7_numbers_of_a_position_are_told_when_they_repeat() {
    check(
        &[
            "warning: profile \"Custom\": has the number 3 in position dock twice: at \"queues\" and \"agents\" (rule F7)",
        ],
        |office| {
            custom(
                office,
                &[
                    xlet(Xlet::Identity, Position::Grid, Some(3)),
                    xlet(Xlet::Queues, Position::Dock, Some(3)),
                    xlet(Xlet::Agents, Position::Dock, Some(3)),
                    xlet(Xlet::Directory, Position::Dock, None),
                    xlet(Xlet::AgentDetails, Position::Dock, None),
                ],
            );
        },
    );
}

#[test]
fn f9_and_f10_a_profile_shows_something() {
    check(&["warning: profile \"Custom\": has no xlet; its users log in and see nothing (rule F9)"], |office| {
        custom(office, &[]);
    });
    check(&["warning: profile \"Custom\": has no xlet \"identity\" (rule F10)"], |office| {
        custom(office, &[xlet(Xlet::Queues, Position::Dock, None)]);
    });
    let offers_nothing = "warning: profile \"Custom\": lets its users listen to agents, but has no xlet \"agents\", in which \
                          alone the client offers that (rule F10)";
    let listening = |office: &mut Configuration, xlets: &[ProfileXlet]| {
        custom(office, xlets);
        let custom = office.profiles.find(|profile| profile.name.as_str() == "Custom").expect("it was added").id;
        office.profiles.edit(custom, |profile| profile.may_listen = true);
    };
    let identity = xlet(Xlet::Identity, Position::Grid, None);
    check(&[offers_nothing], |office| listening(office, &[identity]));
    check(&[], |office| listening(office, &[identity, xlet(Xlet::Agents, Position::Dock, None)]));
}

#[test]
fn g3_certificate_and_key_are_named_together() {
    check(
        &["error: setting encryption.certificate: is set, but encryption.key is not; set both or neither (rule G3)"],
        |office| set(office, Key::EncryptionCertificate, "/etc/ssl/cti.crt"),
    );
    check(
        &["error: setting encryption.key: is set, but encryption.certificate is not; set both or neither (rule G3)"],
        |office| {
            set(office, Key::EncryptionKeyFile, "/etc/ssl/cti.key");
            set(office, Key::EncryptionCertificate, "");
        },
    );
    check(&[], |office| {
        set(office, Key::EncryptionKeyFile, "/etc/ssl/cti.key");
        set(office, Key::EncryptionCertificate, "/etc/ssl/cti.crt");
    });
}

#[test]
fn g5_encryption_off_is_told() {
    check(
        &["warning: setting encryption.mode: is off: passwords travel in clear, and clients that are set to encrypt \
           refuse to connect or ask first; it matters where other clients than the released desktop clients log in \
           (rule G5)"],
        |office| set(office, Key::EncryptionMode, "off"),
    );
}

#[test]
fn g6_old_tls_is_told_where_it_is_spoken_and_refused_where_it_cannot_be() {
    let told = match cfg!(feature = "legacy-tls") {
        true => {
            "warning: setting encryption.allow_legacy_tls: is on: clients of 10.0.0.0/8, 192.0.2.0/24 that know nothing \
             newer are encrypted by TLS 1.0 or 1.1, which can be broken; whoever is on the way may read their passwords. \
             Not all of these networks are a company's own (rule G6)"
        }
        false => {
            "warning: setting encryption.allow_legacy_tls: has no effect: this program was built without the feature \
             `legacy-tls` and speaks no TLS 1.0 and 1.1 (rule S2)"
        }
    };
    check(&[told], |office| {
        set(office, Key::EncryptionAllowLegacyTls, "true");
        set(office, Key::EncryptionLegacyTlsFrom, "10.0.0.0/8, 192.0.2.1/24");
    });
    check(&[], |office| set(office, Key::EncryptionLegacyTlsFrom, "10.0.0.0/8"));
    let newest = found(|office| {
        set(office, Key::EncryptionAllowLegacyTls, "true");
        set(office, Key::EncryptionMinVersion, "1.3");
    });
    let goes_past = "setting encryption.min_version: is 1.3, which refuses TLS 1.2 while encryption.allow_legacy_tls";
    let is_told = newest.iter().any(|line| line.contains(goes_past) && line.contains("rule G6"));
    assert_eq!(is_told, cfg!(feature = "legacy-tls"), "{newest:?}");
}

#[test]
fn what_acts_is_not_told() {
    check(&[], |office| {
        set(office, Key::AuthBackends, "xivo_user");
        set(office, Key::AmiHost, "192.0.2.1");
    });
}

#[test]
fn names_that_mean_something_else_to_asterisk_are_errors() {
    let told = found(|office| {
        let context = office.contexts.iter().next().expect("a context").id;
        office.add_context(ContextName::parse("globals").expect("a name"), &[]).expect("it is added");
        let name = QueueName::parse("general").expect("a name");
        let display = DisplayName::parse("General").expect("a name");
        let number = Extension::parse("3999").expect("a number");
        office.add_queue(NewQueue { name, display, number, context, wrapup_seconds: 0 }).expect("it is added");
    });
    assert!(told.iter().any(|line| line.starts_with("error: context \"globals\": `globals` means something else")));
    assert!(told.iter().any(|line| line.starts_with("error: queue \"general\": `general` means something else")));
}
