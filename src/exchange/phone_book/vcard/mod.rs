//! The phone book as cards (vCard 2.1, RFC 2426, RFC 6350), as telephones and mail programs of twenty years write them:
//! names, companies, numbers and e-mail addresses are read, all else of a card is passed over, whatever it holds. What is
//! wrong with one of these costs the others nothing; a card that cannot be read is named by its line.

mod property;
mod write;

use std::collections::BTreeMap;

pub(super) use write::write;

use self::property::{Property, logical_lines};
use super::EntryFile;
use crate::exchange::contact_column::name_parts;
use crate::settings::phone_book::{EntryDetails, Field};
use crate::settings::phone_number::{PhoneNumber, WrittenNumber};

/// Ours, so that an export says where an entry stands.
const CONTEXT: &str = "X-CTIBOX-CONTEXT";

/// A card on its way to an entry.
#[derive(Default)]
struct Card {
    line: u64,
    has_version: bool,
    problem: Option<(u64, String)>,
    formatted_name: String,
    texts: BTreeMap<Field, String>,
    /// Whether the text that is there is a preferred one.
    is_preferred: BTreeMap<Field, bool>,
    /// Of an address for instant messages, for a card without another number.
    sip_number: Option<String>,
    /// What was left out of its properties, by line.
    remarks: Vec<(u64, String)>,
    left_out: usize,
    context: String,
    /// Whether lines without a colon go on with something that is passed over.
    is_passing_over: bool,
    is_agent_begun: bool,
    /// Cards inside of this one that are not ended yet (`AGENT`).
    inner_cards: usize,
}

/// The bytes are UTF-8, or each property says what its own are.
pub(super) fn read(bytes: &[u8]) -> EntryFile {
    let mut file = EntryFile::default();
    let mut card: Option<Card> = None;
    for (line, bytes) in logical_lines(bytes) {
        let property = Property::read(line, &bytes);
        let is_of_card = property.as_ref().is_some_and(Property::is_of_card);
        let name = property.as_ref().map_or("", |property| &property.name);
        card = match (name, card.take()) {
            ("BEGIN", Some(mut outer)) if is_of_card && outer.takes_inner_card() => {
                outer.inner_cards += 1;
                Some(outer)
            }
            ("BEGIN", unfinished) if is_of_card => {
                if let Some(unfinished) = unfinished {
                    file.fail(unfinished.line, &"the card is not ended");
                }
                Some(Card { line, ..Card::default() })
            }
            ("END", Some(mut outer)) if is_of_card && outer.inner_cards > 0 => {
                outer.inner_cards -= 1;
                Some(outer)
            }
            ("END", Some(card)) if is_of_card => {
                card.end(&mut file);
                None
            }
            ("END", None) if is_of_card => {
                file.fail(line, &"ends a card that was not begun");
                None
            }
            (_, Some(mut card)) => {
                card.take_line(line, property.as_ref());
                Some(card)
            }
            (_, None) => {
                file.fail(line, &"stands outside of a card");
                None
            }
        };
    }
    if let Some(unfinished) = card {
        file.fail(unfinished.line, &"the card is not ended");
    }
    file
}

impl Card {
    /// Behind an `AGENT` without a value a card stands in the card.
    fn takes_inner_card(&self) -> bool {
        self.inner_cards > 0 || self.is_agent_begun
    }

    fn take_line(&mut self, line: u64, property: Option<&Property>) {
        match property {
            _ if self.inner_cards > 0 => {}
            Some(property) => {
                self.is_passing_over = !property.is_read();
                self.is_agent_begun = property.name == "AGENT" && property.has_no_value();
                self.take(property);
            }
            // The rest of a note whose line breaks were never escaped.
            None if self.is_passing_over => {}
            None => self.remark(line, "left out: the line is no property, it has no colon"),
        }
    }

    fn take(&mut self, property: &Property) {
        if !property.is_read() {
            return;
        }
        let value = match property.text() {
            Ok(value) => value,
            Err(problem) => return self.remark(property.line, &format!("left out: {} {problem}", property.name)),
        };
        match &*property.name {
            "VERSION" if matches!(value.trim(), "2.1" | "3.0" | "4.0") => self.has_version = true,
            "VERSION" => self.fail(property.line, "is a version that is not known; 2.1, 3.0 and 4.0 are read"),
            "FN" if self.formatted_name.is_empty() => self.formatted_name = plain(&value),
            "N" => {
                let parts = split(&value, None);
                for (field, part) in [Field::LastName, Field::FirstName].into_iter().zip(&parts) {
                    let part = plain(part);
                    // Of names in several languages the first counts.
                    if self.text(field).is_empty() {
                        self.texts.insert(field, part);
                    }
                }
            }
            "ORG" => {
                let company = split(&value, None).into_iter().next().unwrap_or_default();
                self.put(Field::Company, &plain(&company), property);
            }
            "EMAIL" => self.put(Field::Email, &plain(&value), property),
            "TEL" => self.take_number(&plain(&value), property),
            "IMPP" | "X-SIP" => self.take_sip_address(&value),
            CONTEXT => self.context = plain(&value),
            _ => {}
        }
    }

    fn take_number(&mut self, value: &str, property: &Property) {
        if ["PAGER", "MODEM", "BBS", "TEXTPHONE"].iter().any(|word| property.is(word)) {
            self.left_out += 1;
            return;
        }
        let field = match () {
            () if property.is("FAX") => Field::Fax,
            () if ["CELL", "MOBILE", "IPHONE", "CAR"].iter().any(|word| property.is(word)) => Field::Mobile,
            () if property.is("HOME") => Field::Home,
            () if property.is("OTHER") || property.is("X-OTHER") => Field::Other,
            () => Field::Number,
        };
        self.put(field, value, property);
    }

    /// Addresses of other networks, or without a number, are none of a telephone.
    fn take_sip_address(&mut self, value: &str) {
        let is_sip = value.trim_start().get(..3).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sip"));
        if let Ok(Some(WrittenNumber { number, left_out: None })) = PhoneNumber::read(value)
            && is_sip
        {
            self.sip_number.get_or_insert_with(|| number.to_string());
        }
    }

    fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }

    /// The first good one stays, unless a later one is preferred; a second number is an other one, if there is none.
    fn put(&mut self, field: Field, text: &str, property: &Property) {
        let text = field.read(text, &mut |remark| self.remarks.push((property.line, remark)));
        if text.is_empty() || text == self.text(field) {
            return;
        }
        let is_preferred = property.is_preferred();
        let is_taken = !self.text(field).is_empty();
        if is_taken && !(is_preferred && self.is_preferred.get(&field) != Some(&true)) {
            return self.put_second(field, text);
        }
        self.is_preferred.insert(field, is_preferred);
        if let Some(before) = self.texts.insert(field, text).filter(|before| !before.is_empty()) {
            self.put_second(field, before);
        }
    }

    fn put_second(&mut self, field: Field, text: String) {
        let is_other = matches!(field, Field::Number | Field::Mobile | Field::Home);
        if is_other && self.text(Field::Other).is_empty() {
            self.texts.insert(Field::Other, text);
        } else {
            self.left_out += usize::from(text != self.text(Field::Other));
        }
    }

    fn fail(&mut self, line: u64, problem: &str) {
        self.problem.get_or_insert_with(|| (line, problem.to_owned()));
    }

    fn remark(&mut self, line: u64, remark: &str) {
        self.remarks.push((line, remark.to_owned()));
    }

    fn end(mut self, file: &mut EntryFile) {
        if let Some((line, problem)) = self.problem {
            return file.fail(line, &problem);
        }
        if !self.has_version {
            return file.fail(self.line, &"the card does not say its version");
        }
        let has_number = Field::ALL.iter().any(|field| field.is_number() && !self.text(*field).is_empty());
        if let Some(number) = self.sip_number.take().filter(|_| !has_number) {
            self.texts.insert(Field::Number, number);
        }
        self.name_from_whole();
        let (line, mut remarks) = (self.line, std::mem::take(&mut self.remarks));
        let details = EntryDetails::read(|field| self.text(field), |remark| remarks.push((line, remark)));
        if details.is_ok() {
            file.left_out += self.left_out;
        }
        remarks.into_iter().for_each(|(line, remark)| file.remark(line, &remark));
        file.take(line, details, &self.context);
    }

    /// Of a card without the parts of a name: its last word is the last name. A card must show something, so that the
    /// whole name may be the company or the number.
    fn name_from_whole(&mut self) {
        let has_name = [Field::FirstName, Field::LastName].iter().any(|field| !self.text(*field).is_empty());
        let others = [Field::Company, Field::Number, Field::Mobile, Field::Home, Field::Other];
        if has_name || others.iter().any(|field| self.text(*field) == self.formatted_name) {
            return;
        }
        let whole = std::mem::take(&mut self.formatted_name);
        let (first, last) = name_parts(&whole);
        self.texts.insert(Field::FirstName, first.to_owned());
        self.texts.insert(Field::LastName, last.to_owned());
    }
}

/// The parts between the semicolons that are neither escaped nor in quotes, if there are such; still escaped.
fn split(text: &str, quote: Option<char>) -> Vec<String> {
    let (mut parts, mut is_escaped, mut is_quoted) = (vec![String::new()], false, false);
    for sign in text.chars() {
        is_quoted ^= Some(sign) == quote;
        if sign == ';' && !is_escaped && !is_quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(sign);
        }
        is_escaped = sign == '\\' && !is_escaped;
    }
    parts
}

/// Escapes taken off; a line end is a blank.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            other => plain.push(if other.is_control() { ' ' } else { other }),
        }
    }
    plain.trim().to_owned()
}
