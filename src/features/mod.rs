//! What a logged-in client brings about. `Desk` gives every input to `live` and `effects` runs what comes out; the
//! decisions stand in `live`, the sockets in `server`.

/// The owner of the live picture.
pub(crate) mod desk;
/// Where effects go: to sessions, to the disk, into the log.
pub(crate) mod effects;
