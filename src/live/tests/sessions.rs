//! Logins, ends, restarts: what begins and closes a session, and what an administrator does to it.

use super::*;
use crate::live::messages::Ending;
use crate::settings::name::PresenceName;
use crate::settings::presence::PresenceAction;
use crate::settings::state::AgentWanted;

#[test]
fn a_login_is_answered_first_then_its_presence_is_told() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    let agnes = stage.log_in(AGNES, "donotdisturb");
    let heard = stage.heard(agnes);
    assert!(heard[0].starts_with("login_capas "), "{}", heard[0]);
    let told =
        [r#"updatestatus users "1" {"availstate":"donotdisturb"}"#, r#"updateconfig users "1" {"enablednd":true}"#];
    assert_eq!(heard[1..], told);
    assert_eq!(stage.heard(bertil), told);
}

#[test]
fn the_answer_to_a_login_holds_the_profile() {
    let mut stage = Stage::new();
    let session = stage.log_in(AGNES, "available");
    let heard = stage.heard(session);
    let answer: Value = serde_json::from_str(heard[0].trim_start_matches("login_capas ")).expect("JSON");
    assert_eq!(answer["userid"], "1");
    assert_eq!(answer["appliname"], "Client");
    let xlets = r#"[["identity","grid"],["people","tab"],["tabber","grid","1"],["customerinfo","tab","2"],["fax","tab","3"],["history","tab","4"],["features","tab","5"],["conference","tab","6"]]"#;
    assert_eq!(answer["capaxlets"].to_string(), xlets);
    assert_eq!(answer["capas"]["services"].to_string(), r#"["enablednd","fwdunc","fwdbusy","fwdrna"]"#);
    assert_eq!(answer["capas"]["preferences"], false);
    let away = r##"{"longname":"Away","color":"#FFDD00","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":{"enablednd":"false"}}"##;
    assert_eq!(answer["capas"]["userstatus"]["away"].to_string(), away);
    let disconnected = r##"{"longname":"Disconnected","color":"#9E9E9E","actions":{"agentlogoff":""}}"##;
    assert_eq!(answer["capas"]["userstatus"]["disconnected"].to_string(), disconnected);
    assert_eq!(answer["capas"]["phonestatus"]["0"]["longname"], "Available");
}

#[test]
fn dock_xlets_carry_their_letters_and_a_number_that_is_not_nought() {
    let mut stage = Stage::new();
    stage.change(|known, _| known.users.edit(UserId::new(AGNES), |agnes| agnes.profile = Some(ProfileId::new(4))));
    let session = stage.log_in(AGNES, "available");
    let xlets = r#"[["identity","grid"],["switchboard","dock","fcms","1"],["directory","dock","fcms","3"]]"#;
    assert!(stage.heard(session)[0].contains(xlets));
}

#[test]
fn an_unknown_state_at_login_means_the_last_presence_or_the_first_of_the_group() {
    let mut stage = Stage::new();
    let first = stage.log_in(AGNES, "holiday");
    assert_eq!(stage.heard(first)[1], r#"updatestatus users "1" {"availstate":"available"}"#);
    stage.choose(first, "away");
    stage.ask(first, r#"{"class":"logout"}"#);
    let second = stage.log_in(AGNES, "");
    assert_eq!(stage.heard(second)[1], r#"updatestatus users "1" {"availstate":"away"}"#);
}

#[test]
fn a_profile_that_changed_between_offer_and_login_is_unknown() {
    let mut stage = Stage::new();
    let session = SessionId(900);
    let (user, profile) = (UserId::new(AGNES), ProfileId::new(1));
    let admission = Admission { user, profile, version: Version::V2_2, state: "away".into() };
    stage.apply(Input::LoggedIn { session, admission });
    let heard = stage.heard(session);
    assert!(heard[0].contains("unknown cti_profile_id"), "{heard:?}");
    assert_eq!(heard[1..], ["(closed)"]);
}

#[test]
fn after_a_restart_everybody_is_disconnected_and_who_was_present_has_two_minutes() {
    let away = Some(name(PresenceName::parse("away")));
    let present = UserState { last_presence: away.clone(), is_present: true, ..UserState::default() };
    let users =
        HashMap::from([(uuid(AGNES), present.clone()), (uuid(BERTIL), present), (uuid(99), UserState::default())]);
    let general = General { agent_actions_on_loss: true, ..General::default() };
    let mut stage = Stage::restarted(cast(), general, users, [(AgentId::new(1), at_work("1002"))].into());
    assert_eq!(stage.live.state.view(UserId::new(AGNES)).presence(UserId::new(AGNES)), Some("disconnected"));
    assert_eq!(stage.live.next_alarm(), Some(Duration::from_secs(121)));
    let agnes = stage.log_in(AGNES, "");
    stage.ask_own_config(agnes, AGNES);
    assert_eq!(stage.heard(agnes)[1], r#"updatestatus users "1" {"availstate":"away"}"#);
    stage.writes.clear();
    stage.pass(120);
    let ended = UserState { last_presence: away, is_present: false, ..UserState::default() };
    let logged_off =
        KeptAgent { wanted: AgentWanted { is_logged_off: true, are_pauses_ours: false }, ..at_work("1002") };
    let writes = [StateWrite::User(uuid(BERTIL), ended), StateWrite::Agent(AgentId::new(1), logged_off)];
    assert_eq!(stage.writes, writes);
    let heard = stage.heard(agnes);
    assert!(
        heard.len() == 1 && heard[0].starts_with(r#"updatestatus agents 1 {"availability":"logged_out""#),
        "{heard:?}"
    );
}

#[test]
fn the_grace_time_after_a_restart_is_put_off_while_passwords_are_checked() {
    let present = UserState { is_present: true, ..UserState::default() };
    let users = HashMap::from([(uuid(AGNES), present.clone()), (uuid(BERTIL), present)]);
    let mut stage = Stage::restarted(cast(), General::default(), users, HashMap::new());
    stage.apply(Input::ChecksWait);
    assert_eq!(stage.live.next_alarm(), Some(Duration::from_secs(121)), "not due yet");
    stage.now.steady += Duration::from_secs(120);
    stage.apply(Input::ChecksWait);
    stage.ring();
    assert_eq!(stage.live.next_alarm(), Some(Duration::from_secs(241)));
    let agnes = stage.log_in(AGNES, "");
    stage.writes.clear();
    stage.pass(120);
    assert_eq!(stage.writes.len(), 1, "bertil is ended: {:?}", stage.writes);
    stage.writes.clear();
    stage.apply(Input::Gone { session: agnes });
    stage.now.steady += Duration::from_secs(45);
    stage.apply(Input::ChecksWait);
    stage.ring();
    assert_eq!(stage.writes.len(), 1, "who left after the start is not meant: {:?}", stage.writes);
}

#[test]
fn the_grace_time_after_a_restart_is_not_put_off_for_ever() {
    let present = UserState { is_present: true, ..UserState::default() };
    let mut stage =
        Stage::restarted(cast(), General::default(), HashMap::from([(uuid(BERTIL), present)]), HashMap::new());
    for _ in 0..100 {
        stage.apply(Input::ChecksWait);
        stage.pass(120);
    }
    assert_eq!(stage.live.next_alarm(), None);
}

/// The released client comes back 20 s after it was cut off, if it does so at all.
#[test]
fn a_restart_under_two_hundred_agents_who_return_after_21_s_touches_none() {
    let present = UserState { is_present: true, ..UserState::default() };
    let mut known = cast();
    let (mut users, mut agents) = (HashMap::new(), HashMap::new());
    for number in 101..=300 {
        let user = add_user(&mut known, number, &format!("agent{number}"), AGENT);
        add_line(&mut known, user, &number.to_string(), ContextId::new(1));
        let agent = NewAgent {
            number: name(AgentNumber::parse(&number.to_string())),
            first_name: name(FirstName::parse("Agent")),
            last_name: name(LastName::parse("")),
            context: ContextId::new(1),
            user: Some(user),
        };
        agents.insert(known.add_agent(agent).expect("an agent"), at_work(&number.to_string()));
        users.insert(uuid(number), present.clone());
    }
    let disconnected = known.presences.find(|presence| presence.name.as_str() == "disconnected").expect("there").id;
    known.presences.edit(disconnected, |presence| presence.actions.insert(0, PresenceAction::EnableDnd(true)));
    let everybody: Vec<UserId> =
        known.users.iter().filter(|user| users.contains_key(&user.uuid)).map(|user| user.id).collect();
    // Even where a loss counts, and the grace time is as short as it was.
    for (is_wanted, grace) in [(false, 45), (true, 10)] {
        let disconnect_grace = Duration::from_secs(grace);
        let general = General { agent_actions_on_loss: is_wanted, disconnect_grace, ..General::default() };
        let mut stage = Stage::restarted(known.clone(), general, users.clone(), agents.clone());
        stage.pass(21);
        for user in &everybody {
            stage.log_in(user.number(), "available");
        }
        stage.pass(600);
        let ended = |write: &StateWrite| match write {
            StateWrite::Agent(..) => true,
            StateWrite::QueueCall(_) => false,
            StateWrite::User(_, state) => !state.is_present || state.services.do_not_disturb,
        };
        assert!(!stage.writes.iter().any(ended), "{:?}", stage.writes.iter().find(|write| ended(write)));
        assert_eq!(stage.live.session_list().len(), 200);
    }
}

#[test]
fn logout_closes_and_serves_no_later_line() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    assert_eq!(stage.answer(agnes, r#"{"class":"logout"}"#), ["(closed)"]);
    assert_eq!(stage.answer(agnes, r#"{"class":"keepalive"}"#), [""; 0]);
    assert_eq!(stage.heard(bertil), [r#"updatestatus users "1" {"availstate":"disconnected"}"#]);
    stage.apply(Input::Gone { session: agnes });
    assert_eq!(stage.heard(bertil), [""; 0]);
}

#[test]
fn an_administrator_ends_a_session_plainly_or_for_good() {
    let mut stage = Stage::new();
    let (first, second) = (stage.enter(AGNES, "available"), stage.enter(AGNES, "available"));
    stage.apply(Input::End { session: first, how: Ending::Plain });
    stage.apply(Input::End { session: second, how: Ending::Force });
    stage.apply(Input::End { session: second, how: Ending::Force });
    assert_eq!(stage.heard(first), ["(closed)"]);
    assert_eq!(stage.heard(second), [r#"disconnect {"type":"force"}"#, "(closed)"]);
}

#[test]
fn a_login_that_the_settings_overtook_is_sent_away() {
    let mut stage = Stage::new();
    stage.change(|known, _| {
        known.users.edit(UserId::new(AGNES), |agnes| agnes.enabled = false);
        known.users.edit(UserId::new(BERTIL), |bertil| bertil.profile = None);
    });
    let (agnes, nobody, bertil) = (stage.log_in(AGNES, "away"), stage.log_in(77, "away"), stage.log_in(BERTIL, "away"));
    assert_eq!(stage.heard(agnes), [r#"disconnect {"type":"force"}"#, "(closed)"]);
    assert_eq!(stage.heard(nobody), [r#"disconnect {"type":"force"}"#, "(closed)"]);
    assert_eq!(stage.heard(bertil), [r#"login_capas {"error_string":"unknown cti_profile_id"}"#, "(closed)"]);
    assert_eq!(stage.live.session_list(), []);
}

#[test]
fn the_list_of_sessions_says_who_is_connected() {
    let mut stage = Stage::new();
    stage.enter(AGNES, "available");
    stage.pass(5);
    stage.log_in_as(AGNES, "away", Version::V2_0);
    let list = stage.live.session_list();
    let shown: Vec<_> =
        list.iter().map(|line| (line.login.as_str(), &*line.presence, line.version, line.since)).collect();
    let expected =
        [("agnes", "away", Version::V2_2, 1_471_009_851.0), ("agnes", "away", Version::V2_0, 1_471_009_856.0)];
    assert_eq!(shown, expected);
}

/// Protocol decision 11: of another type than `force`, so that it stays away; else two machines would evict each other
/// for ever.
#[test]
fn one_login_too_many_ends_the_users_oldest_session() {
    let mut stage = Stage::with(cast(), General { sessions_per_user_max: 2, ..General::default() });
    let bertil = stage.enter(BERTIL, "available");
    let (first, second) = (stage.enter(AGNES, "available"), stage.enter(AGNES, "available"));
    stage.heard(bertil);
    let third = stage.log_in(AGNES, "away");
    assert_eq!(stage.heard(first), [r#"disconnect {"type":"too_many_sessions"}"#, "(closed)"]);
    assert!(stage.heard(second).iter().all(|line| !line.contains("disconnect")));
    assert!(stage.heard(third)[0].starts_with("login_capas"));
    assert_eq!(stage.heard(bertil), [r#"updatestatus users "1" {"availstate":"away"}"#]);
    let user = UserId::new(AGNES);
    assert_eq!(stage.notes, [LogEvent::TooManySessions { user, ended: first, most: 2 }]);
    assert_eq!(stage.answer(first, r#"{"class":"keepalive"}"#), [""; 0]);
    // A setting that is lower now acts at the next login.
    stage.change(|_, general| general.sessions_per_user_max = 1);
    let last = stage.log_in(AGNES, "away");
    let own = stage.live.session_list().into_iter().filter(|session| session.user == user);
    assert_eq!(own.map(|session| session.session).collect::<Vec<_>>(), [last]);
}
