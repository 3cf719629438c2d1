//! Names, numbers and texts that an administrator types, each a type that holds its rule, so that whoever has one
//! need not ask again. `command`, `tui` and the import document parse them; nobody else makes them.

use std::fmt;

use super::phone_number::PhoneNumber;
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::target_kind::TargetKind;
use super::violation::{Violation, complaint};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $what:ident, $rule:ident, $accept:expr, $limit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(Box<str>);

        impl $name {
            /// Takes the text if it keeps the rule; white space around it is not part of a name.
            pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
                let text = text.trim();
                let accept: fn(&str) -> bool = $accept;
                if accept(text) {
                    return Ok(Self(text.into()));
                }
                Err(Refusal::new(
                    Rule::$rule,
                    RuleTarget::text(TargetKind::$what, text),
                    Violation::Form { must_be: $limit.into(), complaint: complaint(text, accept) },
                ))
            }

            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    )*};
}

names! {
    PresenceGroupName = PresenceGroup, P2, |t| word(t, 64, "_-"),
        "1 to 64 letters, digits, `_` or `-`";
    /// The technical name of a presence: the key and the value on the wire.
    PresenceName = Presence, P3, |t| word(t, 64, "_-"),
        "1 to 64 letters, digits, `_` or `-`";
    PhoneHintGroupName = PhoneHintGroup, H1, |t| word(t, 64, "_-"),
        "1 to 64 letters, digits, `_` or `-`";
    /// What people read: a presence's or queue's long name.
    DisplayName = DisplayName, P5, |t| printable(t, 1, 64),
        "1 to 64 printable characters";
    /// The text of a phone hint.
    HintText = PhoneHintText, H6, |t| printable(t, 1, 64),
        "1 to 64 printable characters";
    ProfileName = Profile, F1, |t| printable(t, 3, 128),
        "3 to 128 printable characters";
    /// Free text beside a group.
    Description = Description, P5, |t| printable(t, 0, 255),
        "at most 255 printable characters";
    ContextName = Context, C1, |t| word(t, 39, "_-"),
        "1 to 39 letters, digits, `_` or `-`";
    FirstName = FirstName, U3, |t| printable(t, 1, 128),
        "1 to 128 printable characters";
    /// May be empty.
    LastName = LastName, U3, |t| printable(t, 0, 128),
        "at most 128 printable characters";
    EmailAddress = EmailAddress, U3, email,
        "like `name@example.org`, at most 254 characters";
    /// A number that can be dialled inside a context.
    Extension = Extension, C2, |t| word(t, 40, "*#+_-."),
        "1 to 40 letters, digits, `*`, `#`, `+`, `_`, `-` or `.`";
    /// The wire's `identity` of a phone: technology and name, `PJSIP/1001`.
    Device = Device, C2, device,
        "a technology, a slash and a name, like `PJSIP/1001`, at most 128 printable characters without space, comma or `;`";
    Mailbox = VoicemailBox, Q1, |t| of(t, 1, 40, |c| c.is_ascii_alphanumeric()),
        "1 to 40 letters or digits";
    ConferenceNumber = ConferenceNumber, C2, |t| of(t, 1, 40, |c| c.is_ascii_alphanumeric()),
        "1 to 40 letters or digits";
    ConferenceName = ConferenceName, C2, |t| printable(t, 1, 128),
        "1 to 128 printable characters";
    AgentNumber = AgentNumber, Q1, |t| of(t, 1, 40, |c| c.is_ascii_alphanumeric()),
        "1 to 40 letters or digits";
    QueueName = Queue, Q1, |t| word(t, 128, "_-."),
        "1 to 128 letters, digits, `_`, `-` or `.`";
    /// The beginning of a number, as a dial rule looks for it or puts it there; may be empty.
    DialDigits = DialRule, N1, |t| of(t, 0, 40, |c| c.is_ascii_digit() || "+*#".contains(c)),
        "at most 40 digits, `+`, `*` or `#`";
    /// What an account of the administrative interfaces is called; two that differ only in the case of letters are one.
    AccountName = Account, A1, login,
        "2 to 64 letters, digits or -._~!$&'()*+,;=%@";
    /// A name in the phone book, of a person or a company; may be empty.
    EntryName = Name, B1, |t| printable(t, 0, 128),
        "at most 128 printable characters";
}

impl Device {
    /// By which two spellings of one device are told to be one.
    pub(crate) fn key(&self) -> Box<str> {
        device_key(&self.0)
    }
}

impl Extension {
    /// That the keys of a telephone cannot dial it, if so.
    pub(crate) fn undialled(&self) -> Option<Violation> {
        undialled(&self.0)
    }
}

/// The rules allow what the keys of a telephone do not have: softphones can.
pub(crate) fn undialled(number: &str) -> Option<Violation> {
    let sign = number.chars().find(|sign| !sign.is_ascii_digit() && !"*#+".contains(*sign))?;
    let what = if sign.is_alphabetic() { "letters".to_owned() } else { format!("\"{sign}\"") };
    Some(Violation::Undialled { what })
}

/// Lower case, and PJSIP as SIP, since lines of a XiVO are called `SIP/…` whatever Asterisk's driver is (telephony §16b).
pub(crate) fn device_key(device: &str) -> Box<str> {
    let lower = device.to_lowercase();
    match lower.strip_prefix("pjsip/") {
        Some(name) => format!("sip/{name}").into(),
        None => lower.into(),
    }
}

impl Default for EntryName {
    fn default() -> Self {
        Self("".into())
    }
}

/// A user's mobile number, kept as it is dialled like one of the phone book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MobileNumber(PhoneNumber);

impl MobileNumber {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        PhoneNumber::kept(text).or_else(|_| PhoneNumber::parse(text)).map(Self).map_err(|refusal| Refusal {
            rule: Rule::U3,
            on: RuleTarget::text(TargetKind::MobileNumber, text.trim()),
            ..refusal
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for MobileNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Digits that open a conference room. Shown as set or not set only.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ConferencePin(Box<str>);

impl ConferencePin {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let accept = |text: &str| of(text, 1, 12, |c| c.is_ascii_digit());
        if accept(text) {
            return Ok(Self(text.into()));
        }
        let problem = Violation::Form { must_be: "1 to 12 digits".into(), complaint: complaint(text, accept) };
        Err(Refusal::new(Rule::C2, RuleTarget::text(TargetKind::ConferencePin, text), problem))
    }

    /// What somebody typed unseen: a refusal does not repeat it.
    pub(crate) fn typed(text: &str) -> Result<Self, Refusal> {
        Self::parse(text)
            .map_err(|Refusal { rule, on, problem }| Refusal::new(rule, on.without_text(), problem.without_text()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not what it is.
impl fmt::Debug for ConferencePin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ConferencePin(set)")
    }
}

/// A login as people type it; two that differ only in the case of letters are one (settings §8).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Login(Box<str>);

impl Login {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if login(text) {
            return Ok(Self(text.into()));
        }
        let must_be = "2 to 64 letters, digits or -._~!$&'()*+,;=%@".into();
        let problem = Violation::Form { must_be, complaint: complaint(text, login) };
        Err(Refusal::new(Rule::U1, RuleTarget::text(TargetKind::Login, text), problem))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which logins are compared.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

fn of(text: &str, least: usize, most: usize, accept: fn(char) -> bool) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(accept)
}

fn login(text: &str) -> bool {
    of(text, 2, 64, |c| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=%@".contains(c))
}

fn word(text: &str, most: usize, extra: &str) -> bool {
    (1..=most).contains(&text.chars().count()) && text.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
}

fn printable(text: &str, least: usize, most: usize) -> bool {
    of(text, least, most, |c| !c.is_control())
}

fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    of(text, 3, 254, |c| !c.is_control() && !c.is_whitespace()) && !local.is_empty() && !domain.is_empty()
}

fn device(text: &str) -> bool {
    let Some((technology, name)) = text.split_once('/') else { return false };
    of(text, 3, 128, |c| !c.is_control() && !c.is_whitespace() && !",;".contains(c))
        && !name.is_empty()
        && word(technology, 32, "_-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_name_tells_what_is_wrong_with_it() {
        let end = |refusal: Refusal| refusal.problem.to_string().split_once("; this").map(|(_, end)| end.to_owned());
        let refused = |text: &str| end(PresenceName::parse(text).expect_err(text));
        assert_eq!(refused("a+b").as_deref(), Some(" has '+'"));
        assert!(PresenceName::parse("").expect_err("empty").problem.to_string().starts_with("is missing; it must be"));
        assert_eq!(refused(&"a".repeat(65)).as_deref(), Some(" has 65 characters"));
        assert_eq!(end(Login::parse("b").expect_err("short")).as_deref(), Some(" has 1 character"));
        assert_eq!(end(Login::parse("a b").expect_err("blank")).as_deref(), Some(" has ' '"));
        assert_eq!(end(EmailAddress::parse("foo").expect_err("no address")), None);
        assert_eq!(end(Device::parse("1001").expect_err("no technology")), None);
        assert_eq!(end(ConferencePin::parse("12a").expect_err("no digits")).as_deref(), Some(" has 'a'"));
    }
}
