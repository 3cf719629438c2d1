//! What the console wants of its terminal besides a frame. The app collects them, the loop has the terminal obey.

/// Who is told of the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mouse {
    Console,
    /// It selects text, as without a console.
    Terminal,
}

impl Mouse {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Console => Self::Terminal,
            Self::Terminal => Self::Console,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TerminalRequest {
    /// Everything anew: something else has written on the screen.
    Redraw,
    Mouse(Mouse),
    /// Into its clipboard.
    Copy(String),
}
