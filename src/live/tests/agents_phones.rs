//! Agents whose telephone is gone: said once, and acted on after the time that the settings bear.

use super::agents::{at_their_telephone, availability};
use super::*;
use crate::live::messages::telephony::DeviceSeen;
use crate::settings::setting::PhoneGoneAction;

fn device(stage: &mut Stage, state: &str) {
    stage.happens(TelephonyEvent::Device(DeviceSeen { device: "PJSIP/1002".into(), state: state.into() }));
}

fn is_said(note: &LogEvent) -> bool {
    matches!(note, LogEvent::AgentPhoneGone { .. })
}

#[test]
fn a_telephone_that_is_gone_is_said_once_and_leaves_the_agent_alone_by_default() {
    let (mut stage, mut queues, _) = at_their_telephone(Stage::new());
    for state in ["UNAVAILABLE", "UNKNOWN", "UNAVAILABLE"] {
        device(&mut stage, state);
    }
    stage.pass(7200);
    assert_eq!(stage.notes.iter().filter(|note| is_said(note)).count(), 1);
    assert_eq!(queues.obey(&mut stage), []);
}

#[test]
fn after_the_time_that_the_settings_bear_the_agent_is_paused_or_logged_off() {
    for (phone_gone_action, expected) in
        [(PhoneGoneAction::Pause, "unavailable"), (PhoneGoneAction::LogOff, "logged_out")]
    {
        let general =
            General { phone_gone_after: Some(Duration::from_secs(30)), phone_gone_action, ..General::default() };
        let (mut stage, mut queues, bertil) = at_their_telephone(Stage::with(cast(), general));
        device(&mut stage, "UNAVAILABLE");
        stage.pass(20);
        device(&mut stage, "NOT_INUSE");
        stage.pass(20);
        assert_eq!(queues.obey(&mut stage), [], "it was back");
        device(&mut stage, "UNAVAILABLE");
        stage.pass(30);
        queues.obey(&mut stage);
        assert_eq!(availability(&mut stage, bertil)["availability"], expected);
    }
}
