//! `export` and `import`: the whole configuration as one readable document (issue part 2).

use std::fs;

use crate::support::Appliance;

fn furnished() -> Appliance {
    let appliance = Appliance::separated_office();
    appliance.run(&["queue", "add", "support", "--number", "3001", "--context", "default", "--wrapup", "5"]);
    appliance.run(&["queue", "member", "add", "support", "2105", "--penalty", "1"]);
    appliance.run(&["voicemail", "add", "1001", "--context", "default", "--user", "agnes"]);
    appliance.run(&["conference", "add", "4001", "--name", "Daily", "--context", "default", "--pin"]);
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
