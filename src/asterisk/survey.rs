//! How the telephone system stands towards what ctibox needs of it: asked over a connection of its own, judged by `check`.
//! Nothing here changes anything in Asterisk: what would, is tried on a channel, a member or an extension that is not there.

use std::collections::BTreeSet;
use std::time::Duration;

use super::action::Action;
use super::answer::Answer;
use super::inquiry::{Inquiry, InquiryError};
use super::packet::Packet;
use super::resync;
use crate::live::messages::TelephonySnapshot;
use crate::live::messages::telephony::ServiceCode;
use crate::settings::agent::CALLBACK_CONTEXT;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::password::Secret;

/// Stands for a member, a channel or an extension that nobody has.
const NOBODY: &str = "ctibox-check";
/// How long an event may take that one of our own actions brings about.
const EVENT_WAIT: Duration = Duration::from_secs(1);
/// What only a XiVO has (telephony §9.3), what we write for a host that is none, and what both have.
const XIVO_RETRIEVE: (&str, &str) = ("xivo_switchboard_retrieve", "s");
const OUR_USERS: (&str, &str) = ("cti-user", "s");
const AGENTS: (&str, &str) = (CALLBACK_CONTEXT, "id-1");

/// A place in the dial plan: context and extension.
pub(crate) type DialplanExtension = (Box<str>, Box<str>);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Survey {
    pub(crate) snapshot: TelephonySnapshot,
    pub(crate) lacking: Vec<Lacking>,
    /// Of the places that were asked for, those that are there.
    pub(crate) places: BTreeSet<DialplanExtension>,
    pub(crate) is_xivo: bool,
}

/// A class that a line of the account lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lacking {
    pub(crate) line: AccountLine,
    pub(crate) class: &'static str,
    /// What does not work without it.
    pub(crate) needed_for: &'static str,
}

/// A line of an account in manager.conf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountLine {
    /// Which events come.
    Read,
    /// Which actions are allowed.
    Write,
}

impl AccountLine {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What a class of actions is needed for, and an action of it that does nothing.
struct Probe {
    class: &'static str,
    needed_for: &'static str,
    action: fn() -> Action,
}

const PROBES: [Probe; 5] = [
    Probe {
        class: "system",
        needed_for: "do-not-disturb and forwards, which telephones obey by AstDB",
        action: || Action::new("Filter").with("Operation", "Add").with("Filter", "!^Event: RTCP"),
    },
    Probe {
        class: "call",
        needed_for: "the states of telephones, lamps and hanging up",
        action: || Action::new("Setvar").with("Channel", NOBODY).with("Variable", "CTIBOX").with("Value", "1"),
    },
    Probe {
        class: "agent",
        needed_for: "agents: logging in and off, pauses",
        action: || Action::new("QueuePause").with("Interface", NOBODY).with("Paused", "false"),
    },
    Probe {
        class: "originate",
        needed_for: "dialling and listening",
        action: || Action::new("Originate").with("Async", "true"),
    },
    Probe {
        class: "user",
        needed_for: "trying whether `read` has it",
        action: || Action::new("UserEvent").with("UserEvent", NOBODY),
    },
];

/// Asks all of it within this time.
pub(crate) async fn survey(
    settings: &AmiSettings,
    secret: &Secret,
    places: Vec<DialplanExtension>,
    within: Duration,
) -> Result<Survey, InquiryError> {
    let asked = async {
        let mut inquiry = Inquiry::open(settings, secret).await?;
        let lacking = lacking(&mut inquiry).await?;
        let own = [XIVO_RETRIEVE, OUR_USERS, AGENTS].map(place).into_iter().filter(|own| !places.contains(own));
        let asked = places.iter().cloned().chain(own).collect();
        let mut there = existing(&mut inquiry, asked).await?;
        let snapshot = resync::snapshot(&inquiry.ask_all(resync::actions()).await?);
        inquiry.close().await;
        let is_xivo = is_xivo(&there, &snapshot);
        there.retain(|place| places.contains(place));
        let places = there;
        Ok(Survey { snapshot, lacking, places, is_xivo })
    };
    tokio::time::timeout(within, asked).await.map_err(|_| InquiryError::TookTooLong(within))?
}

/// Which classes the account lacks. Whether it hears of queues cannot be tried without a call to one.
async fn lacking(inquiry: &mut Inquiry) -> Result<Vec<Lacking>, InquiryError> {
    let answers = inquiry.ask_all(PROBES.iter().map(|probe| (probe.action)()).collect()).await?;
    let refused = |class: &str| {
        let tried = PROBES.iter().zip(&answers).find(|(probe, _)| probe.class == class);
        tried.is_none_or(|(_, list)| is_denied(&list.answer))
    };
    let without = |probe: &&Probe| probe.class != "user" && refused(probe.class);
    let write = |probe: &Probe| Lacking { line: AccountLine::Write, class: probe.class, needed_for: probe.needed_for };
    let mut lacking: Vec<Lacking> = PROBES.iter().filter(without).map(write).collect();
    let read = |class, needed_for| Lacking { line: AccountLine::Read, class, needed_for };
    let is = |packet: &Packet, event: &str| packet.event().is_some_and(|own| own.eq_ignore_ascii_case(event));
    if !inquiry.hears(EVENT_WAIT, |packet| is(packet, "FullyBooted")).await {
        lacking.push(read("system", "noticing that Asterisk is ready"));
    }
    // An answer to a call that cannot begin is an event of its class.
    if !refused("originate") && !hears_of_calls(inquiry).await? {
        lacking.push(read("call", "the states of telephones and calls"));
    }
    let is_ours = |packet: &Packet| is(packet, "UserEvent") && packet.text("UserEvent") == NOBODY;
    if !refused("user") && !inquiry.hears(EVENT_WAIT, is_ours).await {
        lacking.push(read("user", "codes that are dialled on a telephone, such as *25"));
    }
    Ok(lacking)
}

async fn hears_of_calls(inquiry: &mut Inquiry) -> Result<bool, InquiryError> {
    let call = Action::new("Originate")
        .with("Channel", format!("Local/{NOBODY}@{NOBODY}"))
        .with("Application", "Wait")
        .with("Data", "1")
        .with("Timeout", "1000")
        .with("Async", "true");
    if !inquiry.ask(call).await?.is_success() {
        // Then there is nothing to hear.
        return Ok(true);
    }
    let is_meant =
        |packet: &Packet| packet.event() == Some("OriginateResponse") && packet.text("Channel").contains(NOBODY);
    Ok(inquiry.hears(EVENT_WAIT * 2, is_meant).await)
}

fn is_denied(answer: &Answer) -> bool {
    answer.message().contains("Permission denied")
}

fn place((context, extension): (&str, &str)) -> DialplanExtension {
    (context.into(), extension.into())
}

/// Whether the dial plan is a XiVO's: by the context that only it has, or by agents and keys of users that are not ours.
fn is_xivo(there: &BTreeSet<DialplanExtension>, snapshot: &TelephonySnapshot) -> bool {
    let has_agents = there.contains(&place(AGENTS)) && !there.contains(&place(OUR_USERS));
    let mut keys = snapshot.hints.iter().filter(|hint| ServiceCode::of_key(&hint.extension).is_some());
    there.contains(&place(XIVO_RETRIEVE)) || (has_agents && keys.next().is_some())
}

/// Which of these places the dial plan has.
async fn existing(
    inquiry: &mut Inquiry,
    asked: Vec<DialplanExtension>,
) -> Result<BTreeSet<DialplanExtension>, InquiryError> {
    let actions = asked.iter().map(|(context, extension)| {
        Action::new("Getvar").with("Variable", format!("DIALPLAN_EXISTS({context},{extension},1)"))
    });
    let answers = inquiry.ask_all(actions.collect()).await?;
    let there = asked.into_iter().zip(answers).filter(|(_, list)| list.answer.response.text("Value").trim() == "1");
    Ok(there.map(|(place, _)| place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asterisk::fake::FakeAsterisk;
    use crate::settings::setting::General;

    fn survey_of(answer: fn(&Packet) -> String) -> Result<Survey, InquiryError> {
        let asterisk = FakeAsterisk::start(answer);
        let settings = AmiSettings { port: asterisk.port(), ..General::default().ami };
        let places = vec![("default".into(), "101".into()), ("default".into(), "999".into())];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(survey(&settings, &Secret::new("s3cret"), places, Duration::from_secs(20)))
    }

    /// An account that may everything, on a host that has one number and no queue.
    fn all_allowed(asked: &Packet) -> String {
        let error = |text: &str| format!("Response: Error\nMessage: {text}\n\n");
        match asked.text("Action") {
            "Login" if asked.text("Secret") != "s3cret" => error("Authentication failed"),
            "Login" => "Response: Success\n\nEvent: FullyBooted\nUptime: 7\n\n".to_owned(),
            "Setvar" => error("No such channel"),
            "QueuePause" => error("Interface not found"),
            "Originate" if asked.get("Channel").is_none() => error("Channel not specified"),
            "Originate" => {
                let channel = asked.text("Channel");
                format!("Response: Success\n\nEvent: OriginateResponse\nResponse: Failure\nChannel: {channel}\n\n")
            }
            "UserEvent" => {
                format!("Response: Success\n\nEvent: UserEvent\nUserEvent: {}\n\n", asked.text("UserEvent"))
            }
            "Getvar" => {
                let is_there = asked.text("Variable") == "DIALPLAN_EXISTS(default,101,1)";
                format!("Response: Success\nValue: {}\n\n", u8::from(is_there))
            }
            "CoreSettings" => "Response: Success\nAsteriskVersion: 22.1.0\n\n".to_owned(),
            "ExtensionStateList" => "Response: Success\nEventList: start\n\nEvent: ExtensionStatus\nExten: 101\n\
                Context: default\nHint: PJSIP/101\nStatus: 0\n\nEvent: ExtensionStateListComplete\nEventList: Complete\n\n"
                .to_owned(),
            _ => "Response: Success\n\n".to_owned(),
        }
    }

    fn classes(survey: &Survey) -> Vec<(&'static str, &'static str)> {
        survey.lacking.iter().map(|lacking| (lacking.line.as_str(), lacking.class)).collect()
    }

    #[test]
    fn an_account_with_all_rights_lacks_none_and_the_lists_are_read() {
        let found = survey_of(all_allowed).expect("it answers");
        assert_eq!(classes(&found), []);
        assert_eq!((&*found.snapshot.version, found.snapshot.hints.len()), ("22.1.0", 1));
        assert_eq!(found.places, BTreeSet::from([("default".into(), "101".into())]));
        assert!(!found.is_xivo);
    }

    #[test]
    fn a_xivo_is_known_by_its_contexts() {
        let found = survey_of(|asked| match asked.text("Variable") {
            "DIALPLAN_EXISTS(xivo_switchboard_retrieve,s,1)" => "Response: Success\nValue: 1\n\n".to_owned(),
            _ => all_allowed(asked),
        });
        assert!(found.expect("it answers").is_xivo);
    }

    #[test]
    fn a_xivo_is_known_by_its_agents_and_keys_and_our_own_dial_plan_is_none() {
        fn with_keys(asked: &Packet, places: &[&str]) -> String {
            match (asked.text("Action"), asked.text("Variable")) {
                ("ExtensionStateList", _) => all_allowed(asked).replace("Exten: 101", "Exten: *73512***225"),
                ("Getvar", place) if places.contains(&place) => "Response: Success\nValue: 1\n\n".to_owned(),
                _ => all_allowed(asked),
            }
        }
        let is_xivo = |found: Result<Survey, InquiryError>| found.expect("it answers").is_xivo;
        assert!(is_xivo(survey_of(|asked| with_keys(asked, &["DIALPLAN_EXISTS(agentcallback,id-1,1)"]))));
        assert!(!is_xivo(survey_of(|asked| {
            with_keys(asked, &["DIALPLAN_EXISTS(agentcallback,id-1,1)", "DIALPLAN_EXISTS(cti-user,s,1)"])
        })));
        assert!(!is_xivo(survey_of(|asked| with_keys(asked, &[]))));
    }

    #[test]
    fn each_class_that_an_account_lacks_is_found() {
        let found = survey_of(|asked| match asked.text("Action") {
            "Login" => "Response: Success\n\n".to_owned(),
            "UserEvent" => "Response: Success\n\n".to_owned(),
            "Originate" if asked.get("Channel").is_some() => "Response: Success\n\n".to_owned(),
            "Setvar" | "QueuePause" => "Response: Error\nMessage: Permission denied\n\n".to_owned(),
            _ => all_allowed(asked),
        });
        let expected = [("write", "call"), ("write", "agent"), ("read", "system"), ("read", "call"), ("read", "user")];
        assert_eq!(classes(&found.expect("it answers")), expected);
    }

    #[test]
    fn a_wrong_secret_and_a_silent_host_are_told_apart() {
        let refused = survey_of(|_| "Response: Error\nMessage: Authentication failed\n\n".to_owned());
        let Err(InquiryError::Refused(words)) = refused else { panic!("{refused:?}") };
        assert!(words.contains("Authentication failed"), "{words}");
        let closed = survey_of(|_| String::new());
        assert!(matches!(closed, Err(InquiryError::Unreachable(_))), "{closed:?}");
    }
}
