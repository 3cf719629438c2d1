//! The phone book as cards (vCard 2.1, RFC 2426, RFC 6350): names, companies, numbers and e-mail addresses are read, all
//! else of a card is passed over. A card that cannot be read is named by its line, the others are read all the same.

use std::collections::BTreeMap;

use super::file::EntryFile;
use super::{EntryDetails, Field};

/// Ours, so that an export says where an entry stands.
const CONTEXT: &str = "X-CTIBOX-CONTEXT";
/// The longest line of a card, in bytes (RFC 6350, 3.2).
const LINE_BYTES: usize = 75;

/// One line of a card, put together from all that it was folded into.
struct Property {
    line: u64,
    /// In capitals, without its group.
    name: String,
    /// In capitals; a bare one of version 2.1 has no name.
    parameters: Vec<(String, String)>,
    value: String,
}

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
    left_out: usize,
    context: String,
}

pub(super) fn read(text: &str) -> EntryFile {
    let mut file = EntryFile::default();
    let mut card: Option<Card> = None;
    for (line, text) in unfolded(text) {
        let Some(property) = Property::read(line, &text) else {
            match &mut card {
                Some(card) => card.fail(line, "is no property: it has no colon"),
                None => file.fail(line, &"stands outside of a card"),
            }
            continue;
        };
        let is_of_card = property.value.trim().eq_ignore_ascii_case("VCARD");
        match (&*property.name, &mut card) {
            ("BEGIN", unfinished) if is_of_card => {
                if let Some(unfinished) = unfinished.replace(Card { line, ..Card::default() }) {
                    file.fail(unfinished.line, &"the card is not ended");
                }
            }
            ("END", _) if is_of_card => match card.take() {
                Some(card) => card.end(&mut file),
                None => file.fail(line, &"ends a card that was not begun"),
            },
            (_, Some(card)) => card.take(&property),
            (_, None) => file.fail(line, &"stands outside of a card"),
        }
    }
    if let Some(unfinished) = card {
        file.fail(unfinished.line, &"the card is not ended");
    }
    file
}

/// Lines with what was folded away from them, and the number on which each begins; empty ones are none.
fn unfolded(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut is_soft = false;
    for (number, line) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
        let line = line.trim_end_matches('\r');
        let folded = line.strip_prefix([' ', '\t']);
        match lines.last_mut() {
            // In quoted-printable a line that ends with `=` goes on in the next, whatever that begins with.
            Some((_, before)) if is_soft => {
                before.pop();
                before.push_str(line);
            }
            Some((_, before)) if folded.is_some() => before.push_str(folded.unwrap_or_default()),
            _ if line.trim().is_empty() => continue,
            _ => lines.push((number, line.to_owned())),
        }
        is_soft = lines.last().is_some_and(|(_, line)| line.ends_with('=') && is_quoted_printable(line));
    }
    lines
}

fn is_quoted_printable(line: &str) -> bool {
    line.split(':').next().is_some_and(|head| head.to_ascii_uppercase().contains("QUOTED-PRINTABLE"))
}

impl Property {
    fn read(line: u64, text: &str) -> Option<Self> {
        let mut is_quoted = false;
        let colon = text.find(|sign| {
            is_quoted ^= sign == '"';
            sign == ':' && !is_quoted
        })?;
        let (head, value) = (&text[..colon], text[colon + 1..].to_owned());
        let mut parts = split(head, Some('"')).into_iter();
        let name = parts.next()?.to_ascii_uppercase();
        let name = name.rsplit('.').next().unwrap_or_default().trim().to_owned();
        let parameter = |part: String| {
            let part = part.to_ascii_uppercase();
            match part.split_once('=') {
                Some((name, value)) => (name.trim().to_owned(), value.replace('"', "").trim().to_owned()),
                None => (String::new(), part.trim().to_owned()),
            }
        };
        Some(Self { line, name, parameters: parts.map(parameter).collect(), value })
    }

    /// Whether it is of this type: `TYPE=CELL`, `TYPE="voice,cell"`, or `CELL` in version 2.1.
    fn is(&self, word: &str) -> bool {
        let types = self.parameters.iter().filter(|(name, _)| name.is_empty() || name == "TYPE");
        types.flat_map(|(_, value)| value.split(',')).any(|found| found.trim() == word)
    }

    fn is_preferred(&self) -> bool {
        self.is("PREF") || self.parameters.iter().any(|(name, value)| name == "PREF" && value == "1")
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The value with its encoding taken off.
    fn decoded(&self) -> Result<String, String> {
        let bare = self.parameters.iter().find(|(name, value)| name.is_empty() && value == "QUOTED-PRINTABLE");
        let encoding = self.parameter("ENCODING").or(bare.map(|(_, value)| value.as_str()));
        if encoding != Some("QUOTED-PRINTABLE") {
            return Ok(self.value.clone());
        }
        let bytes = quoted_printable(&self.value);
        match self.parameter("CHARSET").unwrap_or("UTF-8") {
            "UTF-8" | "US-ASCII" => String::from_utf8(bytes).map_err(|_| "is not UTF-8 as it says".to_owned()),
            "ISO-8859-1" => Ok(bytes.into_iter().map(char::from).collect()),
            other => Err(format!("has the character set {other}; UTF-8 and ISO-8859-1 are read")),
        }
    }
}

/// An escape that is none stays as it is.
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match escaped.filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    bytes
}

impl Card {
    fn take(&mut self, property: &Property) {
        let value = match property.decoded() {
            Ok(value) => value,
            Err(problem) => return self.fail(property.line, &problem),
        };
        match &*property.name {
            "VERSION" if matches!(value.trim(), "2.1" | "3.0" | "4.0") => self.has_version = true,
            "VERSION" => self.fail(property.line, "is a version that is not known; 2.1, 3.0 and 4.0 are read"),
            "FN" if self.formatted_name.is_empty() => self.formatted_name = plain(&value),
            "N" => {
                let mut parts = split(&value, None).into_iter();
                for field in [Field::LastName, Field::FirstName] {
                    self.texts.insert(field, plain(&parts.next().unwrap_or_default()));
                }
            }
            "ORG" => {
                let company = split(&value, None).into_iter().next().unwrap_or_default();
                self.put(Field::Company, plain(&company), property);
            }
            "EMAIL" => self.put(Field::Email, plain(&value), property),
            "TEL" => self.take_number(&value, property),
            CONTEXT => self.context = plain(&value),
            _ => {}
        }
    }

    fn take_number(&mut self, value: &str, property: &Property) {
        let value = value.trim();
        let is_uri = value.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
        // Behind a semicolon an address says more about the number than what to dial.
        let number = if is_uri { value[4..].split(';').next().unwrap_or_default().to_owned() } else { plain(value) };
        if ["PAGER", "MODEM", "BBS", "TEXTPHONE"].iter().any(|word| property.is(word)) {
            self.left_out += 1;
        } else if property.is("FAX") {
            self.put(Field::Fax, number, property);
        } else if property.is("CELL") {
            self.put(Field::Mobile, number, property);
        } else {
            self.put(Field::Number, number, property);
        }
    }

    /// The first one stays, unless a later one is preferred.
    fn put(&mut self, field: Field, text: String, property: &Property) {
        if text.is_empty() {
            return;
        }
        let is_preferred = property.is_preferred();
        let is_taken = self.texts.get(&field).is_some_and(|text| !text.is_empty());
        self.left_out += usize::from(is_taken);
        if !is_taken || (is_preferred && self.is_preferred.get(&field) != Some(&true)) {
            self.texts.insert(field, text);
            self.is_preferred.insert(field, is_preferred);
        }
    }

    fn fail(&mut self, line: u64, problem: &str) {
        self.problem.get_or_insert_with(|| (line, problem.to_owned()));
    }

    fn end(mut self, file: &mut EntryFile) {
        if let Some((line, problem)) = self.problem {
            return file.fail(line, &problem);
        }
        if !self.has_version {
            return file.fail(self.line, &"the card does not say its version");
        }
        self.name_from_whole();
        let details = EntryDetails::parse(|field| self.texts.get(&field).map_or("", String::as_str));
        if details.is_ok() {
            file.left_out += self.left_out;
        }
        file.take(self.line, details, &self.context);
    }

    /// Of a card without the parts of a name: its last word is the last name. A card must show something, so that the
    /// whole name may be the company or the number.
    fn name_from_whole(&mut self) {
        let text = |field| self.texts.get(&field).map_or("", String::as_str);
        let has_name = [Field::FirstName, Field::LastName].iter().any(|field| !text(*field).is_empty());
        let others = [Field::Company, Field::Number, Field::Mobile];
        if has_name || others.iter().any(|field| text(*field) == self.formatted_name) {
            return;
        }
        let whole = std::mem::take(&mut self.formatted_name);
        let (first, last) = whole.rsplit_once(' ').unwrap_or((&whole, ""));
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

pub(super) fn write(details: &EntryDetails, context: &str, out: &mut String) {
    let text = |field| escaped(details.text(field));
    let shown = [details.shown_name().as_str(), details.text(Field::Number), details.text(Field::Mobile)]
        .into_iter()
        .find(|text| !text.is_empty())
        .map(escaped);
    put("BEGIN:VCARD", "", out);
    put("VERSION:3.0", "", out);
    put("FN:", &shown.unwrap_or_default(), out);
    put("N:", &format!("{};{};;;", text(Field::LastName), text(Field::FirstName)), out);
    let rest = [
        ("ORG:", Field::Company),
        ("TEL;TYPE=WORK,VOICE:", Field::Number),
        ("TEL;TYPE=CELL:", Field::Mobile),
        ("TEL;TYPE=FAX:", Field::Fax),
        ("EMAIL:", Field::Email),
    ];
    for (property, field) in rest.into_iter().filter(|(_, field)| !details.text(*field).is_empty()) {
        put(property, &text(field), out);
    }
    if !context.is_empty() {
        put(&format!("{CONTEXT}:"), &escaped(context), out);
    }
    put("END:VCARD", "", out);
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, sign| {
        if matches!(sign, '\\' | ',' | ';') {
            escaped.push('\\');
        }
        escaped.push(sign);
        escaped
    })
}

/// One property, folded.
fn put(property: &str, value: &str, out: &mut String) {
    let mut used = 0;
    for sign in property.chars().chain(value.chars()) {
        if used + sign.len_utf8() > LINE_BYTES {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(sign);
        used += sign.len_utf8();
    }
    out.push_str("\r\n");
}
