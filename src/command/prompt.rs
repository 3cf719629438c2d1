//! Asking a person: yes or no, and passwords with the echo off. Only on a terminal: without one no command asks
//! anything. Commands that destroy or need a password call it; it decides nothing.

use std::io::{self, IsTerminal, Read};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use zeroize::Zeroizing;

use super::failure::Failure;
use super::output::Output;
use crate::settings::password::Secret;

/// Longest line that is read as a password or PIN; rule U2 allows 128 characters of at most 4 bytes.
const SECRET_BYTES_MAX: usize = 1024;

/// Whether somebody sits there who can answer.
pub(crate) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// On a terminal: asks and takes `y` or `yes` for yes. Without one: yes, for then the command line alone decides.
pub(crate) fn confirm(output: &Output, question: &str) -> Result<(), Failure> {
    if !is_possible() {
        return Ok(());
    }
    output.question(&format!("{question} [y/N]"));
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(|error| Failure::new("could not read the answer").cause(&error))?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("nothing was changed").hint("answer `y`, or give `--yes`, to go on")),
    }
}

/// Asks once without echo: for a password that exists.
pub(crate) fn secret(output: &Output, what: &str) -> Result<Secret, Failure> {
    hidden_line(output, &format!("{what}:"))
}

/// Asks twice without echo until both are the same.
pub(crate) fn new_secret(output: &Output, what: &str) -> Result<Secret, Failure> {
    let first = hidden_line(output, &format!("{what}:"))?;
    if first != hidden_line(output, &format!("{what} again:"))? {
        return Err(Failure::new("the two are not the same").hint("repeat the command and type the same twice"));
    }
    Ok(first)
}

/// The first line of standard input, without its line end.
pub(crate) fn first_line() -> Result<Secret, Failure> {
    let fail = |error: &io::Error| Failure::new("could not read standard input").cause(error);
    let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES_MAX + 2));
    let mut stdin = io::stdin().lock().take(SECRET_BYTES_MAX as u64 + 2);
    io::BufRead::read_until(&mut stdin, b'\n', &mut bytes).map_err(|error| fail(&error))?;
    if bytes.len() > SECRET_BYTES_MAX && !bytes.ends_with(b"\n") {
        return Err(Failure::new(format!("the line on standard input is longer than {SECRET_BYTES_MAX} bytes")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Failure::new("the line on standard input is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text)))
}

/// Reads a line from the terminal that is not shown. The terminal's own line editing and interrupt key are off
/// meanwhile: else Ctrl-C would end the process and leave the person with a terminal that shows nothing.
fn hidden_line(output: &Output, prompt: &str) -> Result<Secret, Failure> {
    let fail = |error: io::Error| Failure::new("could not read from the terminal").cause(&error);
    output.question(prompt);
    let guard = EchoOffGuard::start().map_err(fail)?;
    let mut line = Zeroizing::new(Vec::with_capacity(SECRET_BYTES_MAX));
    let outcome = loop {
        let mut byte = [0];
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(0) => break Ok(()),
            Ok(_) => match edit(&mut line, byte[0]) {
                Keystroke::Goes => {}
                Keystroke::Ends => break Ok(()),
                Keystroke::Interrupts => break Err(Failure::new("interrupted; nothing was changed")),
            },
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => break Err(fail(error.into())),
        }
    };
    drop(guard);
    output.note("");
    outcome?;
    std::str::from_utf8(&line).map(Secret::new).map_err(|_| Failure::new("what was typed is not UTF-8"))
}

enum Keystroke {
    Goes,
    Ends,
    Interrupts,
}

fn edit(line: &mut Vec<u8>, byte: u8) -> Keystroke {
    const INTERRUPT: u8 = 0x03;
    const END: u8 = 0x04;
    const CLEAR: u8 = 0x15;
    match byte {
        b'\r' | b'\n' | END => return Keystroke::Ends,
        INTERRUPT => return Keystroke::Interrupts,
        CLEAR => line.clear(),
        // Takes back a whole character, however many bytes it has.
        0x08 | 0x7F => while line.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {},
        byte if line.len() < SECRET_BYTES_MAX => line.push(byte),
        _ => {}
    }
    Keystroke::Goes
}

/// A terminal without echo; the end of this value brings the old state back.
struct EchoOffGuard {
    before: Termios,
}

impl EchoOffGuard {
    fn start() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self { before })
    }
}

impl Drop for EchoOffGuard {
    fn drop(&mut self) {
        // If the terminal is gone, so is its state.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_takes_back_whole_characters() {
        let mut line = Vec::new();
        for byte in "aé\u{7f}b\n".bytes() {
            edit(&mut line, byte);
        }
        assert_eq!(line, b"ab");
        edit(&mut line, 0x15);
        edit(&mut line, 0x7F);
        assert!(line.is_empty() && matches!(edit(&mut line, 3), Keystroke::Interrupts));
    }
}
