//! For every class the largest lines that it allows, and the costliest that are known: for the test that bounds the work
//! of each, and for the bench that times them. No part of the program that ships.

use super::parse::{CONTACT_TEXTS_MOST, ECHOED_MOST, QUEUES_MOST};

/// Whom the lines name: a server, and a user that it has.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) server: String,
    pub(crate) user: String,
}

/// What a line is called where its cost is told, and the line.
pub(crate) struct Largest {
    pub(crate) name: &'static str,
    pub(crate) line: String,
}

/// All of them, none longer than `bytes`; few are made at once.
pub(crate) fn largest(bytes: usize, named: Named) -> impl Iterator<Item = Largest> {
    const FAMILIES: [fn(usize, &Named) -> Lines; 8] =
        [login, lists, people, contacts, tables, registrations, chat, commands];
    let lines = FAMILIES.into_iter().flat_map(move |family| family(bytes, &named));
    lines.map(|(name, line)| Largest { name, line })
}

type Lines = Vec<(&'static str, String)>;

/// Room for the class and short members.
const REST: usize = 400;

fn line(class: &str, members: &str) -> String {
    let separator = if members.is_empty() { "" } else { "," };
    format!(r#"{{"class":"{class}"{separator}{members}}}"#)
}

/// As many of the pieces as there is room for.
fn filled(bytes: usize, piece: &str) -> String {
    piece.repeat(bytes.saturating_sub(REST) / piece.len())
}

fn text(bytes: usize) -> String {
    filled(bytes, "x")
}

fn echoed() -> String {
    "x".repeat(ECHOED_MOST - 2)
}

fn login(bytes: usize, _: &Named) -> Lines {
    let (text, echoed) = (text(bytes), echoed());
    let rest = r#""company":"","ident":"","wazoversion":"2.3""#;
    vec![
        ("starttls", line("starttls", &format!(r#""status":"{echoed}""#))),
        ("login_id", line("login_id", &format!(r#""userlogin":"{text}",{rest}"#))),
        ("login_pass", line("login_pass", &format!(r#""password":"{text}""#))),
        ("login_capas", line("login_capas", &format!(r#""capaid":1,"state":"{text}""#))),
        ("keepalive", line("keepalive", &format!(r#""commandid":"{echoed}""#))),
        ("keepalive, small objects", line("keepalive", &format!(r#""x":[{}0]"#, filled(bytes, r#"{"a":1},"#)))),
        ("keepalive, members", line("keepalive", &format!(r#"{}"x":0"#, filled(bytes, r#""x":0,"#)))),
        ("getipbxlist", line("getipbxlist", &format!(r#""commandid":"{echoed}""#))),
        ("availstate", line("availstate", &format!(r#""availstate":"{text}""#))),
        ("availstate, taken", line("availstate", r#""availstate":"away""#)),
        ("unknown", line(&text, "")),
    ]
}

fn lists(bytes: usize, _: &Named) -> Lines {
    let (text, echoed) = (text(bytes), echoed());
    let list = |function: &str, name: &str, tid: &str| {
        line("getlist", &format!(r#""function":"{function}","listname":"{name}","tid":"{tid}""#))
    };
    let mut lines = vec![
        ("updateconfig", list("updateconfig", "users", "1")),
        ("updateconfig, unknown", list("updateconfig", "users", &echoed)),
        ("updatestatus", list("updatestatus", "users", "1")),
        ("updatestatus, unknown", list("updatestatus", "phones", &echoed)),
        ("updatestatus, agent", list("updatestatus", "agents", "1")),
        ("updateconfig, no list", list("updateconfig", &text, &echoed)),
        ("listid, no list", list("listid", &text, "")),
        ("get_relations", line("get_relations", "")),
    ];
    lines.extend(
        [
            ("listid users", "users"),
            ("listid phones", "phones"),
            ("listid agents", "agents"),
            ("listid queues", "queues"),
            ("listid voicemails", "voicemails"),
            ("listid meetmes", "meetmes"),
            ("listid queuemembers", "queuemembers"),
        ]
        .map(|(name, of)| (name, list("listid", of, ""))),
    );
    lines
}

fn registrations(bytes: usize, named: &Named) -> Lines {
    let Named { server, user } = named;
    let pairs = |id: &str| filled(bytes, &format!(r#"["{server}",{id}],"#));
    let many: String = (1..).map(|id| format!(r#"["{server}",{id}],"#)).take(bytes.saturating_sub(REST) / 55).collect();
    let line = |class: &str, member: &str, pairs: &str| line(class, &format!(r#""{member}":[{pairs}["{server}",1]]"#));
    vec![
        ("register users", line("register_user_status_update", "user_ids", &many)),
        ("register one user often", line("register_user_status_update", "user_ids", &pairs(&format!("\"{user}\"")))),
        ("register endpoints", line("register_endpoint_status_update", "endpoint_ids", &many)),
        ("register agents", line("register_agent_status_update", "agent_ids", &many)),
        ("unregister users", line("unregister_user_status_update", "user_ids", &many)),
        ("unregister endpoints", line("unregister_endpoint_status_update", "endpoint_ids", &many)),
        ("unregister agents", line("unregister_agent_status_update", "agent_ids", &many)),
    ]
}

fn chat(bytes: usize, named: &Named) -> Lines {
    let Named { server, user } = named;
    let chat = |text: &str| line("chitchat", &format!(r#""alias":"","text":"{text}","to":["{server}","{user}"]"#));
    let most = bytes.min(super::parse::CHAT_MOST);
    vec![
        ("chitchat", chat(&"x".repeat(most))),
        ("chitchat, made safe", chat(&"<".repeat(most / 4))),
        ("chitchat, escaped", chat(&"\u{e9}".repeat(most / 6))),
        ("chitchat, refused", chat(&text(bytes))),
    ]
}

fn people(bytes: usize, _: &Named) -> Lines {
    let text = text(bytes);
    let pattern = |class: &str, pattern: &str| line(class, &format!(r#""pattern":"{pattern}""#));
    vec![
        ("people_headers", line("people_headers", "")),
        ("people_search", pattern("people_search", &text)),
        ("people_search, all", pattern("people_search", "a")),
        ("people_search, none", pattern("people_search", &"0".repeat(1000))),
        ("people_search, accents", pattern("people_search", &"\u{fdfa}".repeat(300))),
        ("directory", pattern("directory", "a")),
        ("directory, none", pattern("directory", &text)),
        ("switchboard_directory_search", pattern("switchboard_directory_search", "a")),
        ("switchboard_directory_search, none", pattern("switchboard_directory_search", &text)),
        ("get_switchboard_directory_headers", line("get_switchboard_directory_headers", "")),
        ("people_favorites", line("people_favorites", "")),
        ("people_personal_contacts", line("people_personal_contacts", "")),
        ("history", line("history", &format!(r#""size":"{}1""#, filled(bytes, " ")))),
    ]
}

fn contacts(bytes: usize, _: &Named) -> Lines {
    let which = |number: &str| format!(r#""source":"personal","source_entry_id":"{number}""#);
    let full: String =
        (1..CONTACT_TEXTS_MOST).map(|field| format!(r#""n{field}":"{}","#, "y".repeat(240))).collect::<String>();
    let infos = format!(r#""contact_infos":{{{}"n0":"x"}}"#, full);
    let many = format!(r#""contact_infos":{{{}"firstname":"x"}}"#, filled(bytes, r#""n":"x","#));
    vec![
        ("people_set_favorite", line("people_set_favorite", &format!(r#"{},"favorite":true"#, which("1")))),
        ("people_personal_contact_raw", line("people_personal_contact_raw", &which("1"))),
        ("people_create_personal_contact", line("people_create_personal_contact", &infos)),
        ("people_create_personal_contact, names", line("people_create_personal_contact", &many)),
        ("people_edit_personal_contact", line("people_edit_personal_contact", &format!("{},{infos}", which("1")))),
        ("people_delete_personal_contact", line("people_delete_personal_contact", &which("2"))),
        ("people_export_personal_contacts_csv", line("people_export_personal_contacts_csv", "")),
    ]
}

/// Tables to import, into a book as it is and into an empty one.
fn tables(bytes: usize, _: &Named) -> Lines {
    let table = |csv: &str| line("people_import_personal_contacts_csv", &format!(r#""csv_contacts":"{csv}""#));
    let purge = ("people_purge_personal_contacts", line("people_purge_personal_contacts", ""));
    let letters = table(&format!("firstname\\n{}", filled(bytes, "a\\n")));
    let names = "n1,n2,n3,n4,n5,n6,n7\\n";
    vec![
        ("import into a full book", letters.clone()),
        ("import, bad lines", table(&format!("firstname\\n{}", filled(bytes, ",\\n")))),
        ("import, columns", table(&filled(bytes, "a,"))),
        ("import, cells", table(&format!("firstname\\n{}", filled(bytes, ",")))),
        ("import, quotes", table(&format!("firstname\\n{}", filled(bytes, "\\\"\\n")))),
        ("import, one text", table(&format!("firstname\\n{}", text(bytes)))),
        ("import, escapes", table(&format!("firstname\\n{}", filled(bytes, "\\u00e9")))),
        purge.clone(),
        ("import, one letter a line", letters),
        purge.clone(),
        (
            "import, wide lines",
            table(&format!("{names}{}", filled(bytes, "\u{e9},\u{e9},\u{e9},\u{e9},\u{e9},\u{e9},\u{e9}\\n"))),
        ),
        purge,
    ]
}

fn commands(bytes: usize, _: &Named) -> Lines {
    let (text, echoed) = (text(bytes), echoed());
    let queues: String =
        (0..QUEUES_MOST - 1).map(|n| format!(r#""{n:064}":{{"window":1,"xqos":1}},"#)).collect::<String>();
    let command = |rest: &str| line("ipbxcommand", &format!(r#""command":{rest}"#));
    let subscribe = |rest: &str| line("subscribe", &format!(r#""message":{rest}"#));
    let reference = format!(r#""member":"{text}:/1","queue":"q:x/1""#);
    let forwards = ["unc", "rna", "busy"].map(|kind| {
        let number = filled(bytes / 3, "1");
        format!(r#""enable{kind}":true,"dest{kind}":"{number}""#)
    });
    let room = filled(bytes, "1");
    vec![
        ("featuresput dnd", line("featuresput", r#""function":"enablednd","value":true"#)),
        (
            "featuresput recording",
            line("featuresput", &format!(r#""function":"enablerecording","value":true,"target":"{echoed}""#)),
        ),
        ("featuresput fwd", line("featuresput", &format!(r#""function":"fwd","value":{{{}}}"#, forwards.join(",")))),
        ("subscribe current_calls", subscribe(r#""current_calls""#)),
        ("subscribe meetme_update", subscribe(r#""meetme_update""#)),
        ("subscribe queueentryupdate", subscribe(r#""queueentryupdate","queueid":1"#)),
        ("subscribetoqueuesstats", line("subscribetoqueuesstats", "")),
        (
            "getqueuesstats",
            line("getqueuesstats", &format!(r#""on":{{{queues}"1":{{"window":1,"xqos":1}}}},"commandid":"{echoed}""#)),
        ),
        ("ipbxcommand dial", command(&format!(r#""dial","destination":"{text}""#))),
        ("ipbxcommand listen", command(&format!(r#""listen","destination":"{text}/1""#))),
        ("hangup", line("hangup", &format!(r#""commandid":"{echoed}""#))),
        ("direct_transfer", line("direct_transfer", &format!(r#""number":"{text}""#))),
        ("ipbxcommand agentlogin", command(&format!(r#""agentlogin","agentids":"{text}/1""#))),
        ("ipbxcommand agentlogin, number", command(&format!(r#""agentlogin","agentphonenumber":"{text}""#))),
        ("ipbxcommand agentlogout", command(r#""agentlogout""#)),
        ("ipbxcommand queueadd", command(&format!(r#""queueadd",{reference}"#))),
        ("ipbxcommand queuepause", command(&format!(r#""queuepause",{reference}"#))),
        ("ipbxcommand meetme", command(&format!(r#""meetme","function":"MeetmeMute","functionargs":["{room}","1"]"#))),
        ("faxsend", line("faxsend", &format!(r#""size":1,"destination":"1","data":"{text}","commandid":"{echoed}""#))),
        ("call_form_result", line("call_form_result", &format!(r#""infos":{{"variables":{{"a":"{text}"}}}}"#))),
        ("logout", line("logout", &format!(r#""stopper":"{text}""#))),
    ]
}
