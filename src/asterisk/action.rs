//! One action as it is sent. No value can break out of its line: what has a control character, or is too long for
//! Asterisk, is refused here (telephony §1.1).

/// Asterisk takes no longer line, its end included.
const LINE_BYTES_MAX: usize = 1024;
/// Nor more headers.
const HEADERS_MAX: usize = 128;

/// An action and its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
}

/// Why an action cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsendableAction {
    #[error("the header {header} of the action {action} has a control character")]
    ControlCharacter { action: &'static str, header: &'static str },
    #[error("the header {header} of the action {action} is longer than {LINE_BYTES_MAX} bytes")]
    TooLong { action: &'static str, header: &'static str },
    #[error("the action {action} has more than {HEADERS_MAX} headers")]
    TooManyHeaders { action: &'static str },
}

impl Action {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, headers: Vec::new() }
    }

    pub(crate) fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The bytes of it, under this id.
    pub(super) fn encode(&self, id: &str) -> Result<Vec<u8>, UnsendableAction> {
        let action = self.name;
        if self.headers.len() + 2 > HEADERS_MAX {
            return Err(UnsendableAction::TooManyHeaders { action });
        }
        let mut text = format!("Action: {action}\r\nActionID: {id}\r\n");
        for (header, value) in &self.headers {
            if value.contains(char::is_control) {
                return Err(UnsendableAction::ControlCharacter { action, header });
            }
            let begin = text.len();
            text.extend([header, ": ", value, "\r\n"]);
            if text.len() - begin > LINE_BYTES_MAX {
                return Err(UnsendableAction::TooLong { action, header });
            }
        }
        text.push_str("\r\n");
        Ok(text.into_bytes())
    }
}
