//! Bytes to lines: keeps what a client sent until its line feed comes and hands out whole lines. `server` feeds each
//! connection's buffer and asks it for lines; it never looks into a line and never reads a socket.

use std::io::BufRead as _;
use std::ops::Range;

use zeroize::Zeroize as _;

/// A line may hold this many bytes, its line feed not counted, before its sender has logged in.
pub(crate) const LINE_BYTES_BEFORE_LOGIN_MAX: usize = 64 * 1024;
/// A line may hold this many bytes after login: a fax comes as one line (protocol 1.2).
pub(crate) const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// What a buffer may keep allocated beyond what it holds.
const SPARE_BYTES_MAX: usize = 2 * 1024;

const _: () = assert!(LINE_BYTES_BEFORE_LOGIN_MAX < LINE_BYTES_MAX);

/// The line outgrew the bound of its phase. The connection is to be closed: what follows has no beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line may hold at most {line_bytes_max} bytes")]
pub(crate) struct LineTooLong {
    pub(crate) line_bytes_max: usize,
}

/// What one connection sent and nobody took yet. Empty, it holds no memory: most connections are idle most of the time.
/// Until login a line may be a password: of what was taken then nothing stays in memory.
#[derive(Debug)]
pub(crate) struct LineBuffer {
    bytes: Vec<u8>,
    /// Where the first line begins that was not taken.
    start: usize,
    /// Up to here there is no line feed: a growing line is searched once, not once a read.
    searched: usize,
    line_bytes_max: usize,
}

impl LineBuffer {
    /// A buffer with the bound of a connection that has not logged in.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), start: 0, searched: 0, line_bytes_max: LINE_BYTES_BEFORE_LOGIN_MAX }
    }

    /// The connection has logged in: from the next line on the wider bound holds.
    pub(crate) fn allow_long_lines(&mut self) {
        self.forget_taken();
        self.line_bytes_max = LINE_BYTES_MAX;
    }

    /// Appends what was read. Lines are to be taken before the next read, so that one read is all it can outgrow by.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let needed = self.bytes.len() + bytes.len();
        // A vector that grows by itself leaves a copy behind.
        if self.may_hold_a_password() && needed > self.bytes.capacity() {
            self.replace(Vec::with_capacity(needed.next_power_of_two()), 0);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole line without its line feed; None if more must be read. A blank line is no line (protocol decision
    /// 2).
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, LineTooLong> {
        while let Some(line) = self.cut_line() {
            if line.len() > self.line_bytes_max {
                return Err(self.too_long());
            }
            if !is_blank(&self.bytes[line.clone()]) {
                return Ok(Some(&self.bytes[line]));
            }
        }
        if self.held_bytes() > self.line_bytes_max {
            return Err(self.too_long());
        }
        self.forget_taken();
        Ok(None)
    }

    /// Bytes that were fed and not taken as lines. Once `next_line` gave None these are the unfinished line; `server`
    /// bounds their sum over all connections, and after an accepted `starttls` there must be none.
    pub(crate) fn held_bytes(&self) -> usize {
        self.bytes.len() - self.start
    }

    fn cut_line(&mut self) -> Option<Range<usize>> {
        // The search of the standard library, which looks at many bytes at once; a slice is never an error.
        self.searched += (&self.bytes[self.searched..]).skip_until(b'\n').unwrap_or_default();
        let line = self.start..self.searched.checked_sub(1)?;
        if line.end < self.start || self.bytes.get(line.end) != Some(&b'\n') {
            return None;
        }
        self.start = self.searched;
        Some(line)
    }

    fn too_long(&mut self) -> LineTooLong {
        let line_bytes_max = self.line_bytes_max;
        self.start = self.bytes.len();
        self.forget_taken();
        LineTooLong { line_bytes_max }
    }

    fn may_hold_a_password(&self) -> bool {
        self.line_bytes_max == LINE_BYTES_BEFORE_LOGIN_MAX
    }

    /// The bytes from `start` on go into the new place; of the old one nothing stays.
    fn replace(&mut self, mut place: Vec<u8>, start: usize) {
        place.extend_from_slice(&self.bytes[start..]);
        self.bytes.zeroize();
        self.bytes = place;
    }

    /// Forgets taken lines. The unfinished line moves at most once a read, and only if lines were taken before it.
    fn forget_taken(&mut self) {
        if self.start == 0 && self.held_bytes() > 0 {
            return;
        }
        if self.may_hold_a_password() {
            self.replace(Vec::with_capacity(self.held_bytes()), self.start);
        } else if self.held_bytes() == 0 {
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..self.start);
            // A growing vector doubles: only one that lost a big line is far larger than what it holds.
            if self.bytes.capacity() > 2 * self.bytes.len() + SPARE_BYTES_MAX {
                self.bytes.shrink_to(self.bytes.len() + SPARE_BYTES_MAX);
            }
        }
        self.searched = self.searched.saturating_sub(self.start);
        self.start = 0;
    }
}

impl Drop for LineBuffer {
    fn drop(&mut self) {
        if self.may_hold_a_password() {
            self.bytes.zeroize();
        }
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn take_all(buffer: &mut LineBuffer) -> Result<Vec<Vec<u8>>, LineTooLong> {
        let mut lines = Vec::new();
        while let Some(line) = buffer.next_line()? {
            lines.push(line.to_vec());
        }
        Ok(lines)
    }

    fn check(pieces: &[&[u8]], expected: &[&[u8]], held: usize) {
        let mut buffer = LineBuffer::new();
        let mut lines = Vec::new();
        for piece in pieces {
            buffer.feed(piece);
            lines.extend(take_all(&mut buffer).expect("no line is too long"));
        }
        assert_eq!(lines, expected);
        assert_eq!(buffer.held_bytes(), held);
    }

    #[test]
    fn a_line_ends_at_its_line_feed_wherever_reads_end() {
        check(&[b"one\ntwo\n"], &[b"one", b"two"], 0);
        check(&[b"o", b"ne", b"\nt", b"wo", b"\n"], &[b"one", b"two"], 0);
        check(&[b"one\ntw"], &[b"one"], 2);
        check(&[b"{}\r\n  {}  \n"], &[b"{}\r", b"  {}  "], 0);
        check(&[], &[], 0);
    }

    #[test]
    fn lines_behind_the_login_are_there_after_it() {
        let mut buffer = LineBuffer::new();
        buffer.feed(b"login_capas\none\ntw");
        assert_eq!(buffer.next_line(), Ok(Some(&b"login_capas"[..])));
        buffer.allow_long_lines();
        buffer.feed(b"o\n");
        assert_eq!(take_all(&mut buffer).expect("short lines"), [&b"one"[..], b"two"]);
    }

    #[test]
    fn blank_lines_are_no_lines() {
        check(&[b"\n\r\n \t \nx\n\n"], &[b"x"], 0);
    }

    #[test]
    fn a_line_at_the_bound_passes_and_one_byte_more_does_not() {
        let fits = [vec![b'x'; LINE_BYTES_BEFORE_LOGIN_MAX], b"\n".to_vec()].concat();
        check(&[&fits], &[&fits[..LINE_BYTES_BEFORE_LOGIN_MAX]], 0);

        let long = vec![b'x'; LINE_BYTES_BEFORE_LOGIN_MAX + 1];
        let refusal = Err(LineTooLong { line_bytes_max: LINE_BYTES_BEFORE_LOGIN_MAX });
        let mut unfinished = LineBuffer::new();
        unfinished.feed(&long);
        assert_eq!(take_all(&mut unfinished), refusal);
        assert_eq!(unfinished.held_bytes(), 0);
        let mut finished = LineBuffer::new();
        finished.feed(&[&long[..], b"\n"].concat());
        assert_eq!(take_all(&mut finished), refusal);

        let mut allowed = LineBuffer::new();
        allowed.allow_long_lines();
        allowed.feed(&[&long[..], b"\n"].concat());
        assert_eq!(take_all(&mut allowed), Ok(vec![long]));
    }

    #[test]
    fn a_short_line_before_a_long_one_is_still_served() {
        let mut buffer = LineBuffer::new();
        buffer.feed(b"first\n");
        buffer.feed(&vec![b'x'; LINE_BYTES_BEFORE_LOGIN_MAX + 1]);
        assert_eq!(buffer.next_line(), Ok(Some(&b"first"[..])));
        assert!(buffer.next_line().is_err());
    }

    #[test]
    fn memory_is_given_back() {
        let mut buffer = LineBuffer::new();
        assert_eq!(buffer.bytes.capacity(), 0);
        buffer.allow_long_lines();
        for _ in 0..64 {
            buffer.feed(&[b'x'; 64 * 1024]);
            assert_eq!(buffer.next_line(), Ok(None));
        }
        buffer.feed(b"\ntail");
        assert_eq!(take_all(&mut buffer).map(|lines| lines.len()), Ok(1));
        assert_eq!(buffer.held_bytes(), 4);
        assert!(buffer.bytes.capacity() <= SPARE_BYTES_MAX + 4, "{}", buffer.bytes.capacity());
        buffer.feed(b"\n");
        assert_eq!(take_all(&mut buffer), Ok(vec![b"tail".to_vec()]));
        assert_eq!(buffer.bytes.capacity(), 0);
    }

    #[test]
    fn a_long_line_in_many_reads_is_searched_once() {
        let mut buffer = LineBuffer::new();
        buffer.allow_long_lines();
        for held in 1..=200_000 {
            buffer.feed(b"x");
            assert_eq!(buffer.next_line(), Ok(None));
            assert_eq!(buffer.searched, held);
        }
    }

    proptest! {
        #[test]
        fn any_split_of_a_stream_gives_the_same_lines(
            stream in proptest::collection::vec(prop_oneof![3 => any::<u8>(), 1 => Just(b'\n'), 1 => Just(b' ')], 0..400),
            cuts in proptest::collection::vec(0..400usize, 0..20),
        ) {
            let mut whole = LineBuffer::new();
            whole.feed(&stream);
            let expected = take_all(&mut whole).expect("short");

            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
            cuts.sort_unstable();
            let mut pieces = LineBuffer::new();
            let mut lines = Vec::new();
            let mut from = 0;
            for to in cuts.into_iter().chain([stream.len()]) {
                pieces.feed(&stream[from..to]);
                lines.extend(take_all(&mut pieces).expect("short"));
                from = to;
            }
            prop_assert_eq!(lines, expected);
            prop_assert_eq!(pieces.held_bytes(), whole.held_bytes());
        }
    }
}
