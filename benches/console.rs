//! From the start of `ctibox console` until its first frame is whole, seen from outside through a pty: default data, and
//! 10 000 users. `cargo bench --profile dist --bench console --features measure`.

#![allow(clippy::print_stdout)]

use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use ctibox::measured::Fixture;
use pty_process::Size;
use pty_process::blocking::{Command, open};

const STARTS: usize = 20;

fn main() -> Result<()> {
    for users in [0, 10_000] {
        let folder = tempfile::tempdir()?;
        Fixture::of(users).save(folder.path());
        let mut times = (0..STARTS).map(|_| start(folder.path())).collect::<Result<Vec<Duration>>>()?;
        times.sort();
        let milliseconds = |at: usize| times[at].as_secs_f64() * 1e3;
        println!(
            "start, {users} users: p50 {:.1} ms, worst {:.1} ms",
            milliseconds(STARTS / 2),
            milliseconds(STARTS - 1)
        );
    }
    Ok(())
}

/// The key bar is the last row of a frame.
fn start(folder: &Path) -> Result<Duration> {
    let (mut pty, pts) = open()?;
    pty.resize(Size::new(24, 80))?;
    let began = Instant::now();
    let command = Command::new(env!("CARGO_BIN_EXE_ctibox")).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    let words = ["console", "--screen", "users"];
    let mut child = command.arg("--data").arg(folder).args(words).spawn(pts).context("cannot start")?;
    let (mut drawn, mut buffer) = (Vec::new(), [0; 65_536]);
    while !drawn.windows(5).any(|part| part == b"leave") {
        let count = pty.read(&mut buffer)?;
        ensure!(count > 0, "the console ended");
        drawn.extend_from_slice(&buffer[..count]);
    }
    let took = began.elapsed();
    child.kill()?;
    child.wait()?;
    Ok(took)
}
