//! Google Cloud Storage and Azure Blob Storage, as their emulators speak them.

use std::process::Command;

use super::servers::{Running, free_port, python, python_program, start};
use super::*;

/// The account that every emulator of Azure has, and its key. Source: Azurite, README, "Default storage account".
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const AZURE: &str = r#"
import json, sys
from azure.storage.blob import ContainerClient, ContentSettings
client = ContainerClient(sys.argv[1], "news", credential={"account_name": sys.argv[2], "account_key": sys.argv[3]})
if sys.argv[4] == "make":
    client.create_container()
elif sys.argv[4] == "put":
    client.upload_blob(sys.argv[5], sys.argv[6].encode())
else:
    found = {}
    for blob in client.list_blobs():
        about = blob.content_settings
        found[blob.name] = [client.download_blob(blob.name).readall().hex(), about.content_type, about.cache_control or ""]
    print(json.dumps(found))
"#;

const GOOGLE: &str = r#"
import json, sys
from urllib.parse import quote
from urllib.request import Request, urlopen
base = sys.argv[1]
if sys.argv[2] == "make":
    urlopen(Request(base + "/storage/v1/b?project=p", json.dumps({"name": "news"}).encode(), {"Content-Type": "application/json"}))
elif sys.argv[2] == "put":
    urlopen(Request(base + "/upload/storage/v1/b/news/o?uploadType=media&name=" + quote(sys.argv[3], safe=""), sys.argv[4].encode(), {"Content-Type": "text/plain"}))
else:
    found = {}
    for item in json.load(urlopen(base + "/storage/v1/b/news/o")).get("items", []):
        media = urlopen(base + "/storage/v1/b/news/o/" + quote(item["name"], safe="") + "?alt=media").read()
        found[item["name"]] = [media.hex(), item.get("contentType", ""), item.get("cacheControl", "")]
    print(json.dumps(found))
"#;

enum Kind {
    Azure,
    Google,
}

struct Emulator {
    _server: Running,
    _folder: TempDir,
    kind: Kind,
    endpoint: String,
    key: &'static str,
}

impl Emulator {
    fn azure() -> Emulator {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let program = "target/stores-npm/node_modules/.bin/azurite-blob";
        let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(program));
        command
            .args(["--silent", "--skipApiVersionCheck", "--blobHost", "127.0.0.1"])
            .args(["--blobPort", &port.to_string(), "--location"])
            .arg(folder.path());
        Emulator {
            _server: start(&mut command, port),
            _folder: folder,
            kind: Kind::Azure,
            endpoint: format!("http://127.0.0.1:{port}/{ACCOUNT}"),
            key: KEY,
        }
        .made()
    }

    fn google() -> Emulator {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let mut command = Command::new(python_program("gcp-storage-emulator"));
        command
            .args(["start", "--host", "127.0.0.1", "--in-memory", "--port"])
            .arg(port.to_string());
        Emulator {
            _server: start(&mut command, port),
            _folder: folder,
            kind: Kind::Google,
            endpoint: format!("http://127.0.0.1:{port}"),
            key: "",
        }
        .made()
    }

    fn made(self) -> Emulator {
        self.ask(&["make"]);
        self
    }

    fn ask(&self, words: &[&str]) -> String {
        let endpoint = self.endpoint.as_str();
        match self.kind {
            Kind::Azure => python(AZURE, &[&[endpoint, ACCOUNT, KEY], words].concat()),
            Kind::Google => python(GOOGLE, &[&[endpoint], words].concat()),
        }
    }

    /// All objects: bytes, type, caching.
    fn objects(&self) -> BTreeMap<String, [String; 3]> {
        serde_json::from_str(&self.ask(&["dump"])).expect("JSON")
    }
}

impl Remote for Emulator {
    fn store(&self) -> Store {
        let endpoint = Some(self.endpoint.clone());
        match self.kind {
            Kind::Azure => Store::Azure {
                container: "news".to_owned(),
                prefix: String::new(),
                account: Some(ACCOUNT.to_owned()),
                endpoint,
            },
            Kind::Google => Store::Google {
                bucket: "news".to_owned(),
                prefix: String::new(),
                endpoint,
            },
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "AZURE_STORAGE_ACCOUNT_KEY").then(|| self.key.to_owned())
    }

    fn files(&self) -> Files {
        let objects = self.objects().into_iter();
        objects.map(|(key, [hex, ..])| (key, from_hex(&hex))).collect()
    }

    fn put_foreign(&self, path: &str, text: &str) {
        self.ask(&["put", path, text]);
    }

    fn words(&self) -> Vec<String> {
        Vec::new()
    }
}

fn check_properties(remote: &Emulator) {
    let site = Site::new(&[("index.html", "x"), ("pic.hash.avif", "x"), ("style.css", "x")]);
    publish_site(remote, &site).expect("a publish");
    let objects = remote.objects();
    let about = |path: &str| (objects[path][1].clone(), objects[path][2].clone());
    let pair = |kind: &str, cache: &str| (kind.to_owned(), cache.to_owned());
    let fresh = "public, max-age=0, must-revalidate";
    assert_eq!(about("index.html"), pair("text/html; charset=utf-8", fresh));
    assert_eq!(
        about("pic.hash.avif"),
        pair("image/avif", "public, max-age=31536000, immutable")
    );
}

#[test]
#[ignore = "needs azurite"]
fn azure_life_of_a_site() {
    scenarios::life_of_a_site(&Emulator::azure());
    scenarios::files_of_others(&Emulator::azure());
    check_properties(&Emulator::azure());
}

#[test]
#[ignore = "needs azurite"]
fn azure_two_at_once() {
    scenarios::two_at_once(&Emulator::azure());
}

#[test]
#[ignore = "needs azurite"]
fn azure_what_is_wrong_is_said() {
    let mut remote = Emulator::azure();
    remote.key = "aHVudGVyMg==";
    check_refused(
        publish_site(&remote, &Site::new(scenarios::FIRST)),
        &["does not take the credentials"],
        "AZURE_STORAGE_ACCOUNT_KEY",
    );
}

#[test]
#[ignore = "needs gcp-storage-emulator"]
fn google_life_of_a_site() {
    scenarios::life_of_a_site(&Emulator::google());
    scenarios::files_of_others(&Emulator::google());
    check_properties(&Emulator::google());
}

#[test]
#[ignore = "needs gcp-storage-emulator"]
fn google_two_at_once() {
    scenarios::two_at_once(&Emulator::google());
}
