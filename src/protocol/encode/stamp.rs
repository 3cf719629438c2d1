//! The end of a line: `timenow`, the same for all that is told in one moment, and so spelled once for it.

/// What closes every line of one moment (protocol 1.4).
#[derive(Debug)]
pub(crate) struct Stamp {
    unix_time: f64,
    end: Vec<u8>,
}

impl Stamp {
    pub(crate) fn new(unix_time: f64) -> Self {
        // A clock that is no number is no reason for a line without a float.
        let timenow = if unix_time.is_finite() { unix_time } else { 0.0 };
        let mut end = b",\"timenow\":".to_vec();
        serde_json::to_writer(&mut end, &timenow).expect("a vector takes every byte");
        end.extend_from_slice(b"}\n");
        Self { unix_time, end }
    }

    /// Another moment than before is spelled anew.
    pub(crate) fn turn_to(&mut self, unix_time: f64) {
        if self.unix_time.to_bits() != unix_time.to_bits() {
            *self = Self::new(unix_time);
        }
    }

    pub(super) fn end_line(&self, lines: &mut Vec<u8>) {
        lines.extend_from_slice(&self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_moment_has_another_stamp() {
        let ended = |stamp: &Stamp| {
            let mut line = Vec::new();
            stamp.end_line(&mut line);
            String::from_utf8(line).expect("ASCII")
        };
        let mut stamp = Stamp::new(f64::NAN);
        assert_eq!(ended(&stamp), ",\"timenow\":0.0}\n");
        for (unix_time, expected) in [(1.5, "1.5"), (1.5, "1.5"), (1_471_009_851.271_045, "1471009851.271045")] {
            stamp.turn_to(unix_time);
            assert_eq!(ended(&stamp), format!(",\"timenow\":{expected}}}\n"));
        }
    }
}
