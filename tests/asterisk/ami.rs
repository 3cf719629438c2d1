//! An AMI connection beside that of ctibox, with all rights: asks Asterisk how things are, has it do things, and waits for
//! what happens. It knows the protocol from Asterisk's documentation, nothing of the sources.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(30);
/// Between two looks at something that no event tells.
const PACE: Duration = Duration::from_millis(50);
const TRANSCRIPT: usize = 60;

#[derive(Debug, Clone, Default)]
pub(crate) struct Packet(Vec<(String, String)>);

impl Packet {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is(&self, fields: &[(&str, &str)]) -> bool {
        fields.iter().all(|(name, value)| self.get(name) == Some(value))
    }
}

pub(crate) struct Observer {
    stream: TcpStream,
    pending: Vec<u8>,
    /// Events that came and were not asked for yet.
    events: VecDeque<Packet>,
    transcript: VecDeque<String>,
    actions: u32,
}

impl Observer {
    pub(crate) fn connect(port: u16) -> Self {
        let mut observer = Self::unknown(port);
        let answer = observer.ask("Login", &[("Username", "observer"), ("Secret", "observer")]);
        assert_eq!(answer.get("Response"), Some("Success"), "{answer:?}");
        // It lets in before all of its modules are there, and knows no queue then.
        let is_booted = |packet: &Packet| packet.get("Event") == Some("FullyBooted");
        observer.until("all of Asterisk is there", |observer| observer.events.iter().any(is_booted));
        observer
    }

    /// Not logged in.
    pub(crate) fn unknown(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PACE)).unwrap();
        Self { stream, pending: Vec::new(), events: VecDeque::new(), transcript: VecDeque::new(), actions: 0 }
    }

    /// Sends an action and gives its response.
    pub(crate) fn ask(&mut self, action: &str, headers: &[(&str, &str)]) -> Packet {
        let id = self.send(action, headers);
        self.take(&format!("the response to {action}"), |packet| {
            packet.get("Response").is_some() && packet.get("ActionID") == Some(&id)
        })
    }

    /// The same for an action that must succeed.
    pub(crate) fn tell(&mut self, action: &str, headers: &[(&str, &str)]) -> Packet {
        let answer = self.ask(action, headers);
        assert_eq!(answer.get("Response"), Some("Success"), "{action} {headers:?}: {answer:?}");
        answer
    }

    /// The events of a list.
    pub(crate) fn list(&mut self, action: &str, headers: &[(&str, &str)]) -> Vec<Packet> {
        let id = self.send(action, headers);
        let mut items = Vec::new();
        loop {
            let packet = self.take(&format!("the list of {action}"), |packet| packet.get("ActionID") == Some(&id));
            match packet.get("EventList").map(str::to_lowercase).as_deref() {
                Some("complete") => return items,
                Some(_) => {}
                None if packet.get("Response") == Some("Error") => return items,
                None => items.push(packet),
            }
        }
    }

    fn send(&mut self, action: &str, headers: &[(&str, &str)]) -> String {
        self.actions += 1;
        let id = format!("observer-{}", self.actions);
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let text = format!("Action: {action}\r\nActionID: {id}\r\n{headers}\r\n");
        self.note(format!("> {}", text.replace("\r\n", " | ")));
        self.stream.write_all(text.as_bytes()).unwrap();
        id
    }

    /// Waits for an event with these fields.
    pub(crate) fn await_event(&mut self, event: &str, fields: &[(&str, &str)]) -> Packet {
        self.take(&format!("{event} {fields:?}"), |packet| packet.get("Event") == Some(event) && packet.is(fields))
    }

    /// Forgets what happened so far.
    pub(crate) fn forget(&mut self) {
        // What was sent before the answer has come with it.
        self.ask("Ping", &[]);
        self.events.clear();
    }

    /// How many events of this kind came since the last time that it was forgotten.
    pub(crate) fn count(&mut self, event: &str, fields: &[(&str, &str)]) -> usize {
        self.ask("Ping", &[]);
        self.events.iter().filter(|packet| packet.get("Event") == Some(event) && packet.is(fields)).count()
    }

    /// Asks until it is so.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let end = Instant::now() + DEADLINE;
        while !is_so(self) {
            assert!(Instant::now() < end, "it never came about that {what}{}", self.last_lines());
            if let Some(packet) = self.next() {
                self.events.push_back(packet);
            }
        }
    }

    // ---- questions

    /// A function or variable of the dial plan.
    pub(crate) fn value_of(&mut self, expression: &str) -> String {
        self.ask("Getvar", &[("Variable", expression)]).get("Value").unwrap_or_default().to_owned()
    }

    /// A key in AstDB; empty if it is not there.
    pub(crate) fn key(&mut self, family: &str, key: &str) -> String {
        // The function DB is refused here: an Asterisk that does not live dangerously lets only its dial plan call it.
        let found = self.list("DBGet", &[("Family", family), ("Key", key)]);
        found.first().and_then(|packet| packet.get("Val")).unwrap_or_default().to_owned()
    }

    pub(crate) fn hint(&mut self, extension: &str) -> String {
        let answer = self.ask("ExtensionState", &[("Exten", extension), ("Context", "default")]);
        answer.get("Status").unwrap_or_default().to_owned()
    }

    /// Whether the lamp of a key is lit.
    pub(crate) fn is_lit(&mut self, lamp: &str) -> bool {
        self.value_of(&format!("DEVICE_STATE(Custom:{lamp})")) == "INUSE"
    }

    /// The members of a queue: name, interface, whether paused, the reason.
    pub(crate) fn members(&mut self, queue: &str) -> Vec<Packet> {
        let all = self.list("QueueStatus", &[("Queue", queue)]);
        all.into_iter().filter(|packet| packet.get("Event") == Some("QueueMember")).collect()
    }

    pub(crate) fn member(&mut self, queue: &str, name: &str) -> Option<Packet> {
        self.members(queue).into_iter().find(|member| member.get("Name") == Some(name))
    }

    // ---- receiving

    /// The first packet that fits, of those put by first; the others are put by.
    fn take(&mut self, what: &str, fits: impl Fn(&Packet) -> bool) -> Packet {
        if let Some(place) = self.events.iter().position(&fits) {
            return self.events.remove(place).unwrap();
        }
        let end = Instant::now() + DEADLINE;
        loop {
            match self.next() {
                Some(packet) if fits(&packet) => return packet,
                Some(packet) => self.events.push_back(packet),
                None => assert!(Instant::now() < end, "never came: {what}{}", self.last_lines()),
            }
        }
    }

    /// The next packet; none within the pace.
    fn next(&mut self) -> Option<Packet> {
        loop {
            if let Some(packet) = self.parse() {
                return Some(packet);
            }
            let mut buffer = [0; 65_536];
            match self.stream.read(&mut buffer) {
                Ok(0) => panic!("Asterisk has closed the observer's connection{}", self.last_lines()),
                Ok(count) => self.pending.extend_from_slice(&buffer[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
                Err(error) => panic!("{error}{}", self.last_lines()),
            }
        }
    }

    fn parse(&mut self) -> Option<Packet> {
        const BANNER: &[u8] = b"Asterisk Call Manager/";
        if self.pending.starts_with(BANNER) {
            let end = self.pending.iter().position(|byte| *byte == b'\n')?;
            self.pending.drain(..=end);
        }
        let end = self.pending.windows(4).position(|four| four == b"\r\n\r\n")?;
        let bytes: Vec<u8> = self.pending.drain(..end + 4).collect();
        let text = String::from_utf8_lossy(&bytes);
        self.note(format!("< {}", text.trim_end().replace("\r\n", " | ")));
        let headers = text.lines().filter_map(|line| line.split_once(':'));
        Some(Packet(headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()))
    }

    fn note(&mut self, line: String) {
        const NOISE: &[&str] =
            &["Event: VarSet", "Event: Newexten", "Event: RTCP", "Event: TestEvent", "Event: Challenge"];
        if NOISE.iter().any(|noise| line.contains(noise)) {
            return;
        }
        if self.transcript.len() == TRANSCRIPT {
            self.transcript.pop_front();
        }
        self.transcript.push_back(line.chars().take(400).collect());
    }

    fn last_lines(&self) -> String {
        let lines: Vec<&str> = self.transcript.iter().map(String::as_str).collect();
        format!("\nlast packets:\n{}", lines.join("\n"))
    }
}
