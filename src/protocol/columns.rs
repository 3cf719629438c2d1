//! The columns of people, directory and switchboard answers (settings 1.8), in English. `features` puts them into
//! notices; what stands in a row is not decided here.

use super::notice::Headers;

/// Title and type of each column of the people xlet.
const PEOPLE: [(&str, &str); 7] = [
    ("Name", "name"),
    ("Number", "number"),
    ("Mobile", "callable"),
    ("Voicemail", "voicemail"),
    ("Favorite", "favorite"),
    ("E-mail", "email"),
    ("Personal", "personal"),
];

/// The switchboard's display; its number is of the office (`number_office`), which travels as `number` (protocol 4.15).
const SWITCHBOARD: [(&str, &str); 3] = [("", "status"), ("Name", "name"), ("Number", "number")];

/// For `people_headers` and the answers that repeat them.
pub(crate) fn people() -> Headers {
    Headers(&PEOPLE)
}

/// For the old search `directory`: titles without the columns that are buttons (protocol 4.15).
pub(crate) fn directory() -> Vec<&'static str> {
    PEOPLE.iter().filter(|(_, kind)| !matches!(*kind, "favorite" | "personal")).map(|(title, _)| *title).collect()
}

/// For `get_switchboard_directory_headers`.
pub(crate) fn switchboard() -> Headers {
    Headers(&SWITCHBOARD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_search_has_no_buttons() {
        assert_eq!(directory(), ["Name", "Number", "Mobile", "Voicemail", "E-mail"]);
    }
}
