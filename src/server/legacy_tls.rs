//! TLS 1.0 and 1.1 by an OpenSSL that is built in, for clients that know nothing newer (settings §1.9). Built with the
//! feature `legacy-tls` alone. `starttls` sends here whom the settings allow; the pair is the one that all handshakes use.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{Ssl, SslContext, SslMethod, SslMode, SslOptions, SslSessionCacheMode, SslVersion};
use openssl::x509::X509;
use tokio_openssl::SslStream;

use super::socket::Wire;
use crate::certificate::{CurrentPair, Pair};

/// What those clients know: their suites need hashes that OpenSSL by itself believes no more. None without a certificate.
const CIPHERS: &str = "DEFAULT:!aNULL:@SECLEVEL=0";

pub(super) struct LegacyAcceptor {
    pair: Arc<CurrentPair>,
    /// Made anew when handshakes get another pair.
    made: Mutex<Option<Made>>,
}

struct Made {
    of: Arc<Pair>,
    context: SslContext,
}

impl LegacyAcceptor {
    pub(super) fn new(pair: Arc<CurrentPair>) -> Self {
        Self { pair, made: Mutex::new(None) }
    }

    pub(super) async fn accept(&self, wire: Wire) -> io::Result<SslStream<Wire>> {
        let context = self.context()?;
        let ssl = Ssl::new(&context)?;
        let mut stream = SslStream::new(ssl, wire)?;
        Pin::new(&mut stream).accept().await.map_err(io::Error::other)?;
        Ok(stream)
    }

    fn context(&self) -> io::Result<SslContext> {
        let pair = self.pair.pair().ok_or_else(|| io::Error::other("there is no certificate"))?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = made.as_ref().filter(|made| Arc::ptr_eq(&made.of, &pair)) {
            return Ok(made.context.clone());
        }
        let context = context(&pair)?;
        *made = Some(Made { of: pair, context: context.clone() });
        Ok(context)
    }
}

fn context(pair: &Pair) -> Result<SslContext, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_server())?;
    context.set_min_proto_version(Some(SslVersion::TLS1))?;
    context.set_max_proto_version(Some(SslVersion::TLS1_1))?;
    context.set_cipher_list(CIPHERS)?;
    context.set_options(
        SslOptions::CIPHER_SERVER_PREFERENCE
            | SslOptions::NO_COMPRESSION
            | SslOptions::NO_RENEGOTIATION
            | SslOptions::NO_TICKET,
    );
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    // What a session holds to its end is to be small.
    context.set_mode(SslMode::RELEASE_BUFFERS);
    let mut chain = pair.certified.cert.iter();
    if let Some(own) = chain.next() {
        let own = X509::from_der(own)?;
        context.set_certificate(&own)?;
    }
    for issuer in chain {
        context.add_extra_chain_cert(X509::from_der(issuer)?)?;
    }
    let key = PKey::private_key_from_der(pair.key.der())?;
    context.set_private_key(&key)?;
    context.check_private_key()?;
    Ok(context.build())
}
