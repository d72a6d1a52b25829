//! What the process gives up before it holds a secret (MH-02): its memory is written to no core file,
//! and no other process of the same user may look into it.

use rustix::process::{DumpableBehavior, Resource, Rlimit};

/// Does both. Where the kernel refuses, the process is no worse off than any other.
pub(crate) fn keep_memory_private() -> Vec<String> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let core = rustix::process::setrlimit(Resource::Core, none);
    let dumpable = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    [("core files", core), ("access by other processes of this user", dumpable)]
        .into_iter()
        .filter_map(|(what, done)| {
            done.err().map(|error| format!("the kernel does not forbid {what}: {error}"))
        })
        .collect()
}
