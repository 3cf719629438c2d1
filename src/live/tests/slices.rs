//! Changed settings are told in slices: clients are served between them, whoever touches users waits behind them, and a
//! second change comes behind the first.

use super::*;
use crate::observe::work::spent;

/// More than one slice of next to nothing.
const NEW_USERS: i64 = 40;

pub(super) fn stage_in_slices() -> Stage {
    let mut stage = Stage::new();
    stage.live.state.set_slice_steps(10);
    stage
}

/// Begins to tell of new users, and of no more than the first slice.
pub(super) fn begin_change(stage: &mut Stage, first: i64) {
    let mut known = (*stage.configuration).clone();
    for number in first..first + NEW_USERS {
        add_user(&mut known, number, &format!("user{number}"), CLIENT);
    }
    stage.configuration = Arc::new(known);
    let (configuration, general) = (Arc::clone(&stage.configuration), Arc::clone(&stage.general));
    let input = stage.live.changed_to(configuration, general);
    apply_once(stage, input);
    assert!(stage.live.is_publishing());
}

pub(super) fn apply_once(stage: &mut Stage, input: Input) {
    let effects = stage.live.apply(stage.now, input);
    stage.run(effects);
}

pub(super) fn ask_once(stage: &mut Stage, session: SessionId, line: &str) {
    let line = parse(line.as_bytes()).expect("a good line");
    apply_once(stage, Input::Asked { session, line, permit: AnswerPermit::default() });
}

pub(super) fn finish(stage: &mut Stage) -> usize {
    let mut slices = 0;
    while stage.live.is_publishing() {
        apply_once(stage, Input::Continue);
        slices += 1;
    }
    slices
}

#[test]
fn a_client_is_answered_while_an_import_is_told() {
    let mut stage = stage_in_slices();
    let agnes = stage.enter(AGNES, "available");
    begin_change(&mut stage, 100);
    assert_eq!(stage.heard(agnes), [""; 0]);
    ask_once(&mut stage, agnes, r#"{"class":"keepalive","commandid":7}"#);
    assert_eq!(stage.heard(agnes).len(), 1);
    assert!(finish(&mut stage) > 3);
    let heard = stage.heard(agnes);
    let ids: Vec<String> = (5..5 + NEW_USERS).map(|id| format!("\"{id}\"")).collect();
    assert_eq!(heard, [format!("addconfig users [{}]", ids.join(","))]);
}

#[test]
fn a_presence_is_told_behind_the_settings_that_were_changed_before() {
    let mut stage = stage_in_slices();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    begin_change(&mut stage, 100);
    ask_once(&mut stage, bertil, r#"{"class":"availstate","availstate":"away"}"#);
    assert_eq!(stage.heard(agnes), [""; 0]);
    finish(&mut stage);
    let heard = stage.heard(agnes);
    assert!(heard[0].starts_with("addconfig users") && heard[1].contains("away"), "{heard:?}");
    assert_eq!(heard.len(), 2);
}

#[test]
fn a_second_change_comes_behind_the_whole_of_the_first() {
    let mut stage = stage_in_slices();
    let agnes = stage.enter(AGNES, "available");
    begin_change(&mut stage, 100);
    begin_change(&mut stage, 100 + NEW_USERS);
    assert_eq!((stage.heard(agnes).len(), &*stage.ended), (0, &[0][..]), "the second is not in use yet");
    finish(&mut stage);
    let heard = stage.heard(agnes);
    assert_eq!((heard.len(), &*stage.ended), (2, &[0, 0][..]));
    let is_of = |heard: &str, first: i64| heard.starts_with(&format!("addconfig users [\"{first}\""));
    assert!(is_of(&heard[0], 5) && is_of(&heard[1], 5 + NEW_USERS), "{heard:?}");
}

#[test]
fn whoever_may_not_stay_goes_though_others_are_still_being_told() {
    let mut stage = stage_in_slices();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    begin_change(&mut stage, 100);
    let mut known = (*stage.configuration).clone();
    known.users.edit(UserId::new(BERTIL), |user| user.enabled = false);
    let input = stage.live.changed_to(Arc::new(known), Arc::clone(&stage.general));
    apply_once(&mut stage, input);
    assert_eq!(stage.heard(bertil), ["disconnect {\"type\":\"force\"}", "(closed)"]);
    finish(&mut stage);
    assert_eq!(stage.ended, [0, 1]);
    assert!(stage.heard(agnes).iter().any(|heard| heard.contains("disconnected")));
}

#[test]
fn whoever_leaves_or_comes_while_an_import_is_told_hears_nothing_of_it() {
    let mut stage = stage_in_slices();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    begin_change(&mut stage, 100);
    apply_once(&mut stage, Input::Gone { session: agnes });
    stage.log_in(CHIARA, "available");
    stage.heard(agnes);
    finish(&mut stage);
    assert_eq!(stage.heard(agnes), [""; 0]);
    assert!(stage.heard(bertil)[0].starts_with("addconfig users"));
}

#[test]
fn a_resync_of_thousands_of_lines_is_told_in_bounded_slices() {
    const LINES: i64 = 3_000;
    let mut stage = Stage::new();
    let mut known = (*stage.configuration).clone();
    for number in 0..LINES {
        add_line(&mut known, UserId::new(AGNES), &(20_000 + number).to_string(), ContextId::new(1));
    }
    stage.change(|configuration, _| *configuration = known.into_inner());
    let agnes = stage.enter(AGNES, "available");
    let mut known = (*stage.configuration).clone();
    let lines: Vec<_> = known.lines.iter().map(|line| line.id).collect();
    for line in lines {
        known.lines.edit(line, |line| line.device = name(Device::parse(&format!("SIP/{}", line.id))));
    }
    let (configuration, general) = (Arc::new(known), Arc::clone(&stage.general));
    let input = stage.live.changed_to(configuration, general);
    apply_once(&mut stage, input);
    let mut slices = 0;
    while stage.live.is_publishing() {
        spent();
        let effects = stage.live.apply(stage.now, Input::Continue);
        let steps = spent();
        stage.run(effects);
        assert!(steps <= 30_000, "{steps} steps in slice {slices}");
        slices += 1;
    }
    assert!(slices >= 2, "{slices} slices");
    assert!(stage.heard(agnes).len() >= usize::try_from(LINES).expect("few"));
}

#[test]
fn a_presence_that_everybody_is_in_is_renamed_in_slices() {
    let mut stage = stage_in_slices();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let mut known = (*stage.configuration).clone();
    let group = |known: &Configuration| known.presences.iter().map(|presence| presence.id).collect::<Vec<_>>();
    for id in group(&known) {
        if known.presences.get(id).is_some_and(|presence| presence.name.as_str() == "available") {
            known
                .presences
                .edit(id, |presence| presence.name = name(crate::settings::name::PresenceName::parse("there")));
        }
    }
    let input = stage.live.changed_to(Arc::new(known), Arc::clone(&stage.general));
    apply_once(&mut stage, input);
    assert_eq!((stage.ended.len(), stage.live.is_publishing()), (1, true), "in use, and not all is told");
    finish(&mut stage);
    let heard = stage.heard(agnes);
    for user in [AGNES, BERTIL] {
        let told = format!(r#"updatestatus users "{user}" {{"availstate":"there"}}"#);
        assert_eq!(heard.iter().filter(|heard| **heard == told).count(), 1, "{heard:?}");
    }
    assert_eq!(stage.heard(bertil), heard);
}
