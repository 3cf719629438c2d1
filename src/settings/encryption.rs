//! How clients' connections are encrypted, as types: whether, from which version of TLS on, and which one a connection has.
//! `setting` reads them, `server` acts by them.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncryptionMode {
    Off,
    Offer,
    Require,
}

/// The oldest version that rustls is to speak; what is older is a matter of `encryption.allow_legacy_tls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsMinVersion {
    V1_2,
    V1_3,
}

/// A version that a connection can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsVersion {
    #[cfg(feature = "legacy-tls")]
    V1_0,
    #[cfg(feature = "legacy-tls")]
    V1_1,
    V1_2,
    V1_3,
}

impl TlsVersion {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "legacy-tls")]
            Self::V1_0 => "1.0",
            #[cfg(feature = "legacy-tls")]
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}
