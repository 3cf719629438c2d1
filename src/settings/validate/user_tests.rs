//! Each rule of people and places broken once, and what is said of it.

use super::tests::{check, found, set};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{add_agent, add_line, add_user};
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::queue::{MemberId, QueueMember};
use crate::settings::setting::Key;

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
}

#[test]
fn u1_logins_and_uuids_are_unique() {
    check(
        &["error: user \"BOB\": has the same login (the case of letters does not count) as user \"bob\"; it must be \
           unique (rule U1)"],
        |office| {
            let id = add_user(office, "dave");
            office.users.edit(id, |user| user.login = Login::parse("BOB").ok());
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
        assert!(findings[0].contains("(rule C2)") && findings[0].contains("which is already used by"));
        assert!(findings[0].contains("in context \"default\""), "{findings:?}");
    }
    check(
        &[
            "error: line \"1001@default\": has the number 1001, which is already used by line \"1001@default\" in context \
           \"default\" (rule C2)",
        ],
        |office| add_line(office, UserId::new(3), "1001", ContextId::new(1)),
    );
}

/// The device that is made of a number is the same in each context.
#[test]
fn c4_lines_of_two_users_do_not_ring_at_one_device() {
    check(
        &[
            "warning: line \"1001@sales\": has the device PJSIP/1001 of line \"1001@default\", a line of somebody else: both \
             ring there, and its calls are taken for that line's (rule C4)",
        ],
        |office| add_line(office, UserId::new(3), "1001", ContextId::new(2)),
    );
    // Two numbers of one person on one telephone.
    check(&[], |office| {
        let second = office.lines.iter().find(|line| line.extension.as_str() == "1002").unwrap().id;
        office.lines.edit(second, |line| line.device = Device::parse("sip/1001").unwrap());
    });
}

#[test]
fn c3_contexts_and_users_that_are_named_exist() {
    check(
        &[
            "error: context \"sales\": includes context 9, which does not exist (rule C3)",
            "error: queue \"support\": belongs to context 9, which does not exist (rule C3)",
            "error: queue \"support\": has agent 77 as a member, which does not exist (rule C3)",
            "error: conference \"4000@9\": belongs to context 9, which does not exist (rule C3)",
            "error: line \"2001@9\": belongs to context 9, which does not exist (rule C3)",
            "error: line \"2001@9\": belongs to user 99, who does not exist (rule C3)",
            "error: voicemail box \"1001@9\": belongs to context 9, which does not exist (rule C3)",
            "error: voicemail box \"1001@9\": belongs to user 99, who does not exist (rule C3)",
            "error: agent \"8001\": belongs to context 9, which does not exist (rule C3)",
            "error: agent \"8001\": belongs to user 99, who does not exist (rule C3)",
        ],
        |office| {
            let (nowhere, nobody) = (ContextId::new(9), UserId::new(99));
            office.contexts.edit(ContextId::new(2), |context| context.includes.push(nowhere));
            office.queues.edit(QueueId::new(1), |queue| {
                queue.context = nowhere;
                queue.members = vec![QueueMember { member: MemberId::Agent(AgentId::new(77)), penalty: 0 }];
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
        &[
            "warning: user \"carol\": has no line: with contexts separated they see themselves and nobody else (rule C3)",
        ],
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
            "error: queue \"support\": has line \"2001@sales\" and line \"1001@default\" as members, which are one \
             telephone (rule Q1)",
            "error: voicemail box \"1001@default\": has the same box and context as voicemail box \"1001@default\"; it \
             must be unique (rule Q1)",
            "error: agent \"8001\": has the same number as agent \"8001\"; it must be unique (rule Q1)",
            "warning: line \"2001@sales\": has the device PJSIP/AB12cd of line \"1001@default\", a line of somebody else: \
             both ring there, and its calls are taken for that line's (rule C4)",
        ],
        |office| {
            let mut queue = (**office.queues.get(QueueId::new(1)).unwrap()).clone();
            queue.id = QueueId::new(2);
            queue.number = Extension::parse("3001").unwrap();
            queue.wrapup_seconds = 3601;
            let agent = MemberId::Agent(AgentId::new(1));
            let member = |member, penalty| QueueMember { member, penalty };
            queue.members = vec![member(agent, 101), member(agent, 0)];
            for (id, device) in [(1, "SIP/ab12cd"), (3, "PJSIP/AB12cd")] {
                queue.members.push(member(LineId::new(id).into(), 0));
                office.lines.edit(LineId::new(id), |line| line.device = Device::parse(device).unwrap());
            }
            office.queues.put(queue);
            let default = ContextId::new(1);
            office.add_voicemail(Mailbox::parse("1001").unwrap(), default, None).unwrap();
            add_agent(office, "8001", default, None);
        },
    );
}
