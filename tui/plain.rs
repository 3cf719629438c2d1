//! The rim at which what other rooms say becomes what people read here: rules have codes, which commands print and the
//! documents explain, and people have no use for them; who changed something is a person before an account. Pure.

/// Without the codes of rules that stand in brackets: `… (rule P12).` is `….`
pub(super) fn without_codes(text: &str) -> String {
    const BEFORE: &str = " (rule ";
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEFORE) {
        let (before, after) = (&rest[..at], &rest[at + BEFORE.len()..]);
        plain.push_str(before);
        match after.split_once(')') {
            Some((code, behind)) if is_code(code) => rest = behind,
            _ => {
                plain.push_str(BEFORE);
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// A letter and a number.
fn is_code(text: &str) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|first| first.is_ascii_uppercase())
        && text.len() > 1
        && signs.all(|sign| sign.is_ascii_digit())
}

/// `alice (as root)` of whom the audit calls `root (sudo by alice)`: the person stands first.
pub(super) fn person(recorded: &str) -> String {
    let by = recorded.split_once(" (sudo by ").and_then(|(account, rest)| Some((rest.strip_suffix(')')?, account)));
    by.map_or_else(|| recorded.to_owned(), |(person, account)| format!("{person} (as {account})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_rules_are_left_out_and_all_else_stays() {
        for (text, plain) in [
            ("profile \"A\": has no xlet (rule F9)", "profile \"A\": has no xlet"),
            ("x is wrong (rule U3); y too (rule P12).", "x is wrong; y too."),
            ("a house rule (rule of three)", "a house rule (rule of three)"),
            ("cut (rule P", "cut (rule P"),
            ("é (rule 1) (rule H2)", "é (rule 1)"),
        ] {
            assert_eq!(without_codes(text), plain);
        }
    }

    #[test]
    fn the_person_behind_sudo_stands_first() {
        assert_eq!(person("root (sudo by alice)"), "alice (as root)");
        for other in ["root", "uid 1000", "odd (sudo by ", ""] {
            assert_eq!(person(other), other);
        }
    }
}
