//! S3, as moto speaks it, with users and what they may do.

use std::process::Command;

use super::proxy::{Proxy, Verdict};
use super::scenarios::{EDITED, FIRST};
use super::servers::{Running, free_port, python, python_program, start};
use super::*;

/// Makes the bucket and the users, before anybody's rights are looked at.
const SET_UP: &str = r#"
import boto3, json, sys
common = dict(endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
iam = boto3.client("iam", **common)
boto3.client("s3", **common).create_bucket(Bucket="news")
for name, actions in [("writer", ["s3:*"]), ("reader", ["s3:GetObject", "s3:ListBucket", "s3:HeadObject"])]:
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    print(key["AccessKeyId"], key["SecretAccessKey"])
"#;

/// How many requests that takes.
const SET_UP_REQUESTS: &str = "7";

/// Tells all objects.
const DUMP: &str = r#"
import boto3, json, sys
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3])
found = {}
for page in s3.get_paginator("list_objects_v2").paginate(Bucket="news"):
    for entry in page.get("Contents", []):
        answer = s3.get_object(Bucket="news", Key=entry["Key"])
        found[entry["Key"]] = [answer["Body"].read().hex(), answer["ContentType"], answer.get("CacheControl", ""), answer.get("WebsiteRedirectLocation", "")]
print(json.dumps(found))
"#;

const PUT: &str = r#"
import boto3, sys
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3])
s3.put_object(Bucket="news", Key=sys.argv[4], Body=sys.stdin.buffer.read())
"#;

pub(super) struct S3 {
    _server: Running,
    port: u16,
    proxy: Proxy,
    prefix: &'static str,
    writer: [String; 2],
    reader: [String; 2],
    /// Who publishes.
    user: [String; 2],
}

impl S3 {
    /// A server that lets everybody do everything.
    pub(super) fn new(prefix: &'static str) -> S3 {
        S3::with_rights(prefix, "inf")
    }

    /// A server that looks at signatures and rights. It takes queries as they come where Amazon encodes them anew, so
    /// it is good for plain names only; `s3_signatures_are_right_for_any_name` sees to all others.
    fn strict() -> S3 {
        S3::with_rights("", SET_UP_REQUESTS)
    }

    fn with_rights(prefix: &'static str, free_requests: &str) -> S3 {
        let port = free_port();
        let server = start(
            Command::new(python_program("moto_server"))
                .args(["-H", "127.0.0.1", "-p", &port.to_string()])
                .env("INITIAL_NO_AUTH_ACTION_COUNT", free_requests),
            port,
        );
        let told = python(SET_UP, &[&format!("http://127.0.0.1:{port}")]);
        let mut keys = told.lines().map(|line| {
            let (id, secret) = line.split_once(' ').expect("a key");
            [id.to_owned(), secret.to_owned()]
        });
        let writer = keys.next().expect("a writer");
        S3 {
            _server: server,
            port,
            proxy: Proxy::to(port),
            prefix,
            reader: keys.next().expect("a reader"),
            user: writer.clone(),
            writer,
        }
    }

    pub(super) fn put_large(&self, path: &str, bytes: &[u8]) {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        let key = format!("{}{slash}{path}", self.prefix);
        let text = std::str::from_utf8(bytes).expect("text");
        servers::python_with(PUT, &[&endpoint, &self.writer[0], &self.writer[1], &key], text);
    }

    /// All objects below the prefix: bytes, type, caching, where they lead.
    fn objects(&self) -> BTreeMap<String, [String; 4]> {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let told = python(DUMP, &[&endpoint, &self.writer[0], &self.writer[1]]);
        let all: BTreeMap<String, [String; 4]> = serde_json::from_str(&told).expect("JSON");
        let below = |(key, value): (String, [String; 4])| {
            let key = key.strip_prefix(self.prefix)?.trim_start_matches('/').to_owned();
            Some((key, value))
        };
        all.into_iter().filter_map(below).collect()
    }
}

impl Remote for S3 {
    fn store(&self) -> Store {
        Store::S3 {
            bucket: "news".to_owned(),
            prefix: self.prefix.to_owned(),
            region: None,
            endpoint: Some(format!("http://127.0.0.1:{}", self.proxy.port)),
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        match name {
            "AWS_ACCESS_KEY_ID" => Some(self.user[0].clone()).filter(|id| !id.is_empty()),
            "AWS_SECRET_ACCESS_KEY" => Some(self.user[1].clone()),
            _ => None,
        }
    }

    fn files(&self) -> Files {
        let objects = self.objects().into_iter();
        objects.map(|(key, [hex, ..])| (key, from_hex(&hex))).collect()
    }

    fn put_foreign(&self, path: &str, text: &str) {
        self.put_large(path, text.as_bytes());
    }

    fn words(&self) -> Vec<String> {
        let endpoint = format!("http://127.0.0.1:{}", self.proxy.port);
        vec![
            "s3".to_owned(),
            "news".to_owned(),
            self.prefix.to_owned(),
            endpoint,
        ]
    }
}

#[test]
#[ignore = "needs moto"]
fn s3_life_of_a_site() {
    scenarios::life_of_a_site(&S3::new(""));
    scenarios::life_of_a_site(&S3::new("sites/news é"));
}

#[test]
#[ignore = "needs moto"]
fn s3_files_of_others() {
    scenarios::files_of_others(&S3::new("site"));
}

#[test]
#[ignore = "needs moto"]
fn s3_killed_and_resumed() {
    scenarios::killed_and_resumed(&S3::new("site"));
}

#[test]
#[ignore = "needs moto"]
fn s3_two_at_once() {
    scenarios::two_at_once(&S3::new("site"));
}

#[test]
#[ignore = "needs moto"]
fn s3_sends_as_many_objects_as_files_changed() {
    let remote = S3::new("site");
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    remote.proxy.take("PUT");
    publish_site(&remote, &Site::new(EDITED)).expect("an edit");
    let put = remote.proxy.take("PUT").into_iter();
    let mut put: Vec<String> = put.filter(|path| !path.contains(".brief-")).collect();
    put.sort();
    assert_eq!(
        put,
        [
            "/news/site/2025/one/index.html",
            "/news/site/feed.xml",
            "/news/site/index.html"
        ]
    );
    publish_site(&remote, &Site::new(EDITED)).expect("nothing to do");
    assert_eq!(remote.proxy.take("PUT").len(), 0);
}

#[test]
#[ignore = "needs moto"]
fn s3_objects_say_what_they_are() {
    let remote = S3::new("site");
    let site = Site::new(&[
        ("index.html", "x"),
        ("feed.json", "{}"),
        ("old/index.html", "leads on"),
        ("pic.hash.avif", "x"),
        ("style.css", "x"),
    ]);
    publish_site(&remote, &site).expect("a publish");
    let objects = remote.objects();
    let about = |path: &str| {
        let [_, kind, cache, leads_to] = &objects[path];
        (kind.as_str(), cache.as_str(), leads_to.as_str())
    };
    let fresh = "public, max-age=0, must-revalidate";
    let for_ever = "public, max-age=31536000, immutable";
    assert_eq!(about("index.html"), ("text/html; charset=utf-8", fresh, ""));
    assert_eq!(
        about("feed.json"),
        ("application/feed+json; charset=utf-8", fresh, "")
    );
    assert_eq!(
        about("old/index.html"),
        ("text/html; charset=utf-8", fresh, "/new/")
    );
    assert_eq!(about("pic.hash.avif"), ("image/avif", for_ever, ""));
    assert_eq!(about("style.css"), ("text/css; charset=utf-8", fresh, ""));
    check_equal(&remote, &site, "with a page that leads on");
}

#[test]
#[ignore = "needs moto"]
fn s3_large_files_go_in_parts() {
    let remote = S3::new("site");
    let large = "0123456789abcdef".repeat(1024 * 1280);
    let site = Site::new(&[("film.mp4", &large), ("index.html", "film")]);
    publish_site(&remote, &site).expect("a publish");
    check_equal(&remote, &site, "large");
    assert!(remote.proxy.take("POST").len() >= 2, "begun and completed");
}

#[test]
#[ignore = "needs moto"]
fn s3_a_line_that_breaks_now_and_then_is_enough() {
    let remote = S3::new("site");
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let mut count = 0;
    remote.proxy.rule(move |_, _| {
        count += 1;
        match count % 7 {
            2 => Verdict::Drop,
            4 => Verdict::Lose,
            6 => Verdict::Answer(
                "HTTP/1.1 503 Slow Down\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
            _ => Verdict::Pass,
        }
    });
    let edited = Site::new(EDITED);
    let outcome = publish_site(&remote, &edited).expect("an edit");
    assert_eq!((outcome.sent(), outcome.remark), (3, None));
    remote.proxy.pass_all();
    check_equal(&remote, &edited, "over a bad line");
}

#[test]
#[ignore = "needs moto"]
fn s3_a_pause_that_is_asked_for_is_kept() {
    let remote = S3::new("site");
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let mut is_first = true;
    remote
        .proxy
        .rule(move |_, _| match std::mem::take(&mut is_first) {
            true => Verdict::Answer(
                "HTTP/1.1 503 Slow Down\r\nRetry-After: 4\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
            false => Verdict::Pass,
        });
    let start = std::time::Instant::now();
    publish_site(&remote, &Site::new(EDITED)).expect("an edit");
    assert!(start.elapsed().as_secs() >= 4, "{:?}", start.elapsed());
}

#[test]
#[ignore = "needs moto"]
fn s3_a_line_that_is_cut_leaves_a_site_that_can_be_finished() {
    let remote = S3::new("site");
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let names: Vec<String> = (0..40)
        .map(|number| format!("2026/{number:02}/index.html"))
        .collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "new")).collect();
    files.extend(EDITED);
    let second = Site::new(&files);
    let mut count = 0;
    remote.proxy.rule(move |method, path| {
        count += usize::from(method == "PUT" && path.contains("/2026/"));
        if count > 20 { Verdict::Drop } else { Verdict::Pass }
    });
    let failure = check_refused(
        publish_site(&remote, &second),
        &["cannot be reached", "sending `2026/"],
        "publish again",
    );
    assert!(failure.half);
    remote.proxy.pass_all();
    let unlock = Manner {
        unlock: true,
        ..Manner::default()
    };
    let outcome = publish_with(&remote, &second, &unlock).expect("finished");
    assert_eq!(outcome.resumed, 43);
    check_equal(&remote, &second, "finished");
}

#[test]
#[ignore = "needs moto"]
fn s3_who_may_not_is_told_so() {
    let mut remote = S3::strict();
    let first = Site::new(FIRST);
    let readers = remote.reader.clone();
    remote.user = readers;
    check_refused(
        publish_site(&remote, &first),
        &["`s3://news` does not allow this", "AccessDenied"],
        "s3:PutObject",
    );
    remote.user = ["AKIAIOSFODNN7EXAMPLE".to_owned(), "hunter2".to_owned()];
    check_refused(
        publish_site(&remote, &first),
        &["does not take the credentials"],
        "AWS_ACCESS_KEY_ID",
    );
    remote.user = [remote.writer[0].clone(), "hunter2".to_owned()];
    check_refused(
        publish_site(&remote, &first),
        &["does not take the credentials"],
        "AWS_ACCESS_KEY_ID",
    );
    assert_eq!(remote.files().len(), 0);
}

/// Computes signatures anew, as Amazon's own library does, from the addresses as they went over the line. Like
/// Amazon's servers, it encodes them in the one way that is signed first.
const SIGNATURES: &str = r#"
import json, sys
from urllib.parse import parse_qsl, quote, unquote
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
seen = 0
for head in json.load(sys.stdin):
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    lower = {name.lower(): value for name, value in headers.items()}
    given = lower["authorization"]
    part = lambda name: given.split(name + "=")[1].split(",")[0]
    signed = part("SignedHeaders").split(";")
    for name in lower:
        assert not name.startswith("x-amz-") or name in signed, f"{name} is not signed"
    auth = S3SigV4Auth(Credentials(sys.argv[1], sys.argv[2]), "s3", "us-east-1")
    path, _, query = target.partition("?")
    path = quote(unquote(path), safe="/-_.~")
    params = parse_qsl(query, keep_blank_values=True)
    request = AWSRequest(method=method, url=path, params=params, headers={name: lower[name] for name in signed})
    request.context["timestamp"] = lower["x-amz-date"]
    right = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    assert right == part("Signature"), f"{method} {target}"
    seen += 1
print(seen)
"#;

#[test]
#[ignore = "needs moto"]
fn s3_signatures_are_right_for_any_name() {
    let remote = S3::new("sites/news é");
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let mut files = scenarios::HOSTILE.to_vec();
    files.push(("old/index.html", "leads on"));
    publish_site(&remote, &Site::new(&files)).expect("hostile names");
    let heads = serde_json::to_string(&remote.proxy.heads()).expect("JSON");
    let seen = servers::python_with(SIGNATURES, &[&remote.user[0], &remote.user[1]], &heads);
    let seen: usize = seen.trim().parse().expect("a number");
    assert!(seen > 50, "{seen} requests");
}

/// As it is on a machine where nobody has set anything up.
#[test]
#[ignore = "needs moto, and a machine without credentials for Amazon"]
fn s3_who_has_no_credentials_is_told_which_there_could_be() {
    let mut remote = S3::strict();
    remote.user = [String::new(), String::new()];
    let start = std::time::Instant::now();
    check_refused(
        publish_site(&remote, &Site::new(FIRST)),
        &["does not take the credentials, or got none"],
        "AWS_ACCESS_KEY_ID",
    );
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// The same remote, but for the store.
struct Elsewhere<'r>(&'r S3, Store);

impl Remote for Elsewhere<'_> {
    fn store(&self) -> Store {
        self.1.clone()
    }
    fn secret(&self, name: &str) -> Option<String> {
        self.0.secret(name)
    }
    fn files(&self) -> Files {
        Files::new()
    }
    fn put_foreign(&self, _: &str, _: &str) {}
    fn words(&self) -> Vec<String> {
        Vec::new()
    }
}

#[test]
#[ignore = "needs moto"]
fn s3_what_is_not_there_is_named() {
    let remote = S3::new("site");
    let first = Site::new(FIRST);
    let at = |bucket: &str, endpoint: String| Store::S3 {
        bucket: bucket.to_owned(),
        prefix: String::new(),
        region: None,
        endpoint: Some(endpoint),
    };
    let proxy = format!("http://127.0.0.1:{}", remote.proxy.port);
    check_refused(
        publish_site(&Elsewhere(&remote, at("nowhere", proxy)), &first),
        &["`s3://nowhere` is not there", "NoSuchBucket"],
        "make it first",
    );
    let nobody = format!("http://127.0.0.1:{}", free_port());
    check_refused(
        publish_site(&Elsewhere(&remote, at("news", nobody)), &first),
        &["`s3://news` cannot be reached"],
        "publish again",
    );
    let plain = format!("https://127.0.0.1:{}", remote.port);
    check_refused(
        publish_site(&Elsewhere(&remote, at("news", plain)), &first),
        &["no secure connection to"],
        "",
    );
}
