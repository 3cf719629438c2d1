//! The phone book: the references of C3, and B2. What an entry says keeps its rule by its type (B1).

use super::Look;
use super::place::look_for_context;
use crate::settings::phone_book::PHONE_BOOK_ENTRIES_MAX;
use crate::settings::rule::Rule;

pub(super) fn look(look: &mut Look<'_>) {
    let entries = &look.configuration.phone_book;
    for entry in entries.iter() {
        if let Some(context) = entry.context {
            look_for_context(look, &**entry, context);
        }
    }
    if let Some(first) = entries.iter().nth(PHONE_BOOK_ENTRIES_MAX) {
        let message = format!(
            "is one too many; the phone book has {} entries and may have {PHONE_BOOK_ENTRIES_MAX}",
            entries.len()
        );
        look.error(Rule::B2, &**first, message);
    }
}
