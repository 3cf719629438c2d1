//! The next step that a command names: the help, real objects in hints, files that are there.

use super::support::Appliance;

#[test]
fn without_arguments_the_help_is_shown_though_the_environment_names_a_folder() {
    let appliance = Appliance::untouched();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ctibox"))
        .env("CTIBOX_DATA", appliance.data())
        .output()
        .expect("the binary starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(words.contains("Usage: ctibox") && words.contains("  demo ") && !words.contains("error:"), "{words}");
}

#[test]
fn a_hint_names_the_objects_at_hand() {
    let appliance = Appliance::new();
    appliance.run(&["user", "add", "bob", "--first-name", "Bob", "--no-password"]).expect_words(&[
        "`ctibox user edit bob --profile Client`",
        "`ctibox user password bob`",
        "`ctibox line add 1001 --context default --user bob`",
    ]);
    appliance.run(&["line", "add", "1001", "--context", "default", "--user", "bob"]);
    appliance
        .run(&["user", "add", "ann", "--first-name", "Ann", "--no-password"])
        .expect_words(&["`ctibox line add 1002 --context default --user ann`"]);
    appliance
        .try_run(&["profile", "service", "add", "Client", "fly"])
        .expect_words(&["`ctibox profile service list Client`"]);
    appliance
        .try_run(&["presence", "add", "away", "--group", "xivo"])
        .expect_words(&["`ctibox presence edit away --group xivo`"]);
    appliance.try_run(&["restore", "/nowhere.db"]).expect_words(&["no backup at /nowhere.db", "`ctibox backup`"]);
}
