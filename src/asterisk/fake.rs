//! An Asterisk for unit tests that answers one connection by a function, and closes where it says nothing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::packet::Packet;

pub(super) struct FakeAsterisk {
    port: u16,
}

impl FakeAsterisk {
    /// Answers each action by packets of `Name: value` lines; a response without an ActionID gets that of the action, as do
    /// items of lists.
    pub(super) fn start(answer: fn(&Packet) -> String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.write_all(b"Asterisk Call Manager/11.0.0\r\n").expect("written");
            let mut action = String::new();
            for line in BufReader::new(stream.try_clone().expect("a stream")).lines() {
                let Ok(line) = line else { return };
                if !line.is_empty() {
                    action.push_str(&line);
                    action.push('\n');
                    continue;
                }
                let asked = Packet::of(&std::mem::take(&mut action));
                let answer = answer(&asked);
                if answer.is_empty() || stream.write_all(with_id(&answer, asked.text("ActionID")).as_bytes()).is_err() {
                    return;
                }
            }
        });
        Self { port }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

fn with_id(answer: &str, id: &str) -> String {
    let unasked = ["Event: FullyBooted", "Event: UserEvent", "Event: OriginateResponse"];
    let packets = answer.split("\n\n").filter(|packet| !packet.is_empty()).map(|packet| {
        let id = if unasked.iter().any(|event| packet.starts_with(event)) { "" } else { &*format!("\nActionID: {id}") };
        format!("{packet}{id}\n\n").replace('\n', "\r\n")
    });
    packets.collect()
}
