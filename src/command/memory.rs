//! What the process holds in its memory is nobody else's: passwords on their way through it leave no trace in a core dump,
//! and no other program of the same user reads them there. Called first thing by `main`.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No core dump whatever happens, and no debugger but root's. Where the system refuses that the program works all the same:
/// the unit forbids core dumps as well.
pub(crate) fn keep_memory_private() {
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(test)]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn a_process_whose_memory_is_private_dumps_no_core() {
        keep_memory_private();
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    }
}
