//! Telephone numbers as people and programs write them, and as they are dialled: without blanks, brackets and dashes, the
//! `(0)` behind a country's code and the `.0` of a spreadsheet. What is no number, or more than one, is never made one
//! without a word. Phone book, own contacts, forwards and searches read numbers here.

use std::borrow::Cow;
use std::fmt;

use super::fold::is_invisible;
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::target_kind::TargetKind;
use super::violation::Violation;

/// A number with no sign but digits, `+`, `*` and `#` has at most this many (rule B1).
const CHARACTERS: usize = 80;
/// Digits of the longest number there is: 15 (E.164), behind `0` for an outside line and `00`.
const DIGITS: usize = 18;
/// The fewest digits of something that is a number by itself, not a part of one.
const DIGITS_OF_A_WHOLE: usize = 7;

/// A number kept as it is dialled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PhoneNumber(Box<str>);

/// A number as somebody wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrittenNumber {
    pub(crate) number: PhoneNumber,
    /// What stood there and is not in the number, in words; none if all is.
    pub(crate) left_out: Option<Box<str>>,
}

impl PhoneNumber {
    /// A number alone, as a person types it.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        match Self::read(text)? {
            Some(WrittenNumber { number, left_out: None }) => Ok(number),
            Some(WrittenNumber { left_out: Some(left_out), .. }) => {
                Err(refusal(text, Violation::NotOneNumber { left_out: left_out.into() }))
            }
            None => Err(refusal(text, form_and_complaint(text.trim()))),
        }
    }

    /// What stands in a file; None for an empty text and for what people write where there is no number.
    pub(crate) fn read(text: &str) -> Result<Option<WrittenNumber>, Refusal> {
        let cleaned = cleaned(text);
        if is_dialled(&cleaned) {
            return Ok(Some(WrittenNumber { number: Self(cleaned.into()), left_out: None }));
        }
        if is_nothing(&cleaned) {
            return Ok(None);
        }
        let of_text = |problem| refusal(text, problem);
        let written = without_scheme(&cleaned).map_err(of_text)?;
        if is_rounded(&written) || has_thousands(&written) {
            return Err(refusal(text, Violation::Reformatted));
        }
        let (written, mut left_out) = whole_number(&written);
        let (head, behind) = first_of(&written);
        left_out = behind.or(left_out);
        let dialled: String = without_trunk_zero(head).map_err(of_text)?.chars().filter(|c| !is_between(*c)).collect();
        if !is_dialled(&dialled) {
            return Err(refusal(text, form_and_complaint(&dialled)));
        }
        Ok(Some(WrittenNumber { number: Self(dialled.into()), left_out: left_out.map(Into::into) }))
    }

    /// One that was kept before, perhaps under rules of then: any of the characters in any order.
    pub(crate) fn kept(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if has_form(text) { Ok(Self(text.into())) } else { Err(refusal(text, form_and_complaint(text))) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The text without invisible marks, and a whole number as a spreadsheet writes it without its `.0`: for extensions,
/// mailboxes and switches in tables.
pub(crate) fn plain_cell(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let whole = text.strip_suffix(".0").filter(|whole| !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()));
    let text = whole.unwrap_or(text);
    if text.contains(is_invisible) { Cow::Owned(text.replace(is_invisible, "")) } else { Cow::Borrowed(text) }
}

/// What stands between the digits of a number and means nothing.
pub(crate) fn is_between(sign: char) -> bool {
    sign.is_whitespace() || is_invisible(sign) || is_dash(sign) || "()[]./·".contains(sign)
}

/// The digits of every script as those of ASCII.
pub(crate) fn ascii_digit(sign: char) -> char {
    let of = |zero: u32| char::from_digit(u32::from(sign) - zero, 10).unwrap_or(sign);
    match sign {
        '\u{660}'..='\u{669}' => of(0x660),
        '\u{6f0}'..='\u{6f9}' => of(0x6f0),
        '\u{ff10}'..='\u{ff19}' => of(0xff10),
        '\u{ff0b}' => '+',
        other => other,
    }
}

/// As many digits as a number has, and nothing else but what stands between them.
pub(crate) fn looks_like_number(text: &str) -> bool {
    digits(text) >= 6 && text.chars().all(|sign| sign.is_ascii_digit() || sign == '+' || is_between(sign))
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

fn refusal(text: &str, problem: Violation) -> Refusal {
    Refusal::new(Rule::B1, RuleTarget::text(TargetKind::Number, text.trim()), problem)
}

fn form_and_complaint(dialled: &str) -> Violation {
    let digits = digits(dialled);
    if has_form(dialled) && digits > DIGITS {
        return Violation::TooManyDigits { digits };
    }
    if has_form(dialled) {
        return Violation::PlusInside;
    }
    Violation::Form {
        must_be: format!("1 to {CHARACTERS} digits, `+`, `*` or `#`").into(),
        complaint: super::violation::complaint(dialled, has_form),
    }
}

fn has_form(text: &str) -> bool {
    (1..=CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte))
}

/// Nothing is to be made of it: a `+` stands in front alone, and plain digits are not more than a number has.
fn is_dialled(text: &str) -> bool {
    let behind = text.strip_prefix('+').unwrap_or(text);
    let is_plain = behind.bytes().all(|byte| byte.is_ascii_digit());
    has_form(text) && !behind.is_empty() && !behind.contains('+') && (!is_plain || behind.len() <= DIGITS)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Digits of ASCII, no invisible marks, and not the marks by which spreadsheets keep a text a text: `'01`, `="01"`.
fn cleaned(text: &str) -> String {
    let cleaned: String = text.chars().filter(|sign| !is_invisible(*sign)).map(ascii_digit).collect();
    let cleaned = cleaned.trim();
    let formula = cleaned.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.unwrap_or_else(|| cleaned.trim_start_matches('\'')).trim().to_owned()
}

/// Dashes and dots alone, and the words of some languages for none.
fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "n/a", "n.a.", "na", "none", "null", "nil", "unknown", "k.a.", "k. a.", "keine", "aucun", "néant", "ninguno",
        "?",
    ];
    text.chars().all(|sign| is_dash(sign) || is_between(sign)) || WORDS.contains(&text.to_lowercase().as_str())
}

/// The number of a `tel:` URI (RFC 3966), or of a `sip:` one before its `@`.
fn without_scheme(text: &str) -> Result<Cow<'_, str>, Violation> {
    let Some((scheme, rest)) = text.split_once(':') else { return Ok(Cow::Borrowed(text)) };
    let rest = rest.trim().trim_start_matches("//");
    match scheme.trim().to_ascii_lowercase().as_str() {
        "tel" | "callto" => Ok(unescaped(rest)),
        "sip" | "sips" => {
            let user = rest.split(['@', '?']).next().unwrap_or_default();
            let user = unescaped(user.split(';').next().unwrap_or_default());
            let is_number = user.chars().all(|sign| is_between(sign) || sign.is_ascii_digit() || "+*#".contains(sign));
            if is_number { Ok(user) } else { Err(Violation::SipWithoutNumber) }
        }
        _ => Ok(Cow::Borrowed(text)),
    }
}

/// `%2B` is `+`; what is no escape stays.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii);
        match code {
            Some(code) => {
                plain.push(char::from(code));
                plain.push_str(&part[2..]);
            }
            None => {
                plain.push('%');
                plain.push_str(part);
            }
        }
    }
    Cow::Owned(plain)
}

/// `5.14555E+09`: the last digits are lost.
fn is_rounded(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else { return false };
    let is_number =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte));
    is_number(digits) && is_number(exponent.strip_prefix('+').unwrap_or(exponent))
}

/// `145,550,001`.
fn has_thousands(text: &str) -> bool {
    let mut groups = text.split(',');
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && digits(first) == first.len());
    let rest: Vec<&str> = groups.collect();
    is_first && !rest.is_empty() && rest.into_iter().all(is_group)
}

/// A number that went through a spreadsheet as one: `5145550001.0`.
fn whole_number(text: &str) -> (Cow<'_, str>, Option<String>) {
    let Some((whole, places)) = text.split_once(['.', ',']) else { return (Cow::Borrowed(text), None) };
    let is_whole = !whole.is_empty() && whole.strip_prefix('+').unwrap_or(whole).bytes().all(|b| b.is_ascii_digit());
    let are_zeros = !places.is_empty() && places.bytes().all(|byte| byte == b'0');
    match places.len() {
        1 if is_whole && are_zeros => (Cow::Borrowed(whole), None),
        2.. if is_whole && are_zeros && digits(whole) >= DIGITS_OF_A_WHOLE => {
            let separator = &text[whole.len()..];
            (Cow::Borrowed(whole), Some(format!("{separator:?} behind it, which was left out")))
        }
        _ => (Cow::Borrowed(text), None),
    }
}

/// The first number of the text, and what stands behind it: another number, an extension, a pause.
fn first_of(text: &str) -> (&str, Option<String>) {
    let cut = cut_at(text);
    let (head, rest) = text.split_at(cut);
    let rest = rest.trim();
    if digits(rest) == 0 && !rest.chars().any(char::is_alphabetic) {
        return (head, None);
    }
    // Without a number in front the whole is to be looked at, letters and all.
    if digits(head) < 3 {
        return (text, None);
    }
    let what = match rest.chars().next() {
        Some(sign) if sign.is_alphabetic() || sign == '#' => format!("the extension {rest:?}, which was left out"),
        _ if rest.starts_with(";ext") => format!("the extension {rest:?}, which was left out"),
        Some(';') if rest[1..].starts_with(char::is_alphabetic) => format!("{rest:?} behind it, which was left out"),
        _ if digits(rest) >= DIGITS_OF_A_WHOLE => format!("more than one number; {:?} was left out", other(rest)),
        Some(',' | ';') => format!("a pause; {rest:?} was left out"),
        _ => format!("more than one number; {:?} was left out", other(rest)),
    };
    (head, Some(what))
}

/// What is left out without the sign in front of it.
fn other(rest: &str) -> &str {
    rest.trim_start_matches(|sign: char| !sign.is_alphanumeric() && !"+*#(".contains(sign))
}

/// Where the first number ends.
fn cut_at(text: &str) -> usize {
    let mut signs = text.char_indices();
    let end = signs.find(|(at, sign)| {
        let (before, from) = text.split_at(*at);
        match sign {
            '\n' | '\r' | ',' | ';' | '|' | '&' => true,
            ':' => from.starts_with(":::"),
            '/' => !is_part_of_number(before, &from[1..]),
            '+' => digits(before) > 0,
            // Behind a whole number it leads to an extension; elsewhere it is dialled.
            '#' => {
                let has_whole = before.starts_with(['+', '(']) || before.starts_with(|c: char| c.is_ascii_digit());
                has_whole && digits(before) >= DIGITS_OF_A_WHOLE && digits(from) > 0 && !before.contains('*')
            }
            letter if letter.is_alphabetic() => leads_to_extension(from) || joins_numbers(from),
            _ => false,
        }
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// `030/5550109`: what stands before is the code of a place or a country, not a number by itself.
fn is_part_of_number(before: &str, behind: &str) -> bool {
    let digits_before = digits(before);
    let begins = before.trim_start_matches(['(', ' ']);
    let longest_code = match begins {
        _ if begins.starts_with('+') || begins.starts_with("00") => 8,
        _ if begins.starts_with('0') => 6,
        _ => 5,
    };
    digits_before <= longest_code && digits(behind) >= 3 && !before.contains('/')
}

/// `x204`, `ext. 204`, `poste 204`: a word for an extension, then digits alone.
fn leads_to_extension(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "x",
        "ext",
        "extn",
        "extension",
        "poste",
        "durchwahl",
        "dw",
        "nst",
        "int",
        "interne",
        "anexo",
        "p",
        "w",
        "toestel",
    ];
    let word: String = text.chars().take_while(|sign| sign.is_alphabetic()).collect();
    let rest = &text[word.len()..];
    let is_number =
        digits(rest) > 0 && rest.chars().all(|sign| is_between(sign) || sign.is_ascii_digit() || ":#=".contains(sign));
    is_number && WORDS.contains(&word.to_lowercase().as_str())
}

/// `030 … or 030 …`.
fn joins_numbers(text: &str) -> bool {
    let word: String = text.chars().take_while(|sign| sign.is_alphabetic()).collect();
    let is_joining = ["or", "and", "ou", "et", "oder", "und", "o", "y"].contains(&word.to_lowercase().as_str());
    is_joining && digits(&text[word.len()..]) >= 3 && !text[word.len()..].chars().any(char::is_alphabetic)
}

/// Behind a country's code the zero that is dialled inside the country alone goes: `+49 (0)30` is `+4930`.
fn without_trunk_zero(text: &str) -> Result<Cow<'_, str>, Violation> {
    let compact: String = text.chars().filter(|sign| !sign.is_whitespace() && !is_invisible(*sign)).collect();
    let Some((before, behind)) = compact.split_once("(0)") else { return Ok(Cow::Borrowed(text)) };
    let code: String = before.chars().filter(|sign| !is_between(*sign)).collect();
    if code.is_empty() {
        return Ok(Cow::Owned(format!("0{behind}")));
    }
    if code.starts_with('+') || code.starts_with("00") {
        return Ok(Cow::Owned(format!("{code}{behind}")));
    }
    Err(Violation::TrunkZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is dialled, and `!` if something was left out; `-` for no number, the refusal's words else.
    fn read(text: &str) -> String {
        match PhoneNumber::read(text) {
            Ok(None) => "-".to_owned(),
            Ok(Some(WrittenNumber { number, left_out: None })) => number.to_string(),
            Ok(Some(WrittenNumber { number, left_out: Some(_) })) => format!("{number}!"),
            Err(refusal) => refusal.problem.to_string(),
        }
    }

    #[test]
    fn numbers_are_kept_as_they_are_dialled() {
        for (written, dialled) in [
            ("(514) 555-1111", "5145551111"),
            ("01 42 68\u{a0}53 00", "0142685300"),
            ("01.42.68.53.00", "0142685300"),
            ("*10#", "*10#"),
            ("*21*0305550109#", "*21*0305550109#"),
            ("030/5550109", "0305550109"),
            ("+49 5527/123456", "+495527123456"),
            ("\u{202a}+1\u{2011}514 555\u{2013}0101\u{202c}", "+15145550101"),
            ("\u{feff}5145550101\u{200b}", "5145550101"),
            ("０３０５５５０１０１", "0305550101"),
            ("٠٣٠٥٥٥٠١٠١", "0305550101"),
            ("'0305550101", "0305550101"),
            ("=\"0305550101\"", "0305550101"),
            ("5145550001.0", "5145550001"),
            ("5145550001,0", "5145550001"),
            ("tel:+1-514-555-0101", "+15145550101"),
            ("sip:5145550101@pbx.example;transport=tcp", "5145550101"),
            ("sips:%2B15145550101@pbx.example", "+15145550101"),
        ] {
            assert_eq!(read(written), dialled, "{written:?}");
            assert_eq!(PhoneNumber::parse(written).map(|number| number.to_string()).as_deref(), Ok(dialled));
        }
    }

    #[test]
    fn the_zero_behind_a_countrys_code_goes() {
        for (written, dialled) in [
            ("+33 (0)1 42 68 53 00", "+33142685300"),
            ("0049 (0)30 555 0112", "0049305550112"),
            ("(+49) ( 0 ) 30-5550112", "+49305550112"),
            ("+44(0)20 7946 0999", "+442079460999"),
            ("(0)30 5550112", "0305550112"),
        ] {
            assert_eq!(read(written), dialled, "{written:?}");
        }
        assert!(read("49 (0)30 5550112").contains("not a country code"));
    }

    #[test]
    fn what_stands_behind_a_number_is_left_out_and_said() {
        for (written, dialled) in [
            ("030 555 0109 / 030 555 0110", "0305550109!"),
            ("030 555 0109/10", "0305550109!"),
            ("030 555 0109\n030 555 0110", "0305550109!"),
            ("030 555 0109, 030 555 0110", "0305550109!"),
            ("030 555 0109; 030 555 0110", "0305550109!"),
            ("030 555 0109 or 030 555 0110", "0305550109!"),
            ("+33612345678 +33612345679", "+33612345678!"),
            ("+1 514 555 0199 x204", "+15145550199!"),
            ("+1 514 555 0199 ext. 204", "+15145550199!"),
            ("01 45 55 01 99 poste 12", "0145550199!"),
            ("514 555 0199 #204", "5145550199!"),
            ("tel:+1-514-555-0199;ext=204", "+15145550199!"),
            ("5145550199,,4455#", "5145550199!"),
            ("5145550199;4455", "5145550199!"),
            ("5145550001.00", "5145550001!"),
        ] {
            assert_eq!(read(written), dialled, "{written:?}");
            assert_eq!(PhoneNumber::parse(written).expect_err(written).rule, Rule::B1);
        }
        assert_eq!(read("030 555 0109 /"), "0305550109", "nothing stands behind it");
    }

    #[test]
    fn what_is_no_number_is_none_or_refused() {
        for none in ["", " ", "n/a", "N/A", "-", "---", "k.A.", "?", "none", "\u{200b}"] {
            assert_eq!(read(none), "-", "{none:?}");
        }
        for (text, message) in [
            ("anna", "this has 'a'"),
            ("1-800-FLOWERS", "this has 'F'"),
            ("Mobile: 0171 5550101", "this has 'M'"),
            ("5.14555E+09", "was reformatted by a spreadsheet"),
            ("030 5550109 030 5550110", "has 20 digits; the longest telephone number has 15"),
            ("145,550,001", "was reformatted by a spreadsheet"),
            ("sip:alice@pbx.example", "is a SIP address without a number"),
            ("1 + 2", "must begin with its `+`"),
        ] {
            assert!(read(text).contains(message), "{text:?}: {}", read(text));
        }
        for none in ["", "n/a", "anna", &"1".repeat(81)] {
            assert_eq!(PhoneNumber::parse(none).expect_err(none).rule, Rule::B1);
        }
    }

    #[test]
    fn what_was_kept_once_is_read_again() {
        for text in ["1+2", "+", "03055501090305550110"] {
            assert_eq!(PhoneNumber::kept(text).map(|number| number.to_string()).as_deref(), Ok(text));
        }
        assert!(PhoneNumber::kept("1 2").is_err());
    }

    #[test]
    fn cells_of_digits_lose_marks_and_the_places_of_a_spreadsheet() {
        for (cell, plain) in
            [("1101.0", "1101"), (" \u{202d}1101\u{202c} ", "1101"), ("1.0.0", "1.0.0"), ("a.0", "a.0")]
        {
            assert_eq!(plain_cell(cell), plain, "{cell:?}");
        }
    }
}
