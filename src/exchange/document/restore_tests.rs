//! Taking changes back, kind by kind: each edit is recorded as the audit would, and then undone.

use serde_json::Value;

use super::*;
use crate::settings::account::AccountRight;
use crate::settings::configuration::Configuration;
use crate::settings::edit::{NewDialRule, NewPresence};
use crate::settings::fixtures::{entry_details, small_company, whole};
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::rule::Refusal;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::table::{Collection, Kind, Object};
use crate::settings::tables::for_each_table;

/// What the audit would hold of a change, in its order.
pub(super) struct Entry(pub(super) AuditId, Kind, i64, Option<Value>, Option<Value>);

impl Entry {
    pub(super) fn recorded(&self) -> AuditedChange<'_> {
        let Self(entry, kind, object, before, after) = self;
        AuditedChange { entry: *entry, kind: *kind, object: *object, before: before.as_ref(), after: after.as_ref() }
    }
}

pub(super) fn audit(old: &Configuration, new: &Configuration) -> Vec<Entry> {
    fn table<C: Collection>(c: (&Configuration, &Configuration), old: &C, new: &C, entries: &mut Vec<Entry>) {
        for (before, after) in old.objects().differences(new.objects()) {
            let id = before.or(after).unwrap().id().number();
            let image = |c| move |_| object_json(C::Object::KIND, id, c);
            let entry = AuditId::new(100 + i64::try_from(entries.len()).unwrap());
            entries.push(Entry(entry, C::Object::KIND, id, before.map(image(c.0)), after.map(image(c.1))));
        }
    }
    let (c, mut entries) = ((old, new), Vec::new());
    for key in Key::ALL.iter().filter(|key| old.settings.get(key) != new.settings.get(key)) {
        let image = |c: &Configuration| c.settings.get(key).map(setting_json);
        entries.push(Entry(AuditId::new(entries.len() as i64 + 1), Kind::Setting, 0, image(old), image(new)));
    }
    for_each_table! { ($table:ident, $object:ty) => { table(c, &old.$table, &new.$table, &mut entries); } }
    entries
}

/// The office after an edit, and what the audit has of it.
fn changed(edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal>) -> (Configuration, Vec<Entry>) {
    let old = small_company();
    let mut new = old.clone();
    edit(&mut new).unwrap();
    let entries = audit(&old, &new);
    assert!(!entries.is_empty());
    (new, entries)
}

fn dial_rule(prefix: &str, context: Option<i64>) -> NewDialRule {
    let digits = |text| DialDigits::parse(text).unwrap();
    NewDialRule { prefix: digits(prefix), strip: 1, add: digits("*"), context: context.map(ContextId::new) }
}

#[test]
fn dial_rules_are_written_in_their_order_and_come_back_to_their_places() {
    let mut old = small_company();
    for (prefix, context) in [("1", None), ("2", Some(1)), ("3", Some(2)), ("4", None)] {
        old.add_dial_rule(dial_rule(prefix, context)).unwrap();
    }
    old.move_dial_rule(DialRuleId::new(4), 1).unwrap();
    let document = write(&whole(old.clone()), Secrets::Included);
    let order: Vec<usize> = ["4", "1", "2", "3"]
        .map(|prefix| document.find(&format!(r#""prefix": "{prefix}""#)).expect("it is written"))
        .into();
    assert!(order.is_sorted(), "{document}");
    assert_eq!(*read(&document, &whole(old.clone())).unwrap(), old);
    let prefixes =
        |c: &Configuration| -> String { c.ordered_dial_rules().iter().map(|rule| rule.prefix.to_string()).collect() };
    type Edit = fn(&mut Configuration) -> Result<(), Refusal>;
    let edits: [Edit; 4] = [
        |c| c.move_dial_rule(DialRuleId::new(4), 3),
        |c| c.remove_dial_rule(DialRuleId::new(1)),
        |c| c.add_dial_rule(dial_rule("5", None)).and_then(|id| c.move_dial_rule(id, 2)),
        |c| {
            let context = c.add_context(ContextName::parse("new")?, &[])?;
            c.add_dial_rule(NewDialRule { context: Some(context), ..dial_rule("5", None) }).map(drop)
        },
    ];
    for edit in edits {
        let mut c = old.clone();
        edit(&mut c).unwrap();
        let entries = audit(&old, &c);
        restore(&mut c, &entries).unwrap();
        assert_eq!(prefixes(&c), "4123");
        assert!(c.contexts.find(|context| context.name.as_str() == "new").is_none());
    }
    // One comes back after the others closed up.
    let mut c = old.clone();
    c.remove_dial_rule(DialRuleId::new(1)).unwrap();
    let entries = audit(&old, &c);
    c.move_dial_rule(DialRuleId::new(3), 2).unwrap();
    restore(&mut c, &entries).unwrap();
    assert_eq!(prefixes(&c), "4132");
    assert_eq!(
        old.findings().iter().map(|finding| finding.refusal.with_rule()).collect::<Vec<_>>(),
        small_company().findings().iter().map(|finding| finding.refusal.with_rule()).collect::<Vec<_>>()
    );
    old.add_dial_rule(dial_rule("23", Some(1))).unwrap();
    let found = old.findings().into_iter().map(|finding| finding.refusal.with_rule());
    let never = "dial rule \"23\" at place 5: is never reached: dial rule \"2\" at place 3 comes before it and fits whatever it \
                 fits (rule N2)";
    assert!(found.into_iter().any(|finding| finding == never));
}

/// A line that is a member goes with its user and comes back as one: line and queue refer to each other by name alone.
#[test]
fn a_line_that_was_a_member_of_a_queue_is_one_again() {
    let (queue, line) = (QueueId::new(1), LineId::new(3));
    let mut old = small_company();
    old.set_queue_member(queue, line, 7).unwrap();
    let owner = old.lines.get(line).unwrap().user;
    let document = write(&whole(old.clone()), Secrets::Included);
    assert!(document.contains(r#"{"line": "2001@sales", "penalty": 7}"#), "{document}");
    assert_eq!(*read(&document, &whole(old.clone())).unwrap(), old);
    for edit in
        [|c: &mut Configuration, _, line| c.remove_line(line), |c: &mut Configuration, user, _| c.remove_user(user)]
    {
        let mut c = old.clone();
        edit(&mut c, owner, line).unwrap();
        assert_eq!(c.queues.get(queue).unwrap().members.len(), 2);
        let entries = audit(&old, &c);
        restore(&mut c, &entries).unwrap();
        assert_eq!(c.queues.get(queue).unwrap().members, old.queues.get(queue).unwrap().members);
    }
    let both = document.replace(r#"{"line": "2001@sales""#, r#"{"agent": "8001", "line": "2001@sales""#);
    let refused = read(&both, &whole(old)).unwrap_err();
    assert_eq!(
        refused[0].with_rule(),
        "queues[0] \"support\": members: has a member that is not either an agent or a line (rule D1)"
    );
}

fn restore(c: &mut Configuration, entries: &[Entry]) -> Result<Vec<String>, NotUndone> {
    c.restore(&entries.iter().map(Entry::recorded).collect::<Vec<_>>()).map(|restored| LostSecret::told(&restored.lost))
}

fn plan(c: &Configuration, changes: &[AuditedChange<'_>]) -> UndoPlan {
    let planned = changes.iter().map(|change| PlannedChange { transaction: AuditId::new(1), change: *change });
    c.plan_undo(planned, &Configuration::empty(c.server_uuid))
}

/// All but versions and the ids that will come next.
fn assert_same(one: &Configuration, other: &Configuration) {
    let document = |c: &Configuration| {
        let mut document: Value = serde_json::from_str(&write(&whole(c.clone()), Secrets::Included)).unwrap();
        document["next_ids"] = Value::Null;
        document
    };
    assert_eq!(document(one), document(other));
}

/// The edit is taken back whole, and the office is what it was but for versions.
fn check(edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal>) {
    let (mut c, entries) = changed(edit);
    assert_eq!(restore(&mut c, &entries).unwrap(), [""; 0]);
    assert_same(&small_company(), &c);
    assert_eq!(c.findings(), small_company().findings());
}

#[test]
fn every_kind_comes_back_after_it_was_removed() {
    check(|c| {
        let group = c.add_presence_group(PresenceGroupName::parse("g")?, Description::parse("")?)?;
        c.remove_presence_group(group)?;
        c.remove_presence(c.presence_named(c.default_presence_group()?, "away").unwrap().id)
    });
    check(|c| c.remove_queue(QueueId::new(1)));
    check(|c| c.remove_phone_book_entry(PhoneBookEntryId::new(1)));
    check(|c| c.remove_agent(AgentId::new(1)));
    check(|c| c.remove_voicemail(VoicemailId::new(1)));
    check(|c| c.remove_line(LineId::new(1)));
    check(|c| c.remove_line(LineId::new(2)));
    check(|c| {
        let free = c.profiles.find(|profile| c.users.iter().all(|user| user.profile != Some(profile.id))).unwrap().id;
        c.remove_profile(free)
    });
}

#[test]
fn every_kind_goes_after_it_was_added() {
    check(|c| c.add_context(ContextName::parse("new")?, &[ContextName::parse("sales")?]).map(drop));
    check(|c| c.add_presence_group(PresenceGroupName::parse("g")?, Description::parse("")?).map(drop));
    check(|c| c.add_phone_hint_group(PhoneHintGroupName::parse("g")?, Description::parse("")?).map(drop));
    check(|c| c.add_profile(ProfileName::parse("Bare")?, None, None).map(drop));
    check(|c| {
        let user = crate::settings::fixtures::add_user(c, "dora");
        let context = c.contexts.iter().next().unwrap().id;
        crate::settings::fixtures::add_line(c, user, "1009", context);
        Ok(())
    });
    check(|c| c.add_phone_book_entry(entry_details(&[("number", "1")]), Some(ContextId::new(1))).map(drop));
    check(|c| c.set_setting(SettingValue::parse(Key::ClientListen, "127.0.0.1,::1")?));
}

#[test]
fn edits_go_back_with_their_lists_and_places() {
    check(|c| c.move_presence(c.presence_named(c.default_presence_group()?, "away").unwrap().id, 4));
    check(|c| c.set_main_line(LineId::new(2)));
    check(|c| {
        c.phone_book.edit(PhoneBookEntryId::new(1), |entry| entry.context = None);
        Ok(())
    });
    check(|c| c.remove_queue_member(QueueId::new(1), AgentId::new(1)));
    check(|c| {
        c.profiles.edit(ProfileId::new(1), |profile| profile.may_listen = false);
        Ok(())
    });
    check(|c| {
        c.accounts.edit(AccountId::new(1), |account| {
            (account.enabled, account.rights, account.contexts) = (false, [AccountRight::Sessions].into(), [].into());
        });
        c.users.edit(UserId::new(1), |user| user.break_glass = true);
        Ok(())
    });
    check(|c| {
        let profile = c.profiles.get(ProfileId::new(3)).unwrap().clone();
        c.remove_xlet(profile.id, profile.xlets[0].xlet)
    });
    check(|c| c.move_line(LineId::new(3), ContextId::new(1)));
}

#[test]
fn a_removed_group_comes_back_with_its_presences_that_reach_each_other() {
    let mut old = small_company();
    let group = old.add_presence_group(PresenceGroupName::parse("g").unwrap(), Description::parse("").unwrap());
    let mut c = old.clone();
    c.remove_presence_group(group.unwrap()).unwrap();
    let entries = audit(&old, &c);
    restore(&mut c, &entries).unwrap();
    assert_same(&old, &c);
}

#[test]
fn a_presence_that_comes_back_alone_stands_where_it_stood() {
    let (mut c, entries) = changed(|c| {
        let group = c.default_presence_group()?;
        c.remove_presence(c.presence_named(group, "away").unwrap().id)?;
        let new = |name: &str| -> Result<NewPresence, Refusal> {
            Ok(NewPresence {
                name: PresenceName::parse(name)?,
                display: DisplayName::parse(name)?,
                color: crate::settings::color::Color::parse("red")?,
                reachable: Vec::new(),
                actions: Vec::new(),
            })
        };
        let last = c.add_presence(group, new("new")?)?;
        c.move_presence(last, 2)
    });
    let away: Vec<_> =
        entries.into_iter().filter(|entry| entry.3.as_ref().is_some_and(|it| it["name"] == "away")).collect();
    let gone: Vec<_> = away.into_iter().filter(|entry| entry.4.is_none()).collect();
    restore(&mut c, &gone).unwrap();
    let group = c.default_presence_group().unwrap();
    let names: Vec<_> = c.presences_of(group).iter().map(|presence| presence.name.to_string()).collect();
    assert_eq!(names[..3], ["available", "away", "new"]);
    assert!(!c.presences_of(group).windows(2).any(|pair| pair[0].position == pair[1].position));
}

#[test]
fn what_was_changed_since_is_left_alone_and_both_versions_are_told() {
    let rename =
        |c: &mut Configuration, name| c.users.edit(UserId::new(1), |u| u.last_name = LastName::parse(name).unwrap());
    let (mut c, entries) = changed(|c| {
        rename(c, "Miller");
        Ok(())
    });
    rename(&mut c, "Smith");
    let before = c.clone();
    let refused = restore(&mut c, &entries).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "user \"alice\" is no longer as entry 100 left it: last name \"Miller\" -> \"Smith\""
    );
    let NotUndone::ChangedSince(since) = refused else { unreachable!("{refused:?}") };
    assert_eq!(
        (&since.left.unwrap()["last_name"], &since.now.unwrap()["last_name"]),
        (&"Miller".into(), &"Smith".into())
    );
    assert_eq!(c, before);
    c.remove_user(UserId::new(1)).unwrap();
    assert!(restore(&mut c, &entries).unwrap_err().to_string().ends_with("it does not exist any more"));
}

#[test]
fn two_changes_of_one_object_go_back_together() {
    let (first, mut entries) = changed(|c| c.move_line(LineId::new(3), ContextId::new(1)));
    let mut c = first.clone();
    c.lines.edit(LineId::new(3), |line| line.extension = Extension::parse("2009").unwrap());
    entries.extend(
        audit(&first, &c).into_iter().map(|entry| Entry(AuditId::new(200), entry.1, entry.2, entry.3, entry.4)),
    );
    // The older one alone leaves what the later one changed.
    let mut alone = c.clone();
    restore(&mut alone, &entries[..1]).unwrap();
    let (line, first) = (LineId::new(3), small_company());
    assert_eq!(alone.lines.get(line).unwrap().context, first.lines.get(line).unwrap().context);
    assert_eq!(alone.lines.get(line).unwrap().extension.to_string(), "2009");
    restore(&mut c, &entries).unwrap();
    assert_same(&small_company(), &c);
}

#[test]
fn a_member_that_was_changed_again_is_left_and_the_others_go_back() {
    let names = |c: &mut Configuration, first, last| {
        c.users.edit(UserId::new(1), |user| {
            user.first_name = FirstName::parse(first).unwrap();
            user.last_name = LastName::parse(last).unwrap();
        });
    };
    let (mut c, entries) = changed(|c| {
        names(c, "Anna", "Miller");
        Ok(())
    });
    names(&mut c, "Anna", "Smith");
    let changes: Vec<_> = entries.iter().map(Entry::recorded).collect();
    let since = plan(&c, &changes).partly;
    assert!(!since[0].is_whole);
    assert_eq!(since[0].difference(), "last name \"Miller\" -> \"Smith\"");
    assert_eq!(c.restore(&changes).unwrap().left_out, since);
    let (user, before) = (c.users.get(UserId::new(1)).unwrap(), small_company());
    assert_eq!(user.first_name, before.users.get(UserId::new(1)).unwrap().first_name);
    assert_eq!(user.last_name.as_str(), "Smith");
}

/// Of two that changed places one was moved on since: the other one going back alone would make an order that never was.
#[test]
fn an_order_that_was_changed_again_stays_as_it_is() {
    let away = |c: &Configuration| c.presence_named(c.default_presence_group().unwrap(), "away").unwrap().id;
    let (mut c, entries) = changed(|c| c.move_presence(away(c), 3));
    c.move_presence(away(&c), 4).unwrap();
    let before = c.clone();
    let changes: Vec<_> = entries.iter().map(Entry::recorded).collect();
    let UndoPlan { kept, left_out, after, .. } = plan(&c, &changes);
    assert!(kept.is_empty() && left_out.len() == entries.len() && after == before, "{left_out:?}");
    assert!(c.restore(&changes).is_err() && c == before);
}

#[test]
fn passwords_and_pins_are_kept_lost_or_refused_but_never_made_up() {
    let hash = |c: &Configuration, id| c.users.get(UserId::new(id)).unwrap().password.clone();
    let other = small_company().users.get(UserId::new(1)).unwrap().password.clone();
    // A change of the password alone cannot be taken back, nor can that of a secret setting.
    let secret = |c: &mut Configuration, value| {
        c.settings.insert(Key::AmiSecret, SettingValue::parse(Key::AmiSecret, value).unwrap());
    };
    let only = |old: Configuration, edit: fn(&mut Configuration)| {
        let mut c = old.clone();
        edit(&mut c);
        let entries = audit(&old, &c);
        restore(&mut c, &entries).unwrap_err()
    };
    let mut with = small_company();
    with.users.edit(UserId::new(1), |user| user.password = other.clone().or_else(sample_hash));
    secret(&mut with, "one");
    let refused = only(with.clone(), |c| c.users.edit(UserId::new(1), |user| user.password = None));
    assert!(matches!(refused, NotUndone::OnlySecret { .. }), "{refused:?}");
    let refused = only(with.clone(), |c| {
        c.settings.insert(Key::AmiSecret, SettingValue::parse(Key::AmiSecret, "two").unwrap());
    });
    assert!(matches!(refused, NotUndone::OnlySecret { .. }), "{refused:?}");
    let refused = only(with.clone(), |c| c.conferences.edit(ConferenceId::new(1), |room| room.pin = None));
    assert!(matches!(refused, NotUndone::OnlySecret { .. }), "{refused:?}");
    // With another change the password of now stays.
    let mut c = with.clone();
    c.users.edit(UserId::new(1), |user| user.last_name = LastName::parse("Z").unwrap());
    let entries = audit(&with, &c);
    assert_eq!(restore(&mut c, &entries).unwrap(), [""; 0]);
    assert_eq!(hash(&c, 1), hash(&with, 1));
    // Whoever comes back has none, is disabled, and that is told.
    let mut c = with.clone();
    c.remove_user(UserId::new(1)).unwrap();
    c.remove_conference(ConferenceId::new(1)).unwrap();
    let entries = audit(&with, &c);
    let notes = restore(&mut c, &entries).unwrap();
    let user = c.users.get(UserId::new(1)).unwrap();
    assert!(user.password.is_none() && !user.enabled && notes[0].contains("are disabled"), "{notes:?}");
    assert!(notes[1].contains("everybody may enter"), "{notes:?}");
}

pub(super) fn sample_hash() -> Option<crate::settings::password::PasswordHash> {
    crate::settings::password::PasswordHash::parse(crate::settings::fixtures::HASH).ok()
}

#[test]
fn what_it_refers_to_must_be_there() {
    let (mut c, entries) = changed(|c| c.remove_user(UserId::new(2)));
    let line: Vec<_> = entries.into_iter().filter(|entry| entry.1 == Kind::Line).collect();
    assert_eq!(
        restore(&mut c, &line).unwrap_err().to_string(),
        "line \"2001@sales\": names user \"bob\", which is not there any more"
    );
    let (mut c, entries) = changed(|c| c.add_profile(ProfileName::parse("Bare")?, None, None).map(drop));
    let profile = c.profiles.iter().next_back().unwrap().id;
    c.users.edit(UserId::new(1), |user| user.profile = Some(profile));
    assert!(restore(&mut c, &entries).unwrap_err().to_string().ends_with("cannot be removed"));
}

#[test]
fn a_damaged_image_is_refused_and_no_image_panics() {
    for kind in Kind::ALL {
        for image in [Value::Null, serde_json::json!({}), serde_json::json!({"name": 5, "key": "client.port"})] {
            let mut c = small_company();
            let change = AuditedChange { entry: AuditId::new(1), kind, object: 999, before: Some(&image), after: None };
            assert!(c.restore(&[change]).is_err(), "{kind} {image}");
            assert_eq!(c, small_company());
        }
    }
}

#[test]
fn a_user_without_a_login_comes_back_with_line_box_and_agent() {
    let bare = |c: &mut Configuration| {
        c.users.edit(UserId::new(2), |user| (user.login, user.password, user.enabled) = (None, None, false));
    };
    let mut old = small_company();
    bare(&mut old);
    for edit in [
        (|c| c.remove_user(UserId::new(2))) as fn(&mut Configuration) -> Result<(), Refusal>,
        |c| c.remove_line(LineId::new(3)),
        |c| c.set_agent_of(UserId::new(2), None),
    ] {
        let mut new = old.clone();
        edit(&mut new).unwrap();
        let entries = audit(&old, &new);
        assert_eq!(restore(&mut new, &entries).unwrap(), [""; 0]);
        assert_same(&old, &new);
    }
    // A login that was given is taken back, and one that was taken away comes back, without the password.
    let (mut c, entries) = (small_company(), audit(&old, &small_company()));
    c.restore(&entries.iter().map(Entry::recorded).collect::<Vec<_>>()).unwrap();
    assert_same(&old, &c);
    let (mut c, entries) = changed(|c| {
        c.users.edit(UserId::new(2), |user| (user.login, user.password, user.enabled) = (None, None, false));
        Ok(())
    });
    let notes = restore(&mut c, &entries).unwrap();
    assert!(notes[0].contains("had a password"), "{notes:?}");
    let bob = c.users.get(UserId::new(2)).unwrap();
    assert_eq!((bob.login.as_ref().map(Login::as_str), bob.password.is_some()), (Some("bob"), false));
}
