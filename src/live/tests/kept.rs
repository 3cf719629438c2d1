//! What a store keeps for tests, and replies from: address books and chat, in memory.

use std::collections::HashMap;

use crate::exchange::address_book;
use crate::live::messages::{StoreQuestion, StoreReply};
use crate::settings::address_book::AddressBook;
use crate::settings::id::UserUuid;
use crate::settings::state::{KeptChat, NewChat};
use crate::settings::store_query::{
    ChangeContacts, ExportContacts, FetchChat, FindByNumber, FindContacts, ForgetChat, ImportContacts, KeepChat,
    ReadContact,
};

/// What a store keeps and replies from.
#[derive(Default)]
pub(in crate::live) struct Kept {
    address_books: HashMap<UserUuid, AddressBook>,
    pub(in crate::live) chats: Vec<(UserUuid, KeptChat)>,
}

impl Kept {
    pub(in crate::live) fn act(&mut self, question: StoreQuestion) -> StoreReply {
        match question {
            StoreQuestion::FindContacts(FindContacts { owner, look }, wanted) => {
                StoreReply::FindContacts(wanted, Some(address_book::find(self.book(owner).clone(), &look)))
            }
            StoreQuestion::ReadContact(ReadContact { owner, id }, by) => {
                StoreReply::ReadContact(id, by, Some(self.book(owner).contacts.get(&id).cloned()))
            }
            StoreQuestion::FindByNumber(FindByNumber { owner, numbers }, id) => {
                StoreReply::FindByNumber(id, Some(self.book(owner).clone().with_number(&numbers)))
            }
            StoreQuestion::ExportContacts(ExportContacts { owner }, by) => {
                StoreReply::ExportContacts(by, Some(address_book::to_csv(self.book(owner)).into()))
            }
            StoreQuestion::ChangeContacts(ChangeContacts { owner, change }, answer) => {
                StoreReply::ChangeContacts(answer, Some(self.book(owner).apply(&change)))
            }
            StoreQuestion::ImportContacts(ImportContacts { owner, table }, by) => {
                StoreReply::ImportContacts(by, Some(Some(address_book::import(self.book(owner), &table))))
            }
            StoreQuestion::KeepChat(KeepChat(NewChat { id, to, from, text, at, .. })) => {
                self.chats.push((to, KeptChat { id, from, text, at }));
                self.chats.sort_by_key(|(_, chat)| chat.id);
                StoreReply::KeepChat(Some(0))
            }
            StoreQuestion::FetchChat(FetchChat { to, .. }, session) => {
                let kept = self.chats.iter().filter(|(of, _)| *of == to).map(|(_, chat)| chat.clone());
                StoreReply::FetchChat(session, Some(kept.collect()))
            }
            StoreQuestion::ForgetChat(ForgetChat(id)) => {
                self.chats.retain(|(_, chat)| chat.id != id);
                StoreReply::ForgetChat(Some(()))
            }
        }
    }

    fn book(&mut self, owner: UserUuid) -> &mut AddressBook {
        self.address_books.entry(owner).or_default()
    }
}
