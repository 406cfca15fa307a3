//! Which store a target means, and with which credentials it is asked.

use std::sync::Arc;

use hyper::header::HeaderValue;
use opendal::services::{Azblob, Gcs, S3};
use opendal::{Builder, HttpTransporter, OperationContext, Operator};
use reqsign_aws_v4::{Credential, DefaultCredentialProvider, StaticCredentialProvider};
use reqsign_core::ProvideCredentialChain;
use url::Url;

use super::Store;
use super::bucket::Bucket;
use super::client::Client;
use super::redirect::Redirector;
#[cfg(unix)]
use super::sftp::Sftp;
#[cfg(unix)]
use super::ssh::Login;
use super::storage::Storage;
use super::trouble::{Kind, Trouble};
use super::webdav::WebDav;

/// What stands in the environment, by name.
pub(super) type Secrets<'s> = &'s dyn Fn(&str) -> Option<String>;

/// The region of stores that have none but want one to be named.
const ANY_REGION: &str = "us-east-1";

/// Opens a store. Nothing is asked of it yet.
pub(super) fn open(store: &Store, token: &str, secrets: Secrets) -> Result<Arc<dyn Storage>, Trouble> {
    match store {
        Store::S3 {
            bucket,
            prefix,
            region,
            endpoint,
        } => s3(bucket, prefix, region.as_deref(), endpoint.as_deref(), secrets),
        Store::Google {
            bucket,
            prefix,
            endpoint,
        } => google(bucket, prefix, endpoint.as_deref()),
        Store::Azure {
            container,
            prefix,
            account,
            endpoint,
        } => azure(
            container,
            prefix,
            account.as_deref(),
            endpoint.as_deref(),
            secrets,
        ),
        Store::WebDav { url } => webdav(url, token, secrets),
        Store::Sftp {
            user,
            host,
            port,
            path,
        } => sftp(user.as_deref(), host, *port, path, token, secrets),
    }
}

fn operator(builder: impl Builder, client: &Client) -> Result<Operator, Trouble> {
    let operator = Operator::new(builder).map_err(|error| Trouble::of_library(&error))?;
    let transport = HttpTransporter::new(client.clone());
    Ok(operator.with_context(OperationContext::new().with_http_transport(transport)))
}

fn s3(
    bucket: &str,
    prefix: &str,
    region: Option<&str>,
    endpoint: Option<&str>,
    secrets: Secrets,
) -> Result<Arc<dyn Storage>, Trouble> {
    let endpoint = endpoint
        .map(str::to_owned)
        .or_else(|| secrets("AWS_ENDPOINT_URL_S3"))
        .or_else(|| secrets("AWS_ENDPOINT_URL"));
    let region = region
        .map(str::to_owned)
        .or_else(|| secrets("AWS_REGION"))
        .or_else(|| secrets("AWS_DEFAULT_REGION"))
        // A store with an address of its own takes any name for its only region.
        .or_else(|| endpoint.as_ref().map(|_| ANY_REGION.to_owned()))
        .ok_or_else(|| {
            Trouble::lasting(
                Kind::NoPlace,
                "in which region the bucket lies is said neither by `region` nor by `AWS_REGION`",
            )
        })?;
    let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let client = Client::new()?;
    let builder = S3::default()
        .bucket(bucket)
        .root(prefix)
        .region(&region)
        .endpoint(&endpoint)
        .credential_provider_chain(aws_credentials(secrets));
    let redirector = Redirector::new(
        client.clone(),
        aws_credentials(secrets),
        &endpoint,
        &region,
        bucket,
        prefix,
    );
    Ok(Arc::new(Bucket::new(
        operator(builder, &client)?,
        Some(redirector),
    )))
}

/// The keys of the environment; without any, where Amazon's own programs look: its other variables, profiles in
/// `~/.aws`, roles of the machine.
fn aws_credentials(secrets: Secrets) -> ProvideCredentialChain<Credential> {
    let keys = secrets("AWS_ACCESS_KEY_ID").zip(secrets("AWS_SECRET_ACCESS_KEY"));
    if let Some((id, key)) = keys {
        let mut given = StaticCredentialProvider::new(&id, &key);
        if let Some(token) = secrets("AWS_SESSION_TOKEN") {
            given = given.with_session_token(&token);
        }
        return ProvideCredentialChain::new().push(given);
    }
    ProvideCredentialChain::new().push(DefaultCredentialProvider::builder().build())
}

fn google(bucket: &str, prefix: &str, endpoint: Option<&str>) -> Result<Arc<dyn Storage>, Trouble> {
    let mut builder = Gcs::default().bucket(bucket).root(prefix);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(endpoint);
        // A token is a secret as long as nobody on the way can read it: an open line is one to an emulator.
        if endpoint.starts_with("http://") {
            builder = builder.skip_signature().disable_config_load();
        }
    }
    Ok(Arc::new(Bucket::new(operator(builder, &Client::new()?)?, None)))
}

fn azure(
    container: &str,
    prefix: &str,
    account: Option<&str>,
    endpoint: Option<&str>,
    secrets: Secrets,
) -> Result<Arc<dyn Storage>, Trouble> {
    let first = |names: &[&str]| names.iter().find_map(|name| secrets(name));
    let account = account
        .map(str::to_owned)
        .or_else(|| first(&["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"]));
    let Some(account) = account else {
        let said = "whose container it is is said neither by `account` nor by `AZURE_STORAGE_ACCOUNT_NAME`";
        return Err(Trouble::lasting(Kind::Credentials, said));
    };
    let endpoint = endpoint.map_or_else(
        || format!("https://{account}.blob.core.windows.net"),
        str::to_owned,
    );
    let mut builder = Azblob::default()
        .container(container)
        .root(prefix)
        .account_name(&account)
        .endpoint(&endpoint);
    if let Some(key) = first(&["AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_KEY"]) {
        builder = builder.account_key(&key);
    } else if let Some(token) = first(&["AZURE_STORAGE_SAS_TOKEN"]) {
        builder = builder.sas_token(&token);
    }
    Ok(Arc::new(Bucket::new(operator(builder, &Client::new()?)?, None)))
}

fn webdav(url: &str, token: &str, secrets: Secrets) -> Result<Arc<dyn Storage>, Trouble> {
    let base = Url::parse(url).ok().filter(Url::has_host);
    let base = base.ok_or_else(|| Trouble::lasting(Kind::NoHost, "it is no address"))?;
    if !base.username().is_empty() || base.password().is_some() {
        let said = "credentials do not belong into an address";
        return Err(Trouble::lasting(Kind::Credentials, said));
    }
    let authorization = match (secrets("BRIEF_WEBDAV_TOKEN"), secrets("BRIEF_WEBDAV_USER")) {
        (Some(token), _) => Some(format!("Bearer {token}")),
        (None, Some(user)) => {
            let password = secrets("BRIEF_WEBDAV_PASSWORD").unwrap_or_default();
            let both = format!("{user}:{password}");
            Some(format!(
                "Basic {}",
                reqsign_core::hash::base64_encode(both.as_bytes())
            ))
        }
        (None, None) => None,
    };
    let authorization = authorization
        .map(|text| {
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| Trouble::lasting(Kind::Credentials, "they hold what no header can hold"))?;
            value.set_sensitive(true);
            Ok(value)
        })
        .transpose()?;
    Ok(Arc::new(WebDav::new(Client::new()?, base, authorization, token)))
}

#[cfg(unix)]
fn sftp(
    user: Option<&str>,
    host: &str,
    port: Option<u16>,
    path: &str,
    token: &str,
    secrets: Secrets,
) -> Result<Arc<dyn Storage>, Trouble> {
    let login = Login {
        program: secrets("BRIEF_SSH").unwrap_or_else(|| "ssh".to_owned()),
        user: user.map(str::to_owned),
        host: host.to_owned(),
        port,
        path: path.to_owned(),
    };
    Ok(Arc::new(Sftp::new(login, token)))
}

#[cfg(not(unix))]
fn sftp(
    _: Option<&str>,
    _: &str,
    _: Option<u16>,
    _: &str,
    _: &str,
    _: Secrets,
) -> Result<Arc<dyn Storage>, Trouble> {
    let said = "publishing by SFTP is not there on this system yet";
    Err(Trouble::lasting(Kind::Unsupported, said))
}
