//! What is typed otherwise than it is written: umlauts by two letters, a span of time with a blank in it, a field by another
//! name. Used by `Query` and by what it looks into; pure.

use unicode_normalization::UnicodeNormalization as _;

use crate::settings::fold::fold;

/// The field that is asked for moments.
const TIME: &str = "time";

/// Its other names, each with what stands before the value then.
const TIME_NAMES: [(&str, &str); 3] = [(TIME, ""), ("when", ""), ("since", ">=")];

/// Folded, with umlauts by two letters: `mueller` of `Müller`, which `fold` makes `muller` of. None: there are none.
pub(in crate::tui) fn spelled_out(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let (mut spelled, mut is_other) = (String::with_capacity(text.len() + 2), false);
    for letter in text.nfc() {
        let letters = match letter {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
            'ü' | 'Ü' => "ue",
            other => {
                spelled.push(other);
                continue;
            }
        };
        spelled.push_str(letters);
        is_other = true;
    }
    is_other.then(|| fold(&spelled))
}

/// Both ways, folded.
pub(super) fn spellings(text: &str) -> impl Iterator<Item = String> {
    [fold(text)].into_iter().chain(spelled_out(text))
}

/// Pieces of what was typed as they are meant: `time:1` and `h` are one, `when:` is `time:`.
pub(super) fn mended(pieces: Vec<Vec<String>>, fields: &[&'static str]) -> Vec<Vec<String>> {
    if !fields.contains(&TIME) {
        return pieces;
    }
    let mut mended: Vec<Vec<String>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (mended.last_mut().map(Vec::as_mut_slice), piece.as_slice()) {
            (Some([number]), [unit]) if is_span_begun(number) && is_unit(unit) => number.push_str(unit),
            _ => mended.push(piece),
        }
    }
    for part in mended.iter_mut().flatten() {
        if let Some((before, prefix, value)) = of_time(part) {
            *part = format!("{before}{TIME}:{}{value}", if value.is_empty() { "" } else { prefix });
        }
    }
    mended
}

/// The mark before the field, what stands before the value, and the value, of what asks for moments.
fn of_time(part: &str) -> Option<(&'static str, &'static str, &str)> {
    let (before, rest) = part.strip_prefix('!').map_or(("", part), |rest| ("!", rest));
    let (name, value) = rest.split_once(':')?;
    let name = fold(name);
    let (_, prefix) = TIME_NAMES.iter().find(|(known, _)| *known == name)?;
    Some((before, prefix, value))
}

fn is_span_begun(part: &str) -> bool {
    let value = of_time(part).map_or("", |(_, _, value)| value.trim_start_matches(['<', '>']));
    !value.is_empty() && value.bytes().all(|letter| letter.is_ascii_digit())
}

fn is_unit(part: &str) -> bool {
    seconds_of(&fold(part)).is_some()
}

/// How long that is.
pub(in crate::tui) fn seconds_of(unit: &str) -> Option<i64> {
    match unit {
        "s" | "sec" | "second" | "seconds" => Some(1),
        "m" | "min" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3600),
        "d" | "day" | "days" => Some(86_400),
        "w" | "week" | "weeks" => Some(604_800),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_have_two_spellings() {
        for (text, spelled) in [
            ("Müller", Some("mueller")),
            ("MU\u{308}LLER", Some("mueller")),
            ("Jörg Weiß", Some("joerg weiss")),
            ("Änne", Some("aenne")),
            ("Zoé", None),
            ("Mueller", None),
        ] {
            assert_eq!(spelled_out(text).as_deref(), spelled, "{text}");
        }
    }

    #[test]
    fn a_span_with_a_blank_and_a_field_by_another_name_are_understood() {
        let of = |parts: &[&str]| {
            let pieces = parts.iter().map(|part| vec![(*part).to_owned()]).collect();
            mended(pieces, &["who", "time"]).concat()
        };
        assert_eq!(of(&["time:1", "h", "kuhn"]), ["time:1h", "kuhn"]);
        assert_eq!(of(&["!when:<10", "min"]), ["!time:<10min"]);
        assert_eq!(of(&["since:10:55"]), ["time:>=10:55"]);
        assert_eq!(of(&["since:", "who:1", "h"]), ["time:", "who:1", "h"]);
        assert_eq!(mended(vec![vec!["when:1".to_owned()]], &["who"]).concat(), ["when:1"]);
    }
}
