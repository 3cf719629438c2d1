//! `getlist`, relations, and the answers of an empty appliance.

use super::*;
use crate::protocol::encode::AnyNotice;

fn ids(stage: &mut Stage, session: SessionId, list: &str) -> String {
    let line = format!(r#"{{"class":"getlist","function":"listid","listname":"{list}"}}"#);
    stage.answer(session, &line).concat()
}

fn config(stage: &mut Stage, session: SessionId, list: &str, tid: &str) -> String {
    let line = format!(r#"{{"class":"getlist","function":"updateconfig","listname":"{list}","tid":{tid}}}"#);
    stage.answer(session, &line).concat()
}

fn status(stage: &mut Stage, session: SessionId, list: &str, tid: &str) -> String {
    let line = format!(r#"{{"class":"getlist","function":"updatestatus","listname":"{list}","tid":{tid}}}"#);
    stage.answer(session, &line).concat()
}

/// What the session is answered, as it goes to whoever encodes it.
fn answered(stage: &mut Stage, session: SessionId, function: &str, list: &str, tid: i64) -> AnyNotice {
    let line = format!(r#"{{"class":"getlist","function":"{function}","listname":"{list}","tid":"{tid}"}}"#);
    let line = parse(line.as_bytes()).expect("a good line");
    let effects = stage.live.apply(stage.now, Input::Asked { session, line, permit: AnswerPermit::default() });
    match effects.immediate.as_slice() {
        [Immediate::Send(outgoing)] => outgoing.notice.clone(),
        other => panic!("one answer, not {other:?}"),
    }
}

fn is_made_once(answers: [&AnyNotice; 2]) -> bool {
    matches!(answers, [AnyNotice::Shared(one), AnyNotice::Shared(other)] if Arc::ptr_eq(one, other))
}

#[test]
fn what_all_read_alike_is_made_once_until_it_reads_otherwise() {
    let mut stage = Stage::separated();
    let sessions = [AGNES, BERTIL, CHIARA].map(|user| stage.enter(user, "available"));
    let answers = |stage: &mut Stage, function: &str, list: &str, tid: i64| {
        sessions.map(|session| answered(stage, session, function, list, tid))
    };
    for function in ["updateconfig", "updatestatus"] {
        for (list, tid) in [("users", AGNES), ("phones", 1)] {
            let [own, of_bertil, from_elsewhere] = answers(&mut stage, function, list, tid);
            let again = answers(&mut stage, function, list, tid);
            assert!(is_made_once([&of_bertil, &again[1]]), "{function} {list}");
            assert!(matches!(own, AnyNotice::Own(_)) && matches!(from_elsewhere, AnyNotice::Own(_)));
            assert_eq!(own, of_bertil);
            assert_ne!(from_elsewhere, of_bertil);
        }
    }
    type Change = fn(&mut Stage, SessionId);
    let changes: [(&str, Change); 4] = [
        ("updatestatus", |stage, agnes| drop(stage.answer(agnes, r#"{"class":"availstate","availstate":"away"}"#))),
        ("updatestatus", |stage, agnes| stage.lose(agnes)),
        ("updateconfig", |stage, _| {
            let dnd = r#"{"class":"featuresput","function":"enablednd","value":true}"#;
            let again = stage.log_in(AGNES, "available");
            drop(stage.answer(again, dnd));
        }),
        ("updateconfig", |stage, _| {
            stage.change(|known, _| {
                known.users.edit(UserId::new(AGNES), |user| user.last_name = name(LastName::parse("Other")));
            });
        }),
    ];
    for (function, change) in changes {
        let before = answered(&mut stage, sessions[1], function, "users", AGNES);
        change(&mut stage, sessions[0]);
        let after = answered(&mut stage, sessions[1], function, "users", AGNES);
        assert_ne!(before, after, "{function}");
        assert!(!is_made_once([&before, &after]));
    }
}

#[test]
fn without_separation_everybody_lists_everything() {
    let mut stage = Stage::new();
    for user in [AGNES, CHIARA, GRETE] {
        let session = stage.enter(user, "available");
        for (list, expected) in [
            ("users", r#"["1","2","3","4"]"#),
            ("phones", r#"["1","2","3"]"#),
            ("agents", r#"["1"]"#),
            ("queues", r#"["1","2"]"#),
            ("voicemails", r#"["1"]"#),
            ("meetmes", r#"["1","2"]"#),
            ("queuemembers", r#"["Agent/2105,support","Agent/2105,orders"]"#),
        ] {
            assert_eq!(ids(&mut stage, session, list), format!("listid {list} {expected}"));
        }
    }
}

#[test]
fn with_separation_one_lists_ones_own_context() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    for (list, of_agnes, of_chiara) in [
        ("users", r#"["1","2"]"#, r#"["3"]"#),
        ("phones", r#"["1","2"]"#, r#"["3"]"#),
        ("agents", r#"["1"]"#, "[]"),
        ("queues", r#"["1"]"#, r#"["2"]"#),
        ("voicemails", r#"["1"]"#, "[]"),
        ("meetmes", r#"["1"]"#, r#"["2"]"#),
        ("queuemembers", r#"["Agent/2105,support"]"#, r#"["Agent/2105,orders"]"#),
    ] {
        assert_eq!(ids(&mut stage, agnes, list), format!("listid {list} {of_agnes}"));
        assert_eq!(ids(&mut stage, chiara, list), format!("listid {list} {of_chiara}"));
    }
}

#[test]
fn a_user_without_a_line_sees_themself_alone_when_contexts_are_separated() {
    let mut stage = Stage::separated();
    let grete = stage.enter(GRETE, "available");
    assert_eq!(ids(&mut stage, grete, "users"), r#"listid users ["4"]"#);
    assert!(config(&mut stage, grete, "users", r#""4""#).contains(r#""fullname":"Grete""#));
    assert_eq!(config(&mut stage, grete, "users", r#""1""#), r#"updateconfig users "1" {}"#);
    for list in ["phones", "agents", "queues", "voicemails", "meetmes", "queuemembers"] {
        assert_eq!(ids(&mut stage, grete, list), format!("listid {list} []"));
    }
}

#[test]
fn what_is_ones_own_is_seen_wherever_it_is() {
    let mut stage = Stage::separated();
    stage.change(|known, _| {
        let sales = ContextId::new(2);
        add_line(known, UserId::new(AGNES), "2001", sales);
        known.voicemails.edit(Id::new(1), |voicemail| voicemail.context = sales);
        known.agents.edit(Id::new(1), |agent| agent.context = sales);
    });
    let (agnes, bertil, chiara) =
        (stage.enter(AGNES, "away"), stage.enter(BERTIL, "away"), stage.enter(CHIARA, "away"));
    assert_eq!(ids(&mut stage, agnes, "phones"), r#"listid phones ["1","2","4"]"#);
    assert_eq!(ids(&mut stage, agnes, "voicemails"), r#"listid voicemails ["1"]"#);
    assert_eq!(ids(&mut stage, bertil, "agents"), r#"listid agents ["1"]"#);
    assert_eq!(ids(&mut stage, chiara, "phones"), r#"listid phones ["3","4"]"#);
    let own = config(&mut stage, agnes, "users", r#""1""#);
    assert!(own.contains(r#""linelist":["1","4"]"#) && own.contains(r#""voicemailid":1"#), "{own}");
    let seen = config(&mut stage, bertil, "users", r#""1""#);
    assert!(seen.contains(r#""linelist":["1"]"#) && seen.contains(r#""voicemailid":null"#), "{seen}");
}

#[test]
fn an_agents_queues_are_those_that_the_viewer_sees() {
    let mut stage = Stage::separated();
    let bertil = stage.enter(BERTIL, "available");
    assert!(status(&mut stage, bertil, "agents", r#""1""#).contains(r#""queues":["1"]"#));
    stage.change(|_, general| general.context_separation = false);
    assert!(status(&mut stage, bertil, "agents", r#""1""#).contains(r#""queues":["1","2"]"#));
}

#[test]
fn rooms_are_those_of_reachable_contexts() {
    let mut stage = Stage::separated();
    stage.change(|known, _| {
        known.contexts.edit(ContextId::new(1), |default| default.includes = vec![ContextId::new(2)])
    });
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    assert_eq!(ids(&mut stage, agnes, "meetmes"), r#"listid meetmes ["1","2"]"#);
    assert_eq!(ids(&mut stage, chiara, "meetmes"), r#"listid meetmes ["2"]"#);
    assert_eq!(ids(&mut stage, agnes, "queues"), r#"listid queues ["1"]"#);
}

#[test]
fn every_list_answers_config_and_status_before_any_telephone_system() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "away");
    let says = |answer: String| answer.split_once(" {").map(|(_, says)| format!("{{{says}")).expect("an object");
    for (list, tid, expected) in [
        ("phones", r#""2""#, r#"{"number":"1002","iduserfeatures":2,"identity":"PJSIP/1002"}"#),
        ("queues", r#""1""#, r#"{"name":"support","displayname":"support","number":"3001","context":"default"}"#),
        ("voicemails", r#""1""#, r#"{"mailbox":"1001","context":"default"}"#),
        ("meetmes", r#""2""#, r#"{"confno":"4002","name":"Board","context":"sales","admin_moderationmode":0}"#),
    ] {
        assert_eq!(says(config(&mut stage, agnes, list, tid)), expected);
    }
    for (list, tid, expected) in [
        ("users", r#""1""#, r#"{"connection":"yes","availstate":"away"}"#),
        ("users", r#""2""#, r#"{"connection":null,"availstate":"disconnected"}"#),
        ("phones", r#""2""#, r#"{"hintstatus":"4"}"#),
        ("queues", r#""1""#, r#"{"agentmembers":[],"phonemembers":[]}"#),
        ("voicemails", r#""1""#, r#"{"new":0}"#),
    ] {
        assert_eq!(says(status(&mut stage, agnes, list, tid)), expected);
    }
    let member = config(&mut stage, agnes, "queuemembers", r#""Agent/2105,support""#);
    assert!(member.contains(r#""paused":"0""#) && member.contains(r#""status":"101""#), "{member}");
    assert_eq!(
        member.replace("updateconfig", "updatestatus"),
        status(&mut stage, agnes, "queuemembers", r#""Agent/2105,support""#)
    );
}

#[test]
fn odd_and_unknown_ids_are_answered_empty_with_the_tid_as_it_came() {
    let mut stage = Stage::separated();
    let agnes = stage.enter(AGNES, "available");
    for tid in ["1", "null", "true", "1.5", r#""""#, r#""01""#, r#"" 1""#, r#""999""#, r#""3""#] {
        assert_eq!(config(&mut stage, agnes, "users", tid), format!("updateconfig users {tid} {{}}"));
        assert_eq!(status(&mut stage, agnes, "users", tid), format!("updatestatus users {tid} {{}}"));
    }
    assert_eq!(status(&mut stage, agnes, "queuemembers", r#""nosuch""#), r#"updatestatus queuemembers "nosuch" null"#);
    assert_eq!(
        config(&mut stage, agnes, "queuemembers", r#""Agent/2105,orders""#),
        r#"updateconfig queuemembers "Agent/2105,orders" {}"#
    );
    assert_eq!(ids(&mut stage, agnes, "groups"), "");
    assert_eq!(config(&mut stage, agnes, "groups", r#""1""#), r#"updateconfig groups "1" {}"#);
    assert_eq!(status(&mut stage, agnes, "groups", r#""1""#), r#"updatestatus groups "1" {}"#);
}

#[test]
fn relations_name_ones_line_and_agent() {
    let mut stage = Stage::new();
    let (bertil, grete) = (stage.enter(BERTIL, "available"), stage.enter(GRETE, "available"));
    let server = server();
    let of_bertil =
        format!(r#"relations {{"data":{{"xivo_uuid":"{server}","user_id":2,"endpoint_id":2,"agent_id":1}}}}"#);
    let of_grete =
        format!(r#"relations {{"data":{{"xivo_uuid":"{server}","user_id":4,"endpoint_id":null,"agent_id":null}}}}"#);
    assert_eq!(stage.answer(bertil, r#"{"class":"get_relations"}"#), [of_bertil]);
    assert_eq!(stage.answer(grete, r#"{"class":"get_relations"}"#), [of_grete]);
}

#[test]
fn an_empty_appliance_answers_as_the_table_says() {
    let mut stage = Stage::separated();
    let bertil = stage.enter(BERTIL, "available");
    let refused = r#"ipbxcommand {"error_string":"service_unavailable"}"#;
    let no_agent = r#"ipbxcommand {"error_string":"agent_login_invalid_exten"}"#;
    for (line, expected) in [
        (r#"{"class":"history","size":"8"}"#, vec![r#"history {"history":[]}"#]),
        (r#"{"class":"subscribetoqueuesstats"}"#, vec![r#"getqueuesstats {"stats":{"1":{"Xivo-LoggedAgents":0}}}"#]),
        (
            r#"{"class":"subscribe","message":"meetme_update"}"#,
            vec![
                r#"meetme_update {"config":{"4001":{"number":"4001","name":"Daily","pin_required":false,"start_time":0,"member_count":0,"members":{}}}}"#,
                r#"meetme_user {"list":[]}"#,
            ],
        ),
        (r#"{"class":"subscribe","message":"current_calls"}"#, vec![r#"current_calls {"current_calls":[]}"#]),
        (
            r#"{"class":"subscribe","message":"queueentryupdate","queueid":"1"}"#,
            vec![r#"queueentryupdate {"state":{"queue_name":"support","queue_id":1,"entries":[]}}"#],
        ),
        (r#"{"class":"subscribe","message":"queueentryupdate","queueid":2}"#, vec![]),
        (r#"{"class":"ipbxcommand","command":"dial","destination":"1001"}"#, vec![refused]),
        (r#"{"class":"ipbxcommand","command":"agentlogin"}"#, vec![refused]),
        (r#"{"class":"ipbxcommand","command":"agentlogin","agentids":"xivo/9"}"#, vec![no_agent]),
        (r#"{"class":"ipbxcommand","command":"agentlogout"}"#, vec![]),
        (r#"{"class":"ipbxcommand","command":"agentlogout","agentids":"xivo/9"}"#, vec![no_agent]),
        (
            r#"{"class":"ipbxcommand","command":"queueadd","member":"agent:xivo/1","queue":"queue:xivo/1"}"#,
            vec![refused],
        ),
        (
            r#"{"class":"ipbxcommand","command":"queueremove","member":"agent:xivo/1","queue":"queue:xivo/1"}"#,
            vec![refused],
        ),
        (r#"{"class":"ipbxcommand","command":"queuepause","member":"agent:xivo/1","queue":"queue:xivo/all"}"#, vec![]),
        (r#"{"class":"ipbxcommand","command":"queueunpause","member":"agent:xivo/1","queue":"queue:xivo/1"}"#, vec![]),
        (r#"{"class":"hangup"}"#, vec![refused]),
        (r#"{"class":"call_form_result","infos":{}}"#, vec![]),
        (r#"{"class":"nosuchclass"}"#, vec![]),
    ] {
        assert_eq!(stage.answer(bertil, line), expected, "{line}");
    }
    assert_eq!(stage.notes, [LogEvent::UnknownRequest { class: "nosuchclass".into() }]);
    for line in ["people_headers", "people_favorites", "people_personal_contacts", "get_switchboard_directory_headers"]
    {
        assert_eq!(stage.answer(bertil, &format!(r#"{{"class":"{line}"}}"#)).len(), 1, "{line}");
    }
    let fax = r#"{"class":"faxsend","commandid":12,"size":1,"data":"","destination":"1"}"#;
    let expected = [
        r#"faxsend {"warning_string":"return_is_none","replyid":12}"#,
        r#"fax_progress {"status":"PRESENDFAX","pages":null}"#,
        r#"fax_progress {"status":"FAILED","pages":null}"#,
    ];
    assert_eq!(stage.answer(bertil, fax), expected);
}

#[test]
fn an_unknown_class_is_answered_if_the_administrator_wants_that() {
    let mut stage = Stage::with(cast(), General { answer_unknown: true, ..General::default() });
    let agnes = stage.enter(AGNES, "available");
    let heard = stage.answer(agnes, r#"{"class":"nosuchclass","commandid":7}"#).concat();
    assert!(heard.starts_with("protocol_error") && heard.contains(r#""unknown_class""#), "{heard}");
}

/// A telephone-only colleague is listed, shown and found as everybody is, never connected, and within a context.
#[test]
fn a_user_without_a_login_is_listed_and_shown_as_any_other() {
    let mut known = cast();
    without_login(&mut known, UserId::new(BERTIL));
    let mut stage = Stage::with(known, General { context_separation: true, ..General::default() });
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    assert_eq!(ids(&mut stage, agnes, "users"), r#"listid users ["1","2"]"#);
    assert_eq!(ids(&mut stage, chiara, "users"), r#"listid users ["3"]"#);
    assert!(config(&mut stage, agnes, "users", r#""2""#).contains(r#""fullname":"Bertil""#));
    assert!(status(&mut stage, agnes, "users", r#""2""#).contains(r#""availstate":"disconnected""#));
    assert_eq!(config(&mut stage, chiara, "users", r#""2""#), r#"updateconfig users "2" {}"#);
    // Nobody is let in as one, whatever a ladder has found out before the login was taken away.
    let refused = stage.log_in(BERTIL, "available");
    assert!(stage.heard(refused).iter().any(|line| line.contains("disconnect")), "was let in");
}
