//! `export` and `import`: the whole configuration as one readable document.

use std::fs;

use serde_json::Value;

use crate::support::Appliance;

fn furnished() -> Appliance {
    let appliance = Appliance::separated_office();
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default", "--wrapup", "5"]);
    appliance.run(&["queue", "member", "add", "support", "2105", "--penalty", "1"]);
    appliance.run(&["voicemail", "add", "1001", "--context", "default", "--user", "agnes"]);
    appliance.run(&["conference", "add", "4001", "--name", "Daily", "--context", "default", "--pin"]);
    appliance.run(&["phonebook", "add", "--last-name", "Roe", "--number", "555 1", "--context", "sales"]);
    appliance.run(&["presence", "group", "add", "night"]);
    appliance.run(&["presence", "add", "asleep", "--group", "night", "--display", "Asleep", "--color", "#000080"]);
    appliance.run(&["profile", "add", "Night", "--presences", "night"]);
    appliance.run(&["profile", "service", "add", "Night", "enablednd"]);
    appliance
}

#[test]
fn an_export_imports_and_exports_again_the_same() {
    let appliance = furnished();
    for words in [&["export"][..], &["export", "--with-secrets"]] {
        let text = appliance.run(words).stdout;
        let file = appliance.beside("document.json");
        fs::write(&file, &text).unwrap();
        let other = Appliance::untouched();
        other.run(&["init"]);
        other.run(&["import", file.to_str().unwrap()]);
        assert_eq!(text, other.run(words).stdout, "`{}`", words.join(" "));
    }
}

#[test]
fn an_export_without_secrets_holds_none() {
    let appliance = furnished();
    appliance.set("ami.secret", "very-secret-word");
    let text = appliance.run(&["export"]).stdout;
    assert!(!text.contains("argon2") && !text.contains("very-secret-word"));
    let file = appliance.beside("with-secrets.json");
    appliance.run(&["export", file.to_str().unwrap(), "--with-secrets"]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("argon2id") && text.contains("very-secret-word"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_import_without_secrets_keeps_what_is_there() {
    let appliance = furnished();
    let file = appliance.beside("document.json");
    fs::write(&file, appliance.run(&["export"]).stdout).unwrap();
    appliance.run(&["import", file.to_str().unwrap()]);
    appliance.serve().logged_in("agnes");
}

#[test]
fn a_dry_run_shows_the_difference_and_changes_nothing() {
    let appliance = furnished();
    let before = appliance.run(&["export"]).stdout;
    let file = appliance.beside("document.json");
    fs::write(&file, before.replace("\"Agnes\"", "\"Agnete\"")).unwrap();
    let outcome = appliance.run(&["import", file.to_str().unwrap(), "--dry-run"]);
    assert!(outcome.stdout.contains("agnes"), "{}", outcome.stdout);
    assert_eq!(before, appliance.run(&["export"]).stdout);
}

/// The object of a list whose member says this.
fn object<'a>(document: &'a mut Value, list: &str, member: &str, word: &str) -> &'a mut Value {
    let objects = document[list].as_array_mut().unwrap();
    objects.iter_mut().find(|object| object[member] == word).unwrap_or_else(|| panic!("{list}: no {member} {word}"))
}

/// Gives two objects of a list each other's member.
fn swap(document: &mut Value, list: &str, member: &str, words: [&str; 2]) {
    let ids = words.map(|word| object(document, list, member, word)["id"].clone());
    for (id, word) in ids.iter().zip([words[1], words[0]]) {
        let objects = document[list].as_array_mut().unwrap();
        objects.iter_mut().find(|object| object["id"] == *id).unwrap()[member] = word.into();
    }
}

#[test]
fn one_import_swaps_whatever_must_be_unique() {
    let appliance = furnished().on_any_port();
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    appliance.run(&["user", "edit", "bertil", "--email", "bertil@example.org"]);
    appliance.run(&["queue", "add", "sales", "--number", "3002", "--context", "default"]);
    appliance.run(&["voicemail", "add", "1002", "--context", "default", "--user", "bertil"]);
    appliance.run(&["conference", "add", "4002", "--name", "Weekly", "--context", "default"]);
    appliance.run(&["line", "add", "1011", "--context", "default", "--user", "agnes"]);
    let file = appliance.beside("document.json");
    let swaps = [
        ("users", "login", ["agnes", "bertil"]),
        ("users", "email", ["agnes@example.org", "bertil@example.org"]),
        ("lines", "extension", ["1001", "1002"]),
        ("queues", "name", ["sales", "support"]),
        ("queues", "number", ["3001", "3002"]),
        ("voicemails", "mailbox", ["1001", "1002"]),
        ("voicemails", "user", ["agnes", "bertil"]),
        ("conferences", "number", ["4001", "4002"]),
        ("agents", "number", ["2105", "2106"]),
        ("agents", "user", ["bertil", "farid"]),
        ("contexts", "name", ["default", "sales"]),
        ("profiles", "name", ["Client", "Agent"]),
        ("presence_groups", "name", ["night", "xivo"]),
    ];
    for (list, member, words) in swaps {
        let mut document = appliance.document();
        swap(&mut document, list, member, words);
        if (list, member) == ("presence_groups", "name") {
            // The protection goes with the name.
            for name in ["night", "xivo"] {
                object(&mut document, list, "name", name)["deletable"] = (name == "night").into();
            }
        }
        fs::write(&file, document.to_string()).unwrap();
        let path = file.to_str().unwrap();
        let outcome = appliance.try_run(&["import", path]);
        assert_eq!(outcome.code, Some(0), "{list}, {member}: {}", outcome.stderr);
        assert_eq!(appliance.document()[list], document[list], "{list}, {member}");
        appliance.run(&["check"]);
    }
    let mut document = appliance.document();
    let owner = object(&mut document, "lines", "extension", "1011")["user"].clone();
    for line in document["lines"].as_array_mut().unwrap().iter_mut().filter(|line| line["user"] == owner) {
        line["main"] = (line["extension"] == "1011").into();
    }
    let presences = document["presence_groups"][0]["presences"].as_array_mut().unwrap();
    presences.swap(1, 2);
    fs::write(&file, document.to_string()).unwrap();
    appliance.run(&["import", file.to_str().unwrap()]);
    let after = appliance.document();
    assert_eq!(after["lines"], document["lines"]);
    let order = |document: &Value| {
        let presences = document["presence_groups"][0]["presences"].as_array().unwrap().clone();
        presences.iter().map(|presence| presence["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(order(&after), order(&document));
}

#[test]
fn a_dry_run_on_a_missing_folder_says_what_comes_and_makes_nothing() {
    let (old, new) = (furnished(), Appliance::untouched());
    let file = old.beside("document.json");
    fs::write(&file, old.run(&["export"]).stdout).unwrap();
    let outcome = new.run(&["import", file.to_str().unwrap(), "--dry-run"]);
    assert!(outcome.stdout.contains("+ user \"agnes\"\n"), "{}", outcome.stdout);
    assert!(!new.data().exists(), "a dry run made the folder");
}

#[test]
fn a_room_whose_pin_stayed_behind_is_named() {
    let (old, new) = (furnished(), Appliance::untouched());
    old.set("ami.host", "192.0.2.1");
    let file = old.beside("document.json");
    let path = file.to_str().unwrap();
    old.run(&["export", path]);
    for words in [&["import", path, "--dry-run"][..], &["import", path]] {
        new.run(words).expect_words(&["everybody may enter conference \"4001@default\"", "ami.secret is not set"]);
    }
    // Where the PIN is, it stays, and nothing is to be told.
    let outcome = old.run(&["import", path]);
    assert!(!outcome.stderr.contains("everybody"), "{}", outcome.stderr);
    old.run(&["export", path, "--with-secrets"]);
    let outcome = Appliance::untouched().run(&["import", path]);
    assert!(!outcome.stderr.contains("everybody"), "{}", outcome.stderr);
}

#[test]
fn an_import_with_a_mistake_changes_nothing() {
    let appliance = furnished();
    let before = appliance.run(&["export"]).stdout;
    let file = appliance.beside("document.json");
    fs::write(&file, before.replace("\"#9BC920\"", "\"greenish\"")).unwrap();
    appliance.try_run(&["import", file.to_str().unwrap()]).expect_code(1).expect_words(&["greenish"]);
    fs::write(&file, "{}").unwrap();
    appliance.try_run(&["import", file.to_str().unwrap()]).expect_code(1);
    assert_eq!(before, appliance.run(&["export"]).stdout);
}

#[test]
fn an_import_reaches_connected_clients() {
    let appliance = furnished();
    let server = appliance.serve();
    let mut bertil = server.logged_in("bertil");
    bertil.fence();
    let file = appliance.beside("document.json");
    fs::write(&file, appliance.run(&["export"]).stdout.replace("\"Agnes\"", "\"Agnete\"")).unwrap();
    appliance.run(&["import", file.to_str().unwrap()]);
    bertil.receive_where(|message| message["config"]["firstname"] == "Agnete");
    bertil.fence();
}
