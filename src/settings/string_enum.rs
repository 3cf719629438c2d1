//! Closed sets of historic words: an enum, its words for database, wire and command line, and one refusal that lists
//! what may be said. Used by the other files of this room only.

/// Declares an enum of words with `ALL`, `as_str()`, `parse()` and `Display`.
macro_rules! string_enum {
    ($(#[$doc:meta])* $name:ident, $rule:ident, $what:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum $name { $($variant,)* }

        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub(crate) fn parse(text: &str) -> Result<Self, crate::settings::rule::Refusal> {
                match text.trim() {
                    $($word => Ok(Self::$variant),)*
                    other => Err(crate::settings::rule::Refusal::new(
                        crate::settings::rule::Rule::$rule,
                        crate::settings::rule_target::RuleTarget::text(
                            crate::settings::target_kind::TargetKind::$what,
                            other,
                        ),
                        crate::settings::violation::Violation::must_be(format!("one of {}", [$($word,)*].join(", "))),
                    )),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.as_str().fmt(out)
            }
        }
    };
}
pub(crate) use string_enum;
