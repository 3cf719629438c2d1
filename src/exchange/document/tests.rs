//! The document against settings §3, there and back, and everything that a person may get wrong in it.

use serde_json::{Value, json};

use super::*;
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::fixtures::{HASH, whole, whole_company as small_company, whole_defaults as defaults};
use crate::settings::id::*;
use crate::settings::name::*;
use crate::settings::profile::XletFlags;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::setting::{Key, SettingValue};
use crate::settings::table::Kind;
use crate::settings::whole::WholeConfiguration;

/// The office with a setting of each type, secrets included, and objects in unusual states.
fn furnished() -> WholeConfiguration {
    let mut office = small_company();
    for (key, text) in [
        (Key::ClientPort, "5004"),
        (Key::ClientListen, "127.0.0.1,::1"),
        (Key::ContextSeparation, "true"),
        (Key::AuthBackends, "xivo_user,xivo_auth"),
        (Key::AmiSecret, "opensesame"),
        (Key::BackupTime, "04:30"),
    ] {
        office.settings.insert(key, SettingValue::parse(key, text).unwrap());
    }
    let group = office
        .add_presence_group(PresenceGroupName::parse("night").unwrap(), Description::parse("At night").unwrap())
        .unwrap();
    let away = office.presence_named(group, "away").unwrap().id;
    office.remove_presence(away).unwrap();
    office.profiles.edit(ProfileId::new(1), |profile| {
        profile.xlets[1].flags = XletFlags::parse("fm").unwrap();
    });
    office.users.edit(UserId::new(3), |user| {
        user.password = None;
        user.enabled = false;
        user.profile = None;
    });
    office
}

pub(super) fn parsed(configuration: &WholeConfiguration, secrets: Secrets) -> Value {
    serde_json::from_str(&write(configuration, secrets)).unwrap()
}

/// Reads the furnished office's document into it after this change; what is refused, or else the differences.
fn read_changed(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let office = furnished();
    let mut document = parsed(&office, Secrets::Omitted);
    change(&mut document);
    match read(&document.to_string(), &office) {
        Ok(new) => differences(&office, &new),
        Err(problems) => problems.iter().map(Refusal::with_rule).collect(),
    }
}

#[track_caller]
fn check(expected: &[&str], change: impl FnOnce(&mut Value)) {
    assert_eq!(read_changed(change), expected);
}

/// Without the members that only our documents have.
fn without<'a>(value: &Value, members: impl IntoIterator<Item = &'a str> + Clone) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| without(item, members.clone())).collect(),
        Value::Object(object) => object
            .iter()
            .filter(|(name, _)| !members.clone().into_iter().any(|member| member == *name))
            .map(|(name, value)| (name.clone(), without(value, members.clone())))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn a_fresh_export_shows_the_blocks_of_settings_3() {
    let document = parsed(&defaults(), Secrets::Omitted);
    // Settings §3.1, the block.
    let five = ["available", "away", "outtolunch", "donotdisturb", "berightback"];
    let presence_groups = json!([{"name":"xivo","description":"Default presences","deletable":false,"presences":[
 {"name":"available","display":"Available","color":"#9BC920","allowed":five,"actions":[["enablednd","false"]],"deletable":false},
 {"name":"away","display":"Away","color":"#FFDD00","allowed":five,"actions":[["enablednd","false"]],"deletable":true},
 {"name":"outtolunch","display":"Out to lunch","color":"#6CA6FF","allowed":five,"actions":[["enablednd","false"]],"deletable":true},
 {"name":"donotdisturb","display":"Do not disturb","color":"#D13224","allowed":five,"actions":[["enablednd","true"]],"deletable":true},
 {"name":"berightback","display":"Be right back","color":"#F2833A","allowed":five,"actions":[["enablednd","false"]],"deletable":true},
 {"name":"disconnected","display":"Disconnected","color":"#9E9E9E","allowed":[],"actions":[["agentlogoff",""]],"deletable":false}]}]);
    assert_eq!(without(&document["presence_groups"], ["id"]), presence_groups);
    // Settings §3.2, the block.
    let profiles = json!([
 {"name":"Supervisor","may_listen":true,"services":[],"xlets":[["identity","grid",0],["queues","dock",null],["queuemembers","dock",null],["queueentrydetails","dock",null],["agents","dock",null],["agentdetails","dock",null]]},
 {"name":"Agent","services":[],"xlets":[["identity","grid",0],["queues","dock",null],["customerinfo","dock",null],["agentdetails","dock",null]]},
 {"name":"Client","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]},
 {"name":"Switchboard","services":[],"xlets":[["identity","grid",0],["switchboard","dock",1],["directory","dock",3]]}]);
    let bare = without(&document["profiles"], ["id", "presence_group", "phone_hint_group", "preferences"]);
    assert_eq!(bare, profiles);
    for (profile, id) in document["profiles"].as_array().unwrap().iter().zip(1..) {
        assert_eq!((&profile["id"], &profile["preferences"]), (&json!(id), &json!({})));
        assert_eq!((&profile["presence_group"], &profile["phone_hint_group"]), (&json!("xivo"), &json!("xivo")));
    }
    let hints = &document["phone_hint_groups"][0];
    assert_eq!((&hints["name"], &hints["deletable"]), (&json!("xivo"), &json!(false)));
    assert_eq!(hints["hints"][8], json!({"number": 16, "text": "On hold", "color": "#FFDD00"}));
    assert_eq!(document["contexts"], json!([{"id": 1, "name": "default", "includes": []}]));
    assert_eq!((&document["settings"], &document["users"]), (&json!({}), &json!([])));
}

#[test]
fn the_document_begins_as_people_read_it() {
    let text = write(&defaults(), Secrets::Omitted);
    let expected = r##"{
 "format": "ctibox 1",
 "with_secrets": false,
 "server_uuid": "00000000-0000-0000-0000-000000000c71",
 "next_ids": {
  "presence_groups": 2,
  "presences": 7,
  "phone_hint_groups": 2,
  "profiles": 5,
  "contexts": 2,
  "users": 1,
  "lines": 1,
  "voicemails": 1,
  "conferences": 1,
  "agents": 1,
  "queues": 1,
  "dial_rules": 1,
  "accounts": 1,
  "phone_book": 1
 },
 "settings": {},
 "presence_groups": [
  {
   "id": 1,
   "name": "xivo",
   "description": "Default presences",
   "deletable": false,
   "presences": [
    {
     "id": 1,
     "name": "available",
     "display": "Available",
     "color": "#9BC920",
     "allowed": ["available", "away", "outtolunch", "donotdisturb", "berightback"],
     "actions": [["enablednd", "false"]],
     "deletable": false
    },
"##;
    assert_eq!(text.get(..expected.len()), Some(expected));
    assert!(text.contains("\n    {\"number\": -1, \"text\": \"Deactivated\", \"color\": \"#9E9E9E\"},\n"), "{text}");
    assert!(text.ends_with("\n \"phone_book\": []\n}\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 120));
}

#[test]
fn there_and_back_is_byte_identical() {
    for original in [defaults(), small_company(), furnished()] {
        for secrets in [Secrets::Omitted, Secrets::Included] {
            let text = write(&original, secrets);
            let french = Configuration::default_data(ServerUuid::new(uuid::Uuid::from_u128(9)), Language::French);
            for current in [whole(Configuration::empty(french.server_uuid)), whole(french), original.clone()] {
                let new = read(&text, &current).unwrap();
                assert_eq!(write(&new, secrets), text);
            }
            let again = read(&text, &original).unwrap();
            assert_eq!(again, original, "nothing changes, versions included");
        }
    }
}

#[test]
fn ids_are_not_used_again_after_an_import() {
    let mut original = small_company();
    original.remove_user(UserId::new(3)).unwrap();
    let new = read(&write(&original, Secrets::Omitted), &defaults()).unwrap();
    assert_eq!(new.users.next_number(), 4);
    let mut current = small_company();
    current.users.raise_next_number(40);
    let new = read(&write(&original, Secrets::Omitted), &current).unwrap();
    assert_eq!(new.users.next_number(), 40);
}

#[test]
fn secrets_stand_in_the_document_only_when_asked_for() {
    let office = furnished();
    let text = write(&office, Secrets::Omitted);
    assert!(!text.contains(HASH) && !text.contains("opensesame") && !text.contains("1234\""), "{text}");
    let text = write(&office, Secrets::Included);
    assert!(text.contains(HASH) && text.contains("opensesame") && text.contains("\"pin\": \"1234\""), "{text}");
    let elsewhere = read(&write(&office, Secrets::Included), &defaults()).unwrap();
    assert_eq!(
        elsewhere.users.get(UserId::new(1)).unwrap().password,
        office.users.get(UserId::new(1)).unwrap().password
    );
}

#[test]
fn what_is_left_out_of_secrets_is_kept() {
    let mut current = furnished();
    let text = write(&current, Secrets::Omitted);
    current.users.edit(UserId::new(1), |user| user.login = Login::parse("renamed").ok());
    let new = read(&text, &current).unwrap();
    assert!(new.users.get(UserId::new(1)).unwrap().password.is_some());
    assert_eq!(new.settings[&Key::AmiSecret].reveal(), "opensesame");
    assert!(new.conferences.get(ConferenceId::new(1)).unwrap().pin.is_some());
}

#[test]
fn rooms_and_telephony_that_lose_their_secrets_are_told() {
    let mut office = furnished();
    office.settings.insert(Key::AmiHost, SettingValue::parse(Key::AmiHost, "192.0.2.1").unwrap());
    let told = |secrets, current: &WholeConfiguration| {
        let text = write(&office, secrets);
        let told = left_out(&text, current, &read(&text, current).unwrap());
        told.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let sentences = told(Secrets::Omitted, &defaults());
    assert!(sentences[0].contains("everybody may enter conference \"4000@default\""), "{sentences:?}");
    assert!(sentences[1].contains("ami.secret is not set and telephony stays off"), "{sentences:?}");
    assert_eq!(sentences.len(), 2);
    assert_eq!(told(Secrets::Omitted, &office), [""; 0]);
    assert_eq!(told(Secrets::Included, &defaults()), [""; 0]);
    assert_eq!(left_out("no document", &office, &office), []);
}

#[test]
fn a_secret_that_becomes_another_is_told_beside_what_else_changes() {
    let old = furnished();
    let mut new = old.clone();
    new.conferences.edit(ConferenceId::new(1), |room| {
        room.pin = Some(ConferencePin::parse("9").unwrap());
        room.name = ConferenceName::parse("Renamed").unwrap();
    });
    let lines = differences(&old, &new);
    assert!(lines[0].contains("-> \"Renamed\"") && lines[0].ends_with(", a secret changed"), "{lines:?}");
}

#[test]
fn versions_count_what_an_import_changes() {
    let office = small_company();
    let mut document = parsed(&office, Secrets::Omitted);
    document["users"][0]["first_name"] = json!("Alicia");
    let new = read(&document.to_string(), &office).unwrap();
    let version = |configuration: &WholeConfiguration, id| configuration.users.get(UserId::new(id)).unwrap().version;
    assert_eq!((version(&new, 1), version(&new, 2)), (version(&office, 1) + 1, version(&office, 2)));
}

#[test]
fn ids_that_are_left_out_follow_from_names() {
    let office = small_company();
    let document = without(&parsed(&office, Secrets::Omitted), ["id", "uuid", "next_ids"]);
    assert_eq!(read(&document.to_string(), &office).unwrap(), office);
    check(&["+ context \"new\""], |document| {
        document["contexts"].as_array_mut().unwrap().push(json!({"name": "new"}));
    });
}

#[test]
fn every_problem_names_its_place_and_all_come_at_once() {
    check(
        &[
            "next_ids \"user\": must be one of presence_groups, presences, phone_hint_groups, profiles, contexts, users, \
             lines, voicemails, conferences, agents, queues, dial_rules, accounts, phone_book (rule D1)",
            "settings: setting client.port \"70000\": must be a whole number from 0 to 65535 (rule S1)",
            "users[0] \"alice\": cannot be read: unknown field `frist_name`, expected one of `id`, `uuid`, `login`, \
             `first_name`, `last_name`, `email`, `mobile`, `password_hash`, `enabled`, `profile`, \
             `break_glass` (rule D1)",
            "users[1] \"bob\": e-mail address \"bob\": must be like `name@example.org`, at most 254 characters \
             (rule U3)",
            "users[1] \"bob\": names profile \"Clint\", which is not in the document (rule F2)",
            "lines[2] \"2001\": names context \"sale\", which is not in the document (rule C3)",
            "queues[0] \"support\": names agent \"9\", which is not in the document (rule C3)",
        ],
        |document| {
            document["next_ids"]["user"] = json!(3);
            document["settings"]["client.port"] = json!(70000);
            let alice = document["users"][0].as_object_mut().unwrap();
            let name = alice.remove("first_name").unwrap();
            alice.insert("frist_name".to_owned(), name);
            document["users"][1]["email"] = json!("bob");
            document["users"][1]["profile"] = json!("Clint");
            document["lines"][2]["context"] = json!("sale");
            document["queues"][0]["members"][0]["agent"] = json!("9");
        },
    );
}

#[test]
fn duplicates_are_named() {
    check(
        &[
            "users[1] \"bob\": id 1: is already used by users[0] \"alice\" (rule D1)",
            "users[2] \"BOB\": has the same name as users[1] \"bob\"; it must be unique (rule U1)",
        ],
        |document| {
            document["users"][1]["id"] = json!(1);
            document["users"][2]["login"] = json!("BOB");
        },
    );
    check(
        &["line \"1001@default\": has the number 1001, which is already used by line \"1001@default\" in context \
           \"default\" (rule C2)"],
        |document| document["lines"][1]["extension"] = json!("1001"),
    );
}

#[test]
fn presences_are_read_by_their_rules() {
    check(
        &[
            "presence_groups[0] \"xivo\": presences[1] \"away\": color \"blurple\": must be `#RRGGBB`, `#RGB` or one of \
             the 17 names like `green` (rule P6)",
            "presence_groups[0] \"xivo\": presences[1] \"away\": cannot reach \"lunch\", which is not in the same group \
             (rule P7)",
            "presence_groups[0] \"xivo\": presences[1] \"away\": presence action \"enablednd\": needs the parameter true \
             or false (rule P15)",
            "presence_groups[0] \"xivo\": presences[1] \"away\": says wrongly whether it can be removed; of a group's \
             presences only available and disconnected cannot (rule P9)",
        ],
        |document| {
            let away = &mut document["presence_groups"][0]["presences"][1];
            away["color"] = json!("blurple");
            away["allowed"] = json!(["lunch"]);
            away["actions"] = json!([["enablednd", ""]]);
            away["deletable"] = json!(false);
        },
    );
    check(&[], |document| {
        let away = &mut document["presence_groups"][0]["presences"][1];
        away["allowed"] = json!(["donotdisturb", "available", "outtolunch", "berightback"]);
    });
    check(&["presence group \"night\": must have a presence \"available\" (rule P9)"], |document| {
        let presences = document["presence_groups"][1]["presences"].as_array_mut().unwrap();
        presences.remove(0);
        for presence in presences {
            presence["allowed"].as_array_mut().unwrap().retain(|name| name != "available");
        }
    });
}

#[test]
fn profiles_are_read_by_their_rules() {
    check(
        &[
            "profiles[2] \"Client\": cannot be read: an xlet is [\"name\", \"position\", number or null] and, if not all \
             are set, \"flags\" (rule D1)",
            "profiles[0] \"Supervisor\": service \"fly\": must be one of enablevm, callrecord, incallrec, incallfilter, \
             enablednd, fwdunc, fwdbusy, fwdrna (rule F12)",
            "profiles[0] \"Supervisor\": preference xlet.agents.fontsize value \"big\": must be a whole number from 1 to \
             200 (rule F11)",
            "profiles[0] \"Supervisor\": xlet number 1000: must be 0 to 999, or left out (rule F6)",
            "profiles[0] \"Supervisor\": xlet flags \"fx\": 'x' is none of f, c, m, s (rule F8)",
            "profiles[1] \"Agent\": names presence group \"day\", which is not in the document (rule F2)",
        ],
        |document| {
            let profiles = &mut document["profiles"];
            profiles[0]["services"] = json!(["fly"]);
            profiles[0]["preferences"] = json!({"xlet.agents.fontsize": "big"});
            profiles[0]["xlets"] = json!([["identity", "grid", 1000], ["queues", "dock", null, "fx"]]);
            profiles[1]["presence_group"] = json!("day");
            profiles[2]["xlets"] = json!([["identity"]]);
            for user in document["users"].as_array_mut().unwrap() {
                user["profile"] = Value::Null;
            }
        },
    );
}

#[test]
fn what_is_no_document_is_refused_as_a_whole() {
    let refused = |text: &str| {
        let problems = read(text, &defaults()).unwrap_err();
        assert!(problems.iter().all(|problem| problem.rule == Rule::D1), "{problems:?}");
        problems.iter().map(Refusal::with_rule).collect::<Vec<_>>()
    };
    assert_eq!(
        refused("{\"format\": \"ctibox 1\",\n \"uzers\": []}"),
        ["document: cannot be read: unknown field `uzers`, expected one of `format`, `with_secrets`, `server_uuid`, \
          `next_ids`, `settings`, `presence_groups`, `phone_hint_groups`, `profiles`, `contexts`, `users`, `lines`, \
          `voicemails`, `conferences`, `agents`, `queues`, `dial_rules`, `accounts`, `phone_book` at line 2 column 8 \
          (rule D1)"]
    );
    assert_eq!(refused("{}"), ["format: is missing; it must be \"ctibox 1\" (rule D1)"]);
    assert_eq!(
        refused("{\"format\": \"ctibox 2\"}"),
        ["format: is \"ctibox 2\"; this version of ctibox reads \"ctibox 1\" (rule D1)"]
    );
    let missing = refused("{\"format\": \"ctibox 1\"}");
    assert_eq!((missing.len(), missing[1].starts_with("presence_groups: is missing")), (11, true), "{missing:?}");
    for text in ["", "[]", "nul", "{\"format\": \"\u{1b}[2J\"}", &"[".repeat(100_000)] {
        assert!(!refused(text)[0].chars().any(char::is_control), "{text:.20}");
    }
}

#[test]
fn extreme_ids_are_refused() {
    for id in [0, -1, i64::MAX] {
        let refused = read_changed(|document| document["users"][0]["id"] = json!(id));
        assert_eq!(refused, ["users[0] \"alice\": id: must be 1 to 9007199254740991, or left out (rule D1)"]);
        let refused = read_changed(|document| document["next_ids"]["users"] = json!(id));
        assert_eq!(refused, ["next_ids \"users\": must be a whole number from 1 to 9007199254740991 (rule D1)"]);
    }
}

#[test]
fn differences_name_objects_and_members_but_no_secret() {
    let old = furnished();
    let mut new = old.clone();
    new.remove_user(UserId::new(2)).unwrap();
    new.users.edit(UserId::new(1), |user| {
        user.login = Login::parse("alicia").ok();
        user.email = None;
    });
    new.users.edit(UserId::new(3), |user| user.password = old.users.get(UserId::new(1)).unwrap().password.clone());
    new.conferences.edit(ConferenceId::new(1), |room| room.pin = Some(ConferencePin::parse("9").unwrap()));
    new.add_context(ContextName::parse("lab").unwrap(), &[]).unwrap();
    for (key, text) in [(Key::ClientPort, "5005"), (Key::AmiSecret, "swordfish"), (Key::StrictPresence, "false")] {
        new.settings.insert(key, SettingValue::parse(key, text).unwrap());
    }
    new.unset_setting(Key::BackupTime).unwrap();
    assert_eq!(
        differences(&old, &new),
        [
            "~ setting client.port 5004 -> 5005",
            "~ setting ami.secret changed",
            "- setting backup.time \"04:30\"",
            "+ setting strict_presence false",
            "+ context \"lab\"",
            "- user \"bob\"",
            "~ user \"alice\", now user \"alicia\": login \"alice\" -> \"alicia\", email \"alice@example.org\" -> null",
            "~ user \"carol\": password_hash null -> \"set\"",
            "- line \"2001@sales\"",
            "~ conference \"4000@default\": a secret changed",
            "~ agent \"8001\": user \"bob\" -> null",
        ]
    );
    assert_eq!(differences(&old, &old), [""; 0]);
}

#[test]
fn an_object_alone_shows_its_references_by_name_and_no_secret() {
    let office = furnished();
    assert_eq!(
        object_json(Kind::User, 1, &office),
        json!({"id": 1, "uuid": "00000000-0000-0000-0000-000000000001", "login": "alice", "first_name": "alice",
            "last_name": "", "email": "alice@example.org", "mobile": null, "password_hash": "set", "enabled": true,
            "profile": "Client"})
    );
    assert_eq!(object_json(Kind::User, 3, &office)["password_hash"], Value::Null);
    assert_eq!(object_json(Kind::Conference, 1, &office)["pin"], json!("set"));
    let away = object_json(Kind::Presence, 2, &office);
    assert_eq!((&away["group"], &away["position"], &away["name"]), (&json!("xivo"), &json!(2), &json!("away")));
    assert_eq!(object_json(Kind::PresenceGroup, 1, &office)["presences"], Value::Null);
    assert_eq!(object_json(Kind::Queue, 1, &office)["members"][0], json!({"agent": "8001", "penalty": 0}));
    assert_eq!(object_json(Kind::User, 99, &office), Value::Null);
    let secret = Key::ALL.iter().position(|key| *key == Key::AmiSecret).unwrap();
    let secret = object_json(Kind::Setting, i64::try_from(secret).unwrap(), &office);
    assert_eq!(secret, json!({"key": "ami.secret", "value": "set"}));
    for kind in Kind::ALL {
        assert!(!object_json(kind, 1, &office).to_string().contains("argon2"), "{kind}");
    }
}
