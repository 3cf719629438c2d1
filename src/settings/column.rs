//! The columns of the people xlet as an administrator sets them: a list of types, each with the title above it (settings
//! §1.8). `setting` takes and keeps their text, `live` fills the cells, `protocol` spells the types on the wire.

use std::fmt;
use std::sync::Arc;

use super::string_enum::string_enum;

string_enum! {
    /// What stands in a column's cells. The first eight are types that the client knows (settings §1.8, client (c)); the
    /// others are texts that it shows as they are.
    ColumnType, S1, ColumnType {
        Name = "name",
        Number = "number",
        Callable = "callable",
        Voicemail = "voicemail",
        Favorite = "favorite",
        Email = "email",
        Personal = "personal",
        Agent = "agent",
        Company = "company",
        Fax = "fax",
        Home = "home",
        Other = "other",
    }
}

/// The default columns of settings §1.8, in English.
pub(crate) const ENGLISH: &str =
    "name=Name,number=Number,callable=Mobile,voicemail=Voicemail,favorite=Favorite,email=E-mail,personal=Personal";
/// The same as settings §1.8 has them, for French default data.
pub(crate) const FRENCH: &str =
    "name=Nom,number=Numéro,callable=Mobile,voicemail=Boîte vocale,favorite=Favoris,email=E-mail,personal=Personnel";

/// The characters of a title.
pub(crate) const TITLE_CHARACTERS_MAX: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) kind: ColumnType,
    pub(crate) title: Box<str>,
}

/// No type twice, `name` among them; shared by all that is told of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(Arc<[Column]>);

impl Columns {
    /// Takes `name=Name,number=Number`, or says what such a list must be. A comma ends a title, so none holds one.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: String| format!("a list of columns like name=Name,number=Number, but {what}");
        let mut columns: Vec<Column> = Vec::new();
        for part in text.split(',') {
            let column = column(part.trim()).map_err(wrong)?;
            if columns.iter().any(|other| other.kind == column.kind) {
                return Err(wrong(format!("the type {} stands there twice", column.kind)));
            }
            columns.push(column);
        }
        if columns.iter().all(|column| column.kind != ColumnType::Name) {
            return Err(wrong("the type name is missing".to_owned()));
        }
        Ok(Self(columns.into()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Column> {
        self.0.iter()
    }
}

fn column(text: &str) -> Result<Column, String> {
    let Some((word, title)) = text.split_once('=') else {
        return Err(format!("{text:?} is no TYPE=TITLE (a title holds no comma)"));
    };
    let word = word.trim().to_ascii_lowercase();
    let kind = ColumnType::parse(&word).map_err(|refusal| format!("{} {}", refusal.on, refusal.problem))?;
    let title = title.trim();
    let characters = title.chars().count();
    if !(1..=TITLE_CHARACTERS_MAX).contains(&characters) {
        return Err(format!(
            "the title of {kind} has {characters} characters; it must have 1 to {TITLE_CHARACTERS_MAX}"
        ));
    }
    if title.chars().any(char::is_control) {
        return Err(format!("the title of {kind} holds a control character"));
    }
    Ok(Column { kind, title: title.into() })
}

impl Default for Columns {
    fn default() -> Self {
        Self::parse(ENGLISH).expect("the default columns are columns, as a test shows")
    }
}

/// The one canonical text.
impl fmt::Display for Columns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Column { kind, title }) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}{kind}={title}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_one_text() {
        for (text, canonical) in [
            (ENGLISH, ENGLISH),
            (FRENCH, FRENCH),
            (" Number = Nr = 1 , NAME=Who is it", "number=Nr = 1,name=Who is it"),
            ("name=N,company=Firm,fax=Fax", "name=N,company=Firm,fax=Fax"),
            ("name=N,agent=Agent", "name=N,agent=Agent"),
        ] {
            assert_eq!(Columns::parse(text).expect("columns").to_string(), canonical);
        }
        assert_eq!(Columns::default().to_string(), ENGLISH);
    }

    #[test]
    fn what_is_no_list_of_columns_is_refused_with_the_reason() {
        let long = format!("name={}", "é".repeat(65));
        for (text, reason) in [
            ("", r#""" is no TYPE=TITLE"#),
            ("name=Last, first", r#""first" is no TYPE=TITLE (a title holds no comma)"#),
            ("name=Name,", r#""" is no TYPE=TITLE"#),
            ("nam=Name", r#"column type "nam" must be one of name, number, "#),
            ("name=Name,number=A,Number=B", "the type number stands there twice"),
            ("number=Number", "the type name is missing"),
            ("name= ", "the title of name has 0 characters; it must have 1 to 64"),
            (&long, "the title of name has 65 characters"),
            ("name=a\u{7}b", "the title of name holds a control character"),
        ] {
            let refusal = Columns::parse(text).expect_err(text);
            assert!(refusal.contains(reason), "{text:?}: {refusal}");
        }
        assert!(Columns::parse(&format!("name={}", "é".repeat(64))).is_ok());
    }
}
