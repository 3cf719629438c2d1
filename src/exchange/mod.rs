//! What comes and goes as files and tables of other programs: the configuration document, tables of users, phone books,
//! own contacts. Texts in, domain types out, and back; `settings` holds the rules and knows nothing of files. `command`
//! and `tui` bring and take the files, `store` takes audit images and runs what users ask of their contacts; nothing here
//! does IO.

pub(crate) mod address_book;
mod contact_column;
pub(crate) mod csv;
pub(crate) mod document;
pub(crate) mod phone_book;
pub(crate) mod text_encoding;
mod unknown_name;
pub(crate) mod user_import;

pub(crate) use csv::TableFault;
