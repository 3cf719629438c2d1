//! Entries as cards of version 3.0, folded as RFC 2426 asks.

use super::CONTEXT;
use crate::settings::phone_book::{EntryDetails, Field};

/// The longest line of a card, in bytes.
const LINE_BYTES: usize = 75;

pub(in crate::exchange::phone_book) fn write(details: &EntryDetails, context: &str, out: &mut String) {
    let text = |field| escaped(details.text(field));
    let numbers = [Field::Number, Field::Mobile, Field::Home, Field::Other];
    let shown = [details.shown_name().as_str()]
        .into_iter()
        .chain(numbers.map(|field| details.text(field)))
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
        ("TEL;TYPE=HOME,VOICE:", Field::Home),
        ("TEL;TYPE=OTHER,VOICE:", Field::Other),
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
