//! A row of the table that somebody imports as own contacts: which texts a contact takes from it, and what is said of the
//! rest. Pure: how many rows there may be and how long texts are is `address_book`'s.

use crate::exchange::contact_column::{ContactColumns, StandsTwice};
use crate::settings::phone_book::Field;
use crate::settings::phone_number::looks_like_number;

/// What stands where in each row.
#[derive(Debug, Clone)]
pub(crate) struct OwnContactColumns {
    known: ContactColumns,
    /// Columns of other programs, kept under their own names.
    others: Vec<(usize, Box<str>)>,
}

/// What a contact takes from one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnContactRow {
    pub(crate) texts: Vec<(Box<str>, Box<str>)>,
    /// What was left out of it.
    pub(crate) remarks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OwnContactFault {
    #[error(
        "the first line names none of the columns firstname, lastname, number, mobile, home, other, email, company, fax"
    )]
    NoColumn,
    #[error(transparent)]
    Twice(#[from] StandsTwice),
}

impl OwnContactColumns {
    pub(crate) fn of(header: &[String]) -> Result<Self, OwnContactFault> {
        let known = ContactColumns::of(header)?;
        if !known.names_contacts() {
            return Err(OwnContactFault::NoColumn);
        }
        // A contact gets its number here.
        let is_kept = |name: &str| !name.is_empty() && !name.eq_ignore_ascii_case("id");
        let others = known.unknown.iter().chain(&known.not_used).filter(|(_, name)| is_kept(name));
        let others = others.map(|(place, name)| (*place, name.as_str().into())).collect();
        Ok(Self { known, others })
    }

    /// Refused in words for a row that nobody would see.
    pub(crate) fn row(&self, cells: &[String], is_short: bool) -> Result<OwnContactRow, Box<str>> {
        if cells.iter().any(|cell| cell.contains('\u{fffd}')) {
            return Err("has letters that were lost: save the table in UTF-8".into());
        }
        let row = self.known.row(cells);
        let mut read = OwnContactRow { texts: Vec::new(), remarks: Vec::new() };
        for field in Field::ALL {
            let text = row.texts.get(&field).map_or("", |text| text.as_ref());
            let text = field.read(text, &mut |remark| read.remarks.push(remark));
            if is_short && matches!(field, Field::FirstName | Field::LastName) && looks_like_number(&text) {
                return Err("has a number for a name: a line break in a cell must stand in quotes".into());
            }
            if !text.is_empty() {
                read.texts.push((field.as_str().into(), text.into()));
            }
        }
        if read.texts.is_empty() {
            let remarks: String = read.remarks.iter().map(|remark| format!("; {remark}")).collect();
            return Err(format!("has neither a name nor a number{remarks}").into());
        }
        if row.left_out > 0 {
            read.remarks.push("a second text for one field was left out".to_owned());
        }
        let filled = self.others.iter().filter_map(|(place, name)| Some((name.clone(), cells.get(*place)?.trim())));
        read.texts.extend(filled.filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.into())));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    fn read(header: &str, line: &str) -> Result<OwnContactRow, Box<str>> {
        OwnContactColumns::of(&cells(header)).expect("columns").row(&cells(line), false)
    }

    fn texts(row: &OwnContactRow) -> Vec<(&str, &str)> {
        row.texts.iter().map(|(name, text)| (&**name, &**text)).collect()
    }

    #[test]
    fn columns_of_other_programs_are_read_as_meant_and_an_id_is_left_out() {
        let row = read("id;First Name;Last Name;Mobile;Hobby;url", "7;Semi;Colon;514 555-0103;Chess;").expect("a row");
        let texts = texts(&row);
        assert_eq!(texts, [("firstname", "Semi"), ("lastname", "Colon"), ("mobile", "5145550103"), ("Hobby", "Chess")]);
        assert_eq!(row.remarks, [""; 0]);
    }

    #[test]
    fn what_cannot_be_kept_of_a_row_is_said() {
        let row = read("firstname;number;email", "Ina;030 5550109 x12;no address").expect("a row");
        assert_eq!(texts(&row), [("firstname", "Ina"), ("number", "0305550109")]);
        assert_eq!(row.remarks.len(), 2, "{:?}", row.remarks);
    }

    #[test]
    fn a_row_that_nobody_would_see_is_refused() {
        assert_eq!(OwnContactColumns::of(&cells("shoe size;hat")).expect_err("none"), OwnContactFault::NoColumn);
        assert_eq!(read("firstname;hat", ";44").expect_err("nothing").as_ref(), "has neither a name nor a number");
        assert!(read("firstname;number", ";n/a").is_err());
        assert!(read("firstname", "M\u{fffd}ller").expect_err("lost").contains("UTF-8"));
        assert!(OwnContactColumns::of(&cells("number;Number")).expect_err("twice").to_string().contains("twice"));
    }
}
