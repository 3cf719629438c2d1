//! What files say together, without a disk.

use super::*;
use crate::settings::setting::SettingType;

const CONF_D: FileKind = FileKind::Extra;
const MAIN: FileKind = FileKind::Main;

fn layer(files: &[(Program, FileKind, &str)]) -> FileLayer {
    let file = |(number, (program, kind, text)): (usize, &(Program, FileKind, &str))| SettingsFile {
        program: *program,
        kind: *kind,
        path: number.to_string(),
        bytes: Ok(text.as_bytes().to_vec()),
    };
    layer_of(&files.iter().enumerate().map(file).collect::<Vec<_>>())
}

/// What the files say of a key, `VALUE@FILE:LINE` each, the one that counts first.
fn said(layer: &FileLayer, key: Key) -> Vec<String> {
    let said = layer.of(key).iter();
    said.map(|it| format!("{}@{}:{}", it.value.reveal(), it.place.file, it.place.line)).collect()
}

fn found(layer: &FileLayer) -> Vec<String> {
    layer.findings().iter().map(ToString::to_string).collect()
}

fn effective(layer: FileLayer) -> Effective {
    Effective::new(&Layer::new(), &Overrides { command_line: Layer::new(), files: Arc::new(layer) })
}

#[test]
fn the_programs_stand_in_their_order_and_each_keeps_what_it_hides() {
    let layer = layer(&[
        (Program::Ctibox, CONF_D, "client: {port: 1}"),
        (Program::Ctibox, MAIN, "client: {port: 2}\nauth: {ldap: {uri: ldap://own.lan}}"),
        (Program::XivoCtid, CONF_D, "client: {port: 3}"),
        (Program::XivoCtid, MAIN, "client: {port: 5003, login_timeout: 7}"),
        (Program::XivoAuth, CONF_D, "ldap: {uri: ldap://auth.lan}\ndebug: true"),
    ]);
    assert_eq!(said(&layer, Key::ClientPort), ["1@0:1", "2@1:1", "3@2:1"]);
    assert_eq!(said(&layer, Key::ClientLoginTimeout), ["7@3:1"]);
    assert_eq!(said(&layer, Key::AuthLdapUri), ["ldap://own.lan@1:2", "ldap://auth.lan@4:1"]);
    assert!(said(&layer, Key::LogLevel).is_empty(), "the auth daemon's log is not ours");
}

#[test]
fn an_empty_group_is_a_value_and_a_word_in_its_place_is_none() {
    let null = layer(&[(Program::Ctibox, CONF_D, "chat:\n"), (Program::Ctibox, CONF_D, "chat: {keep_days: 3}")]);
    assert_eq!(said(&null, Key::ChatKeepDays), ["30@0:1", "3@1:1"]);
    assert!(found(&null)[0].starts_with("0:1:1: `chat` is empty"), "{:?}", found(&null));
    let word = layer(&[(Program::Ctibox, CONF_D, "chat: off\n"), (Program::Ctibox, CONF_D, "chat: {keep_days: 3}")]);
    assert!(said(&word, Key::ChatKeepDays).is_empty());
    assert!(found(&word)[0].contains("`chat` is no value"), "{:?}", found(&word));
}

#[test]
fn of_two_spellings_the_earlier_file_wins() {
    let files = |one, other| layer(&[(Program::Ctibox, CONF_D, one), (Program::Ctibox, CONF_D, other)]);
    let (old, new) = ("auth: {host: old.lan}", "auth: {xivo_auth: {host: new.lan}}");
    assert_eq!(said(&files(old, new), Key::AuthXivoAuthHost), ["old.lan@0:1", "new.lan@1:1"]);
    assert_eq!(said(&files(new, old), Key::AuthXivoAuthHost), ["new.lan@0:1", "old.lan@1:1"]);
}

#[test]
fn each_file_is_a_layer_for_the_backend_and_the_list_of_them() {
    let (one, list) = ("auth: {backend: xivo_admin}", "auth: {backends: [xivo_auth, xivo_user]}");
    for (above, below, expected) in
        [(one, list, "xivo_admin"), (list, one, "xivo_auth,xivo_user"), (one, "", "xivo_admin")]
    {
        let layer = layer(&[(Program::Ctibox, CONF_D, above), (Program::XivoCtid, CONF_D, below)]);
        assert_eq!(effective(layer).value(Key::AuthBackends).reveal(), expected);
    }
    let both = layer(&[(Program::Ctibox, MAIN, "auth: {backend: xivo_admin, backends: [xivo_user]}")]);
    assert_eq!(effective(both).value(Key::AuthBackends).reveal(), "xivo_user");
}

#[test]
fn what_somebody_switched_on_and_is_not_done_is_told_and_what_the_package_put_there_is_not() {
    let packaged =
        "extra_config_files: /etc/xivo-ctid/conf.d/\nrest_api: {http: {port: 9495}}\nbus: {host: localhost}\n";
    let own = "switchboard_queues: {__switchboard: true}\nextra_config_files: /other/dir\n";
    assert_eq!(found(&layer(&[(Program::XivoCtid, MAIN, packaged)])), [""; 0]);
    let told = found(&layer(&[(Program::XivoCtid, MAIN, own)]));
    assert!(
        told[0].contains("`switchboard_queues` is not done") && told[1].contains("`extra_config_files`"),
        "{told:?}"
    );
    let auth = "extra_config_files: /etc/xivo-auth/conf.d/\nldap: {bind_dn_format: 'uid={}'}\n";
    let told = found(&layer(&[(Program::XivoAuth, MAIN, auth)]));
    assert!(told.len() == 1 && told[0].contains("`ldap.bind_dn_format` is not done"), "{told:?}");
    // In conf.d everything counts.
    assert_eq!(found(&layer(&[(Program::XivoCtid, CONF_D, packaged)])).len(), 3);
}

#[test]
fn what_cannot_be_taken_leaves_what_was_in_force() {
    let old = layer(&[(Program::Ctibox, MAIN, "auth: {backend: xivo_admin}\nchat: {keep_days: 3}")]);
    let wrong = layer(&[(Program::Ctibox, MAIN, "auth: {backend: nobody}\nchat: {keep_days: 4}")]);
    assert!(wrong.fatal().is_some());
    let now = wrong.over(&old);
    assert_eq!(said(&now, Key::AuthBackend), ["xivo_admin@0:1"]);
    assert_eq!(said(&now, Key::ChatKeepDays), ["4@0:2"]);
    let broken = layer(&[(Program::Ctibox, CONF_D, "chat: {keep_days: 5}"), (Program::Ctibox, MAIN, "a: [")]);
    assert!(broken.fatal().is_some());
    let now = broken.over(&old);
    assert_eq!(said(&now, Key::ChatKeepDays), ["3@0:2"]);
    assert_eq!(found(&now).len(), 1);
    let elsewhere = layer(&[(Program::Ctibox, CONF_D, "a: ["), (Program::Ctibox, MAIN, "chat: {keep_days: 5}")]);
    assert!(elsewhere.fatal().is_none());
    assert_eq!(said(&elsewhere, Key::ChatKeepDays), ["5@1:1"], "a start takes the others");
    assert_eq!(said(&elsewhere.over(&old), Key::ChatKeepDays), ["3@0:2"], "a running server goes on as before");
    let theirs = layer(&[(Program::Ctibox, MAIN, "chat: {keep_days: 5}"), (Program::XivoCtid, CONF_D, "a: [")]);
    assert_eq!(said(&theirs.over(&old), Key::ChatKeepDays), ["5@0:1"]);
    // A slip in what shuts somebody out opens nothing.
    let slip = layer(&[(Program::Ctibox, CONF_D, "encryption: {mode: requierd}")]);
    assert!(slip.fatal().is_some());
    let shut = layer(&[(Program::Ctibox, CONF_D, "encryption: {mode: require}")]);
    assert_eq!(said(&slip.over(&shut), Key::EncryptionMode), ["require@0:1"]);
    for slip in [
        "client: {enabled: fales}",
        "client: {listen: 127.0.0.1x}",
        "encryption: {fallback_when_broken: flase}",
        "context_separation: ture",
        "auth: {ldap: {start_tls: ture}}",
        "ami: {tls: ture}",
    ] {
        assert!(layer(&[(Program::Ctibox, CONF_D, slip)]).fatal().is_some(), "{slip}");
    }
    let harmless = layer(&[(Program::Ctibox, CONF_D, "chat: {keep_days: many}")]);
    assert!(!harmless.findings().is_empty() && harmless.fatal().is_none());
}

#[test]
fn every_setting_can_be_written_in_a_file_as_it_is_kept() {
    for key in Key::ALL {
        let value = SettingValue::default_of(*key);
        let text = match key.value_type() {
            kind if kind.is_list() && !value.reveal().is_empty() && kind != SettingType::Columns => {
                format!(
                    "[{}]",
                    value.reveal().split(',').map(|part| format!("'{part}'")).collect::<Vec<_>>().join(", ")
                )
            }
            _ => format!("'{}'", value.reveal()),
        };
        let parts: Vec<&str> = key.as_str().split('.').collect();
        let opened: String = parts.iter().map(|part| format!("{{{part}: ")).collect();
        let yaml = format!("{opened}{text}{}", "}".repeat(parts.len()));
        let layer = layer(&[(Program::Ctibox, MAIN, &yaml)]);
        assert_eq!(layer.of(*key).first().map(|it| &it.value), Some(&value), "{yaml}: {:?}", found(&layer));
    }
}
