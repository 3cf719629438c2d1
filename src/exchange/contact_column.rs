//! What the columns of other programs' tables of people are called: XiVO's phone book of both generations, Outlook, Google
//! and what people write themselves, in some languages. `phone_book` and `address_book` read their tables by it,
//! and `user_import` what it knows of people.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::settings::fold::fold;
use crate::settings::phone_book::Field;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContactMeaning {
    Field(Field),
    /// First and last name in one.
    WholeName,
    /// The whole name, or the last one beside a column of first names.
    Name,
    Context,
    /// A number whose kind another column says: `Phone 1 - Value`.
    Labelled(u8),
    LabelOf(u8),
    /// Some program knows it; there is no place for it here.
    NotUsed,
}

/// Known names without blanks, dashes and accents, in small letters. XiVO's older names first, then its newer ones.
const NAMES: &[(ContactMeaning, &[&str])] = &[
    (
        ContactMeaning::WholeName,
        &["displayname", "fullname", "fileas", "nomcomplet", "anzeigename", "vollstandigername"],
    ),
    (ContactMeaning::Name, &["name", "nom"]),
    (
        ContactMeaning::Field(Field::FirstName),
        &["firstname", "givenname", "forename", "first", "prenom", "vorname", "nombre", "nome", "voornaam"],
    ),
    (
        ContactMeaning::Field(Field::LastName),
        &[
            "lastname",
            "familyname",
            "surname",
            "last",
            "nomdefamille",
            "nachname",
            "familienname",
            "apellido",
            "apellidos",
            "cognome",
            "achternaam",
        ],
    ),
    (
        ContactMeaning::Field(Field::Number),
        &[
            "officenumber",
            "numberoffice",
            "number",
            "phone",
            "phonenumber",
            "telephone",
            "telephonenumber",
            "tel",
            "businessphone",
            "workphone",
            "officephone",
            "primaryphone",
            "mainphone",
            "telefon",
            "telefonnummer",
            "rufnummer",
            "telefongeschaftlich",
            "telephonebureau",
            "telephoneprofessionnel",
            "telbureau",
            "numero",
            "telefono",
        ],
    ),
    (
        ContactMeaning::Field(Field::Mobile),
        &[
            "mobilenumber",
            "numbermobile",
            "mobile",
            "mobilephone",
            "mobilephonenumber",
            "cell",
            "cellphone",
            "cellular",
            "gsm",
            "portable",
            "telephonemobile",
            "telmobile",
            "telephoneportable",
            "handy",
            "mobil",
            "mobiltelefon",
            "mobilnummer",
            "movil",
            "cellulare",
        ],
    ),
    (
        ContactMeaning::Field(Field::Email),
        &[
            "email",
            "mail",
            "emailaddress",
            "email1value",
            "courriel",
            "adressedemessagerie",
            "adressemail",
            "emailadresse",
            "correo",
            "correoelectronico",
        ],
    ),
    (
        ContactMeaning::Field(Field::Company),
        &[
            "society",
            "company",
            "companyname",
            "organization",
            "organisation",
            "organizationname",
            "organization1name",
            "societe",
            "entreprise",
            "firma",
            "firm",
            "empresa",
            "azienda",
            "bedrijf",
        ],
    ),
    (
        ContactMeaning::Field(Field::Fax),
        &["faxnumber", "numberfax", "fax", "businessfax", "workfax", "telecopie", "telecopiebureau", "faxgeschaftlich"],
    ),
    (
        ContactMeaning::Field(Field::Home),
        &["homenumber", "numberhome", "home", "homephone", "telefonprivat", "privat", "domicile", "telephonedomicile"],
    ),
    (
        ContactMeaning::Field(Field::Other),
        &[
            "othernumber",
            "numberother",
            "other",
            "otherphone",
            "companymainphone",
            "businessphone2",
            "telephonebureau2",
            "telefongeschaftlich2",
            "weiterestelefon",
            "autretelephone",
        ],
    ),
    (ContactMeaning::Context, &["context"]),
    (
        ContactMeaning::NotUsed,
        &[
            "title",
            "url",
            "description",
            "id",
            "officeaddress1",
            "officeaddress2",
            "officecity",
            "officestate",
            "officezipcode",
            "officecountry",
            "homeaddress1",
            "homeaddress2",
            "homecity",
            "homestate",
            "homezipcode",
            "homecountry",
            "otheraddress1",
            "otheraddress2",
            "othercity",
            "otherstate",
            "otherzipcode",
            "othercountry",
            "addressofficeaddress1",
            "addressofficeaddress2",
            "addressofficecity",
            "addressofficestate",
            "addressofficezipcode",
            "addressofficecountry",
            "addresshomeaddress1",
            "addresshomeaddress2",
            "addresshomecity",
            "addresshomestate",
            "addresshomezipcode",
            "addresshomecountry",
            "addressotheraddress1",
            "addressotheraddress2",
            "addressothercity",
            "addressotherstate",
            "addressotherzipcode",
            "addressothercountry",
        ],
    ),
];

/// Where in the rows of a table what stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContactColumns {
    known: Vec<(ContactMeaning, usize)>,
    /// Columns that XiVO's phone book had and that have no place in ours, with their places.
    pub(crate) not_used: Vec<(usize, String)>,
    /// Columns that nobody knows, with their places.
    pub(crate) unknown: Vec<(usize, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the column {0} stands twice")]
pub(crate) struct StandsTwice(String);

/// What one row says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ContactRow<'a> {
    pub(crate) texts: BTreeMap<Field, Cow<'a, str>>,
    pub(crate) context: &'a str,
    /// Filled cells for which there was no place any more.
    pub(crate) left_out: usize,
}

/// Whether somebody calls a column so.
pub(crate) fn is_known(name: &str) -> bool {
    meaning(&bare(name)).is_some()
}

impl ContactColumns {
    pub(crate) fn of(header: &[String]) -> Result<Self, StandsTwice> {
        let mut columns = Self::default();
        let names: Vec<String> = header.iter().map(|name| bare(name)).collect();
        for (place, (name, written)) in names.iter().zip(header).enumerate() {
            match meaning(name) {
                Some(ContactMeaning::NotUsed) => columns.not_used.push((place, written.clone())),
                Some(_) if names[..place].contains(name) => return Err(StandsTwice(written.to_lowercase())),
                Some(meaning) => columns.known.push((meaning, place)),
                None if written.is_empty() => {}
                None => columns.unknown.push((place, written.clone())),
            }
        }
        let has_first_name = columns.has(ContactMeaning::Field(Field::FirstName));
        let is_last_name = has_first_name && !columns.has(ContactMeaning::Field(Field::LastName));
        for (meaning, _) in columns.known.iter_mut().filter(|(meaning, _)| *meaning == ContactMeaning::Name) {
            *meaning = if is_last_name { ContactMeaning::Field(Field::LastName) } else { ContactMeaning::WholeName };
        }
        Ok(columns)
    }

    fn has(&self, meaning: ContactMeaning) -> bool {
        self.known.iter().any(|(known, _)| *known == meaning)
    }

    /// Whether a name, a number, a company or an address can stand in a row.
    pub(crate) fn names_contacts(&self) -> bool {
        self.known.iter().any(|(meaning, _)| !matches!(meaning, ContactMeaning::Context | ContactMeaning::LabelOf(_)))
    }

    pub(crate) fn has_numbers(&self) -> bool {
        let is_number = |meaning: &ContactMeaning| match meaning {
            ContactMeaning::Field(field) => field.is_number(),
            ContactMeaning::Labelled(_) => true,
            _ => false,
        };
        self.known.iter().any(|(meaning, _)| is_number(meaning))
    }

    /// What the cells say, one a column.
    pub(crate) fn row<'a>(&self, cells: &'a [String]) -> ContactRow<'a> {
        let mut row = ContactRow::default();
        let mut whole_name = "";
        for (meaning, place) in &self.known {
            let cell = cells.get(*place).map_or("", |cell| cell.trim());
            match meaning {
                ContactMeaning::Field(field) => row.put(*field, cell),
                ContactMeaning::Labelled(number) => match self.field_of(*number, cells) {
                    Some(field) => row.put(field, cell),
                    None => row.left_out += usize::from(!cell.is_empty()),
                },
                ContactMeaning::WholeName | ContactMeaning::Name => {
                    whole_name = if whole_name.is_empty() { cell } else { whole_name }
                }
                ContactMeaning::Context => row.context = cell,
                ContactMeaning::LabelOf(_) | ContactMeaning::NotUsed => {}
            }
        }
        row.take_whole_name(whole_name);
        row
    }

    /// By the label beside it; None for what nobody calls.
    fn field_of(&self, number: u8, cells: &[String]) -> Option<Field> {
        let label = self.known.iter().find(|(meaning, _)| *meaning == ContactMeaning::LabelOf(number));
        let label = label.and_then(|(_, place)| cells.get(*place)).map(|cell| bare(cell)).unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
        match () {
            () if has(&["pager", "modem"]) => None,
            () if has(&["fax", "telecop"]) => Some(Field::Fax),
            () if has(&["mobil", "cell", "portable", "handy", "iphone"]) => Some(Field::Mobile),
            () if has(&["home", "domicile", "privat"]) => Some(Field::Home),
            () if has(&["other", "autre", "sonstig"]) => Some(Field::Other),
            () => Some(Field::Number),
        }
    }
}

impl<'a> ContactRow<'a> {
    /// The first one stays; a second number is an other one, if there is none.
    fn put(&mut self, field: Field, text: &'a str) {
        if text.is_empty() {
            return;
        }
        let is_taken = |field: Field| self.texts.contains_key(&field);
        match field {
            _ if !is_taken(field) => drop(self.texts.insert(field, Cow::Borrowed(text))),
            _ if self.texts[&field] == text => {}
            Field::Number | Field::Mobile | Field::Home if !is_taken(Field::Other) => {
                self.texts.insert(Field::Other, Cow::Borrowed(text));
            }
            _ => self.left_out += 1,
        }
    }

    /// Of a row without the parts of a name.
    fn take_whole_name(&mut self, whole: &'a str) {
        let has_parts = [Field::FirstName, Field::LastName].iter().any(|field| self.texts.contains_key(field));
        let is_company = self.texts.get(&Field::Company).is_some_and(|company| company == whole);
        if has_parts || is_company {
            return;
        }
        let (first, last) = name_parts(whole);
        self.put(Field::FirstName, first);
        self.put(Field::LastName, last);
    }
}

/// `Zoe Roe` and `Roe, Zoe`: the first name and the last; of one word the first.
pub(crate) fn name_parts(whole: &str) -> (&str, &str) {
    let whole = whole.trim();
    match (whole.split_once(','), whole.rsplit_once(' ')) {
        (Some((last, first)), _) if !first.contains(',') && !first.trim().is_empty() => (first.trim(), last.trim()),
        (_, Some((first, last))) => (first.trim(), last),
        _ => (whole, ""),
    }
}

/// What a column of that name, without blanks, dashes and accents, says of a person; `Name` beside first names is the last
/// one.
pub(super) fn person_field(bare: &str) -> Option<Field> {
    match meaning(bare)? {
        ContactMeaning::Field(field) => Some(field),
        ContactMeaning::Name => Some(Field::LastName),
        _ => None,
    }
}

/// Without blanks, dashes and accents.
pub(super) fn bare(name: &str) -> String {
    fold(name).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

fn meaning(bare: &str) -> Option<ContactMeaning> {
    let known = NAMES.iter().find(|(_, names)| names.contains(&bare)).map(|(meaning, _)| *meaning);
    known.or_else(|| labelled(bare))
}

/// Google's `Phone 1 - Value` beside `Phone 1 - Label` or `Phone 1 - Type`.
fn labelled(bare: &str) -> Option<ContactMeaning> {
    let rest = bare.strip_prefix("phone")?;
    let number = |end| rest.strip_suffix(end).and_then(|number| number.parse().ok());
    let label = || number("label").or_else(|| number("type"));
    number("value").map(ContactMeaning::Labelled).or_else(|| label().map(ContactMeaning::LabelOf))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str, row: &str) -> Vec<(Field, String)> {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let columns = ContactColumns::of(&cells(header)).expect("columns");
        let row = cells(row);
        columns.row(&row).texts.into_iter().map(|(field, text)| (field, text.into_owned())).collect()
    }

    fn are(texts: &[(Field, &str)]) -> Vec<(Field, String)> {
        texts.iter().map(|(field, text)| (*field, (*text).to_owned())).collect()
    }

    #[test]
    fn columns_are_known_by_the_names_of_many_programs() {
        use Field::{Company, Email, Fax, FirstName, LastName, Mobile, Number};
        let texts = are(&[
            (FirstName, "Zoe"),
            (LastName, "Roe"),
            (Number, "1"),
            (Mobile, "2"),
            (Email, "z@x"),
            (Company, "A"),
            (Fax, "3"),
        ]);
        for header in [
            "firstname,lastname,number,mobile,email,company,fax",
            "firstname,lastname,officenumber,mobilenumber,email,society,faxnumber",
            "firstname,lastname,number_office,number_mobile,email,society,number_fax",
            "First Name,Last Name,Business Phone,Mobile Phone,E-mail Address,Company,Business Fax",
            "Prénom,Nom,Téléphone (bureau),Tél. mobile,Adresse de messagerie,Société,Télécopie (bureau)",
            "Vorname,Nachname,Telefon (geschäftlich),Mobiltelefon,E-Mail-Adresse,Firma,Fax geschäftlich",
        ] {
            assert_eq!(read(header, "Zoe,Roe,1,2,z@x,A,3"), texts, "{header}");
        }
    }

    #[test]
    fn a_whole_name_is_parted_where_there_are_no_parts() {
        use Field::{FirstName, LastName};
        let parts = are(&[(FirstName, "Zoe"), (LastName, "Roe")]);
        assert_eq!(read("displayname,firstname,lastname", "Z. R.,Zoe,Roe"), parts);
        assert_eq!(read("displayname,firstname,lastname", "Zoe Roe,,"), parts);
        assert_eq!(read("Name", "Zoe Roe"), parts);
        assert_eq!(read("name,vorname", "Roe,Zoe"), parts);
        assert_eq!(name_parts("Roe, Zoe"), ("Zoe", "Roe"));
        assert_eq!(name_parts("Cher"), ("Cher", ""));
    }

    #[test]
    fn home_and_other_numbers_have_their_columns_and_a_second_number_is_another_one() {
        use Field::{Home, Number, Other};
        let texts = are(&[(Number, "1"), (Home, "2"), (Other, "3")]);
        for header in [
            "officenumber,homenumber,othernumber",
            "number_office,number_home,number_other",
            "Business Phone,Home Phone,Other Phone",
            "phone,home,telephone",
        ] {
            assert_eq!(read(header, "1,2,3"), texts, "{header}");
        }
    }

    #[test]
    fn a_number_may_have_its_kind_beside_it() {
        let header = "First Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value";
        let texts = are(&[(Field::FirstName, "Zoe"), (Field::Number, "1"), (Field::Mobile, "2")]);
        assert_eq!(read(header, "Zoe,* mobile,2,Work,1"), texts);
    }

    #[test]
    fn a_column_that_stands_twice_is_named_and_a_second_name_for_one_fills_gaps() {
        let header = ["number", "Number"].map(str::to_owned);
        assert_eq!(ContactColumns::of(&header).expect_err("twice").to_string(), "the column number stands twice");
        let columns = ContactColumns::of(&["phone", "number"].map(str::to_owned)).expect("columns");
        let cells = ["", "2"].map(str::to_owned);
        assert_eq!(columns.row(&cells).texts[&Field::Number], "2");
        let columns = ContactColumns::of(&["fax", "number_fax"].map(str::to_owned)).expect("columns");
        let cells = ["1", "2"].map(str::to_owned);
        assert_eq!((columns.row(&cells).texts[&Field::Fax].as_ref(), columns.row(&cells).left_out), ("1", 1));
    }
}
