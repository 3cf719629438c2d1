//! What Asterisk asks over FastAGI while a call comes in (telephony §17): the words of one connection, and whether a name is
//! wanted at all. Pure: `server` owns the sockets and asks the engine. A question is lines `agi_NAME: value` up to an
//! empty one; what is answered are commands, each of which Asterisk acknowledges with a line.

use crate::live::messages::{Callee, CallerQuestion};
use crate::settings::id::{Id, QueueId, UserId};

/// Everything that Asterisk says of a call before it listens.
pub(crate) const ENVIRONMENT_BYTES_MAX: usize = 16 * 1024;
/// What it acknowledges a command with.
pub(crate) const ACKNOWLEDGEMENT_BYTES_MAX: usize = 1024;
/// Of a name, so many characters reach a telephone.
pub(crate) const CALLER_NAME_CHARACTERS_MAX: usize = 80;

/// What is asked: `agi://HOST:PORT/caller-name`.
const SCRIPT: &str = "caller-name";
/// What Asterisk writes for a number or a name that there is none of.
const UNKNOWN: &str = "unknown";
/// Tells the dial plan that the name is ours, not the caller's own: whoever the call is forwarded to may know another one.
const MARK: &str = "CTI_NAMED";

/// Why there is nothing to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoQuestion {
    #[error("it says more than {ENVIRONMENT_BYTES_MAX} bytes before it listens")]
    TooLong,
    #[error("it asks for something else than `{SCRIPT}`")]
    OtherScript,
    #[error("it does not say who is called")]
    NobodyCalled,
}

/// What Asterisk says of a call, as far as it has come: any split of bytes gives the same.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    bytes: usize,
    line: Vec<u8>,
    variables: Variables,
}

/// The last of two of a name holds.
#[derive(Debug, Default)]
struct Variables {
    script: Box<str>,
    number: Box<str>,
    name: Box<str>,
    context: Box<str>,
    /// Behind the script: who is called, and in which context.
    arguments: [Box<str>; 2],
}

impl Environment {
    /// Takes what has come. Some(…): that was all, and what is asked, if a name is wanted; what comes behind is not looked at.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<Option<Wanted>, NoQuestion> {
        for byte in bytes {
            self.bytes += 1;
            if self.bytes > ENVIRONMENT_BYTES_MAX {
                return Err(NoQuestion::TooLong);
            }
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches('\r');
            if line.is_empty() {
                return self.variables.wanted().map(Some);
            }
            self.variables.set(line);
        }
        Ok(None)
    }
}

/// What is to be done about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    Name(CallerQuestion),
    /// The caller has a name, or no number by which one could be found.
    Nothing,
}

impl Variables {
    fn set(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else { return };
        let value = || value.trim().into();
        match name {
            "agi_network_script" => self.script = value(),
            "agi_callerid" => self.number = value(),
            "agi_calleridname" => self.name = value(),
            "agi_context" => self.context = value(),
            "agi_arg_1" => self.arguments[0] = value(),
            "agi_arg_2" => self.arguments[1] = value(),
            _ => {}
        }
    }

    fn wanted(&self) -> Result<Wanted, NoQuestion> {
        let (script, query) = self.script.split_once('?').unwrap_or((&self.script, ""));
        if script.trim_matches('/') != SCRIPT {
            return Err(NoQuestion::OtherScript);
        }
        let called = self.callee(query).ok_or(NoQuestion::NobodyCalled)?;
        let is_numbered = self.number.bytes().any(|byte| byte.is_ascii_digit());
        if !is_numbered || is_named(&self.name, &self.number) {
            return Ok(Wanted::Nothing);
        }
        Ok(Wanted::Name(CallerQuestion { number: self.number.clone(), called }))
    }

    /// `?user=7`, `?queue=3`, or an extension with its context, which is the call's own unless it is named.
    fn callee(&self, query: &str) -> Option<Callee> {
        if let Some((name, id)) = query.split_once('=') {
            let id = id.parse().ok()?;
            return match name {
                "user" => Some(Callee::User(UserId::new(id))),
                "queue" => Some(Callee::Queue(QueueId::new(id))),
                _ => None,
            };
        }
        let [extension, context] = self.arguments.clone();
        let context = if context.is_empty() { self.context.clone() } else { context };
        (!extension.is_empty()).then_some(Callee::Extension { extension, context })
    }
}

/// Whether a caller's name says more than the number does.
fn is_named(name: &str, number: &str) -> bool {
    let is_unknown = |text: &str| text.trim_matches(['<', '>']).eq_ignore_ascii_case(UNKNOWN);
    let signs = |text: &str| text.chars().filter(|sign| !" -./()".contains(*sign)).collect::<String>();
    !name.is_empty() && !is_unknown(name) && signs(name) != signs(number)
}

/// The commands by which the call gets this name, to be sent one after the other, each when the last one is acknowledged.
pub(crate) fn naming(name: &str) -> [String; 2] {
    let signs = name.chars().filter(|sign| !sign.is_control()).take(CALLER_NAME_CHARACTERS_MAX);
    let quoted = signs.fold(String::new(), |mut quoted, sign| {
        if matches!(sign, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(sign);
        quoted
    });
    [format!("SET VARIABLE CALLERID(name) \"{quoted}\"\n"), format!("SET VARIABLE {MARK} \"1\"\n")]
}

/// Whether Asterisk has done what it was told: `200 result=1`.
pub(crate) fn is_done(acknowledgement: &str) -> bool {
    acknowledgement.trim_end().strip_prefix("200 result=").is_some_and(|result| result.starts_with('1'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a real Asterisk says, with these lines in place of its own.
    fn environment(changed: &[(&str, &str)]) -> String {
        let recorded = include_str!("../../tests/ami/25-fastagi.txt");
        let said = recorded.lines().filter_map(|line| line.strip_prefix("< "));
        let mut lines: Vec<String> = said
            .take_while(|line| !line.is_empty())
            .map(ToOwned::to_owned)
            .filter(|line| line.starts_with("agi_"))
            .collect();
        for (name, value) in changed {
            lines.retain(|line| !line.starts_with(&format!("{name}:")));
            lines.push(format!("{name}: {value}"));
        }
        lines.join("\n") + "\n\n"
    }

    fn wanted(changed: &[(&str, &str)]) -> Result<Wanted, NoQuestion> {
        let taken = Environment::default().take(environment(changed).as_bytes());
        taken.map(|wanted| wanted.expect("the empty line is there"))
    }

    fn question(number: &str, called: Callee) -> Wanted {
        Wanted::Name(CallerQuestion { number: number.into(), called })
    }

    const OUTSIDE: [(&str, &str); 3] =
        [("agi_network_script", "caller-name"), ("agi_callerid", "0123456789"), ("agi_calleridname", "unknown")];

    fn outside(more: &[(&str, &str)]) -> Result<Wanted, NoQuestion> {
        wanted(&[&OUTSIDE, more].concat())
    }

    #[test]
    fn a_question_names_the_caller_and_the_called() {
        let extension =
            |extension: &str, context: &str| Callee::Extension { extension: extension.into(), context: context.into() };
        assert_eq!(outside(&[("agi_arg_1", "1001")]), Ok(question("0123456789", extension("1001", "default"))));
        assert_eq!(
            outside(&[("agi_arg_1", "1001"), ("agi_arg_2", "sales")]),
            Ok(question("0123456789", extension("1001", "sales")))
        );
        assert_eq!(
            outside(&[("agi_network_script", "caller-name?user=7")]),
            Ok(question("0123456789", Callee::User(UserId::new(7))))
        );
        assert_eq!(
            outside(&[("agi_network_script", "/caller-name?queue=3")]),
            Ok(question("0123456789", Callee::Queue(QueueId::new(3))))
        );
    }

    #[test]
    fn a_name_is_wanted_only_where_there_is_none() {
        for name in ["unknown", "<unknown>", "Unknown", "", "0123456789", "01 23 45-67 89"] {
            let asked = outside(&[("agi_calleridname", name), ("agi_arg_1", "1")]);
            assert!(matches!(asked, Ok(Wanted::Name(_))), "{name:?}");
        }
        for name in ["Bob", "0123456788", "unknown caller"] {
            assert_eq!(outside(&[("agi_calleridname", name), ("agi_arg_1", "1")]), Ok(Wanted::Nothing), "{name:?}");
        }
        for number in ["unknown", "", "anonymous"] {
            assert_eq!(outside(&[("agi_callerid", number), ("agi_arg_1", "1")]), Ok(Wanted::Nothing), "{number:?}");
        }
    }

    #[test]
    fn what_is_no_question_is_said() {
        assert_eq!(wanted(&[]), Err(NoQuestion::OtherScript), "the recorded one asks for something else");
        for script in ["caller-name?user=seven", "caller-name?shell=1"] {
            assert_eq!(outside(&[("agi_network_script", script)]), Err(NoQuestion::NobodyCalled), "{script}");
        }
        assert_eq!(outside(&[("agi_arg_1", "")]), Err(NoQuestion::NobodyCalled));
        let endless = vec![b'a'; ENVIRONMENT_BYTES_MAX + 1];
        assert_eq!(Environment::default().take(&endless), Err(NoQuestion::TooLong));
    }

    #[test]
    fn a_name_ends_no_command_and_no_quotation() {
        assert_eq!(
            naming("Zo\u{eb} \"x\" \\ \r\nHANGUP"),
            [
                "SET VARIABLE CALLERID(name) \"Zo\u{eb} \\\"x\\\" \\\\ HANGUP\"\n".to_owned(),
                "SET VARIABLE CTI_NAMED \"1\"\n".to_owned()
            ]
        );
        assert_eq!(naming(&"x".repeat(1000))[0].matches('x').count(), CALLER_NAME_CHARACTERS_MAX);
        assert!(is_done("200 result=1\n") && is_done("200 result=1 (x)\r\n"));
        for other in ["510 Invalid or unknown command\n", "200 result=0\n", "HANGUP\n", ""] {
            assert!(!is_done(other), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn any_split_of_bytes_is_the_same_question(cuts in prop::collection::vec(1..40_usize, 0..60)) {
            let said = environment(&[&OUTSIDE[..], &[("agi_arg_1", "1001")]].concat());
            let whole = Environment::default().take(said.as_bytes());
            let (mut pieces, mut rest, mut seen) = (Environment::default(), said.as_bytes(), Ok(None));
            for cut in cuts {
                let (piece, behind) = rest.split_at(cut.min(rest.len()));
                seen = pieces.take(piece);
                rest = behind;
                if seen != Ok(None) {
                    break;
                }
            }
            if seen == Ok(None) {
                seen = pieces.take(rest);
            }
            prop_assert_eq!(seen, whole);
        }

        #[test]
        fn nothing_that_comes_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
            let _ = Environment::default().take(&bytes);
        }
    }
}
