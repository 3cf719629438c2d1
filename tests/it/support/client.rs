//! A small blocking client of the wire. Nothing sleeps: a read ends with a message, with the close, or at the deadline,
//! which fails the test and shows the last lines both ways. Absence is proved by a fence.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustls::SupportedProtocolVersion;
use serde_json::{Value, json};
use socket2::{Domain, SockFilter, SockRef, Socket, Type};

use super::answers::answers;
use super::cli::PASSWORD;
use super::encryption::{Encrypted, encrypt};

const DEADLINE: Duration = Duration::from_secs(60);
const TRANSCRIPT_LINES_MAX: usize = 40;

enum Stream {
    Clear(TcpStream),
    Encrypted(Box<Encrypted>),
    Gone,
}

pub(crate) struct Client {
    name: String,
    stream: Stream,
    pending: Vec<u8>,
    /// Messages that came already.
    put_by: VecDeque<Value>,
    transcript: VecDeque<String>,
    fences: u64,
}

impl Client {
    pub(crate) fn connect(port: u16, name: &str) -> Self {
        Self::over(TcpStream::connect(("127.0.0.1", port)).unwrap(), name)
    }

    /// From another address of this machine.
    pub(crate) fn connect_from(address: &str, port: u16, name: &str) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::new(address.parse().unwrap(), 0).into()).unwrap();
        socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into()).unwrap();
        Self::over(socket.into(), name)
    }

    fn over(stream: TcpStream, name: &str) -> Self {
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            name: name.to_owned(),
            stream: Stream::Clear(stream),
            pending: Vec::new(),
            put_by: VecDeque::new(),
            transcript: VecDeque::new(),
            fences: 0,
        }
    }

    // ---- sending

    pub(crate) fn send(&mut self, message: &Value) {
        self.send_text(&format!("{message}\n"));
    }

    pub(crate) fn send_text(&mut self, text: &str) {
        self.send_bytes(text.as_bytes());
    }

    /// Bytes as they are. A server that has closed meanwhile is seen by the next read.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.note("->", &String::from_utf8_lossy(&bytes[..bytes.len().min(300)]));
        let _ = match &mut self.stream {
            Stream::Clear(stream) => stream.write_all(bytes),
            Stream::Encrypted(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Stream::Gone => Ok(()),
        };
    }

    /// From now on nothing that the server sends arrives, and so nothing of it is acknowledged: a link that is cut,
    /// seen from the server.
    pub(crate) fn go_dark(&mut self) {
        const RETURN: u16 = 0x06;
        let drop_all = [SockFilter::new(RETURN, 0, 0, 0)];
        SockRef::from(self.socket()).attach_filter(&drop_all).unwrap();
    }

    /// For what takes the server longer than any answer may take.
    pub(crate) fn be_patient(&self, most: Duration) {
        self.socket().set_read_timeout(Some(most)).unwrap();
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Clear(stream) => stream,
            Stream::Encrypted(stream) => &stream.sock,
            Stream::Gone => panic!("{}: no socket", self.name),
        }
    }

    // ---- receiving

    /// The next message; the close or the deadline fails the test.
    pub(crate) fn receive(&mut self) -> Value {
        self.next().unwrap_or_else(|| self.fail("the server has closed"))
    }

    /// The next message, or none if the server has closed.
    pub(crate) fn next(&mut self) -> Option<Value> {
        if let Some(message) = self.put_by.pop_front() {
            return Some(message);
        }
        loop {
            if let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=end).collect();
                return Some(self.parse(&line[..end]));
            }
            if self.read_more() == 0 {
                self.note("<-", "(closed)");
                assert!(self.pending.is_empty(), "{}: a line without its line feed before the close", self.name);
                return None;
            }
        }
    }

    /// The first message that fits; those before it are dropped.
    pub(crate) fn receive_where(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.receive();
            if fits(&message) {
                return message;
            }
        }
    }

    pub(crate) fn receive_class(&mut self, class: &str) -> Value {
        self.receive_where(|message| message["class"] == class)
    }

    /// All that came before the answer to a keepalive sent now.
    pub(crate) fn fence(&mut self) -> Vec<Value> {
        self.fences += 1;
        let mark = 900_000_000 + self.fences;
        self.send(&json!({"class": "keepalive", "commandid": mark}));
        let mut messages = Vec::new();
        loop {
            let message = self.receive();
            if message["class"] == "keepalive" && message["replyid"] == mark {
                return messages;
            }
            messages.push(message);
        }
    }

    /// Nothing may have come.
    pub(crate) fn expect_silence(&mut self) {
        let messages = self.fence();
        assert!(messages.is_empty(), "{}: expected silence, came {messages:?}{}", self.name, self.last_lines());
    }

    /// The server, which cannot be asked for a fence here, has neither said anything yet nor closed.
    pub(crate) fn expect_nothing_yet(&mut self) {
        let socket = self.socket();
        socket.set_nonblocking(true).unwrap();
        let came = socket.peek(&mut [0; 1]);
        socket.set_nonblocking(false).unwrap();
        let is_waiting = matches!(&came, Err(error) if error.kind() == ErrorKind::WouldBlock);
        let is_nothing = is_waiting && self.pending.is_empty() && self.put_by.is_empty();
        assert!(is_nothing, "{}: expected nothing yet, came {came:?}{}", self.name, self.last_lines());
    }

    /// Reads to the close; gives what came before it.
    pub(crate) fn expect_close(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.next()).collect()
    }

    /// The server must close without another word.
    pub(crate) fn expect_plain_close(&mut self) {
        let messages = self.expect_close();
        assert!(messages.is_empty(), "{}: expected a close, came {messages:?}{}", self.name, self.last_lines());
    }

    /// Sends one line and gives its answer; what else comes before it is dropped.
    pub(crate) fn ask(&mut self, message: &Value) -> Value {
        self.send(message);
        self.receive_where(|answer| answers(message, answer))
    }

    // ---- the login ladder

    /// The three steps with protocol 2.3; gives the `login_capas` answer.
    pub(crate) fn log_in(&mut self, login: &str, state: &str) -> Value {
        self.log_in_with(login, state, ("wazoversion", "2.3"))
    }

    pub(crate) fn log_in_with(&mut self, login: &str, state: &str, version: (&str, &str)) -> Value {
        let capas = self.enter(login, state, version);
        self.ask_own_config(capas["userid"].as_str().unwrap_or_default());
        capas
    }

    /// The three steps and nothing behind them.
    pub(crate) fn enter(&mut self, login: &str, state: &str, version: (&str, &str)) -> Value {
        let passed = self.authenticate(login, PASSWORD, version);
        let Some(capaid) = passed["capalist"][0].as_i64() else {
            self.fail(&format!("{login} is refused: {passed}"));
        };
        self.send(&json!({"class": "login_capas", "capaid": capaid.to_string(), "state": state, "commandid": 3}));
        let capas = self.receive_class("login_capas");
        if capas.get("capas").is_none() {
            self.fail(&format!("{login} is refused: {capas}"));
        }
        capas
    }

    /// As every client does once it is in: before the answer it hears no chat (protocol decision 16). What comes
    /// meanwhile is received later, as if nothing had been asked.
    fn ask_own_config(&mut self, own: &str) {
        self.send(&getlist("updateconfig", "users", own));
        let mut meanwhile = VecDeque::new();
        loop {
            let message = self.receive();
            if message["function"] == "updateconfig"
                && message["tid"] == own
                && message["config"]["xivo_uuid"].is_string()
            {
                break;
            }
            meanwhile.push_back(message);
        }
        meanwhile.append(&mut self.put_by);
        self.put_by = meanwhile;
    }

    /// The first two steps; gives the `login_pass` answer.
    pub(crate) fn authenticate(&mut self, login: &str, password: &str, version: (&str, &str)) -> Value {
        self.send(&login_id(login, version));
        self.receive_class("login_id");
        self.send(&json!({"class": "login_pass", "password": password, "commandid": 2}));
        self.receive_class("login_pass")
    }

    /// The same without waiting for the answer.
    pub(crate) fn knock(&mut self, login: &str) {
        self.send(&login_id(login, ("wazoversion", "2.3")));
        self.receive_class("login_id");
        self.send(&json!({"class": "login_pass", "password": PASSWORD, "commandid": 2}));
    }

    /// Accepts the offer and shakes hands.
    pub(crate) fn start_tls(&mut self) {
        self.send(&json!({"class": "starttls", "status": true, "commandid": 1}));
        let answer = self.receive_where(|message| message.get("starttls").is_some());
        assert_eq!(answer["starttls"], true);
        self.encrypt();
    }

    /// Speaks TLS from here on; the server has agreed already.
    pub(crate) fn encrypt(&mut self) {
        self.encrypt_with(rustls::ALL_VERSIONS);
    }

    /// The same with these versions of TLS alone.
    pub(crate) fn encrypt_with(&mut self, versions: &[&'static SupportedProtocolVersion]) {
        assert!(self.pending.is_empty(), "{}: clear bytes before the handshake", self.name);
        match std::mem::replace(&mut self.stream, Stream::Gone) {
            Stream::Clear(stream) => self.stream = Stream::Encrypted(Box::new(encrypt(stream, versions))),
            _ => panic!("{}: encrypted already", self.name),
        }
        self.note("--", "(TLS)");
    }

    /// Shakes hands now; the error is what the server says, or how it breaks off.
    pub(crate) fn shake_hands(&mut self) -> std::io::Result<()> {
        match &mut self.stream {
            Stream::Encrypted(stream) => {
                while stream.conn.is_handshaking() {
                    stream.conn.complete_io(&mut stream.sock)?;
                }
                Ok(())
            }
            _ => panic!("{}: not encrypted", self.name),
        }
    }

    /// The certificate that the server showed, DER.
    pub(crate) fn server_certificate(&self) -> Vec<u8> {
        self.server_chain().swap_remove(0)
    }

    /// The same with those that came after it.
    pub(crate) fn server_chain(&self) -> Vec<Vec<u8>> {
        match &self.stream {
            Stream::Encrypted(stream) => {
                stream.conn.peer_certificates().unwrap().iter().map(|one| one.to_vec()).collect()
            }
            _ => panic!("{}: not encrypted", self.name),
        }
    }

    /// The raw bytes that come next, for what is no line.
    pub(crate) fn receive_bytes(&mut self) -> Vec<u8> {
        if self.pending.is_empty() {
            self.read_more();
        }
        std::mem::take(&mut self.pending)
    }

    // ----

    fn parse(&mut self, line: &[u8]) -> Value {
        self.note("<-", &String::from_utf8_lossy(&line[..line.len().min(600)]));
        assert!(line.iter().all(|byte| (0x20..0x7f).contains(byte)), "{}: not plain ASCII", self.name);
        let message: Value = serde_json::from_slice(line).unwrap_or_else(|error| self.fail(&error.to_string()));
        let has_stamp = message["timenow"].is_f64();
        assert!(has_stamp, "{}: no timenow in {message} (protocol 1.4)", self.name);
        message
    }

    fn read_more(&mut self) -> usize {
        let mut buffer = [0; 65_536];
        let read = match &mut self.stream {
            Stream::Clear(stream) => stream.read(&mut buffer),
            Stream::Encrypted(stream) => stream.read(&mut buffer),
            Stream::Gone => Ok(0),
        };
        match read {
            Ok(count) => {
                self.pending.extend_from_slice(&buffer[..count]);
                count
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.fail("nothing came in time")
            }
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof) => 0,
            Err(error) => self.fail(&error.to_string()),
        }
    }

    fn note(&mut self, direction: &str, text: &str) {
        if self.transcript.len() == TRANSCRIPT_LINES_MAX {
            self.transcript.pop_front();
        }
        self.transcript.push_back(format!("{} {direction} {}", self.name, text.trim_end()));
    }

    fn last_lines(&self) -> String {
        let lines: Vec<&str> = self.transcript.iter().map(String::as_str).collect();
        format!("\nlast lines:\n{}", lines.join("\n"))
    }

    fn fail(&self, what: &str) -> ! {
        panic!("{}: {what}{}", self.name, self.last_lines())
    }
}

pub(crate) fn login_id(login: &str, version: (&str, &str)) -> Value {
    let mut message =
        json!({"class": "login_id", "userlogin": login, "company": "xivo", "ident": "it", "commandid": 1});
    message[version.0] = Value::from(version.1);
    message
}

/// A `getlist` request.
pub(crate) fn getlist(function: &str, listname: &str, tid: &str) -> Value {
    json!({"class": "getlist", "function": function, "listname": listname, "tipbxid": "xivo", "tid": tid, "commandid": 7})
}

/// The message without its stamp, to be compared whole.
pub(crate) fn unstamped(mut message: Value) -> Value {
    message.as_object_mut().unwrap().shift_remove("timenow");
    message
}

/// Whether this is the broadcast of a user's presence (protocol 5.1).
pub(crate) fn is_presence(message: &Value, user: &str, state: &str) -> bool {
    message["function"] == "updatestatus"
        && message["listname"] == "users"
        && message["tid"] == user
        && message["status"] == json!({"availstate": state})
}
