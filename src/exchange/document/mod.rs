//! The export document: the whole configuration as one readable JSON text, the same for the same configuration, with
//! references by name (settings §3). `command` writes and reads it, `store` takes audit images of single objects from
//! it. It never shows a hash, PIN or secret unless told to, and reading it keeps those that the text leaves out.

mod audited_change;
mod difference;
mod form;
mod layout;
mod left_out;
mod member_words;
mod read;
mod tables;
mod transaction_words;
mod write;

pub(crate) use audited_change::{AuditedChange, entries_in};
pub(crate) use difference::differences;
pub(crate) use left_out::left_out;
pub(crate) use member_words::{item_words, label};
pub(crate) use read::{
    ChangedSince, LeftOut, LostSecret, NotUndone, PlannedChange, Restored, UndoPlan, WhyLeftOut, object_name, read,
};
pub(crate) use transaction_words::{TransactionWords, restored};
pub(crate) use write::{object_json, setting_json, write};

/// What a document's first member says; a change that an older reader would misunderstand counts it up.
pub(crate) const FORMAT: &str = "ctibox 1";

/// Whether a file that begins so is a document, of this version or another.
pub(crate) fn is_document(head: &[u8]) -> bool {
    let text: String = String::from_utf8_lossy(head).split_whitespace().collect();
    text.trim_start_matches('\u{feff}').starts_with(r#"{"format":"ctibox"#)
}

/// Whether password hashes, PINs and secret settings stand in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// As null or not at all; reading keeps what is there.
    Omitted,
    Included,
}

#[cfg(test)]
mod login_tests;
#[cfg(test)]
mod phone_book_tests;
#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod restore_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undo_plan_tests;
