//! Callers' names: what a real telephone shows, and that it rings whatever becomes of ctibox.

use crate::company::{connected, installed_office};
use crate::pbx::Pbx;
use crate::phone::Phone;

/// A call from outside: from this number, without a name.
fn call_from_outside(pbx: &Pbx, number: &str, extension: &str) {
    let caller = format!("<{number}>");
    let channel = format!("Local/{extension}@default");
    let mut observer = pbx.observer();
    observer.tell(
        "Originate",
        &[("Channel", &channel), ("CallerID", &caller), ("Application", "Wait"), ("Data", "60"), ("Async", "true")],
    );
    // Asterisk says yes before it begins, and may never begin where who asked is gone by then.
    observer.await_event("DialBegin", &[("DialString", extension)]);
}

/// Of the call that rings: the number, and what the telephone shows.
fn shown(called: &mut Phone) -> (String, String) {
    let call = called.await_ringing();
    let text = |member: &str| call[member].as_str().unwrap_or_default().to_owned();
    called.hang_up();
    called.await_end();
    (text("peeruri"), text("peerdisplayname"))
}

#[test]
fn a_telephone_shows_the_name_behind_a_number_and_rings_without_ctibox() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    office.run(&["phonebook", "add", "--company", "Acme \"Tools\"", "--number", "+33123456789"]);
    office.run(&["dial-rule", "add", "+33", "--strip", "3", "--add", "0"]);
    let server = connected(&office);
    let mut called = Phone::register(&pbx, "1001");
    // A machine that is busy with other things may be too late for a call.
    let named = (0..20).map(|_| {
        call_from_outside(&pbx, "0123456789", "1001");
        shown(&mut called)
    });
    let (number, name) = named.into_iter().find(|(_, name)| !name.is_empty()).expect("a name, once");
    assert!(number.contains("0123456789"), "{number}");
    assert_eq!(name.replace('\\', ""), "Acme \"Tools\"");
    call_from_outside(&pbx, "5550199", "1001");
    let (number, name) = shown(&mut called);
    assert!(number.contains("5550199") && !name.contains("Acme"), "{number} {name}");
    drop(server);
    call_from_outside(&pbx, "0123456789", "1001");
    assert!(shown(&mut called).0.contains("0123456789"));
}
