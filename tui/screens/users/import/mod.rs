//! The import of XiVO's table of users: which file it is, what would become of each line, and the hashing of passwords
//! with the one transaction behind it. What a line means is in `exchange::user_import`.

mod file;
mod hashing;
mod planned;
mod planned_rows;
mod preview;

pub(super) use file::File;
