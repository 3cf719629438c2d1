//! How the columns of people, directory and switchboard answers are called on the wire. `live` puts them into notices;
//! which columns there are the settings say (settings §1.8), what stands in a row is not decided here.

use super::people::Headers;
use crate::settings::column::{ColumnType, Columns};

/// The switchboard's display; its number is of the office (`number_office`), which travels as `number` (protocol 4.15).
/// The rows have these members whatever an administrator sets, so it is no setting.
const SWITCHBOARD: [(&str, &str); 3] = [("", "status"), ("Name", "name"), ("Number", "number")];

/// The type as the client knows it; null for what it shows as plain text.
pub(crate) fn wire_type(kind: ColumnType) -> Option<&'static str> {
    match kind {
        ColumnType::Company | ColumnType::Fax => None,
        // Numbers that the client offers to call, as it does with the mobile one.
        ColumnType::Home | ColumnType::Other => Some(ColumnType::Callable.as_str()),
        _ => Some(kind.as_str()),
    }
}

/// For the old search `directory`: titles without the columns that are buttons (protocol 4.15).
pub(crate) fn directory(columns: &Columns) -> Vec<Box<str>> {
    let has_text = |kind| !matches!(kind, ColumnType::Favorite | ColumnType::Personal);
    columns.iter().filter(|column| has_text(column.kind)).map(|column| column.title.clone()).collect()
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
        let titles = directory(&Columns::default());
        assert_eq!(
            titles.iter().map(|title| &**title).collect::<Vec<_>>(),
            ["Name", "Number", "Mobile", "Voicemail", "E-mail"]
        );
    }
}
