//! The phone book: the references of C3, and B2. What an entry says keeps its rule by its type (B1).

use super::Validator;
use super::dialplan::expect_context;
use crate::settings::phone_book::PHONE_BOOK_ENTRIES_MAX;
use crate::settings::rule::Rule;
use crate::settings::violation::Violation;

/// Entries that are not at hand were looked over when they came.
pub(super) fn validate(validator: &mut Validator<'_>) {
    let book = &validator.configuration.phone_book;
    let entries = book.at_hand();
    for entry in entries.iter() {
        if let Some(context) = entry.context {
            expect_context(validator, &**entry, context);
        }
    }
    // The newest are too many. Of a part of the book, what is at hand is as new as it gets, or was there before.
    let surplus = book.len().saturating_sub(PHONE_BOOK_ENTRIES_MAX);
    if surplus > 0
        && let Some(first) = entries.iter().nth_back(surplus - 1).or_else(|| entries.iter().next())
    {
        validator.error(
            Rule::B2,
            &**first,
            Violation::TooManyEntries { entries: book.len(), most: PHONE_BOOK_ENTRIES_MAX },
        );
    }
}
