//! The office of the other tests with a queue and boxes, beside an Asterisk that includes what `ctibox asterisk dialplan`
//! wrote for it.

use crate::pbx::Pbx;
use crate::ports;
use crate::support::{Appliance, Running};

/// agnes (1001, a box), bertil (1002, agent 2105) and carla (1003); queue support (3000) with bertil's agent.
pub(crate) fn company(pbx: &Pbx) -> Appliance {
    let office = Appliance::company();
    office.add_user("carla", &["--first-name", "Carla", "--last-name", "Gamma", "--profile", "Supervisor"]);
    office.run(&["line", "add", "1003", "--context", "default", "--user", "carla"]);
    office.run(&["voicemail", "add", "1001", "--context", "default", "--user", "agnes"]);
    office.run(&["queue", "add", "support", "--number", "3000", "--context", "default", "--wrapup", "2"]);
    office.run(&["queue", "member", "add", "support", "2105"]);
    office.set("ami.port", &pbx.ami_port.to_string());
    // What Asterisk reads names the port.
    office.write_settings("ctibox/config.yml", &format!("agi:\n  listen: 127.0.0.1:{}\n", ports::block(1)));
    office
}

/// The same, and Asterisk has included what was written for it.
pub(crate) fn installed_office(pbx: &Pbx) -> Appliance {
    let office = company(pbx);
    install(&office, pbx);
    office
}

/// Serves it, and waits for the link.
pub(crate) fn connected(office: &Appliance) -> Running {
    let server = office.serve();
    server.await_log(&["the link to Asterisk is up"]);
    server
}

/// Writes what Asterisk includes, unchanged, and has it read.
fn install(office: &Appliance, pbx: &Pbx) {
    let etc = pbx.etc();
    office.run(&["asterisk", "dialplan", "--to", etc.to_str().unwrap()]);
    for part in ["extensions", "manager", "queues"] {
        pbx.append(&format!("{part}.conf"), &format!("#include \"{part}_ctibox.conf\"\n"));
    }
    pbx.append("voicemail.conf", "[default]\n1001 => 1234,Agnes\n");
    pbx.cli("core reload");
    let mut observer = pbx.observer();
    observer.until("the dial plan is read", |observer| observer.value_of("DIALPLAN_EXISTS(cti-user,s,1)") == "1");
}

/// The number of a user, by which Asterisk's database and lamps name people.
pub(crate) fn user_id(office: &Appliance, login: &str) -> String {
    let users = office.run(&["user", "list", "--json"]).json();
    let user = users.as_array().unwrap().iter().find(|user| user["login"] == login).unwrap();
    user["id"].to_string()
}

/// The number of a line, by which clients name telephones.
pub(crate) fn line_id(office: &Appliance, extension: &str) -> String {
    let lines = office.run(&["line", "list", "--json"]).json();
    let line = lines.as_array().unwrap().iter().find(|line| line["extension"] == extension).unwrap();
    line["id"].to_string()
}
