//! What may be written into a file of Asterisk's. There `;` begins a comment, `${…}` is evaluated, `,` and `)` end an
//! argument and a leading `_` makes a pattern of a number: a name that could mean something is not written at all.

use crate::settings::name::{Device, Extension};

/// Numbers that Asterisk goes to by itself.
const SPECIAL_EXTENSIONS: &[&str] = &["a", "e", "fax", "h", "i", "o", "s", "t"];

/// Sections that are no contexts or queues, in any file.
const SPECIAL_SECTIONS: &[&str] = &["general", "globals"];

/// A number that is dialled as it is written.
pub(super) fn extension(extension: &Extension) -> Option<&str> {
    let text = extension.as_str();
    let is_special = SPECIAL_EXTENSIONS.iter().any(|special| text.eq_ignore_ascii_case(special));
    let is_plain = !text.starts_with('_') && text.chars().all(|c| c.is_ascii_alphanumeric() || "*#+_-.".contains(c));
    (is_plain && !is_special).then_some(text)
}

/// A section of one's own: a context, a queue, an account.
pub(super) fn section(text: &str) -> Option<&str> {
    let is_special = SPECIAL_SECTIONS.iter().any(|special| text.eq_ignore_ascii_case(special));
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    (is_plain && !is_special).then_some(text)
}

/// A device that is called: its technology and its name.
pub(super) fn device(device: &Device) -> Option<(&str, &str)> {
    let (technology, name) = device.as_str().split_once('/')?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-/@".contains(c));
    (is_plain && technology.chars().all(|c| c.is_ascii_alphanumeric())).then_some((technology, name))
}

/// A password as the value of an option: what has white space around it or a line end would be read as another one.
pub(super) fn secret(text: &str) -> Option<String> {
    let is_kept = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    // `>` behind the `=` would be read as a part of the sign.
    (is_kept && !text.starts_with('>') && !text.contains('\\')).then(|| text.replace(';', "\\;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension_of(text: &str) -> Option<String> {
        extension(&Extension::parse(text).expect("an extension")).map(ToOwned::to_owned)
    }

    fn device_of(text: &str) -> Option<(String, String)> {
        let device = Device::parse(text).expect("a device");
        super::device(&device).map(|(technology, name)| (technology.to_owned(), name.to_owned()))
    }

    #[test]
    fn a_number_that_is_a_pattern_or_special_is_not_written() {
        for text in ["1001", "*25", "#1", "+33123", "10_1", "1.1", "sales"] {
            assert_eq!(extension_of(text).as_deref(), Some(text));
        }
        for text in ["_X.", "_1001", "h", "H", "s", "i", "fax"] {
            assert_eq!(extension_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_device_that_asterisk_would_evaluate_is_not_written() {
        assert_eq!(device_of("PJSIP/a-1.b_c"), Some(("PJSIP".into(), "a-1.b_c".into())));
        assert_eq!(device_of("Local/1@default"), Some(("Local".into(), "1@default".into())));
        for text in
            ["PJSIP/${SHELL(id)}", "PJSIP/1&PJSIP/2", "PJSIP/1)", "PJSIP/$[1]", "SIP/\"1\"", "PJSIP/a|b", "A_B/1"]
        {
            assert_eq!(device_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_section_is_one_word_and_none_that_asterisk_keeps_for_itself() {
        assert_eq!(section("support"), Some("support"));
        for text in ["", "general", "GLOBALS", "a]b", "a b", "a(!)", "a;b"] {
            assert_eq!(section(text), None, "{text}");
        }
    }

    #[test]
    fn a_secret_is_read_as_it_is_or_not_written() {
        assert_eq!(secret("s3cret"), Some("s3cret".to_owned()));
        assert_eq!(secret("a;b"), Some("a\\;b".to_owned()));
        for text in ["", " a", "a ", "a\nb", ">a", "a\\b"] {
            assert_eq!(secret(text), None, "{text:?}");
        }
    }
}
