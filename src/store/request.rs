//! What `engine` asks of the store, each request with the one who hears what came of it: a reply of the request's own type.
//! The writer's thread runs them, and tells each once.

use rusqlite::Connection;

use super::error::StoreError;
use super::{Store, address_book, kept_chat};
use crate::exchange::address_book as books;
use crate::settings::store_query::{
    ChangeContacts, ExportContacts, FetchChat, FindByNumber, FindContacts, ForgetChat, ImportContacts, KeepChat,
    ReadContact, StoreQuery,
};

/// Is told, on the writer's thread, what came of a request. Must not wait for anything.
pub(crate) type ReplyDone<R> = Box<dyn FnOnce(Result<R, StoreError>) + Send>;

/// A query, and who hears what came of it.
pub(crate) struct Asked<Q: StoreQuery> {
    pub(crate) query: Q,
    pub(crate) done: ReplyDone<Q::Reply>,
}

pub(crate) enum StoreRequest {
    FindContacts(Asked<FindContacts>),
    ReadContact(Asked<ReadContact>),
    FindByNumber(Asked<FindByNumber>),
    ExportContacts(Asked<ExportContacts>),
    ChangeContacts(Asked<ChangeContacts>),
    ImportContacts(Asked<ImportContacts>),
    KeepChat(Asked<KeepChat>),
    FetchChat(Asked<FetchChat>),
    ForgetChat(Asked<ForgetChat>),
}

impl StoreRequest {
    /// Refuses it without looking.
    pub(super) fn refuse(self, problem: StoreError) {
        self.into_job().refuse(problem);
    }

    pub(super) fn into_job(self) -> Box<dyn Job> {
        match self {
            Self::FindContacts(asked) => job(asked),
            Self::ReadContact(asked) => job(asked),
            Self::FindByNumber(asked) => job(asked),
            Self::ExportContacts(asked) => job(asked),
            Self::ChangeContacts(asked) => job(asked),
            Self::ImportContacts(asked) => job(asked),
            Self::KeepChat(asked) => job(asked),
            Self::FetchChat(asked) => job(asked),
            Self::ForgetChat(asked) => job(asked),
        }
    }
}

/// A request on the writer's thread, whatever its kind.
pub(super) trait Job: Send {
    /// Whether it leaves everything as it is.
    fn is_reading(&self) -> bool;
    /// Does it, within the transaction that all that waits shares; told is nobody yet.
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()>;
    /// What it was run in has failed: what it found there is void.
    fn forget(&mut self);
    /// What it was run in is on disk: tells what came of it. One that was not run looks by itself.
    fn conclude(self: Box<Self>, store: &Store);
    fn refuse(self: Box<Self>, problem: StoreError);
}

/// How the store does what a query asks.
trait Query: StoreQuery {
    const IS_READING: bool;
    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply>;
}

fn job<Q>(asked: Asked<Q>) -> Box<dyn Job>
where
    Q: Query + Send + 'static,
    Q::Reply: Send + 'static,
{
    Box::new(Begun { asked, reply: None })
}

struct Begun<Q: StoreQuery> {
    asked: Asked<Q>,
    /// Once it was run.
    reply: Option<Q::Reply>,
}

impl<Q> Job for Begun<Q>
where
    Q: Query + Send,
    Q::Reply: Send,
{
    fn is_reading(&self) -> bool {
        Q::IS_READING
    }

    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.reply = Some(self.asked.query.run(connection)?);
        Ok(())
    }

    fn forget(&mut self) {
        self.reply = None;
    }

    fn conclude(self: Box<Self>, store: &Store) {
        let Self { asked: Asked { query, done }, reply } = *self;
        done(reply.map_or_else(|| store.file.read(|connection| query.run(connection)), Ok));
    }

    fn refuse(self: Box<Self>, problem: StoreError) {
        (self.asked.done)(Err(problem));
    }
}

impl Query for FindContacts {
    const IS_READING: bool = true;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        address_book::load(connection, self.owner).map(|book| books::find(book, &self.look))
    }
}

impl Query for ReadContact {
    const IS_READING: bool = true;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        address_book::load(connection, self.owner).map(|mut book| book.contacts.remove(&self.id))
    }
}

impl Query for FindByNumber {
    const IS_READING: bool = true;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        address_book::load(connection, self.owner).map(|book| book.with_number(&self.numbers))
    }
}

impl Query for ExportContacts {
    const IS_READING: bool = true;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        address_book::load(connection, self.owner).map(|book| books::to_csv(&book).into())
    }
}

impl Query for ChangeContacts {
    const IS_READING: bool = false;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        let changed = address_book::change(connection, self.owner, |book| book.apply(&self.change));
        changed.map(|done| done.unwrap_or(false))
    }
}

impl Query for ImportContacts {
    const IS_READING: bool = false;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        address_book::change(connection, self.owner, |book| books::import(book, &self.table))
    }
}

impl Query for KeepChat {
    const IS_READING: bool = false;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        kept_chat::keep(connection, &self.0)
    }
}

impl Query for FetchChat {
    const IS_READING: bool = true;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        kept_chat::fetch(connection, self.to, self.oldest)
    }
}

impl Query for ForgetChat {
    const IS_READING: bool = false;

    fn run(&self, connection: &Connection) -> rusqlite::Result<Self::Reply> {
        kept_chat::forget(connection, self.0)
    }
}
