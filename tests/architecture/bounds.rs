//! Bounds: every constant of the program that ends in `_MAX` stands in the table of docs/limits.md, and every name in
//! that table is one of the program.

use std::collections::BTreeSet;

use crate::source::Tree;

pub(crate) fn faults(tree: &Tree, limits: &str) -> Vec<String> {
    let table = table(limits);
    let known: BTreeSet<&str> = table.split('`').filter(|word| is_bound(word)).collect();
    let mut found = BTreeSet::new();
    let mut faults = Vec::new();
    for source in tree.shipped() {
        let code = source.code();
        for name in code.split("const ").skip(1).filter_map(|rest| rest.split(':').next()).filter(|name| is_bound(name))
        {
            if !known.contains(name) {
                faults.push(format!("{}: {name} does not stand in the table of bounds", source.path));
            }
            found.insert(name.to_owned());
        }
    }
    let is_gone = |name: &&&str| !found.contains(**name);
    faults.extend(known.iter().filter(is_gone).map(|name| format!("docs/limits.md: {name} is no constant any more")));
    faults
}

fn is_bound(name: &str) -> bool {
    name.ends_with("_MAX") && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The lines of the table.
fn table(limits: &str) -> String {
    limits.lines().filter(|line| line.starts_with('|')).collect::<Vec<&str>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# Limits\n\n| lines (`LINE_BYTES_MAX`) | 16 MiB |\n\n`OTHER_MAX`\n";

    fn check(text: &str) -> Vec<String> {
        faults(&Tree::made_up(&[("src/protocol/frame.rs", text)]), DOCUMENT)
    }

    #[test]
    fn a_bound_that_the_table_knows_passes() {
        let nothing: [String; 0] = [];
        assert_eq!(
            check("pub(crate) const LINE_BYTES_MAX: usize = 1;\n#[cfg(test)]\nmod t { const T_MAX: u8 = 1; }"),
            nothing
        );
    }

    #[test]
    fn a_bound_outside_of_the_table_is_a_fault() {
        assert_eq!(check("const LINE_BYTES_MAX: u8 = 1;\nconst OTHER_MAX: usize = 1;").len(), 1);
        assert_eq!(check("// LINE_BYTES_MAX went away").len(), 1);
    }
}
