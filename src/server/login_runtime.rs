//! The threads on which connections are accepted and log in: below those of everybody who is logged in, so that a flood of
//! connections, handshakes and bad lines costs the processor what nobody else wants of it. Started by `server::serve`; a
//! connection is served on the others from its login on, and its socket watched by those from the beginning.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

/// The nice value of these threads: a quarter of the processor where others want it too, all of it where nobody does.
const NICE: i32 = 5;

/// Ends with the value; what runs on it then is left undone.
pub(super) struct LoginRuntime {
    handle: Handle,
    /// None once it is being dropped.
    runtime: Option<Runtime>,
}

impl LoginRuntime {
    pub(super) fn start() -> io::Result<Self> {
        let runtime =
            Builder::new_multi_thread().thread_name("login").on_thread_start(step_back).enable_all().build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for LoginRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Whoever drops it may be a task itself, and must not wait.
            runtime.shutdown_background();
        }
    }
}

/// On Linux this is the nice value of the calling thread alone.
fn step_back() {
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "logins have the same priority as everybody else");
    }
}
