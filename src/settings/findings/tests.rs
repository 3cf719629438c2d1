//! Each rule of a whole configuration broken once, and what is said of it.

use std::time::{Duration, Instant};

use crate::settings::configuration::Configuration;
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::place::QueueMember;
use crate::settings::presence::PresenceAction;
use crate::settings::profile::{Position, ProfileXlet, Xlet, XletFlags, XletNumber};
use crate::settings::rule::{Finding, Severity};
use crate::settings::sample::{add_agent, add_line, add_user, defaults, office};
use crate::settings::setting::{Key, SettingValue};

fn shown(finding: &Finding) -> String {
    let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
    format!("{severity}: {}", finding.refusal)
}

/// What is found after the office was broken in this way.
fn found(break_it: impl FnOnce(&mut Configuration)) -> Vec<String> {
    let mut office = office();
    break_it(&mut office);
    office.findings().iter().map(shown).collect()
}

#[track_caller]
fn check(expected: &[&str], break_it: impl FnOnce(&mut Configuration)) {
    assert_eq!(found(break_it), expected);
}

fn set(office: &mut Configuration, key: Key, text: &str) {
    office.set_setting(SettingValue::parse(key, text).unwrap()).unwrap();
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
        with(&[EnableDnd(true), EnableDnd(false)]),
        ["error: presence \"away\" in group \"xivo\": has the action enablednd more than once (rule P15)"]
    );
    assert_eq!(
        with(&[QueuePauseAll, QueueUnpauseAll]),
        ["error: presence \"away\" in group \"xivo\": has both actions queuepause_all and queueunpause_all; only one \
          can hold (rule P15)"]
    );
    for pausing in [QueuePauseAll, QueueUnpauseAll] {
        assert_eq!(
            with(&[AgentLogoff, pausing]),
            ["warning: presence \"away\" in group \"xivo\": pauses or unpauses the agent and logs him off as well; \
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
}

#[test]
fn f14_who_is_enabled_but_cannot_log_in_is_told() {
    let bare = |office: &mut Configuration| {
        office.users.edit(UserId::new(2), |user| {
            user.profile = None;
            user.password = None;
        });
    };
    let without_profile = "warning: user \"bob\": is enabled, but cannot log in without a profile (rule F14)";
    let without_password = "warning: user \"bob\": is enabled, but cannot log in without a password (rule F14)";
    check(&[without_profile, without_password], bare);
    check(&[], |office| {
        bare(office);
        office.users.edit(UserId::new(2), |user| user.enabled = false);
    });
    check(&[without_profile], |office| {
        bare(office);
        set(office, Key::AuthBackend, "xivo_auth");
    });
    check(&[without_profile], |office| {
        bare(office);
        set_ldap(office);
        set(office, Key::AuthBackend, "xivo_user");
        set(office, Key::AuthBackends, "xivo_user,ldap_user");
    });
    check(
        &[
            without_profile,
            "warning: user \"bob\": is enabled, but cannot log in without a password or an e-mail address (rule F14)",
        ],
        |office| {
            bare(office);
            set_ldap(office);
            set(office, Key::AuthBackend, "ldap_user");
            office.users.edit(UserId::new(2), |user| user.email = None);
        },
    );
}

fn set_ldap(office: &mut Configuration) {
    set(office, Key::AuthLdapUri, "ldaps://ldap.example.org");
    set(office, Key::AuthLdapUserBaseDn, "dc=example,dc=org");
    set(office, Key::AuthLdapUserLoginAttribute, "uid");
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
            set(office, Key::EncryptionKey, "/etc/ssl/cti.key");
            set(office, Key::EncryptionCertificate, "");
        },
    );
    check(&[], |office| {
        set(office, Key::EncryptionKey, "/etc/ssl/cti.key");
        set(office, Key::EncryptionCertificate, "/etc/ssl/cti.crt");
    });
}

#[test]
fn g5_encryption_off_is_told() {
    check(
        &["warning: setting encryption.mode: is off: clients that are set to encrypt will refuse to connect (rule G5)"],
        |office| set(office, Key::EncryptionMode, "off"),
    );
}

#[test]
fn s1_old_tls_needs_its_own_build() {
    check(
        &["warning: setting encryption.allow_legacy_tls: has no effect: it needs a build with `legacy-tls` (rule S1)"],
        |office| set(office, Key::EncryptionAllowLegacyTls, "true"),
    );
}

#[test]
fn s1_the_ldap_backend_needs_its_three_settings_first() {
    check(
        &["error: setting auth.backends: names ldap_user, which needs auth.ldap.user_base_dn, \
           auth.ldap.user_login_attribute set before (rule S1)"],
        |office| {
            set(office, Key::AuthLdapUri, "ldaps://ldap.example.org");
            set(office, Key::AuthBackends, "xivo_user,ldap_user");
        },
    );
    check(&[], |office| {
        set_ldap(office);
        set(office, Key::AuthBackend, "ldap_user");
    });
}

#[test]
fn u1_logins_and_uuids_are_unique() {
    check(
        &["error: user \"BOB\": has the same login (the case of letters does not count) as user \"bob\"; it must be \
           unique (rule U1)"],
        |office| {
            let id = add_user(office, "dave");
            office.users.edit(id, |user| user.login = Login::parse("BOB").unwrap());
        },
    );
    check(&["error: user \"dave\": has the same uuid as user \"bob\"; it must be unique (rule U1)"], |office| {
        let uuid = office.users.get(UserId::new(2)).unwrap().uuid;
        let id = add_user(office, "dave");
        office.users.edit(id, |user| user.uuid = uuid);
    });
}

#[test]
fn u3_an_email_address_belongs_to_one_user() {
    check(
        &[
            "error: user \"bob\": has the same e-mail address (the case of letters does not count) as user \"alice\"; it \
           must be unique (rule U3)",
        ],
        |office| {
            office.users.edit(UserId::new(2), |user| {
                user.email = Some(EmailAddress::parse("Alice@Example.ORG").unwrap());
            });
        },
    );
}

#[test]
fn c1_context_names_are_unique_and_includes_stand_once() {
    check(
        &["error: context \"sales\": has the same name as context \"sales\"; it must be unique (rule C1)"],
        |office| drop(office.add_context(ContextName::parse("sales").unwrap(), &[])),
    );
    check(&["error: context \"sales\": includes the same context more than once (rule C1)"], |office| {
        let default = ContextId::new(1);
        office.contexts.edit(ContextId::new(2), |context| context.includes = vec![default, default]);
    });
}

#[test]
fn c2_a_number_stands_once_in_its_context() {
    for number in ["1001", "3000", "4000"] {
        let findings = found(|office| add_line(office, UserId::new(3), number, ContextId::new(1)));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains("(rule C2)") && findings[0].contains("in context \"default\" already"));
    }
    check(
        &["error: line \"1001@default\": has the number 1001, which is that of line \"1001@default\" in context \
           \"default\" already (rule C2)"],
        |office| add_line(office, UserId::new(3), "1001", ContextId::new(1)),
    );
    check(&[], |office| add_line(office, UserId::new(3), "1001", ContextId::new(2)));
}

#[test]
fn c3_contexts_and_users_that_are_named_exist() {
    check(
        &[
            "error: context \"sales\": includes context 9, which does not exist (rule C3)",
            "error: queue \"support\": stands in context 9, which does not exist (rule C3)",
            "error: queue \"support\": has agent 77 as a member, who does not exist (rule C3)",
            "error: conference \"4000@9\": stands in context 9, which does not exist (rule C3)",
            "error: line \"2001@9\": stands in context 9, which does not exist (rule C3)",
            "error: line \"2001@9\": belongs to user 99, who does not exist (rule C3)",
            "error: voicemail box \"1001@9\": stands in context 9, which does not exist (rule C3)",
            "error: voicemail box \"1001@9\": belongs to user 99, who does not exist (rule C3)",
            "error: agent \"8001\": stands in context 9, which does not exist (rule C3)",
            "error: agent \"8001\": belongs to user 99, who does not exist (rule C3)",
        ],
        |office| {
            let (nowhere, nobody) = (ContextId::new(9), UserId::new(99));
            office.contexts.edit(ContextId::new(2), |context| context.includes.push(nowhere));
            office.queues.edit(QueueId::new(1), |queue| {
                queue.context = nowhere;
                queue.members = vec![QueueMember { agent: AgentId::new(77), penalty: 0 }];
            });
            office.conferences.edit(ConferenceId::new(1), |room| room.context = nowhere);
            office.lines.edit(LineId::new(3), |line| {
                line.context = nowhere;
                line.user = nobody;
            });
            office.voicemails.edit(VoicemailId::new(1), |voicemail| {
                voicemail.context = nowhere;
                voicemail.user = Some(nobody);
            });
            office.agents.edit(AgentId::new(1), |agent| {
                agent.context = nowhere;
                agent.user = Some(nobody);
            });
        },
    );
}

#[test]
fn c3_a_user_has_one_main_line_and_at_most_one_box_and_agent() {
    check(&["error: user \"alice\": has 2 lines and 2 of them main; it must be one (rule C3)"], |office| {
        office.lines.edit(LineId::new(2), |line| line.is_main = true);
    });
    check(&["error: user \"bob\": has 1 line and 0 of them main; it must be one (rule C3)"], |office| {
        office.lines.edit(LineId::new(3), |line| line.is_main = false);
    });
    check(
        &[
            "error: voicemail box \"1002@default\": has the same user as voicemail box \"1001@default\"; it must be \
             unique (rule C3)",
            "error: agent \"8003\": has the same user as agent \"8001\"; it must be unique (rule C3)",
        ],
        |office| {
            let default = ContextId::new(1);
            office.add_voicemail(Mailbox::parse("1002").unwrap(), default, Some(UserId::new(1))).unwrap();
            add_agent(office, "8003", default, Some(UserId::new(2)));
        },
    );
}

#[test]
fn c3_a_user_without_a_line_is_told_when_contexts_are_separated() {
    check(
        &["warning: user \"carol\": has no line: with contexts separated he sees himself and nobody else (rule C3)"],
        |office| set(office, Key::ContextSeparation, "true"),
    );
}

#[test]
fn q1_queues_agents_and_boxes_are_unique_and_in_range() {
    check(
        &[
            "error: queue \"support\": has the same name as queue \"support\"; it must be unique (rule Q1)",
            "error: queue \"support\": has a wrap-up time of 3601 s; it must be 0 to 3600 (rule Q1)",
            "error: queue \"support\": gives agent \"8001\" the penalty 101; it must be 0 to 100 (rule Q1)",
            "error: queue \"support\": has agent \"8001\" as a member more than once (rule Q1)",
            "error: voicemail box \"1001@default\": has the same box and context as voicemail box \"1001@default\"; it \
             must be unique (rule Q1)",
            "error: agent \"8001\": has the same number as agent \"8001\"; it must be unique (rule Q1)",
        ],
        |office| {
            let mut queue = (**office.queues.get(QueueId::new(1)).unwrap()).clone();
            queue.id = QueueId::new(2);
            queue.number = Extension::parse("3001").unwrap();
            queue.wrapup_seconds = 3601;
            let agent = AgentId::new(1);
            queue.members = vec![QueueMember { agent, penalty: 101 }, QueueMember { agent, penalty: 0 }];
            office.queues.put(queue);
            let default = ContextId::new(1);
            office.add_voicemail(Mailbox::parse("1001").unwrap(), default, None).unwrap();
            add_agent(office, "8001", default, None);
        },
    );
}

#[test]
fn ten_thousand_users_cost_a_moment() {
    let mut town = defaults();
    for number in 0..10_000 {
        let user = add_user(&mut town, &format!("user{number}"));
        add_line(&mut town, user, &format!("{number:05}"), ContextId::new(1));
    }
    let start = Instant::now();
    assert_eq!(town.findings(), []);
    // A release build takes a fiftieth of this; quadratic work would take a hundred times as much.
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
