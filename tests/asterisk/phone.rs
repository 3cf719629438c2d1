//! A real SIP telephone: baresip as a child process, registered with the test's Asterisk and driven by its control port.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::pbx::Pbx;
use crate::ports;

const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) struct Phone {
    number: String,
    server: u16,
    control: TcpStream,
    pending: Vec<u8>,
    /// What happened and was not waited for yet.
    events: Vec<Value>,
    process: Child,
    /// Where its settings are.
    _folder: TempDir,
}

impl Phone {
    /// Registered under this number.
    pub(crate) fn register(pbx: &Pbx, number: &str) -> Self {
        let folder = TempDir::new().unwrap();
        // SIP by UDP and TCP, by TLS one above; the control port; sound.
        let first = ports::block(24);
        let out = folder.path().join("out.wav");
        let settings = format!(
            "poll_method epoll\nsip_listen 127.0.0.1:{first}\ncall_local_timeout 120\ncall_max_calls 4\n\
             audio_player aufile,{0}\naudio_source ausine,440\naudio_alert aufile,{0}\nausrc_srate 48000\n\
             ausrc_channels 2\nauplay_srate 48000\nauplay_channels 2\nausrc_format s16\nauplay_format s16\n\
             rtp_ports {1}-{2}\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\nmodule ausine.so\n\
             module aufile.so\nmodule_app account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n\
             ctrl_tcp_listen 127.0.0.1:{3}\n",
            out.display(),
            first + 4,
            first + 22,
            first + 2,
        );
        fs::write(folder.path().join("config"), settings).unwrap();
        let server = pbx.sip_port;
        let account =
            format!("<sip:{number}@127.0.0.1:{server}>;auth_user={number};auth_pass=phone-{number};regint=3600\n");
        fs::write(folder.path().join("accounts"), account).unwrap();
        let process = Command::new("/usr/bin/baresip")
            .arg("-f")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let control = connect(first + 2);
        let number = number.to_owned();
        let phone = Self { number, server, control, pending: Vec::new(), events: Vec::new(), process, _folder: folder };
        // It may have registered before it could be listened to: Asterisk knows.
        let contact = format!("PJSIP_AOR({},contact)", phone.number);
        pbx.observer().until("a telephone has registered", |observer| !observer.value_of(&contact).is_empty());
        phone
    }

    pub(crate) fn dial(&mut self, number: &str) {
        let server = self.server;
        self.order("dial", &format!("sip:{number}@127.0.0.1:{server}"));
    }

    /// Waits until it rings.
    pub(crate) fn await_ringing(&mut self) -> Value {
        self.await_event("CALL_INCOMING")
    }

    /// Takes the call that rings.
    pub(crate) fn answer(&mut self) {
        self.order("accept", "");
        self.await_event("CALL_ESTABLISHED");
    }

    /// Waits until whom it called has answered.
    pub(crate) fn await_answer(&mut self) {
        self.await_event("CALL_ESTABLISHED");
    }

    pub(crate) fn hang_up(&mut self) {
        self.order("hangup", "");
    }

    /// Waits until its call is over; gives the reason.
    pub(crate) fn await_end(&mut self) -> String {
        self.await_event("CALL_CLOSED")["param"].as_str().unwrap_or_default().to_owned()
    }

    fn order(&mut self, command: &str, parameter: &str) {
        let text = json!({"command": command, "params": parameter, "token": command}).to_string();
        self.control.write_all(format!("{}:{text},", text.len()).as_bytes()).unwrap();
    }

    pub(crate) fn await_event(&mut self, kind: &str) -> Value {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(place) = self.events.iter().position(|event| event["type"] == kind) {
                // What came before it is past.
                return self.events.drain(..=place).next_back().unwrap();
            }
            assert!(Instant::now() < end, "telephone {}: never came: {kind}; but: {:?}", self.number, self.events);
            self.read();
        }
    }

    fn read(&mut self) {
        let mut buffer = [0; 65_536];
        match self.control.read(&mut buffer) {
            Ok(0) => panic!("telephone {} has ended", self.number),
            Ok(count) => self.pending.extend_from_slice(&buffer[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return,
            Err(error) => panic!("telephone {}: {error}", self.number),
        }
        while let Some(colon) = self.pending.iter().position(|byte| *byte == b':') {
            let length: usize = std::str::from_utf8(&self.pending[..colon]).unwrap().parse().unwrap();
            let end = colon + 1 + length;
            if self.pending.len() <= end {
                return;
            }
            let message: Value = serde_json::from_slice(&self.pending[colon + 1..end]).unwrap();
            self.pending.drain(..=end);
            if message["event"] == true {
                self.events.push(message);
            }
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn connect(port: u16) -> TcpStream {
    let end = Instant::now() + DEADLINE;
    loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => {
                stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
                return stream;
            }
            Err(error) => assert!(Instant::now() < end, "a telephone does not start: {error}"),
        }
        std::thread::yield_now();
    }
}
