//! An AMI as Asterisk has it, for what a real one does not do on demand: it checks the login, answers as it is told or as an
//! empty Asterisk would, says events when a test wants it, and writes all that in pieces of random length, lists of several
//! actions and what happens meanwhile interleaved.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::token_server::ServerPair;

pub(crate) const USERNAME: &str = "ctibox";
pub(crate) const SECRET: &str = "opensesame";
const CHALLENGE: &str = "794042292";
/// The proof of the secret for that challenge.
const PROOF: &str = "65b408074b7b9125a039899db4a0415b";
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const DEADLINE: Duration = Duration::from_secs(60);
/// How long a reader waits before it looks whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What is said to an action.
type Does = dyn Fn(&Asked) -> Vec<String> + Send + Sync;

/// What comes back for an action.
#[derive(Clone)]
pub(crate) enum Behaviour {
    /// These packets, lines apart by `\n`; `{id}` is the action's.
    Says(Vec<String>),
    /// What this says to the action, in the same way.
    Does(Arc<Does>),
    /// Nothing.
    Silent,
}

/// An action that was received: headers in their order.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) headers: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub(crate) fn action(&self) -> &str {
        self.get("Action")
    }
}

/// A peer that listens; dropped, it is gone as after `core stop now`.
pub(crate) struct AmiPeer {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    asked: Receiver<Asked>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    behaviours: Mutex<HashMap<String, Behaviour>>,
    pair: Option<ServerPair>,
    is_over: AtomicBool,
    /// Of the pieces and the interleaving.
    seed: u64,
    /// Packets to write to whoever is logged in, whole bytes each.
    to_say: Mutex<VecDeque<Vec<u8>>>,
    links: Mutex<Links>,
    changed: Condvar,
}

#[derive(Default)]
struct Links {
    opened: usize,
    open: Vec<TcpStream>,
}

impl AmiPeer {
    pub(crate) fn start() -> Self {
        Self::listen("127.0.0.1:0", None)
    }

    /// With pieces and an interleaving of its own.
    pub(crate) fn start_seeded(seed: u64) -> Self {
        Self::listen_seeded("127.0.0.1:0", None, seed)
    }

    /// Listens on every address.
    pub(crate) fn start_everywhere() -> Self {
        Self::listen("0.0.0.0:0", None)
    }

    pub(crate) fn start_encrypted(pair: ServerPair) -> Self {
        Self::listen("127.0.0.1:0", Some(pair))
    }

    /// On a port that a peer had before.
    pub(crate) fn start_on(port: u16) -> Self {
        Self::listen(&format!("127.0.0.1:{port}"), None)
    }

    fn listen(address: &str, pair: Option<ServerPair>) -> Self {
        Self::listen_seeded(address, pair, SEED)
    }

    fn listen_seeded(address: &str, pair: Option<ServerPair>, seed: u64) -> Self {
        let listener = bind(address);
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            behaviours: Mutex::default(),
            pair,
            is_over: AtomicBool::new(false),
            seed,
            to_say: Mutex::default(),
            links: Mutex::default(),
            changed: Condvar::new(),
        });
        let (tell, asked) = channel();
        let own = shared.clone();
        let listening = Some(thread::spawn(move || accept_all(&listener, &own, &tell)));
        Self { port, shared, asked, listening }
    }

    pub(crate) fn behave(&self, action: &str, behaviour: Behaviour) {
        self.shared.behaviours.lock().unwrap().insert(action.to_owned(), behaviour);
    }

    /// Says this to whoever is logged in; lines apart by `\n`.
    pub(crate) fn say(&self, packet: &str) {
        self.shared.to_say.lock().unwrap().push_back(wire(packet));
    }

    /// Bytes that need not be AMI.
    pub(crate) fn say_bytes(&self, bytes: &[u8]) {
        self.shared.to_say.lock().unwrap().push_back(bytes.to_vec());
    }

    /// The next action of this name; those before it are passed over.
    #[track_caller]
    pub(crate) fn asked(&self, action: &str) -> Asked {
        let end = Instant::now() + DEADLINE;
        let mut others = Vec::new();
        loop {
            match self.asked.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(asked) if asked.action() == action => return asked,
                Ok(other) => others.push(other.action().to_owned()),
                Err(_) => panic!("nobody asked for {action}, but for {others:?}"),
            }
        }
    }

    /// The names of all actions that came and were not taken yet: of a program that has ended all of them.
    pub(crate) fn asked_so_far(&self) -> Vec<String> {
        self.asked.try_iter().map(|asked| asked.action().to_owned()).collect()
    }

    /// Waits until so many connections were opened, one after the other.
    #[track_caller]
    pub(crate) fn await_connections(&self, number: usize) {
        let links = self.shared.links.lock().unwrap();
        let waited = self.shared.changed.wait_timeout_while(links, DEADLINE, |links| links.opened < number).unwrap();
        assert!(!waited.1.timed_out(), "{} connections of {number} came", waited.0.opened);
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.links.lock().unwrap().opened
    }

    /// Cuts every connection.
    pub(crate) fn hang_up(&self) {
        for stream in self.shared.links.lock().unwrap().open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for AmiPeer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        self.hang_up();
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

/// A port that was just let go may be taken for a moment.
fn bind(address: &str) -> TcpListener {
    let end = Instant::now() + DEADLINE;
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return listener,
            Err(error) => assert!(Instant::now() < end, "cannot listen on {address}: {error}"),
        }
    }
}

fn accept_all(listener: &TcpListener, shared: &Arc<Shared>, tell: &Sender<Asked>) {
    listener.set_nonblocking(true).unwrap();
    while !shared.is_over.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            thread::park_timeout(Duration::from_millis(5));
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        stream.set_nodelay(true).unwrap();
        {
            let mut links = shared.links.lock().unwrap();
            links.opened += 1;
            links.open.push(stream.try_clone().unwrap());
        }
        shared.changed.notify_all();
        let (shared, tell) = (shared.clone(), tell.clone());
        thread::spawn(move || match &shared.pair {
            // Whoever does not believe the certificate goes away.
            Some(pair) => drop(pair.accept(stream).map(|stream| serve(&shared, stream, &tell))),
            None => serve(&shared, stream, &tell),
        });
    }
}

/// One connection. What it reads comes in turns with what it says, since TLS has one stream for both.
fn serve(shared: &Shared, stream: impl Timed, tell: &Sender<Asked>) {
    stream.set_patience(LOOK_EVERY);
    let mut said = Said { stream: BufReader::new(stream), random: shared.seed };
    if said.write(b"Asterisk Call Manager/11.0.0\r\n").is_err() {
        return;
    }
    let (mut is_logged_in, mut is_over, mut headers, mut line) = (false, false, Vec::new(), Vec::new());
    loop {
        let was_logged_in = is_logged_in;
        let mut answers = Vec::new();
        loop {
            match said.stream.read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) if line.ends_with(b"\n") => {}
                Ok(_) => continue,
                Err(error) if is_silence(&error) => break,
                Err(_) => return,
            }
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
            line.clear();
            if let Some((name, value)) = text.split_once(':') {
                headers.push((name.to_owned(), value.trim_start().to_owned()));
                continue;
            }
            let asked = Asked { headers: std::mem::take(&mut headers) };
            answers.push(answer(shared, &asked, &mut is_logged_in));
            is_over |= asked.action() == "Logoff" || (asked.action() == "Login" && !is_logged_in);
            let _ = tell.send(asked);
            // What was sent together is answered together.
            if said.stream.buffer().is_empty() {
                break;
            }
        }
        if was_logged_in {
            answers.push(shared.to_say.lock().unwrap().drain(..).collect());
        }
        let answers = said.interleave(answers);
        if answers.iter().any(|bytes| said.write(bytes).is_err()) || is_over {
            let _ = said.stream.get_ref().hang_up();
            return;
        }
    }
}

fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

/// What comes back.
fn answer(shared: &Shared, asked: &Asked, is_logged_in: &mut bool) -> VecDeque<Vec<u8>> {
    let id = asked.get("ActionID");
    let told = shared.behaviours.lock().unwrap().get(asked.action()).cloned();
    let packets = match (asked.action(), told) {
        (_, Some(Behaviour::Silent)) => Vec::new(),
        (_, Some(Behaviour::Says(packets))) => {
            *is_logged_in |= asked.action() == "Login";
            packets
        }
        (_, Some(Behaviour::Does(does))) => does(asked),
        ("Challenge", None) => vec![format!("Response: Success\nActionID: {{id}}\nChallenge: {CHALLENGE}")],
        ("Login", None) => {
            *is_logged_in = asked.get("Username") == USERNAME
                && match asked.get("AuthType") {
                    "MD5" => asked.get("Key") == PROOF,
                    _ => asked.get("Secret") == SECRET,
                };
            match *is_logged_in {
                true => vec![
                    "Response: Success\nActionID: {id}\nMessage: Authentication accepted".to_owned(),
                    "Event: FullyBooted\nPrivilege: system,all\nUptime: 66\nStatus: Fully Booted".to_owned(),
                ],
                false => vec!["Response: Error\nActionID: {id}\nMessage: Authentication failed".to_owned()],
            }
        }
        (_, None) if !*is_logged_in => vec!["Response: Error\nActionID: {id}\nMessage: Permission denied".to_owned()],
        ("Logoff", None) => vec!["Response: Goodbye\nActionID: {id}\nMessage: Thanks for all the fish.".to_owned()],
        ("Ping", None) => vec!["Response: Success\nActionID: {id}\nPing: Pong".to_owned()],
        ("CoreSettings", None) => {
            vec!["Response: Success\nActionID: {id}\nAMIversion: 11.0.0\nAsteriskVersion: 22.10.1".to_owned()]
        }
        (
            name @ ("ExtensionStateList" | "DeviceStateList" | "CoreShowChannels" | "QueueStatus" | "QueueSummary"
            | "VoicemailUsersList" | "DBGetTree"),
            None,
        ) => vec![
            "Response: Success\nActionID: {id}\nEventList: start\nMessage: List will follow".to_owned(),
            format!("Event: {name}Complete\nActionID: {{id}}\nEventList: Complete\nListItems: 0"),
        ],
        (_, None) => vec!["Response: Success\nActionID: {id}\nMessage: Done".to_owned()],
    };
    packets.iter().map(|packet| wire(&packet.replace("{id}", id))).collect()
}

fn wire(packet: &str) -> Vec<u8> {
    let lines: String = packet.lines().map(|line| format!("{}\r\n", line.trim_start())).collect();
    format!("{lines}\r\n").into_bytes()
}

/// A stream that says when nothing came.
trait Timed: Read + Write {
    fn set_patience(&self, patience: Duration);
    /// Others have it open too.
    fn hang_up(&self) -> std::io::Result<()>;
}

impl Timed for TcpStream {
    fn set_patience(&self, patience: Duration) {
        self.set_read_timeout(Some(patience)).unwrap();
    }

    fn hang_up(&self) -> std::io::Result<()> {
        self.shutdown(Shutdown::Both)
    }
}

impl Timed for rustls::StreamOwned<rustls::ServerConnection, TcpStream> {
    fn set_patience(&self, patience: Duration) {
        self.sock.set_patience(patience);
    }

    fn hang_up(&self) -> std::io::Result<()> {
        self.sock.hang_up()
    }
}

/// The way to the one who is connected.
struct Said<S: Read> {
    stream: BufReader<S>,
    random: u64,
}

impl<S: Read + Write> Said<S> {
    /// In pieces.
    fn write(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let length = 1 + self.below(bytes.len().min(200));
            let (piece, rest) = bytes.split_at(length);
            self.stream.get_mut().write_all(piece)?;
            self.stream.get_mut().flush()?;
            bytes = rest;
        }
        Ok(())
    }

    /// Each answer's packets in their order, those of several mixed.
    fn interleave(&mut self, mut answers: Vec<VecDeque<Vec<u8>>>) -> Vec<Vec<u8>> {
        let mut mixed = Vec::new();
        loop {
            answers.retain(|answer| !answer.is_empty());
            if answers.is_empty() {
                return mixed;
            }
            let chosen = self.below(answers.len());
            mixed.extend(answers[chosen].pop_front());
        }
    }

    /// xorshift: the same in every run.
    fn below(&mut self, most: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % u64::try_from(most).unwrap()).unwrap()
    }
}
