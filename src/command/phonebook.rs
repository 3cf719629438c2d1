//! `ctibox phonebook`: the people and companies outside that all users find. An entry is named by its number in the list:
//! two may have one name, and one may have none. Files go in and out in `phonebook_file`.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::Value;

use super::failure::Failure;
use super::invocation::{Done, Invocation, json_of};
use super::{complete, find, phonebook_file};
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{ContextId, Id as _, PhoneBookEntryId};
use crate::settings::label::Labelled as _;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::search::SearchPattern;

#[derive(Debug, Subcommand)]
pub(crate) enum PhonebookCommand {
    /// Add an entry: a name or a number at least
    #[command(after_help = "Example:\n  ctibox phonebook add --first-name Zoe --last-name Roe --number 5145550001")]
    Add(AddPhonebook),
    /// List all entries, or those in which a text stands
    #[command(after_help = "Example:\n  ctibox phonebook list roe")]
    List(ListPhonebook),
    /// Show one entry
    #[command(after_help = "Example:\n  ctibox phonebook show 12")]
    Show(NamedPhonebook),
    /// Change an entry; what is left out stays, an empty value means none
    #[command(after_help = "Example:\n  ctibox phonebook edit 12 --mobile \"\" --context sales")]
    Edit(EditPhonebook),
    /// Remove an entry
    #[command(after_help = "Example:\n  ctibox phonebook remove 12")]
    Remove(NamedPhonebook),
    /// Add the entries of a table or of cards, all or none
    ///
    /// The first line of a table names its columns: firstname, lastname, number, mobile, email, company, fax, home,
    /// other, context, or what XiVO's phone book, Outlook and others call them; commas, semicolons, tabs or bars stand between the cells.
    /// Cards are vCards of version 2.1, 3.0 or 4.0. A number or an address that cannot be read is left out and told with
    /// its line. What is in the phone book word for word is not added again.
    #[command(after_help = "Example:\n  ctibox phonebook import customers.vcf --dry-run\n  \
                      ctibox phonebook import - --format csv < customers.csv")]
    Import(phonebook_file::Import),
    /// Write all entries as a table or as cards
    #[command(after_help = "Example:\n  ctibox phonebook export --format vcard > phonebook.vcf")]
    Export(phonebook_file::Export),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedPhonebook {
    /// The entry's id, as `list` shows it
    #[arg(value_name = "ID", add = complete::phone_book())]
    id: i64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListPhonebook {
    /// Only entries in which this stands, in any case of letters; a number in any way of writing it
    text: Option<String>,
}

/// The texts of an entry; numbers are kept as they are dialled, without blanks, brackets and dashes.
#[derive(Debug, clap::Args)]
struct Texts {
    /// A first name
    #[arg(long, value_name = "F")]
    first_name: Option<String>,
    /// A last name
    #[arg(long, value_name = "L")]
    last_name: Option<String>,
    /// A number: digits, `+`, `*` or `#`; blanks, brackets and dashes are left out
    #[arg(long, value_name = "N")]
    number: Option<String>,
    /// A mobile number
    #[arg(long, value_name = "N")]
    mobile: Option<String>,
    /// An e-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// A company
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
    /// A fax number
    #[arg(long, value_name = "N")]
    fax: Option<String>,
    /// A number at home
    #[arg(long, value_name = "N")]
    home: Option<String>,
    /// Any other number
    #[arg(long, value_name = "N")]
    other: Option<String>,
    /// The context in which it is seen where contexts are separated; without one everybody sees it
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddPhonebook {
    #[command(flatten)]
    texts: Texts,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditPhonebook {
    #[command(flatten)]
    named: NamedPhonebook,
    #[command(flatten)]
    texts: Texts,
}

impl NamedPhonebook {
    /// What must be at hand.
    fn entry(&self) -> EntriesNeeded {
        EntriesNeeded::These(vec![PhoneBookEntryId::new(self.id)])
    }
}

impl Texts {
    fn typed(&self, field: Field) -> Option<&str> {
        match field {
            Field::FirstName => self.first_name.as_deref(),
            Field::LastName => self.last_name.as_deref(),
            Field::Number => self.number.as_deref(),
            Field::Mobile => self.mobile.as_deref(),
            Field::Email => self.email.as_deref(),
            Field::Company => self.company.as_deref(),
            Field::Fax => self.fax.as_deref(),
            Field::Home => self.home.as_deref(),
            Field::Other => self.other.as_deref(),
        }
    }

    /// Left out or empty: everyone's.
    fn context(&self, c: &Configuration) -> Result<Option<ContextId>, Failure> {
        find::context_or_none(c, self.context.as_deref())
    }
}

pub(crate) fn run(command: PhonebookCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        PhonebookCommand::Add(AddPhonebook { texts }) => {
            let details = EntryDetails::parse(|field| texts.typed(field).unwrap_or_default())?;
            ctx.edit(move |c| {
                let context = texts.context(c)?;
                let id = c.add_phone_book_entry(details, context)?;
                let note = c.phone_book.get(id).map(|entry| format!("{} was added", entry.label(c)));
                Ok(Done::with::<PhoneBookEntry>(note.unwrap_or_default(), id, c))
            })
        }
        PhonebookCommand::List(list) => tell_list(&list, ctx),
        PhonebookCommand::Show(named) => show(&named, ctx),
        PhonebookCommand::Edit(arguments) => ctx.edit_with(&arguments.named.entry(), move |c| edit(&arguments, c)),
        PhonebookCommand::Remove(named) => ctx.edit_with(&named.entry(), move |c| {
            let entry = Arc::clone(find::phone_book_entry(c, named.id)?);
            let note = format!("{} was removed", entry.label(c));
            c.remove_phone_book_entry(entry.id)?;
            Ok(Done::new(note))
        }),
        PhonebookCommand::Import(arguments) => phonebook_file::import(&arguments, ctx),
        PhonebookCommand::Export(arguments) => phonebook_file::export(&arguments, ctx),
    }
}

fn tell_list(list: &ListPhonebook, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.whole_configuration()?;
    let wanted = SearchPattern::of(list.text.as_deref().unwrap_or_default());
    let has_it = |entry: &&Arc<PhoneBookEntry>| {
        let is_in = |field: Field| match entry.details.text(field) {
            number if field.is_number() => !number.is_empty() && wanted.is_in_number(number),
            text => wanted.is_in(&fold(text)),
        };
        wanted.is_empty() || Field::ALL.into_iter().any(is_in) || wanted.is_in(&fold(&entry.details.shown_name()))
    };
    let found: Vec<_> = c.entries().iter().filter(has_it).collect();
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|entry| {
            let text = |field| entry.details.text(field).to_owned();
            vec![
                entry.id.to_string(),
                context_name(entry, &c),
                text(Field::Number),
                text(Field::Mobile),
                text(Field::Home),
                text(Field::Other),
                entry.details.shown_name(),
            ]
        })
        .collect();
    let json = || found.iter().map(|entry| json_of::<PhoneBookEntry>(entry.id, &c)).collect::<Value>();
    ctx.output.list(&["ID", "CONTEXT", "NUMBER", "MOBILE", "HOME", "OTHER", "NAME"], &rows, json)
}

fn context_name(entry: &PhoneBookEntry, c: &Configuration) -> String {
    let context = entry.context.and_then(|id| c.contexts.get(id));
    context.map_or_else(|| "-".to_owned(), |context| context.name.to_string())
}

fn show(named: &NamedPhonebook, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.store()?.configuration_with(&named.entry())?;
    let entry = find::phone_book_entry(&c, named.id)?;
    let mut fields = vec![("id", entry.id.to_string())];
    let names = ["first name", "last name", "number", "mobile", "e-mail", "company", "fax", "home", "other"];
    fields.extend(names.into_iter().zip(Field::ALL).map(|(name, field)| (name, entry.details.text(field).to_owned())));
    fields.push(("context", context_name(entry, &c)));
    ctx.output.fields(&fields, || json_of::<PhoneBookEntry>(entry.id, &c))
}

fn edit(EditPhonebook { named, texts }: &EditPhonebook, c: &mut Configuration) -> Result<Done, Failure> {
    let entry = Arc::clone(find::phone_book_entry(c, named.id)?);
    let details = EntryDetails::parse(|field| texts.typed(field).unwrap_or_else(|| entry.details.text(field)))?;
    let context = if texts.context.is_some() { texts.context(c)? } else { entry.context };
    c.phone_book.edit(entry.id, |entry| (entry.details, entry.context) = (details, context));
    Ok(Done::with::<PhoneBookEntry>(format!("{} was changed", entry.label(c)), entry.id, c))
}
