//! Settings that change while people are connected: who is sent away, what the others hear, whose presence is no more.

use super::*;
use crate::settings::id::{LineId, QueueId};
use crate::settings::name::PresenceName;
use crate::settings::password::PasswordHash;

const FORCE: [&str; 2] = [r#"disconnect {"type":"force"}"#, "(closed)"];

#[test]
fn a_new_user_is_added_for_those_who_may_see_them() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.change(|known, _| {
        let zoe = add_user(known, 5, "zoe", CLIENT);
        add_line(known, zoe, "1005", ContextId::new(1));
    });
    assert_eq!(stage.heard(agnes), [r#"addconfig users ["5"]"#, r#"addconfig phones ["4"]"#]);
    assert_eq!(stage.heard(chiara), [""; 0]);
}

#[test]
fn an_edited_object_is_sent_whole_to_those_who_see_it() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage
        .change(|known, _| known.queues.edit(Id::new(2), |orders| orders.display = name(DisplayName::parse("Orders"))));
    assert_eq!(stage.heard(agnes), [""; 0]);
    let told = r#"updateconfig queues "2" {"name":"orders","displayname":"Orders","number":"3002","context":"sales"}"#;
    assert_eq!(stage.heard(chiara), [told]);
}

#[test]
fn an_edit_that_no_client_reads_is_told_to_nobody() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, general| {
        known.queues.edit(Id::new(2), |orders| orders.wrapup_seconds = 9);
        known.users.edit(UserId::new(BERTIL), |bertil| bertil.profile = Some(ProfileId::new(CLIENT)));
        general.backup_keep = 3;
    });
    assert_eq!(stage.heard(agnes), [""; 0]);
}

#[test]
fn who_moves_to_another_context_loses_the_old_one_and_gains_the_new_one() {
    let mut stage = Stage::separated();
    let (agnes, bertil, chiara) =
        (stage.enter(AGNES, "away"), stage.enter(BERTIL, "away"), stage.enter(CHIARA, "away"));
    stage.heard(agnes);
    stage.heard(bertil);
    stage.change(|known, _| known.move_line(LineId::new(AGNES), ContextId::new(2)).expect("a line"));
    let of_agnes = [
        r#"delconfig users ["2"]"#,
        r#"delconfig phones ["2"]"#,
        r#"delconfig agents ["1"]"#,
        r#"delconfig queues ["1"]"#,
        r#"delconfig meetmes ["1"]"#,
        r#"delconfig queuemembers ["Agent/2105,support"]"#,
        r#"addconfig users ["3"]"#,
        r#"addconfig phones ["3"]"#,
        r#"addconfig queues ["2"]"#,
        r#"addconfig meetmes ["2"]"#,
        r#"addconfig queuemembers ["Agent/2105,orders"]"#,
    ];
    assert_eq!(stage.heard(agnes), of_agnes);
    assert_eq!(stage.heard(bertil), [r#"delconfig users ["1"]"#, r#"delconfig phones ["1"]"#]);
    assert_eq!(stage.heard(chiara), [r#"addconfig users ["1"]"#, r#"addconfig phones ["1"]"#]);
    stage.choose(agnes, "available");
    assert_eq!((stage.heard(bertil).len(), stage.heard(chiara).len()), (0, 1));
}

#[test]
fn separation_switched_on_takes_away_what_is_elsewhere_and_off_gives_it_back() {
    let mut stage = Stage::new();
    let (chiara, grete) = (stage.enter(CHIARA, "available"), stage.enter(GRETE, "available"));
    stage.change(|_, general| general.context_separation = true);
    let gone = stage.heard(chiara);
    assert_eq!(gone[..2], [r#"delconfig users ["1","2","4"]"#, r#"delconfig phones ["1","2"]"#]);
    assert!(gone.contains(&r#"delconfig queuemembers ["Agent/2105,support"]"#.to_owned()), "{gone:?}");
    assert_eq!(stage.heard(grete)[0], r#"delconfig users ["1","2","3"]"#);
    stage.change(|_, general| general.context_separation = false);
    assert_eq!(stage.heard(chiara)[0], r#"addconfig users ["1","2","4"]"#);
    assert_eq!(stage.heard(grete)[0], r#"addconfig users ["1","2","3"]"#);
}

#[test]
fn a_queue_member_comes_goes_and_shows_in_its_agents_queues() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| known.remove_queue_member(Id::new(2), AgentId::new(1)).expect("a member"));
    let heard = stage.heard(agnes);
    assert_eq!(heard[0], r#"delconfig queuemembers ["Agent/2105,orders"]"#);
    let told = r#"updatestatus agents "1" {"availability":"logged_out","availability_since":1471009851.0,"#;
    let told = format!(r#"{told}"on_call_acd":false,"on_wrapup":false,"queues":["1"],"groups":[]}}"#);
    assert_eq!(heard[1..], [told]);
    stage.change(|known, _| known.set_queue_member(Id::new(1), AgentId::new(1), 7).expect("a member"));
    let heard = stage.heard(agnes).concat();
    assert!(
        heard.starts_with(r#"updateconfig queuemembers "Agent/2105,support""#) && heard.contains(r#""penalty":"7""#)
    );
}

/// Telephony §16b: by its device, as the phone's `identity` is.
#[test]
fn a_line_is_a_member_by_its_device_and_seen_where_the_queue_is() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    let (support, line) = (QueueId::new(1), LineId::new(2));
    stage.change(|known, _| {
        known.lines.edit(line, |line| line.device = name(Device::parse("SIP/ab12cd")));
        known.set_queue_member(support, line, 3).expect("a member");
    });
    let heard = stage.heard(agnes);
    assert_eq!(heard[0], r#"addconfig queuemembers ["SIP/ab12cd,support"]"#);
    assert_eq!(stage.heard(chiara), [""; 0]);
    for function in ["updateconfig", "updatestatus"] {
        let asked = format!(
            r#"{{"class":"getlist","function":"{function}","listname":"queuemembers","tid":"SIP/ab12cd,support"}}"#
        );
        let heard = stage.answer(agnes, &asked).concat();
        let whole = r#""interface":"SIP/ab12cd","membership":"static","penalty":"3","paused":"0","status":"100""#;
        assert!(heard.contains(whole), "{heard}");
        assert!(!stage.answer(chiara, &asked).concat().contains("interface"));
    }
    stage.change(|known, _| known.lines.edit(line, |line| line.device = name(Device::parse("SIP/ef34"))));
    let heard = stage.heard(agnes);
    let expected =
        [r#"delconfig queuemembers ["SIP/ab12cd,support"]"#, r#"addconfig queuemembers ["SIP/ef34,support"]"#];
    assert_eq!(heard[..2], expected);
    stage.change(|known, _| known.remove_line(line).expect("a line"));
    assert!(stage.heard(agnes).contains(&r#"delconfig queuemembers ["SIP/ef34,support"]"#.to_owned()));
    assert_eq!(stage.heard(chiara), [""; 0]);
}

#[test]
fn a_queue_of_another_name_gives_its_members_other_ids() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| known.queues.edit(Id::new(1), |queue| queue.name = name(QueueName::parse("help"))));
    let heard = stage.heard(agnes);
    let expected =
        [r#"delconfig queuemembers ["Agent/2105,support"]"#, r#"addconfig queuemembers ["Agent/2105,help"]"#];
    assert_eq!((&heard[..2], heard.len()), (&expected.map(str::to_owned)[..], 3));
}

#[test]
fn who_is_deleted_disabled_or_gets_another_password_is_sent_away_for_good() {
    let mut stage = Stage::new();
    let hash =
        PasswordHash::parse("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$RdescudvJCsgt3ub+b4dWRWJTmaaJObG");
    let (agnes, bertil, grete) = (stage.enter(AGNES, "away"), stage.enter(BERTIL, "away"), stage.enter(GRETE, "away"));
    let chiara = stage.enter(CHIARA, "away");
    stage.change(|known, _| {
        known.remove_user(UserId::new(AGNES)).expect("a user");
        known.users.edit(UserId::new(BERTIL), |bertil| bertil.enabled = false);
        known.users.edit(UserId::new(GRETE), |grete| grete.password = Some(name(hash)));
    });
    for session in [agnes, bertil, grete] {
        let heard = stage.heard(session);
        assert_eq!(heard[heard.len() - 2..], FORCE);
    }
    let heard = stage.heard(chiara);
    for number in [AGNES, BERTIL, GRETE] {
        assert!(heard.contains(&format!(r#"updatestatus users "{number}" {{"availstate":"disconnected"}}"#)));
    }
    assert!(heard.contains(&r#"delconfig users ["1"]"#.to_owned()), "{heard:?}");
    assert_eq!(stage.live.session_list().len(), 1);
    stage.pass(10);
    assert_eq!(stage.live.next_alarm(), None);
    assert!(
        stage.answer(chiara, r#"{"class":"getlist","function":"updatestatus","listname":"users","tid":"2"}"#)[0]
            .contains("disconnected")
    );
}

#[test]
fn a_changed_profile_ends_nothing_and_its_rules_follow_at_once() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| known.users.edit(UserId::new(AGNES), |agnes| agnes.profile = Some(ProfileId::new(AGENT))));
    assert_eq!(stage.heard(agnes), [""; 0]);
    let heard = stage.answer(agnes, r#"{"class":"featuresput","function":"enablednd","value":true}"#);
    assert!(heard[0].contains("not_granted"));
    stage.change(|known, _| known.users.edit(UserId::new(AGNES), |agnes| agnes.profile = None));
    assert_eq!(stage.live.state.view(UserId::new(AGNES)).presence(UserId::new(AGNES)), Some("available"));
}

#[test]
fn who_is_in_a_deleted_presence_becomes_available_with_its_actions() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "donotdisturb"), stage.enter(BERTIL, "away"));
    let donotdisturb = |known: &Configuration| {
        known.presences.find(|presence| presence.name.as_str() == "donotdisturb").expect("a presence").id
    };
    stage.heard(agnes);
    stage.change(|known, _| known.remove_presence(donotdisturb(known)).expect("a presence"));
    let told =
        [r#"updatestatus users "1" {"availstate":"available"}"#, r#"updateconfig users "1" {"enablednd":false}"#];
    assert_eq!(stage.heard(agnes), told);
    assert_eq!(stage.heard(bertil), told);
}

#[test]
fn who_is_in_a_renamed_presence_stays_in_it() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "away");
    let away = stage.configuration.presences.find(|presence| presence.name.as_str() == "away").expect("away").id;
    stage.change(|known, _| known.rename_presence(away, name(PresenceName::parse("gone"))).expect("a presence"));
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"gone"}"#]);
}

#[test]
fn a_profile_with_another_group_keeps_a_presence_of_the_same_name() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "away");
    stage.change(|known, _| {
        let group = name(crate::settings::name::PresenceGroupName::parse("other"));
        let about = name(crate::settings::name::Description::parse(""));
        let group = known.add_presence_group(group, about).expect("a group");
        known.profiles.edit(ProfileId::new(CLIENT), |client| client.presence_group = group);
    });
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.choose(agnes, "available");
    assert_eq!(stage.heard(agnes), [r#"updatestatus users "1" {"availstate":"available"}"#]);
}

#[test]
fn a_context_of_another_name_is_told_with_what_is_in_it() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| {
        known.contexts.edit(ContextId::new(2), |sales| sales.name = name(ContextName::parse("shop")))
    });
    let heard = stage.heard(agnes);
    let queue = r#"updateconfig queues "2" {"name":"orders","displayname":"orders","number":"3002","context":"shop"}"#;
    assert_eq!((heard.len(), heard[0].as_str()), (2, queue));
}
