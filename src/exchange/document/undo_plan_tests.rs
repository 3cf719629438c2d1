//! What can be taken back of several transactions, some of them changed again since: each edit is recorded as the audit would.

use super::restore_tests::{Entry, audit, sample_hash};
use super::*;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{add_line, add_user, small_company};
use crate::settings::id::*;
use crate::settings::name::*;

/// A configuration that is edited transaction by transaction.
struct Past {
    now: Configuration,
    next: i64,
    transactions: Vec<(AuditId, Vec<Entry>)>,
}

impl Past {
    fn new() -> Self {
        Self { now: small_company(), next: 1000, transactions: Vec::new() }
    }

    /// The transaction's place among those that can be marked.
    fn edit(&mut self, edit: impl FnOnce(&mut Configuration)) -> usize {
        let before = self.now.clone();
        edit(&mut self.now);
        let mut entries = audit(&before, &self.now);
        entries.sort_by_key(|entry| entry.0);
        let first = AuditId::new(self.next);
        for entry in &mut entries {
            entry.0 = AuditId::new(self.next);
            self.next += 1;
        }
        self.transactions.push((first, entries));
        self.transactions.len() - 1
    }

    fn plan(&self, marked: &[usize]) -> UndoPlan {
        let marked = marked.iter().map(|at| &self.transactions[*at]);
        let changes = marked.flat_map(|(transaction, entries)| {
            entries.iter().map(|entry| PlannedChange { transaction: *transaction, change: entry.recorded() })
        });
        self.now.plan_undo(changes, &Configuration::empty(self.now.server_uuid))
    }

    /// What is left out, each with its reason in a word.
    fn left_out(&self, plan: &UndoPlan) -> Vec<String> {
        let mut told: Vec<String> = plan
            .left_out
            .iter()
            .map(|LeftOut { entry, why }| {
                let entries = self.transactions.iter().flat_map(|(_, entries)| entries);
                let on = entries.map(Entry::recorded).find(|change| change.entry == *entry).expect("it was planned");
                let why = match why {
                    WhyLeftOut::ChangedSince(since) => since.difference(),
                    WhyLeftOut::OnlySecret => "secret".to_owned(),
                    WhyLeftOut::Held { by, .. } => format!("has {by}"),
                    WhyLeftOut::BelongsTo(whole) => format!("belongs to {whole}"),
                    WhyLeftOut::Refused(refusal) => refusal.to_string(),
                };
                format!("{}: {why}", on.label())
            })
            .collect();
        told.sort();
        told
    }
}

fn rename(c: &mut Configuration, id: UserId, name: &str) {
    c.users.edit(id, |user| user.last_name = LastName::parse(name).expect("a name"));
}

/// Users with a line each, as an import brings them.
fn import(c: &mut Configuration) {
    let context = c.contexts.iter().next().expect("a context").id;
    for (login, number) in [("ines", "6081"), ("kuhn", "6082"), ("lena", "6083")] {
        let user = add_user(c, login);
        add_line(c, user, number, context);
    }
}

fn user(c: &Configuration, login: &str) -> Option<UserId> {
    c.users.find(|user| user.login.as_ref().is_some_and(|own| own.as_str() == login)).map(|user| user.id)
}

fn lines(c: &Configuration) -> Vec<String> {
    c.lines.iter().map(|line| line.extension.to_string()).filter(|number| number.starts_with("60")).collect()
}

fn alice() -> UserId {
    UserId::new(1)
}

#[test]
fn an_imported_user_who_was_changed_since_keeps_the_line_and_all_else_of_the_import_goes() {
    let mut past = Past::new();
    let imported = past.edit(import);
    let kuhn = user(&past.now, "kuhn").expect("imported");
    past.edit(|c| rename(c, kuhn, "Kuhn-Meyer"));
    let plan = past.plan(&[imported]);
    assert_eq!(lines(&plan.after), ["6082"]);
    assert!(user(&plan.after, "kuhn").is_some() && user(&plan.after, "ines").is_none());
    let left_out = past.left_out(&plan);
    assert_eq!(left_out[0], "line \"6082@default\": belongs to user \"kuhn\"");
    assert!(left_out[1].starts_with("user \"kuhn\": last name"), "{left_out:?}");
}

#[test]
fn an_imported_line_that_was_changed_since_keeps_its_user() {
    let mut past = Past::new();
    let imported = past.edit(import);
    past.edit(|c| {
        let line = c.lines.find(|line| line.extension.as_str() == "6082").expect("imported").id;
        c.lines.edit(line, |line| line.device = Device::parse("PJSIP/other").expect("a device"));
    });
    let plan = past.plan(&[imported]);
    assert_eq!(lines(&plan.after), ["6082"]);
    assert!(user(&plan.after, "kuhn").is_some() && user(&plan.after, "lena").is_none());
    assert!(past.left_out(&plan).contains(&"user \"kuhn\": has line \"6082@default\"".to_owned()));
}

/// Nobody changed the user: but the removal would take along what somebody else gave to them.
#[test]
fn an_imported_user_who_got_another_line_since_stays_with_both() {
    let mut past = Past::new();
    let imported = past.edit(import);
    let kuhn = user(&past.now, "kuhn").expect("imported");
    past.edit(|c| {
        let context = c.contexts.iter().next().expect("a context").id;
        add_line(c, kuhn, "6099", context);
    });
    let plan = past.plan(&[imported]);
    assert_eq!(lines(&plan.after), ["6082", "6099"]);
    let changes: Vec<_> = past.transactions[imported].1.iter().map(Entry::recorded).collect();
    let refused = past.now.clone().restore(&changes).expect_err("the command takes all or nothing");
    assert!(
        refused.to_string().contains("user \"kuhn\": has line \"6099@default\", which would go along"),
        "{refused}"
    );
}

/// Two changes of mine with one of somebody else in between: mine that came last goes back to what they made, no further.
#[test]
fn a_change_between_two_that_are_undone_stays_and_only_the_older_one_is_left_out() {
    let mut past = Past::new();
    let first = past.edit(|c| rename(c, alice(), "One"));
    past.edit(|c| rename(c, alice(), "Theirs"));
    let last = past.edit(|c| rename(c, alice(), "Two"));
    let plan = past.plan(&[first, last]);
    assert_eq!(plan.after.users.get(alice()).expect("alice").last_name.as_str(), "Theirs");
    assert_eq!(past.left_out(&plan), ["user \"alice\": last name \"One\" -> \"Theirs\""]);
    assert_eq!(plan.kept.len(), 1);
}

/// A removal and its undo lie in the hour, and another change that something stands in the way of.
#[test]
fn an_hour_with_earlier_undos_in_it_is_undone_but_for_what_is_in_the_way() {
    let mut past = Past::new();
    let first = past.edit(|c| rename(c, alice(), "One"));
    let before = past.now.clone();
    let removed = past.edit(|c| c.remove_user(alice()).expect("removed"));
    let back = past.edit(|c| {
        for user in before.users.iter() {
            c.users.share(user);
        }
        for line in before.lines.iter() {
            c.lines.share(line);
        }
        c.voicemails = before.voicemails.clone();
        c.agents = before.agents.clone();
        c.queues = before.queues.clone();
    });
    // The context cannot go: somebody else put a line of theirs into it.
    let lab = past.edit(|c| {
        c.add_context(ContextName::parse("lab").expect("a name"), &[]).expect("a context");
        rename(c, alice(), "Two");
    });
    past.edit(|c| {
        let lab = c.contexts.find(|context| context.name.as_str() == "lab").expect("it").id;
        add_line(c, UserId::new(2), "7777", lab);
    });
    let plan = past.plan(&[first, removed, back, lab]);
    let left_out = past.left_out(&plan);
    assert!(left_out.len() == 1 && left_out[0].starts_with("context \"lab\": context \"lab\": "), "{left_out:?}");
    let old = small_company();
    let name = |c: &Configuration| c.users.get(alice()).map(|user| user.last_name.to_string());
    assert_eq!(name(&plan.after), name(&old));
    assert_eq!(plan.after.lines.len(), past.now.lines.len(), "no line is lost");
}

/// Somebody else had removed it in between: it is not said that what is there does not exist.
#[test]
fn what_was_removed_by_somebody_else_and_brought_back_is_undone_through_that() {
    let mut past = Past::new();
    let added = past.edit(|c| {
        add_line(c, alice(), "6010", ContextId::new(1));
    });
    let before = past.now.clone();
    past.edit(|c| {
        let line = c.lines.find(|line| line.extension.as_str() == "6010").expect("it").id;
        c.remove_line(line).expect("it goes");
    });
    let back = past.edit(|c| before.lines.iter().for_each(|line| c.lines.share(line)));
    let plan = past.plan(&[added, back]);
    assert_eq!((past.left_out(&plan), lines(&plan.after)), (Vec::new(), Vec::new()));
}

#[test]
fn who_got_another_login_since_in_a_change_that_is_undone_too_is_nobody_elses_change() {
    let mut past = Past::new();
    let imported = past.edit(import);
    let kuhn = user(&past.now, "kuhn").expect("imported");
    let renamed = past.edit(|c| c.users.edit(kuhn, |user| user.login = Some(Login::parse("akuhn").expect("a login"))));
    let plan = past.plan(&[imported, renamed]);
    assert_eq!((past.left_out(&plan), lines(&plan.after)), (Vec::new(), Vec::new()));
    assert!(user(&plan.after, "akuhn").is_none());
}

/// The login of whoever comes back is somebody else's now.
#[test]
fn who_cannot_come_back_is_left_out_with_the_lines_and_the_rest_comes_back() {
    let mut past = Past::new();
    let removed = past.edit(|c| {
        c.remove_user(UserId::new(2)).expect("bob goes");
        rename(c, alice(), "One");
    });
    past.edit(|c| {
        add_user(c, "bob");
    });
    let plan = past.plan(&[removed]);
    let name = |c: &Configuration| c.users.get(alice()).map(|user| user.last_name.to_string());
    assert_eq!(name(&plan.after), name(&small_company()));
    let left_out = past.left_out(&plan);
    assert!(left_out.iter().any(|words| words.starts_with("user \"bob\": ")), "{left_out:?}");
    assert!(left_out.iter().any(|words| words.ends_with("belongs to user \"bob\"")), "{left_out:?}");
    assert!(plan.after.users.get(UserId::new(2)).is_none());
}

#[test]
fn a_password_that_somebody_still_knows_comes_back_with_its_user() {
    let mut past = Past::new();
    past.edit(|c| c.users.edit(alice(), |user| (user.password, user.enabled) = (sample_hash(), true)));
    let remembered = past.now.clone();
    let removed = past.edit(|c| c.remove_user(alice()).expect("removed"));
    let changes: Vec<_> = past.transactions[removed].1.iter().map(Entry::recorded).collect();
    let mut forgotten = past.now.clone();
    assert_eq!(forgotten.restore(&changes).expect("restored").lost.len(), 1);
    let mut known = past.now.clone();
    assert_eq!(known.restore_remembering(&changes, &remembered).expect("restored").lost, []);
    let alice = known.users.get(alice()).expect("alice");
    assert!(alice.password == sample_hash() && alice.enabled);
}
