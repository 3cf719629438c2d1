//! Each rule of an operation broken once, and what follows along with each edit.

use super::*;
use crate::settings::color::Color;
use crate::settings::fixtures::{add_line, add_user, small_company};
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::phone_hint::HintNumber;
use crate::settings::presence::{Presence, PresenceAction};
use crate::settings::profile::{Position, ProfileXlet, Xlet, XletFlags};
use crate::settings::queue::MemberId;
use crate::settings::rule::Severity;

const XIVO: i64 = 1;

fn group() -> PresenceGroupId {
    PresenceGroupId::new(XIVO)
}

fn presence(office: &Configuration, name: &str) -> PresenceId {
    office.presence_named(group(), name).unwrap().id
}

fn presence_name(name: &str) -> PresenceName {
    PresenceName::parse(name).unwrap()
}

/// The group's presences in order, with what can be reached from each: `away>available,lunch`.
fn shown(office: &Configuration, group: PresenceGroupId) -> Vec<String> {
    let name = |id: &PresenceId| office.presences.get(*id).unwrap().name.to_string();
    let one = |presence: &Presence| {
        format!("{}>{}", presence.name, presence.reachable.iter().map(name).collect::<Vec<_>>().join(","))
    };
    office.presences_of(group).into_iter().map(|presence| one(presence)).collect()
}

/// The edit is refused with these words and changes nothing.
#[track_caller]
fn check_refused<T: std::fmt::Debug>(expected: &str, edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal>) {
    let mut office = small_company();
    let before = office.clone();
    assert_eq!(edit(&mut office).unwrap_err().with_rule(), expected);
    assert!(office == before, "a refused edit changed something");
}

#[test]
fn a_new_group_is_a_copy_of_the_default_group() {
    let mut office = small_company();
    let lunch = presence(&office, "outtolunch");
    office.remove_presence(lunch).unwrap();
    let name = PresenceGroupName::parse("night").unwrap();
    let night = office.add_presence_group(name, Description::parse("").unwrap()).unwrap();
    assert_eq!(shown(&office, night), shown(&office, group()));
    for (copy, model) in office.presences_of(night).into_iter().zip(office.presences_of(group())) {
        assert_eq!((&copy.display, copy.color, &copy.actions), (&model.display, model.color, &model.actions));
        assert_eq!((copy.version, copy.position), (1, model.position));
    }
    assert_eq!(office.findings(), []);
    office.remove_presence_group(night).unwrap();
    assert_eq!(office.presences.len(), 5);
}

#[test]
fn p7_only_presences_of_the_group_can_be_reached() {
    check_refused(
        "presence \"away\" in group \"xivo\": cannot reach \"lunch\", which is not in the same group; there are \
         \"available\", \"away\", \"outtolunch\", \"donotdisturb\", \"berightback\", \"disconnected\" (rule P7)",
        |office| office.set_reachable(presence(office, "away"), &[presence_name("lunch")]),
    );
    check_refused(
        "presence \"tea\" in group \"xivo\": cannot reach \"lunch\", which is not in the same group; there are \
         \"available\", \"away\", \"outtolunch\", \"donotdisturb\", \"berightback\", \"disconnected\" (rule P7)",
        |office| office.add_presence(group(), new_presence("tea", &["tea", "lunch"])),
    );
}

#[test]
fn one_presence_more_or_less_is_reached_and_never_one_of_another_group() {
    let mut office = small_company();
    let (away, disconnected) = (presence(&office, "away"), presence(&office, "disconnected"));
    office.add_reachable(disconnected, away).unwrap();
    office.add_reachable(disconnected, disconnected).unwrap();
    assert_eq!(shown(&office, group())[5], "disconnected>away");
    office.remove_reachable(disconnected, away).unwrap();
    assert_eq!(shown(&office, group())[5], "disconnected>");
    let night = office.add_presence_group(PresenceGroupName::parse("night").unwrap(), Description::parse("").unwrap());
    let stranger = office.presences_of(night.unwrap())[1].id;
    let refusal = office.add_reachable(away, stranger).unwrap_err();
    assert_eq!(
        refusal.with_rule(),
        "presence \"away\" in group \"xivo\": cannot reach presence \"away\" in group \"night\", which is in another group \
         (rule P7)"
    );
}

fn new_presence(name: &str, reachable: &[&str]) -> NewPresence {
    NewPresence {
        name: presence_name(name),
        display: DisplayName::parse(name).unwrap(),
        color: Color::parse("teal").unwrap(),
        reachable: reachable.iter().map(|name| presence_name(name)).collect(),
        actions: vec![PresenceAction::EnableDnd(true)],
    }
}

#[test]
fn p8_a_presence_that_reaches_itself_drops_itself() {
    let mut office = small_company();
    let away = presence(&office, "away");
    office.set_reachable(away, &[presence_name("away"), presence_name("available")]).unwrap();
    let tea = office.add_presence(group(), new_presence("tea", &["tea", "away"])).unwrap();
    let shown = shown(&office, group());
    assert_eq!((&*shown[1], &*shown[6]), ("away>available", "tea>away"));
    let allowed = |id| office.allowed_from(office.presences.get(id).unwrap()).len();
    assert_eq!((allowed(away), allowed(tea)), (2, 2), "itself goes without saying");
}

#[test]
fn p9_and_p10_mandatory_presences_stay_and_keep_their_names() {
    for name in ["available", "disconnected"] {
        check_refused(
            &format!(
                "presence \"{name}\" in group \"xivo\": must exist in every group and cannot be removed (rule P9)"
            ),
            |office| office.remove_presence(presence(office, name)),
        );
        check_refused(
            &format!(
                "presence \"{name}\" in group \"xivo\": keeps its name, which every client knows; it cannot become \
                 \"there\" (rule P10)"
            ),
            |office| office.rename_presence(presence(office, name), presence_name("there")),
        );
    }
    let mut office = small_company();
    office.rename_presence(presence(&office, "available"), presence_name("available")).unwrap();
    office.rename_presence(presence(&office, "away"), presence_name("out")).unwrap();
    assert_eq!(office.presences.get(PresenceId::new(2)).unwrap().name.as_str(), "out");
}

#[test]
fn p11_a_removed_presence_can_be_reached_from_nowhere() {
    let mut office = small_company();
    let away = presence(&office, "away");
    office.remove_presence(away).unwrap();
    assert!(office.reached_from(away).is_empty());
    assert_eq!(shown(&office, group())[0], "available>outtolunch,donotdisturb,berightback");
    assert_eq!(office.findings(), []);
}

#[test]
fn p13_p14_h4_and_h5_groups_in_use_and_default_groups_stay() {
    check_refused("presence group \"xivo\": is a default group and cannot be removed (rule P14)", |office| {
        office.remove_presence_group(group())
    });
    check_refused("phone hint group \"xivo\": is a default group and cannot be removed (rule H4)", |office| {
        office.remove_phone_hint_group(PhoneHintGroupId::new(XIVO))
    });
    let mut office = small_company();
    let name = PresenceGroupName::parse("night").unwrap();
    let night = office.add_presence_group(name, Description::parse("").unwrap()).unwrap();
    let name = PhoneHintGroupName::parse("dark").unwrap();
    let dark = office.add_phone_hint_group(name, Description::parse("").unwrap()).unwrap();
    let names = ["Watch", "Guard"].map(|name| ProfileName::parse(name).unwrap());
    let profiles = names.map(|name| office.add_profile(name, Some(night), Some(dark)).unwrap());
    assert_eq!(
        office.remove_presence_group(night).unwrap_err().with_rule(),
        "presence group \"night\": is used by 2 profiles: \"Watch\", \"Guard\" (rule P13)"
    );
    assert_eq!(
        office.remove_phone_hint_group(dark).unwrap_err().with_rule(),
        "phone hint group \"dark\": is used by 2 profiles: \"Watch\", \"Guard\" (rule H5)"
    );
    for profile in profiles {
        office.remove_profile(profile).unwrap();
    }
    office.remove_presence_group(night).unwrap();
    office.remove_phone_hint_group(dark).unwrap();
}

#[test]
fn a_presence_moves_to_a_place_counted_from_one() {
    let mut office = small_company();
    let names = |office: &Configuration| {
        office
            .presences_of(group())
            .iter()
            .map(|presence| presence.name.as_str().chars().next().unwrap())
            .collect::<String>()
    };
    assert_eq!(names(&office), "aaodbd");
    for (name, place, expected) in [
        ("berightback", 1, "baaodd"),
        ("berightback", 3, "aabodd"),
        ("outtolunch", 99, "aabddo"),
        ("outtolunch", 0, "oaabdd"),
    ] {
        office.move_presence(presence(&office, name), place).unwrap();
        assert_eq!(names(&office), expected);
    }
    let positions: Vec<_> = office.presences_of(group()).iter().map(|presence| presence.position).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_new_phone_hint_group_is_filled_from_the_default_group() {
    let mut office = small_company();
    let name = PhoneHintGroupName::parse("dark").unwrap();
    let dark = office.add_phone_hint_group(name, Description::parse("").unwrap()).unwrap();
    let number = HintNumber::new(17).unwrap();
    office
        .set_phone_hint(dark, number, HintText::parse("Busy and held").unwrap(), Color::parse("red").unwrap())
        .unwrap();
    let count = |id: i64| office.phone_hint_groups.get(PhoneHintGroupId::new(id)).unwrap().hints.len();
    assert_eq!((count(1), count(2)), (9, 10));
}

#[test]
fn f3_a_profile_that_users_have_stays() {
    check_refused("profile \"Client\": is the profile of 3 users and cannot be removed (rule F3)", |office| {
        office.remove_profile(ProfileId::new(3))
    });
    let mut office = small_company();
    office.users.edit(UserId::new(1), |user| user.profile = None);
    office.users.edit(UserId::new(2), |user| user.profile = None);
    office.users.edit(UserId::new(3), |user| user.enabled = false);
    assert_eq!(
        office.remove_profile(ProfileId::new(3)).unwrap_err().problem.to_string(),
        "is the profile of 1 user and cannot be removed"
    );
}

#[test]
fn an_xlet_that_is_set_again_keeps_its_place() {
    let mut office = small_company();
    let agent = ProfileId::new(2);
    let queues = ProfileXlet {
        xlet: Xlet::Queues,
        position: Position::Grid,
        number: None,
        flags: XletFlags::parse("").unwrap(),
    };
    office.set_xlet(agent, queues).unwrap();
    assert_eq!(office.profiles.get(agent).unwrap().xlets[1], queues);
    office.remove_xlet(agent, Xlet::Queues).unwrap();
    assert_eq!(
        office.remove_xlet(agent, Xlet::Queues).unwrap_err().with_rule(),
        "profile \"Agent\": has no xlet \"queues\" (rule F4)"
    );
}

#[test]
fn a_user_has_one_agent_and_takes_nobody_theirs() {
    let (alice, bob) = (UserId::new(1), UserId::new(2));
    let (first, second) = (AgentId::new(1), AgentId::new(2));
    check_refused("agent \"8001\": is already used by user \"bob\" (rule C3)", |office| {
        office.set_agent_of(alice, Some(first))
    });
    let mut office = small_company();
    office.set_agent_of(bob, Some(second)).unwrap();
    let holders = |office: &Configuration| [first, second].map(|id| office.agents.get(id).unwrap().user);
    assert_eq!(holders(&office), [None, Some(bob)]);
    office.set_agent_of(bob, None).unwrap();
    assert_eq!(holders(&office), [None, None]);
}

#[test]
fn a_removed_user_takes_their_lines_along_and_leaves_box_and_agent() {
    let mut office = small_company();
    office.remove_user(UserId::new(1)).unwrap();
    office.remove_user(UserId::new(2)).unwrap();
    assert_eq!((office.lines.len(), office.users.len()), (0, 1));
    assert_eq!(office.voicemails.get(VoicemailId::new(1)).unwrap().user, None);
    assert_eq!(office.agents.get(AgentId::new(1)).unwrap().user, None);
    assert_eq!(office.queues.get(QueueId::new(1)).unwrap().members.len(), 2);
    assert_eq!(office.findings(), []);
    assert_eq!(add_user(&mut office, "dave"), UserId::new(4), "ids are not used again");
}

#[test]
fn a_user_with_lines_always_has_one_main_line() {
    let mut office = small_company();
    let main = |office: &Configuration| office.lines_of(UserId::new(1))[0].extension.to_string();
    assert_eq!(main(&office), "1001");
    office.set_main_line(LineId::new(2)).unwrap();
    assert_eq!(main(&office), "1002");
    let third = NewLine {
        user: UserId::new(1),
        extension: Extension::parse("1003").unwrap(),
        context: ContextId::new(1),
        device: Device::parse("PJSIP/1003").unwrap(),
        is_main: true,
    };
    let third = office.add_line(third).unwrap();
    assert_eq!(main(&office), "1003");
    office.remove_line(LineId::new(2)).unwrap();
    assert_eq!(main(&office), "1003");
    office.move_line(third, ContextId::new(2)).unwrap();
    office.remove_line(third).unwrap();
    assert_eq!(main(&office), "1001");
    office.remove_line(LineId::new(1)).unwrap();
    add_line(&mut office, UserId::new(1), "1009", ContextId::new(1));
    assert_eq!(main(&office), "1009");
    assert_eq!(office.findings(), []);
}

#[test]
fn c1_a_context_in_use_stays() {
    check_refused(
        "context \"default\": is used by 2 lines, 1 voicemail box, 1 conference room, 1 queue, the context \"sales\" (rule C1)",
        |office| office.remove_context(ContextId::new(1)),
    );
    check_refused("context \"lab\": cannot include context \"attic\", which does not exist (rule C3)", |office| {
        office.add_context(ContextName::parse("lab").unwrap(), &[ContextName::parse("attic").unwrap()])
    });
    let mut office = small_company();
    let sales = ContextName::parse("sales").unwrap();
    let lab = office.add_context(ContextName::parse("lab").unwrap(), &[sales.clone(), sales]).unwrap();
    assert_eq!(office.contexts.get(lab).unwrap().includes, [ContextId::new(2)]);
    office.contexts.edit(lab, |context| context.includes.push(lab));
    office.remove_context(lab).unwrap();
}

#[test]
fn q1_members_stand_once_with_a_penalty_in_range() {
    check_refused("queue \"support\": gives agent \"8001\" the penalty 101; it must be 0 to 100 (rule Q1)", |office| {
        office.set_queue_member(QueueId::new(1), AgentId::new(1), 101)
    });
    let mut office = small_company();
    let (support, first) = (QueueId::new(1), AgentId::new(1));
    office.set_queue_member(support, first, 100).unwrap();
    let members: Vec<_> =
        office.queues.get(support).unwrap().members.iter().map(|member| (member.member, member.penalty)).collect();
    assert_eq!(members, [(first.into(), 100), (AgentId::new(2).into(), 5)]);
    office.remove_queue_member(support, first).unwrap();
    assert_eq!(
        office.remove_queue_member(support, first).unwrap_err().with_rule(),
        "queue \"support\": has no member agent \"8001\" (rule Q1)"
    );
    office.remove_agent(AgentId::new(2)).unwrap();
    assert!(office.queues.get(support).unwrap().members.is_empty());
}

#[test]
fn q1_a_line_is_a_member_as_an_agent_is_and_leaves_the_queue_when_it_goes() {
    let mut office = small_company();
    let (support, agent, lines) = (QueueId::new(1), AgentId::new(1), [1, 2, 3].map(LineId::new));
    for line in lines {
        office.set_queue_member(support, line, 3).unwrap();
    }
    let members = |office: &Configuration| -> Vec<_> {
        office.queues.get(support).unwrap().members.iter().map(|member| member.member).collect()
    };
    let agents = [agent, AgentId::new(2)].map(MemberId::from);
    assert_eq!(members(&office), [agents.as_slice(), &lines.map(MemberId::from)].concat());
    office.remove_queue_member(support, lines[0]).unwrap();
    assert_eq!(
        office.remove_queue_member(support, lines[0]).unwrap_err().with_rule(),
        "queue \"support\": has no member line \"1001@default\" (rule Q1)"
    );
    office.remove_line(lines[1]).unwrap();
    assert_eq!(members(&office), [agents.as_slice(), &[lines[2].into()]].concat());
    let owner = office.lines.get(lines[2]).unwrap().user;
    office.remove_user(owner).unwrap();
    assert_eq!(members(&office), agents);
    assert!(office.findings().iter().all(|finding| finding.severity != Severity::Error));
}

#[test]
fn what_is_gone_is_said_to_be_gone() {
    check_refused("user with id 9: does not exist; it may have been removed meanwhile (rule V1)", |office| {
        office.remove_user(UserId::new(9))
    });
    check_refused(
        "phone hint group with id 9: does not exist; it may have been removed meanwhile (rule V1)",
        |office| office.add_profile(ProfileName::parse("New").unwrap(), None, Some(PhoneHintGroupId::new(9))),
    );
}
