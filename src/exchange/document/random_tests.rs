//! Random edits in any order: nothing panics, a refusal says something, and what edits promise to keep is kept.

use proptest::prelude::*;

use super::*;
use crate::settings::account::{AccountKind, AccountRight};
use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::edit::{NewAccount, NewAgent, NewConference, NewDialRule, NewLine, NewPresence, NewQueue};
use crate::settings::fixtures::whole;
use crate::settings::fixtures::{add_user, entry_details, small_company};
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::profile::{Position, ProfileXlet, Xlet, XletFlags, XletNumber};
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::setting::{Key, SettingValue};

fn word(number: i64) -> &'static str {
    ["available", "away", "tea", "disconnected", "lunch"][usize::try_from(number % 5).unwrap()]
}

fn number(prefix: i64, number: i64) -> String {
    format!("{prefix}00{number}")
}

fn done<T>(_: T) {}

/// One edit with small numbers, so that edits often meet.
fn edit(office: &mut Configuration, (which, a, b): (u8, i64, i64)) -> Result<(), Refusal> {
    match which {
        0 => office.add_presence_group(PresenceGroupName::parse(word(a))?, Description::parse("")?).map(done),
        1 => office.remove_presence_group(PresenceGroupId::new(a)),
        2 => office
            .add_presence(
                PresenceGroupId::new(a % 3),
                NewPresence {
                    name: PresenceName::parse(word(b))?,
                    display: DisplayName::parse("Display")?,
                    color: Color(1, 2, 3),
                    reachable: vec![PresenceName::parse(word(a))?],
                    actions: Vec::new(),
                },
            )
            .map(done),
        3 => office.rename_presence(PresenceId::new(a), PresenceName::parse(word(b))?),
        4 => office.set_reachable(PresenceId::new(a), &[PresenceName::parse(word(b))?, PresenceName::parse("away")?]),
        5 => office.remove_presence(PresenceId::new(a)),
        6 => office.move_presence(PresenceId::new(a), u32::try_from(b).unwrap()),
        7 => office.add_phone_hint_group(PhoneHintGroupName::parse(word(a))?, Description::parse("")?).map(done),
        8 => office.remove_phone_hint_group(PhoneHintGroupId::new(a)),
        9 => office.add_profile(ProfileName::parse(word(a))?, Some(PresenceGroupId::new(b % 3 + 1)), None).map(done),
        10 => office.remove_profile(ProfileId::new(a)),
        11 => {
            let xlet = Xlet::ALL[usize::try_from(a).unwrap() % Xlet::ALL.len()];
            let position = Position::ALL[usize::try_from(b).unwrap() % 3];
            let number = Some(XletNumber::new(b)?);
            office.set_xlet(ProfileId::new(b % 5), ProfileXlet { xlet, position, number, flags: XletFlags::ALL })
        }
        12 => office.remove_xlet(ProfileId::new(b % 5), Xlet::ALL[usize::try_from(a).unwrap() % Xlet::ALL.len()]),
        _ => edit_people(office, (which, a, b)),
    }
}

fn edit_people(office: &mut Configuration, (which, a, b): (u8, i64, i64)) -> Result<(), Refusal> {
    let context = ContextId::new(b % 4 + 1);
    match which {
        13 => {
            add_user(office, word(a));
            Ok(())
        }
        14 => office.remove_user(UserId::new(a)),
        15 => {
            let line = NewLine {
                user: UserId::new(a % 5),
                extension: Extension::parse(&number(1, b))?,
                context,
                device: Device::parse("PJSIP/1")?,
                is_main: b % 2 == 0,
            };
            office.add_line(line).map(done)
        }
        16 => office.move_line(LineId::new(a), context),
        17 => office.set_main_line(LineId::new(a)),
        18 => office.remove_line(LineId::new(a)),
        19 => office.add_voicemail(Mailbox::parse(&number(1, a))?, context, Some(UserId::new(b % 5))).map(done),
        20 => office.remove_voicemail(VoicemailId::new(a)),
        21 => {
            let agent = NewAgent {
                number: AgentNumber::parse(&number(8, a))?,
                first_name: FirstName::parse("Agent")?,
                last_name: LastName::parse("")?,
                context,
                user: Some(UserId::new(a % 5)).filter(|_| b % 2 == 0),
            };
            office.add_agent(agent).map(done)
        }
        22 => office.remove_agent(AgentId::new(a)),
        23 => office.add_context(ContextName::parse(word(a))?, &[ContextName::parse(word(b))?]).map(done),
        24 => office.remove_context(ContextId::new(a)),
        25 => {
            let room = NewConference {
                number: ConferenceNumber::parse(&number(4, a))?,
                name: ConferenceName::parse("Room")?,
                context,
                pin: None,
            };
            office.add_conference(room).map(done)
        }
        26 => {
            let queue = NewQueue {
                name: QueueName::parse(word(a))?,
                display: DisplayName::parse("Queue")?,
                number: Extension::parse(&number(3, a))?,
                context,
                wrapup_seconds: u16::try_from(b * 500).unwrap(),
            };
            office.add_queue(queue).map(done)
        }
        27 => office.remove_queue(QueueId::new(a)),
        28 => office.set_queue_member(QueueId::new(a % 3), AgentId::new(b % 4), u8::try_from(a * 15).unwrap()),
        29 => office.remove_queue_member(QueueId::new(a % 3), AgentId::new(b % 4)),
        30 if a % 2 == 0 => office.set_queue_member(QueueId::new(a % 3), LineId::new(b % 5), 7),
        30 if a % 2 == 1 && b % 2 == 0 => {
            let digits = |number: i64| DialDigits::parse(&"0123"[..usize::try_from(number % 4).unwrap()]);
            let new = NewDialRule { prefix: digits(a)?, strip: 1, add: digits(b)?, context: Some(context) };
            office.add_dial_rule(new).and_then(|id| office.move_dial_rule(id, usize::try_from(b).unwrap()))
        }
        30 => office.remove_conference(ConferenceId::new(a)),
        31 => {
            let details = entry_details(&[("lastname", word(a)), ("number", "1 2")]);
            office.add_phone_book_entry(details, Some(context).filter(|_| a % 2 == 0)).map(done)
        }
        32 => office.remove_phone_book_entry(PhoneBookEntryId::new(a)),
        33 => {
            let account = NewAccount {
                kind: AccountKind::ALL[usize::from(a % 2 == 0)],
                name: AccountName::parse(word(a))?,
                password: None,
                enabled: b % 2 == 0,
                rights: [AccountRight::ALL[usize::try_from(b).unwrap() % AccountRight::ALL.len()]].into(),
                contexts: [context].into_iter().filter(|_| b % 3 == 0).collect(),
            };
            office.add_account(account).map(done)
        }
        34 => office.remove_account(AccountId::new(a)),
        _ => {
            let key = Key::ALL[usize::try_from(a * 3 + b).unwrap() % Key::ALL.len()];
            if b % 2 == 0 { office.set_setting(SettingValue::default_of(key)) } else { office.unset_setting(key) }
        }
    }
}

fn errors(office: &Configuration) -> Vec<Finding> {
    office.findings().into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// As `store` does it: a refused edit or a new error leaves the configuration as it was.
    #[test]
    fn any_edits_in_any_order_leave_a_configuration_without_errors(
        edits in prop::collection::vec((0u8..36, 0i64..13, 0i64..9), 1..60)
    ) {
        let mut kept = small_company();
        for one in edits {
            let mut tried = kept.clone();
            let outcome = edit(&mut tried, one);
            if let Err(refusal) = &outcome {
                prop_assert!(!refusal.problem.to_string().is_empty() && !refusal.on.to_string().is_empty());
            }
            // What names something that stands twice, or a tab without its tabber, is for the look over the whole.
            let mistakes = errors(&tried);
            for mistake in &mistakes {
                let rule = mistake.refusal.rule;
                let is_left_to_findings = [Rule::P1, Rule::P4, Rule::H1, Rule::F1, Rule::F5, Rule::U1, Rule::U3, Rule::C1,
                    Rule::C2, Rule::C3, Rule::Q1, Rule::A1].contains(&rule);
                prop_assert!(is_left_to_findings, "{one:?} brought {:?}", mistake.refusal);
            }
            if outcome.is_ok() && mistakes.is_empty() {
                kept = tried;
            }
        }
        let text = write(&whole(kept.clone()), Secrets::Included);
        let back = read(&text, &whole(Configuration::empty(kept.server_uuid)));
        prop_assert!(back.is_ok(), "{back:?}");
        prop_assert_eq!(write(&back.unwrap(), Secrets::Included), text);
    }
}
