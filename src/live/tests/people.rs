//! People, favourites and personal contacts: who is found by whom, and which sessions hear of it.

use serde_json::{Value, json};

use super::*;
use crate::settings::column::Columns;
use crate::settings::id::LineId;
use crate::settings::name::{EmailAddress, MobileNumber};

const SEARCH: &str = "people_search_result ";

/// The cast with mobile numbers, an e-mail address and accents.
fn company() -> Configuration {
    let mut known = cast();
    known.users.edit(UserId::new(AGNES), |user| {
        user.first_name = name(FirstName::parse("Agnès"));
        user.last_name = name(LastName::parse("Émile"));
        user.mobile = Some(name(MobileNumber::parse("+33611")));
        user.email = Some(name(EmailAddress::parse("agnes@example.org")));
    });
    known.users.edit(UserId::new(CHIARA), |user| user.mobile = Some(name(MobileNumber::parse("+39333"))));
    known
}

/// The answer of one session to one line, as JSON without its class.
pub(super) fn asked(stage: &mut Stage, session: SessionId, line: &Value) -> Value {
    let heard = stage.answer(session, &line.to_string());
    assert_eq!(heard.len(), 1, "{line}: {heard:?}");
    let (_, members) = heard[0].split_once(' ').expect("a class and members");
    serde_json::from_str(members).expect("JSON")
}

pub(super) fn search(stage: &mut Stage, session: SessionId, pattern: &str) -> Vec<Value> {
    let answer = asked(stage, session, &json!({"class": "people_search", "pattern": pattern}));
    assert_eq!(answer["term"], pattern);
    answer["results"].as_array().expect("a list").clone()
}

pub(super) fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["column_values"][0].as_str().expect("a name")).collect()
}

fn create(infos: Value) -> Value {
    json!({"class": "people_create_personal_contact", "contact_infos": infos})
}

#[test]
fn a_row_says_all_that_the_columns_ask_for() {
    let mut stage = Stage::with(company(), General::default());
    let bertil = stage.enter(BERTIL, "available");
    let found = search(&mut stage, bertil, "AGNES EM");
    let relations = json!({"xivo_id": server().to_string(), "agent_id": null, "user_id": 1,
        "user_uuid": uuid(AGNES).to_string(), "endpoint_id": 1, "source_entry_id": "1"});
    let cells = json!(["Agnès Émile", "1001", "+33611", "1001", false, "agnes@example.org", false]);
    assert_eq!(found, [json!({"column_values": cells, "source": "internal", "relations": relations})]);
    let found = search(&mut stage, bertil, "1002");
    assert_eq!(found[0]["column_values"], json!(["Bertil", "1002", null, null, false, null, false]));
    assert_eq!(found[0]["relations"]["agent_id"], 1);
}

#[test]
fn changed_columns_are_told_to_everybody_before_any_row_of_them() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.answer(agnes, &create(json!({"firstname": "Zoe", "company": "ACME", "fax": "7"})).to_string());
    stage.heard(bertil);
    let columns = "company=Firm,name=Who,fax=Fax,favorite=Fav";
    stage.change(|_, general| general.people_columns = Columns::parse(columns).expect("columns"));
    let told = r#"people_headers_result {"column_headers":["Firm","Who","Fax","Fav"],"column_types":[null,"name",null,"favorite"]}"#;
    assert_eq!(stage.heard(agnes), [told]);
    assert_eq!(stage.heard(bertil), [told]);
    assert_eq!(stage.answer(bertil, r#"{"class":"people_headers"}"#), [told]);
    assert_eq!(search(&mut stage, agnes, "zoe")[0]["column_values"], json!(["ACME", "Zoe", "7", false]));
    assert_eq!(search(&mut stage, agnes, "bertil")[0]["column_values"], json!([null, "Bertil", null, false]));
    let directory = asked(&mut stage, agnes, &json!({"class": "directory", "pattern": "zoe"}));
    assert_eq!(
        (&directory["headers"], &directory["resultlist"]),
        (&json!(["Firm", "Who", "Fax"]), &json!(["ACME;Zoe;7"]))
    );
    let switchboard = stage.answer(agnes, r#"{"class":"get_switchboard_directory_headers"}"#);
    assert_eq!(switchboard, [r#"directory_headers {"headers":[["","status"],["Name","name"],["Number","number"]]}"#]);
    stage.change(|_, general| general.backup_keep = 3);
    assert_eq!(stage.heard(bertil), [""; 0]);
}

#[test]
fn people_are_found_by_name_number_and_address_in_order_of_names() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    for (pattern, found) in [
        ("e", vec!["Agnès Émile", "Bertil", "Grete"]),
        (" BERTIL ", vec!["Bertil"]),
        ("100", vec!["Agnès Émile", "Bertil", "Chiara"]),
        ("+39", vec!["Chiara"]),
        ("@example", vec!["Agnès Émile"]),
        ("nobody", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(names(&search(&mut stage, agnes, pattern)), found, "{pattern:?}");
    }
}

#[test]
fn a_user_without_a_login_is_found_and_marked_and_chat_to_one_is_not_kept() {
    let mut known = company();
    without_login(&mut known, UserId::new(BERTIL));
    let mut stage = Stage::with(known, General { context_separation: true, ..General::default() });
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    for pattern in ["bertil", "1002"] {
        assert_eq!(names(&search(&mut stage, agnes, pattern)), ["Bertil"], "{pattern}");
        assert_eq!(names(&search(&mut stage, chiara, pattern)), [""; 0], "{pattern}");
    }
    let mark = json!({"class": "people_set_favorite", "source": "internal", "source_entry_id": "2", "favorite": true});
    assert!(stage.answer(agnes, &mark.to_string()).concat().contains("people_favorite_update"));
    let to = json!([server().to_string(), uuid(BERTIL).to_string()]);
    stage.ask(agnes, &json!({"class": "chitchat", "alias": "", "to": to, "text": "hello"}).to_string());
    assert!(stage.kept.chats.is_empty(), "kept for somebody who never logs in");
}

#[test]
fn nobody_finds_or_marks_whom_they_may_not_see() {
    let mut stage = Stage::with(company(), General { context_separation: true, ..General::default() });
    let (agnes, grete) = (stage.enter(AGNES, "available"), stage.enter(GRETE, "available"));
    assert_eq!(names(&search(&mut stage, agnes, "e")), ["Agnès Émile", "Bertil"]);
    assert_eq!(names(&search(&mut stage, agnes, "1003")), [""; 0]);
    assert_eq!(names(&search(&mut stage, grete, "e")), ["Grete"]);
    let mark = |id: &str| json!({"class": "people_set_favorite", "source": "internal", "source_entry_id": id, "favorite": true});
    assert_eq!(stage.answer(agnes, &mark("3").to_string()), [""; 0]);
    assert_eq!(stage.answer(agnes, &mark("2").to_string()).len(), 1);
    let switchboard = json!({"class": "switchboard_directory_search", "pattern": "+39"});
    assert_eq!(asked(&mut stage, agnes, &switchboard)["results"], json!([]));
    stage.change(|known, _| known.move_line(LineId::new(2), ContextId::new(2)).expect("a line moves"));
    stage.heard(agnes);
    let favorites = asked(&mut stage, agnes, &json!({"class": "people_favorites"}));
    assert_eq!(favorites["results"], json!([]));
}

#[test]
fn what_belongs_to_a_user_but_lies_elsewhere_is_not_told() {
    let mut known = company();
    let sales = ContextId::new(2);
    let voicemail = known.voicemails.iter().next().expect("a box").id;
    known.voicemails.edit(voicemail, |voicemail| voicemail.context = sales);
    known.agents.edit(AgentId::new(1), |agent| agent.context = sales);
    let mut stage = Stage::with(known, General { context_separation: true, ..General::default() });
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    assert_eq!(search(&mut stage, bertil, "agnes")[0]["column_values"][3], json!(null));
    assert_eq!(search(&mut stage, agnes, "agnes")[0]["column_values"][3], "1001");
    assert_eq!(search(&mut stage, agnes, "bertil")[0]["relations"]["agent_id"], json!(null));
}

#[test]
fn answers_go_to_all_sessions_of_the_user_and_to_nobody_else() {
    let mut stage = Stage::new();
    let (first, second) = (stage.enter(AGNES, "available"), stage.enter(AGNES, "available"));
    let bertil = stage.enter(BERTIL, "available");
    for line in [
        r#"{"class":"people_headers"}"#,
        r#"{"class":"people_search","pattern":"b"}"#,
        r#"{"class":"people_favorites"}"#,
        r#"{"class":"people_personal_contacts"}"#,
        r#"{"class":"directory","pattern":"b"}"#,
        r#"{"class":"get_switchboard_directory_headers"}"#,
        r#"{"class":"switchboard_directory_search","pattern":"b"}"#,
        r#"{"class":"people_create_personal_contact","contact_infos":{"firstname":"Zoe"}}"#,
    ] {
        let answer = stage.answer(first, line);
        assert_eq!(answer.len(), 1, "{line}");
        assert_eq!(stage.heard(second), answer, "{line}");
        assert_eq!(stage.heard(bertil), [""; 0], "{line}");
    }
}

#[test]
fn favourites_of_users_and_of_contacts() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.answer(agnes, &create(json!({"firstname": "Alma"})).to_string());
    for (source, id) in [("internal", "2"), ("personal", "1")] {
        let line = json!({"class": "people_set_favorite", "source": source, "source_entry_id": id, "favorite": true});
        let update = json!({"source": source, "source_entry_id": id, "favorite": true});
        assert_eq!(asked(&mut stage, agnes, &line), update);
    }
    let favorites = asked(&mut stage, agnes, &json!({"class": "people_favorites"}));
    assert_eq!(names(favorites["results"].as_array().expect("a list")), ["Alma", "Bertil"]);
    let found = search(&mut stage, agnes, "l");
    let marks: Vec<_> = found.iter().map(|row| &row["column_values"][4]).collect();
    assert_eq!((names(&found), marks), (vec!["Alma", "Bertil"], vec![&json!(true), &json!(true)]));
    let unmark =
        json!({"class": "people_set_favorite", "source": "internal", "source_entry_id": "2", "favorite": false});
    asked(&mut stage, agnes, &unmark);
    let favorites = asked(&mut stage, agnes, &json!({"class": "people_favorites"}));
    assert_eq!(names(favorites["results"].as_array().expect("a list")), ["Alma"]);
    let missing = r#"{"class":"people_set_favorite","source":"personal","source_entry_id":"9","favorite":true}"#;
    assert_eq!(stage.answer(agnes, missing), [""; 0]);
}

#[test]
fn personal_contacts_come_change_and_go() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let dana =
        json!({"firstname": "Dana", "lastname": "Müller", "number": "5145553333", "mobile": "514", "email": "d@e.org"});
    assert_eq!(asked(&mut stage, agnes, &create(dana.clone())), json!({}));
    let which = json!({"source": "personal", "source_entry_id": "1"});
    let with = |class: &str, more: Value| {
        let mut line = which.clone();
        line["class"] = json!(class);
        line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        line
    };
    let raw = asked(&mut stage, agnes, &with("people_personal_contact_raw", json!({})));
    assert_eq!(raw["contact_infos"], dana);
    let found = search(&mut stage, agnes, "muller");
    assert_eq!(found[0]["column_values"], json!(["Dana Müller", "5145553333", "514", null, false, "d@e.org", true]));
    assert_eq!(found[0]["source"], "personal");
    assert!(search(&mut stage, bertil, "muller").is_empty());
    let edited = json!({"contact_infos": {"firstname": "Dana", "number": "7"}});
    assert_eq!(asked(&mut stage, agnes, &with("people_edit_personal_contact", edited)), which);
    let mine = asked(&mut stage, agnes, &json!({"class": "people_personal_contacts"}));
    assert_eq!(mine["results"][0]["column_values"], json!(["Dana", "7", null, null, false, null, true]));
    assert_eq!(asked(&mut stage, agnes, &with("people_delete_personal_contact", json!({}))), which);
    let gone = with("people_delete_personal_contact", json!({})).to_string();
    assert_eq!(stage.answer(agnes, &gone), [""; 0]);
    stage.answer(agnes, &create(dana).to_string());
    assert_eq!(stage.answer(agnes, r#"{"class":"people_purge_personal_contacts"}"#).len(), 1);
    let mine = asked(&mut stage, agnes, &json!({"class": "people_personal_contacts"}));
    assert_eq!(mine["results"], json!([]));
}

#[test]
fn contacts_are_imported_line_by_line_and_exported() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let csv = "firstname,lastname,number\nÉva,Import,1\nBad,Row,with,too,many\n,,\nFinn,\"Import\",2\nOpen,\"quote,3\n";
    let answer =
        asked(&mut stage, agnes, &json!({"class": "people_import_personal_contacts_csv", "csv_contacts": csv}));
    let lines: Vec<_> = answer["failed"].as_array().expect("a list").iter().map(|failed| &failed["line"]).collect();
    assert_eq!((&answer["created_count"], lines), (&json!(2), vec![&json!(3), &json!(6)]));
    let exported = asked(&mut stage, agnes, &json!({"class": "people_export_personal_contacts_csv"}));
    assert_eq!(exported["csv_contacts"], "firstname,lastname,number\r\nÉva,Import,1\r\nFinn,Import,2\r\n");
    let many = format!("firstname\n{}", "Zoe\n".repeat(2000));
    let answer =
        asked(&mut stage, agnes, &json!({"class": "people_import_personal_contacts_csv", "csv_contacts": many}));
    let failed = answer["failed"].as_array().expect("a list");
    assert_eq!((&answer["created_count"], failed.len()), (&json!(1998), 2));
    assert_eq!(failed[0], json!({"line": 2000, "errors": ["there is no room for more contacts"]}));
}

/// What spreadsheets of other countries and other programs write.
#[test]
fn a_table_with_semicolons_or_other_names_is_read_as_meant_or_fails_by_line() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let mut import = |csv: &str| {
        asked(&mut stage, agnes, &json!({"class": "people_import_personal_contacts_csv", "csv_contacts": csv}))
    };
    for csv in [
        "firstname;lastname;number\r\nSemi;Colon;5145550103\r\n",
        "id\tFirst Name\tLast Name\tMobile\n7\tTab\tOther\t(514) 555-0104\n",
        "sep=;\nname;mobile\nState Ment;5145550105.0\n",
    ] {
        assert_eq!(import(csv), json!({"created_count": 1, "failed": []}), "{csv}");
    }
    for (csv, line) in [
        ("shoe size,hat\n43,8\n", 1),
        ("firstname,number\n,n/a\n", 2),
        ("firstname,number\rCr,1\r", 1),
        ("firstname,number\nM\u{fffd}ller,1\n", 2),
    ] {
        let answer = import(csv);
        assert_eq!((&answer["created_count"], &answer["failed"][0]["line"]), (&json!(0), &json!(line)), "{csv}");
    }
    let answer = import("firstname,number\nTwo,030 5550109 / 030 5550110\n");
    assert_eq!((&answer["created_count"], &answer["failed"][0]["line"]), (&json!(1), &json!(2)), "and a word on it");
    let rows = search(&mut stage, agnes, "514 555-01");
    let cells: Vec<_> = rows.iter().map(|row| json!(&row["column_values"].as_array().expect("cells")[..3])).collect();
    let semi = json!(["Semi Colon", "5145550103", null]);
    assert_eq!(cells, [semi, json!(["State Ment", null, "5145550105"]), json!(["Tab Other", null, "5145550104"])]);
    let exported = asked(&mut stage, agnes, &json!({"class": "people_export_personal_contacts_csv"}));
    assert!(exported["csv_contacts"].as_str().expect("a text").starts_with("firstname,lastname,mobile,number\r\n"));
}

#[test]
fn a_contact_without_a_name_or_a_number_is_no_row_of_nulls() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for infos in [json!({"company": "Acme"}), json!({"fax": "7"}), json!({"number": "1"})] {
        stage.answer(agnes, &create(infos).to_string());
    }
    let answer = asked(&mut stage, agnes, &json!({"class": "people_personal_contacts"}));
    let rows = answer["results"].as_array().expect("a list");
    assert_eq!(names(&rows[1..]), ["7", "Acme"]);
    assert_eq!((&rows[0]["column_values"][0], &rows[0]["column_values"][1]), (&json!(null), &json!("1")));
}

#[test]
fn a_column_of_agents_has_their_numbers() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    stage.change(|_, general| general.people_columns = Columns::parse("name=Name,agent=Agent").expect("columns"));
    let told = r#"people_headers_result {"column_headers":["Name","Agent"],"column_types":["name","agent"]}"#;
    assert_eq!(stage.heard(agnes), [told]);
    assert_eq!(search(&mut stage, agnes, "bertil")[0]["column_values"], json!(["Bertil", "2105"]));
    assert_eq!(search(&mut stage, agnes, "chiara")[0]["column_values"], json!(["Chiara", null]));
}

#[test]
fn numbers_are_found_as_written_and_names_with_any_apostrophe() {
    let mut known = company();
    known.users.edit(UserId::new(CHIARA), |user| {
        user.last_name = name(LastName::parse("D\u{2019}Arcy"));
        user.mobile = Some(name(MobileNumber::parse("+15145550301")));
    });
    let mut stage = Stage::with(known, General::default());
    let agnes = stage.enter(AGNES, "available");
    let zoe = json!({"firstname": "Zoe", "lastname": "O'Brien", "number": "+1 (514) 555-0301", "fax": "514-555-0399"});
    stage.answer(agnes, &create(zoe).to_string());
    for (pattern, found) in [
        ("514 555-0301", vec!["Chiara D\u{2019}Arcy", "Zoe O'Brien"]),
        ("(514) 555-0301", vec!["Chiara D\u{2019}Arcy", "Zoe O'Brien"]),
        ("0514 5550301", vec!["Chiara D\u{2019}Arcy", "Zoe O'Brien"]),
        ("5550301", vec!["Chiara D\u{2019}Arcy", "Zoe O'Brien"]),
        ("5550399", vec!["Zoe O'Brien"]),
        ("d'arcy", vec!["Chiara D\u{2019}Arcy"]),
        ("O\u{2019}Brien", vec!["Zoe O'Brien"]),
        ("514 555-0302", vec![]),
    ] {
        assert_eq!(names(&search(&mut stage, agnes, pattern)), found, "{pattern:?}");
    }
}

/// Settings §9: 61.
#[test]
fn the_older_searches_have_a_cell_a_header_and_a_row_a_number() {
    let mut stage = Stage::with(company(), General::default());
    let bertil = stage.enter(BERTIL, "available");
    stage.answer(bertil, &create(json!({"firstname": "Agnes; Inc", "number": "9"})).to_string());
    let answer = asked(&mut stage, bertil, &json!({"class": "directory", "pattern": "agnes", "commandid": 90}));
    let rows = json!(["Agnès Émile;1001;+33611;1001;agnes@example.org", "Agnes, Inc;9;;;"]);
    assert_eq!((&answer["resultlist"], &answer["replyid"]), (&rows, &json!(90)));
    assert_eq!(answer["headers"].as_array().map(Vec::len), Some(5));
    let answer = asked(&mut stage, bertil, &json!({"class": "switchboard_directory_search", "pattern": "agnes"}));
    let row = |number: &str, kind: &str| json!({"name": "Agnès Émile", "number": number, "number_type": kind});
    assert_eq!(answer, json!({"pattern": "agnes", "results": [row("1001", "office"), row("+33611", "mobile")]}));
}

/// Settings §9: 64.
#[test]
fn a_changed_number_is_found_at_once() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| known.users.edit(UserId::new(CHIARA), |user| user.mobile = None));
    stage.heard(agnes);
    assert_eq!(names(&search(&mut stage, agnes, "+39")), [""; 0]);
}

#[test]
fn five_hundred_rows_are_the_most() {
    let mut known = cast();
    for number in 10..520 {
        add_user(&mut known, number, &format!("zz{number}"), CLIENT);
    }
    let mut stage = Stage::with(known, General::default());
    let agnes = stage.enter(AGNES, "available");
    assert_eq!(search(&mut stage, agnes, "zz").len(), 500);
}

#[test]
fn a_store_that_fails_answers_nobody() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.is_store_broken = true;
    assert_eq!(stage.answer(agnes, r#"{"class":"people_search","pattern":"b"}"#), [""; 0]);
    stage.is_store_broken = false;
    let heard = stage.answer(agnes, r#"{"class":"people_search","pattern":"b"}"#);
    assert!(heard[0].starts_with(SEARCH), "{heard:?}");
}
