//! The watcher: what others change arrives, with nothing else read; what no trigger sees is noticed all the same.

use std::sync::Arc;

use crate::settings::id::PresenceId;
use crate::settings::state::{StateWrite, UserState};
use crate::settings::table::Object;
use crate::settings::whole::WholeConfiguration;

use super::*;

/// A filled database, its watcher with what it knows, and another process, as far as SQLite can tell.
struct Followed {
    folder: TempDir,
    other: Store,
    watcher: Watcher,
    known: WholeConfiguration,
    /// One that follows the phone book by its numbers alone.
    light: Watcher,
    numbers: Configuration,
}

impl Followed {
    fn new() -> Self {
        let (folder, store) = fresh();
        store.change(&origin(), fill).expect("taken");
        let watcher = Watcher::new(&store).expect("a watcher");
        let known = store.whole_configuration().expect("readable");
        let (light, numbers) = (Watcher::new(&store).expect("a watcher"), store.configuration().expect("readable"));
        let other = Store::open_existing(folder.path()).expect("a database");
        Self { folder, other, watcher, known, light, numbers }
    }

    /// Whether the watcher saw something; what it then knows is what the database holds.
    fn follow(&mut self, did: &str) -> bool {
        let new = self.watcher.poll_whole(&self.known).expect("readable");
        let is_new = new.is_some();
        self.known = new.unwrap_or_else(|| self.known.clone());
        assert_eq!(self.known, self.other.whole_configuration().expect("readable"), "{did}");
        if let Some(numbers) = self.light.poll(&self.numbers).expect("readable") {
            self.numbers = numbers;
        }
        assert_eq!(self.numbers, self.other.configuration().expect("readable"), "{did}");
        assert_eq!(self.numbers.phone_book.at_hand().len(), 0, "{did}");
        is_new
    }

    fn outside(&self, sql: &str) {
        outsider(self.folder.path()).execute_batch(sql).expect(sql);
    }
}

#[test]
fn a_watcher_sees_what_others_change_and_nothing_of_state() {
    let mut followed = Followed::new();
    assert!(!followed.follow("nothing"));
    followed.other.change(&origin(), |it| add_user(it, 7)).expect("taken");
    assert!(followed.follow("a new user"));
    assert!(!followed.follow("nothing since"));
    let writer = StateWriter::start(&followed.other, || {});
    writer.save(vec![StateWrite::User(user_uuid(1), UserState::default())], Box::new(|result| result.expect("kept")));
    drop(writer);
    assert_eq!(followed.other.states().expect("readable").users.len(), 1);
    assert!(!followed.follow("a state"));
}

#[test]
fn each_kind_of_object_is_followed_when_made_edited_and_removed() {
    let mut followed = Followed::new();
    type Edit = fn(&mut Configuration) -> Result<(), Refusal>;
    let edits: [(&str, Edit); 23] = [
        ("a setting", |it| {
            it.settings.insert(Key::ClientPort, SettingValue::parse(Key::ClientPort, "5004")?);
            Ok(())
        }),
        ("no setting", |it| {
            it.settings.remove(&Key::ClientPort);
            Ok(())
        }),
        ("a presence group", |it| {
            it.add_presence_group(PresenceGroupName::parse("g")?, Description::parse("")?).map(drop)
        }),
        ("a presence", |it| it.remove_presence(away(it))),
        ("a way between presences", |it| {
            it.set_reachable(it.presence_named(last(&it.presence_groups), "available").expect("a presence").id, &[])
        }),
        ("no presence group", |it| it.remove_presence_group(last(&it.presence_groups))),
        ("a hint group", |it| {
            it.add_phone_hint_group(PhoneHintGroupName::parse("h")?, Description::parse("")?).map(drop)
        }),
        ("a profile", |it| it.add_profile(ProfileName::parse("pro")?, None, None).map(drop)),
        ("its parts", |it| {
            it.profiles.edit(last(&it.profiles), |profile| {
                profile.services.insert(Service::EnableDnd);
                profile.preferences.clear();
            });
            Ok(())
        }),
        ("no profile", |it| it.remove_profile(last(&it.profiles))),
        ("a context", |it| it.add_context(ContextName::parse("c")?, &[ContextName::parse("sales")?]).map(drop)),
        ("its includes", |it| {
            it.contexts.edit(last(&it.contexts), |context| context.includes.clear());
            Ok(())
        }),
        ("a member", |it| it.set_queue_member(last(&it.queues), last(&it.agents), 3)),
        ("no member", |it| it.remove_queue_member(last(&it.queues), last(&it.agents))),
        ("a dial rule in front", |it| it.move_dial_rule(last(&it.dial_rules), 1)),
        ("no dial rule", |it| it.remove_dial_rule(last(&it.dial_rules))),
        ("a line as a member", |it| it.set_queue_member(last(&it.queues), last(&it.lines), 3)),
        ("a user who goes with all that is theirs", |it| it.remove_user(last(&it.users))),
        ("an entry of the phone book", |it| {
            let details = EntryDetails::parse(|field| if field == Field::Number { "1" } else { "" })?;
            it.add_phone_book_entry(details, None).map(drop)
        }),
        ("its context", |it| {
            let context = it.contexts.iter().next().expect("a context").id;
            it.phone_book.edit(last(it.phone_book.at_hand()), |entry| entry.context = Some(context));
            Ok(())
        }),
        ("no entry", |it| it.remove_phone_book_entry(last(it.phone_book.at_hand()))),
        ("no conference", |it| it.remove_conference(last(&it.conferences))),
        ("another server", |it| {
            it.server_uuid = ServerUuid::parse("11111111-9b2c-4a9c-8e0e-0d6f5a1f1c11").expect("a UUID");
            Ok(())
        }),
    ];
    for (did, edit) in edits {
        followed.other.change(&origin(), edit).expect(did);
        assert!(followed.follow(did), "{did}");
    }
}

#[test]
fn what_was_not_touched_is_the_same_object_as_before() {
    let mut followed = Followed::new();
    let before = followed.known.clone();
    followed.outside("UPDATE user SET last_name = 'Other', version = version + 1");
    assert!(followed.follow("another name"));
    let shared = |known: &Configuration| Arc::as_ptr(known.queues.iter().next().expect("a queue"));
    assert_eq!(shared(&before), shared(&followed.known));
    assert_eq!(before.lines.differences(&followed.known.lines).len(), 0);
    assert_eq!(before.users.differences(&followed.known.users).len(), 1);
}

#[test]
fn a_watcher_that_is_far_behind_reads_everything() {
    let mut followed = Followed::new();
    followed.outside("UPDATE sqlite_sequence SET seq = 500000 WHERE name = 'change'; UPDATE context SET version = 2;");
    assert!(followed.follow("a jump"));
    assert!(!followed.follow("nothing since"));
}

#[test]
fn what_foreign_hands_do_past_the_triggers_is_read_too() {
    let mut followed = Followed::new();
    followed.other.change(&origin(), |it| add_user(it, 7)).expect("taken");
    let new_queue = |it: &mut Configuration| {
        let (name, number) = (QueueName::parse("red")?, Extension::parse("3002")?);
        let context = last(&it.contexts);
        it.add_queue(NewQueue { display: DisplayName::parse("Red")?, name, number, context, wrapup_seconds: 0 })
    };
    followed.other.change(&origin(), new_queue).expect("taken");
    assert!(followed.follow("a user and a queue"));
    for did in [
        "UPDATE conference SET id = 77",
        "UPDATE queue_member SET queue_id = (SELECT max(id) FROM queue)",
        "UPDATE queue_line SET queue_id = (SELECT max(id) FROM queue)",
        "INSERT OR REPLACE INTO voicemail SELECT 99, 1, mailbox, context_id, user_id FROM voicemail WHERE id = 1",
    ] {
        followed.outside(did);
        assert!(followed.follow(did), "{did}");
    }
}

#[test]
fn what_cannot_be_read_is_tried_again_until_it_can() {
    let mut followed = Followed::new();
    followed.outside("PRAGMA ignore_check_constraints = 1; UPDATE user SET email = 'none'");
    for _ in 0..2 {
        followed.watcher.poll(&followed.known).expect_err("an e-mail address without a place");
    }
    followed.outside("UPDATE user SET email = NULL");
    assert!(followed.follow("no address"));
}

fn last<T: Object>(table: &crate::settings::table::Table<T>) -> T::Id {
    table.iter().next_back().expect("an object").id()
}

/// Of the newest group.
fn away(configuration: &Configuration) -> PresenceId {
    configuration.presence_named(last(&configuration.presence_groups), "away").expect("a presence").id
}
