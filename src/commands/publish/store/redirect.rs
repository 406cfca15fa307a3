//! Objects of S3 that lead on: its web servers answer a request for one with a redirect.
//!
//! The library has no word for the header that says where to. So these puts are made here, and signed by the part of
//! the library that signs all others, with the same credentials.

use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue};
use opendal::HttpTransporter;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, OsEnv, ProvideCredentialChain, Signer};
use reqsign_file_read_tokio::TokioFileRead;

use super::client::{Client, whole};
use super::storage::Properties;
use super::trouble::{Kind, Trouble};

/// Letters of a key that stand for themselves in addresses that are signed.
///
/// Source: AWS, "Signature Version 4", `UriEncode`.
const KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Puts objects that lead on.
pub(super) struct Redirector {
    client: Client,
    signer: Signer<Credential>,
    /// The address of the bucket and of what is before each path, ending in a slash.
    base: String,
}

impl Redirector {
    /// For a bucket at an endpoint, and a prefix of its keys.
    pub(super) fn new(
        client: Client,
        credentials: ProvideCredentialChain<Credential>,
        endpoint: &str,
        region: &str,
        bucket: &str,
        prefix: &str,
    ) -> Redirector {
        let context = Context::new()
            .with_file_read(TokioFileRead)
            .with_env(OsEnv)
            .with_http_send(HttpTransporter::new(client.clone()));
        let signer = Signer::new(context, credentials, RequestSigner::new("s3", region));
        let prefix = prefix.trim_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        let below = utf8_percent_encode(prefix, KEY);
        let endpoint = endpoint.trim_end_matches('/');
        Redirector {
            client,
            signer,
            base: format!("{endpoint}/{bucket}/{below}{slash}"),
        }
    }

    /// Puts an object, and says its tag.
    pub(super) async fn put(
        &self,
        path: &str,
        bytes: Bytes,
        properties: &Properties,
        leads_to: &str,
    ) -> Result<Option<String>, Trouble> {
        let refused = || Trouble::lasting(Kind::Other, format!("`{path}` cannot lead to `{leads_to}` on S3"));
        let leads_to = HeaderValue::from_str(leads_to).map_err(|_| refused())?;
        let size = bytes.len() as u64;
        let request = Request::put(format!("{}{}", self.base, utf8_percent_encode(path, KEY)))
            .header(CONTENT_TYPE, properties.content_type)
            .header(CACHE_CONTROL, properties.cache_control.as_str())
            .header("x-amz-website-redirect-location", leads_to)
            .body(())
            .map_err(|_| refused())?;
        let (mut head, ()) = request.into_parts();
        self.signer
            .sign(&mut head, None)
            .await
            .map_err(|error| Trouble::lasting(Kind::Credentials, error.to_string()))?;
        let answer = self
            .client
            .send(Request::from_parts(head, whole(bytes)), size)
            .await?;
        if !answer.status().is_success() {
            let said = String::from_utf8_lossy(answer.body());
            return Err(Trouble::of_status(answer.status().as_u16(), &said));
        }
        let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        Ok(tag.map(str::to_owned))
    }
}
