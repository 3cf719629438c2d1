//! Every rule of settings §4 is broken through the command line, and its message is read. Rules that only a running
//! server can show (P18, F13) are in `presence` and `login`; here stands what an administrator meets.

use serde_json::{Value, json};

use super::support::Appliance;

/// The command is refused, names the rule and these words, gives a hint, and changes nothing.
fn refused(appliance: &Appliance, rule: &str, words: &[&str], command: &[&str]) {
    let before = appliance.document();
    let named = format!("(rule {rule})");
    let outcome = appliance.try_run(command).expect_code(1).expect_words(&["error: ", &named, "\n\nhint: "]);
    outcome.expect_words(words);
    assert_eq!(appliance.document(), before, "a refused command changed something: {command:?}");
}

/// The command is taken, and warns of the rule with these words.
fn warned(appliance: &Appliance, rule: &str, words: &[&str], command: &[&str]) {
    let named = format!("(rule {rule})");
    appliance.run(command).expect_words(&["warning: ", &named]).expect_words(words);
}

/// The default document with one thing made wrong is refused by `import`, which names the rule and changes nothing.
fn import_refused(rule: &str, words: &[&str], spoil: impl FnOnce(&mut Value)) {
    let appliance = Appliance::new();
    let mut document = appliance.document();
    spoil(&mut document);
    let file = appliance.beside("spoilt.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let file = file.to_str().unwrap();
    refused(&appliance, rule, words, &["import", file]);
    refused(&appliance, rule, words, &["import", file, "--dry-run"]);
}

fn presence<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    let presences = document["presence_groups"][0]["presences"].as_array_mut().unwrap();
    presences.iter_mut().find(|presence| presence["name"] == name).unwrap()
}

#[test]
fn p1_names_of_presence_groups_are_unique_in_any_case() {
    refused(&Appliance::new(), "P1", &["XIVO", "xivo"], &["presence", "group", "add", "XIVO"]);
}

#[test]
fn p2_names_of_presence_groups_have_their_alphabet_and_length() {
    let appliance = Appliance::new();
    for name in ["a b", "a,b", "", &"x".repeat(65)] {
        refused(&appliance, "P2", &["1 to 64 letters, digits"], &["presence", "group", "add", name]);
    }
    appliance.run(&["presence", "group", "add", &"x".repeat(64)]);
}

#[test]
fn p3_names_of_presences_have_their_alphabet_and_length() {
    let appliance = Appliance::new();
    for name in ["at lunch", "a,b", "déjeuner", &"x".repeat(65)] {
        refused(&appliance, "P3", &["1 to 64 letters, digits"], &["presence", "add", name, "--group", "xivo"]);
    }
}

#[test]
fn p4_names_of_presences_are_unique_in_their_group() {
    let appliance = Appliance::new();
    refused(&appliance, "P4", &["away", "xivo"], &["presence", "add", "away", "--group", "xivo"]);
    refused(&appliance, "P4", &["away"], &["presence", "rename", "outtolunch", "away", "--group", "xivo"]);
    appliance.run(&["presence", "group", "add", "sales"]);
    refused(&appliance, "P4", &["sales"], &["presence", "add", "away", "--group", "sales"]);
}

#[test]
fn p5_display_names_are_printable_and_at_most_64_long() {
    let appliance = Appliance::new();
    for display in ["\u{1b}[2J", &"x".repeat(65)] {
        let command = ["presence", "edit", "away", "--group", "xivo", "--display", display];
        refused(&appliance, "P5", &["1 to 64 printable"], &command);
    }
    import_refused("P5", &["display name"], |document| presence(document, "away")["display"] = json!(""));
}

#[test]
fn p6_colors_are_expanded_or_refused() {
    let appliance = Appliance::new();
    for color in ["#12", "9BC920", "chartreuse-ish", "#GGGGGG"] {
        let command = ["presence", "edit", "away", "--group", "xivo", "--color", color];
        refused(&appliance, "P6", &["#RRGGBB", color], &command);
    }
    appliance.run(&["presence", "edit", "away", "--group", "xivo", "--color", "#0f0"]);
    let shown = appliance.run(&["presence", "show", "away", "--group", "xivo", "--json"]).json();
    assert_eq!(shown["color"], "#00FF00");
}

#[test]
fn p7_only_presences_of_the_same_group_are_reachable() {
    let appliance = Appliance::new();
    appliance.run(&["presence", "group", "add", "sales"]);
    appliance.run(&["presence", "add", "travelling", "--group", "sales", "--reachable", "available"]);
    let command = ["presence", "edit", "away", "--group", "xivo", "--reachable", "available,travelling"];
    refused(&appliance, "P7", &["travelling", "away"], &command);
}

#[test]
fn p8_a_presence_reaches_itself_said_or_not() {
    let appliance = Appliance::new();
    let allowed = |reachable: &str| {
        appliance.run(&["presence", "edit", "away", "--group", "xivo", "--reachable", reachable]);
        presence(&mut appliance.document(), "away")["allowed"].take()
    };
    assert_eq!(allowed("away,available"), json!(["available", "away"]));
    assert_eq!(allowed("available"), json!(["available", "away"]));
    assert_eq!(allowed(""), json!([]));
}

#[test]
fn p9_available_and_disconnected_are_in_every_group() {
    let appliance = Appliance::new();
    appliance.run(&["presence", "group", "add", "sales"]);
    for group in ["xivo", "sales"] {
        for name in ["available", "disconnected"] {
            refused(&appliance, "P9", &[name, group], &["presence", "remove", name, "--group", group]);
        }
    }
    import_refused("P9", &["disconnected", "xivo"], |document| {
        document["presence_groups"][0]["presences"].as_array_mut().unwrap().pop();
    });
}

#[test]
fn p10_mandatory_presences_keep_their_names_and_nothing_else() {
    let appliance = Appliance::new();
    for name in ["available", "disconnected"] {
        refused(&appliance, "P10", &[name, "here"], &["presence", "rename", name, "here", "--group", "xivo"]);
    }
    appliance.run(&["presence", "edit", "available", "--display", "Here", "--color", "lime", "--action", ""]);
}

#[test]
fn p11_a_removed_presence_is_reachable_from_nowhere() {
    let appliance = Appliance::new();
    let outcome = appliance.run(&["presence", "remove", "away", "--group", "xivo"]);
    outcome.expect_words(&["warning: ", "reachable", "available"]);
    for presence in appliance.document()["presence_groups"][0]["presences"].as_array().unwrap() {
        assert!(!presence["allowed"].as_array().unwrap().contains(&json!("away")), "{presence}");
    }
}

#[test]
fn p13_a_group_that_profiles_use_is_not_removed() {
    let appliance = Appliance::new();
    appliance.run(&["presence", "group", "add", "sales"]);
    appliance.run(&["profile", "add", "Sales", "--presences", "sales"]);
    refused(&appliance, "P13", &["1 profile", "\"Sales\""], &["presence", "group", "remove", "sales"]);
    appliance.run(&["profile", "edit", "Sales", "--presences", "xivo"]);
    appliance.run(&["presence", "group", "remove", "sales"]);
}

#[test]
fn p14_the_default_presence_group_is_not_removed() {
    refused(&Appliance::new(), "P14", &["xivo"], &["presence", "group", "remove", "xivo"]);
}

#[test]
fn p15_actions_are_known_whole_and_do_not_contradict() {
    let appliance = Appliance::new();
    let with = |actions: &[&str]| -> Vec<String> {
        let mut command = ["presence", "edit", "away", "--group", "xivo"].map(str::to_owned).to_vec();
        command.extend(actions.iter().flat_map(|action| ["--action".to_owned(), (*action).to_owned()]));
        command
    };
    for actions in [
        &["queueadd"][..],
        &["enablednd"],
        &["enablednd=maybe"],
        &["agentlogoff=now"],
        &["enablednd=true", "enablednd=false"],
        &["queuepause_all", "queueunpause_all"],
    ] {
        let command = with(actions);
        refused(&appliance, "P15", &[], &command.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let command = with(&["queuepause_all", "agentlogoff"]);
    warned(&appliance, "P15", &["away"], &command.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn p16_a_way_into_disconnected_is_a_matter_for_warning() {
    let command = ["presence", "edit", "away", "--reachable", "available,disconnected"];
    warned(&Appliance::new(), "P16", &["away", "disconnected"], &command);
}

#[test]
fn p17_dead_ends_and_islands_are_matters_for_warning() {
    let appliance = Appliance::new();
    warned(&appliance, "P17", &["away", "dead end"], &["presence", "edit", "away", "--reachable", ""]);
    warned(&appliance, "P17", &["island", "available"], &["presence", "add", "island", "--reachable", "available"]);
}

#[test]
fn h1_names_of_phone_hint_groups_are_unique_and_have_their_alphabet() {
    let appliance = Appliance::new();
    refused(&appliance, "H1", &["Xivo"], &["hint", "add", "Xivo"]);
    refused(&appliance, "H1", &["1 to 64 letters"], &["hint", "add", "two words"]);
}

#[test]
fn h2_hint_numbers_are_the_states_of_a_telephone() {
    let appliance = Appliance::new();
    for number in ["3", "-3", "18", "ringing"] {
        refused(&appliance, "H2", &[number], &["hint", "edit", "xivo", number, "--text", "T"]);
    }
    appliance.run(&["hint", "edit", "xivo", "-2", "--text", "Gone"]);
    appliance.run(&["hint", "edit", "xivo", "17", "--text", "In use, one on hold", "--color", "#FD0"]);
}

#[test]
fn h3_colors_of_hints_are_as_those_of_presences() {
    refused(&Appliance::new(), "H3", &["#RRGGBB"], &["hint", "edit", "xivo", "8", "--color", "ringing"]);
}

#[test]
fn h4_the_default_hint_group_is_not_removed() {
    refused(&Appliance::new(), "H4", &["xivo"], &["hint", "remove", "xivo"]);
}

#[test]
fn h5_a_hint_group_that_profiles_use_is_not_removed() {
    let appliance = Appliance::new();
    appliance.run(&["hint", "add", "sales"]);
    appliance.run(&["profile", "add", "Sales", "--hints", "sales"]);
    refused(&appliance, "H5", &["1 profile", "\"Sales\""], &["hint", "remove", "sales"]);
}

#[test]
fn h6_hint_texts_are_printable_and_at_most_64_long() {
    let appliance = Appliance::new();
    for text in ["", "\u{7}", &"x".repeat(65)] {
        refused(&appliance, "H6", &["1 to 64 printable"], &["hint", "edit", "xivo", "8", "--text", text]);
    }
    appliance.run(&["hint", "edit", "xivo", "8", "--text", "rings, {or} not"]);
    appliance.run(&["hint", "add", "night"]);
    let both = ["needs both a text and a color", "`--text TEXT`", "`--color COLOR`"];
    refused(&appliance, "H6", &both, &["hint", "edit", "night", "17", "--text", "T"]);
}

/// Settings §9: 17.
#[test]
fn f1_profile_names_are_unique_but_their_case_counts() {
    let appliance = Appliance::new();
    refused(&appliance, "F1", &["Client"], &["profile", "add", "Client"]);
    refused(&appliance, "F1", &["3 to 128"], &["profile", "add", "ab"]);
    appliance.run(&["profile", "add", "test"]);
    warned(&appliance, "F1", &["TEST", "test"], &["profile", "add", "TEST"]);
}

#[test]
fn f2_the_groups_of_a_profile_exist() {
    let appliance = Appliance::new();
    refused(&appliance, "F2", &["nowhere"], &["profile", "add", "Sales", "--presences", "nowhere"]);
    refused(&appliance, "F2", &["nowhere"], &["profile", "edit", "Client", "--hints", "nowhere"]);
    import_refused("F2", &["nowhere"], |document| document["profiles"][0]["presence_group"] = json!("nowhere"));
}

/// Settings §9: 18.
#[test]
fn f3_a_profile_that_users_have_is_not_removed() {
    let appliance = Appliance::company();
    appliance.run(&["user", "disable", "agnes"]);
    refused(&appliance, "F3", &["Client", "1 user"], &["profile", "remove", "Client"]);
}

#[test]
fn f4_an_xlet_stands_once_in_a_profile_and_is_known() {
    let appliance = Appliance::new();
    let count = |appliance: &Appliance| appliance.run(&["profile", "xlet", "list", "Agent", "--json"]).json();
    let before = count(&appliance).as_array().unwrap().len();
    appliance.run(&["profile", "xlet", "set", "Agent", "queues", "--position", "dock", "--number", "7"]);
    assert_eq!(count(&appliance).as_array().unwrap().len(), before);
    refused(&appliance, "F4", &["dialer"], &["profile", "xlet", "set", "Agent", "dialer", "--position", "dock"]);
    import_refused("F4", &["Agent", "identity"], |document| {
        document["profiles"][1]["xlets"].as_array_mut().unwrap().push(json!(["identity", "dock", null]));
    });
}

#[test]
fn f5_tabs_need_the_tabber_in_the_grid() {
    let appliance = Appliance::new();
    let set = |profile: &'static str, xlet: &'static str, position: &'static str| {
        ["profile", "xlet", "set", profile, xlet, "--position", position]
    };
    refused(&appliance, "F5", &["people", "tabber"], &set("Agent", "people", "tab"));
    refused(&appliance, "F5", &["tabber", "grid"], &set("Client", "tabber", "tab"));
    refused(&appliance, "F5", &["tabber", "grid"], &set("Client", "tabber", "dock"));
    refused(&appliance, "F5", &["tabber"], &["profile", "xlet", "remove", "Client", "tabber"]);
    refused(&appliance, "F5", &["somewhere"], &set("Client", "people", "somewhere"));
    warned(&appliance, "F5", &["tabber"], &set("Agent", "tabber", "grid"));
    appliance.run(&set("Agent", "people", "tab"));
}

#[test]
fn f6_xlet_numbers_are_0_to_999_or_left_out() {
    let appliance = Appliance::new();
    let set = |number| ["profile", "xlet", "set", "Agent", "queues", "--position", "dock", "--number", number];
    for number in ["1000", "-1", "first"] {
        refused(&appliance, "F6", &[number, "0 to 999"], &set(number));
    }
    appliance.run(&set(""));
}

#[test]
fn f7_a_number_twice_in_a_position_is_a_matter_for_warning() {
    let appliance = Appliance::new();
    let set = |xlet| ["profile", "xlet", "set", "Agent", xlet, "--position", "dock", "--number", "5"];
    appliance.run(&set("queues"));
    warned(&appliance, "F7", &["queues", "agentdetails"], &set("agentdetails"));
}

#[test]
fn f8_flags_have_four_letters_and_are_kept_outside_of_docks() {
    let appliance = Appliance::new();
    let set = |flags| ["profile", "xlet", "set", "Client", "fax", "--position", "tab", "--flags", flags];
    refused(&appliance, "F8", &["'x'"], &set("fx"));
    appliance.run(&set("cf"));
    let listed = appliance.run(&["profile", "xlet", "list", "Client"]).stdout;
    assert!(listed.lines().any(|line| line.split_whitespace().eq(["fax", "tab", "3", "fc"])), "{listed}");
}

#[test]
fn f9_and_f10_a_profile_that_shows_little_is_a_matter_for_warning() {
    let appliance = Appliance::new();
    warned(&appliance, "F9", &["Empty"], &["profile", "add", "Empty"]);
    warned(&appliance, "F10", &["Agent", "identity"], &["profile", "xlet", "remove", "Agent", "identity"]);
}

#[test]
fn f11_preferences_are_known_and_typed() {
    let appliance = Appliance::new();
    let set = |name, value| ["profile", "preference", "set", "Agent", name, value];
    for (name, value) in [
        ("xlet.unknown", "1"),
        ("xlet.identity.logagent", "maybe"),
        ("xlet.queues.statsfetchperiod", "0"),
        ("loginwindow.url", "ftp://example.org/"),
    ] {
        refused(&appliance, "F11", &[name], &set(name, value));
    }
    appliance.run(&set("loginwindow.url", "https://example.org/a?b=c"));
}

#[test]
fn f12_services_are_of_the_list() {
    let command = ["profile", "service", "add", "Agent", "enablednd", "callforwarding"];
    refused(&Appliance::new(), "F12", &["callforwarding", "fwdunc"], &command);
}

#[test]
fn f14_a_user_who_cannot_log_in_is_a_matter_for_warning() {
    let appliance = Appliance::new();
    let add = |login, more: &[&'static str]| [&["user", "add", login, "--first-name", "F"], more].concat();
    warned(&appliance, "F14", &["ann", "profile"], &add("ann", &["--generate-password"]));
    warned(&appliance, "F14", &["ben", "password"], &add("ben", &["--no-password", "--profile", "Client"]));
    let quiet = appliance.run(&add("cid", &["--no-password", "--disabled"]));
    assert!(!quiet.stderr.contains("F14"), "{}", quiet.stderr);
}

#[test]
fn g1_and_g4_settings_have_their_types_and_ranges() {
    let appliance = Appliance::new();
    for (key, value) in [
        ("client.port", "65536"),
        ("client.listen", "localhost"),
        ("client.login_timeout", "61"),
        ("encryption.mode", "perhaps"),
        ("encryption.certificate", "a\u{7}b"),
        ("ami.port", "0"),
        ("ami.host", "not a host"),
        ("backup.time", "25:00"),
        ("people.columns", ""),
        ("people.columns", "number=Number"),
        ("people.columns", "name=Name,name=Again"),
        ("people.columns", "name=Name,status=Status"),
        ("people.columns", "name=Last, first"),
        ("people.columns", "name="),
        ("people.columns", "name=a\u{7}b"),
    ] {
        refused(&appliance, "S1", &[key], &["setting", "set", key, value]);
    }
    refused(&appliance, "S1", &["client.prot"], &["setting", "set", "client.prot", "1"]);
    appliance.set("client.listen", "::1,127.0.0.1");
    if cfg!(not(feature = "legacy-tls")) {
        let refusal = ["setting", "set", "encryption.allow_legacy_tls", "true"];
        refused(&appliance, "S2", &["has no effect"], &refusal);
    }
}

#[test]
fn g2_a_pair_that_cannot_be_used_is_refused_when_it_is_set() {
    let appliance = Appliance::new();
    let file = appliance.beside("not.pem");
    std::fs::write(&file, "nothing").unwrap();
    let file = file.to_str().unwrap();
    refused(&appliance, "G2", &[file], &["certificate", "use", file, file]);
    refused(&appliance, "G2", &["/nowhere.crt"], &["certificate", "use", "/nowhere.crt", "/nowhere.key"]);
    import_refused("G2", &["/nowhere.crt"], |document| {
        document["settings"]["encryption.certificate"] = json!("/nowhere.crt");
        document["settings"]["encryption.key"] = json!("/nowhere.key");
    });
}

#[test]
fn g3_certificate_and_key_are_set_together() {
    let appliance = Appliance::new();
    for key in ["encryption.certificate", "encryption.key"] {
        refused(&appliance, "G3", &[key], &["setting", "set", key, "/etc/ssl/some.pem"]);
    }
}

#[test]
fn g5_turning_encryption_off_is_a_matter_for_warning() {
    let words = ["refuse to connect", "other clients than the released desktop clients", "leave it off"];
    warned(&Appliance::new(), "G5", &words, &["setting", "set", "encryption.mode", "off"]);
}

#[test]
fn b1_an_entry_of_the_phone_book_has_a_name_or_a_number_and_each_text_its_form() {
    let appliance = Appliance::new();
    let add = |more: &[&'static str]| [&["phonebook", "add"], more].concat();
    refused(&appliance, "B1", &["neither a name nor a number"], &add(&["--email", "roe@example.org"]));
    refused(&appliance, "B1", &["1 to 80 digits", "'z'"], &add(&["--number", "555-z"]));
    refused(&appliance, "B1", &["e-mail address", "`zoe@example.org`"], &add(&["--last-name", "R", "--email", "roe"]));
    refused(&appliance, "B1", &["128 printable"], &add(&["--company", "\u{1b}[2J"]));
    appliance.run(&add(&["--last-name", "Roe"]));
    refused(&appliance, "B1", &["neither a name nor a number"], &["phonebook", "edit", "1", "--last-name", ""]);
    import_refused("B1", &["phone_book[0]"], |document| document["phone_book"] = json!([{"fax": "1"}]));
    import_refused("C3", &["phone_book[0]", "attic"], |document| {
        document["phone_book"] = json!([{"number": "1", "context": "attic"}]);
    });
}

#[test]
fn b2_the_phone_book_has_an_end() {
    let appliance = Appliance::new();
    let file = appliance.beside("many.csv");
    let lines: String = (0..100_001).map(|number| format!("{number}\n")).collect();
    std::fs::write(&file, format!("number\n{lines}")).unwrap();
    let file = file.to_str().unwrap();
    refused(&appliance, "B2", &["100001", "100000"], &["phonebook", "import", file, "--dry-run"]);
    refused(&appliance, "B2", &["100001", "100000"], &["phonebook", "import", file]);
}
