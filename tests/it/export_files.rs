//! Where `export` and `backup` write: over a file of their own kind, into devices and pipes, and over nothing else.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::Appliance;

fn refused(appliance: &Appliance, target: &Path, words: &str) {
    appliance.try_run(&["export", target.to_str().unwrap()]).expect_code(1).expect_words(&[words, "hint: "]);
}

#[test]
fn an_export_replaces_a_document_and_no_other_file() {
    let appliance = Appliance::company();
    let (document, letter) = (appliance.beside("config.json"), appliance.beside("letter.txt"));
    for _ in 0..2 {
        appliance.run(&["export", document.to_str().unwrap()]);
        assert_eq!(fs::read_to_string(&document).unwrap(), appliance.run(&["export"]).stdout);
    }
    // What mktemp made holds nothing that could be lost.
    fs::write(&document, "").unwrap();
    appliance.run(&["export", document.to_str().unwrap()]);
    fs::write(&letter, "Dear Agnes").unwrap();
    refused(&appliance, &letter, "no document of that kind");
    assert_eq!(fs::read_to_string(&letter).unwrap(), "Dear Agnes");
    refused(&appliance, letter.parent().unwrap(), "a folder");
}

#[test]
fn an_export_spares_the_database_of_a_running_server() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let database = appliance.data().join("ctibox.db");
    let (link, name) = (appliance.beside("link"), appliance.beside("second-name"));
    symlink(&database, &link).unwrap();
    fs::hard_link(&database, &name).unwrap();
    refused(&appliance, &database, "in the data folder");
    refused(&appliance, &link, "in the data folder");
    refused(&appliance, &name, "no document of that kind");
    refused(&appliance, &appliance.data().join("new.json"), "in the data folder");
    refused(&appliance, &appliance.data().join("certs/new.json"), "in the data folder");
    server.logged_in("agnes").fence();
    appliance.run(&["check"]);
    assert!(link.is_symlink());
}

#[test]
fn an_export_keeps_links_and_writes_into_pipes_devices_and_descriptors() {
    let appliance = Appliance::company();
    let expected = appliance.run(&["export"]).stdout;
    let (document, link, pipe) = (appliance.beside("it.json"), appliance.beside("link"), appliance.beside("pipe"));
    appliance.run(&["export", document.to_str().unwrap()]);
    symlink(&document, &link).unwrap();
    appliance.set("chat.keep_days", "3");
    appliance.run(&["export", link.to_str().unwrap()]);
    assert!(link.is_symlink() && fs::read_to_string(&document).unwrap() != expected);
    appliance.set("chat.keep_days", "30");
    appliance.run(&["setting", "unset", "chat.keep_days"]);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    appliance.run(&["export", pipe.to_str().unwrap()]);
    let mut read = String::new();
    reader.stdout.take().unwrap().read_to_string(&mut read).unwrap();
    assert!(reader.wait().unwrap().success());
    assert_eq!(read, expected);
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(appliance.run(&["export", "/dev/stdout"]).stdout, expected);
    let stdout = appliance.beside("stdout");
    symlink("/proc/self/fd/1", &stdout).unwrap();
    assert_eq!(appliance.run(&["export", stdout.to_str().unwrap()]).stdout, expected);
    assert!(stdout.is_symlink());
    appliance.run(&["export", "/dev/null"]);
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn a_backup_is_no_file_called_dash() {
    let appliance = Appliance::company();
    appliance.try_run(&["backup", "-"]).expect_code(2).expect_words(&["standard output", "hint: "]);
    assert!(!Path::new("-").exists());
}

/// The database of another data folder, whatever it is called.
#[test]
fn a_backup_spares_a_database_in_use() {
    let (appliance, other) = (Appliance::company(), Appliance::company());
    let server = other.serve();
    let database = other.data().join("ctibox.db");
    appliance.try_run(&["backup", database.to_str().unwrap()]).expect_code(1).expect_words(&["in use"]);
    server.logged_in("agnes").fence();
}
