//! Random sequences of builds: after each the output is exactly the files asked for and those of
//! others.

use std::collections::BTreeMap;
use std::fs;

use brief::building::output::{Manifest, Output};
use proptest::prelude::*;

use crate::site::{Site, path};

/// Paths that are each other's folders and spellings.
const PATHS: &[&str] = &[
    "a", "a/b", "a/b/c", "a/d", "A", "A/b", "e", "e/f/g/h", "E/f/i", "é/x", "É/x",
];

/// Paths of others; the site has pages above and beside them, never at them.
const FOREIGN: &[&str] = &["a/theirs", "e/f/theirs", "theirs/x", "CNAME"];

#[derive(Clone, Debug)]
enum Step {
    Build(Vec<(usize, u8)>),
    Abandon(Vec<(usize, u8)>),
    Foreign(usize),
    LoseOutputManifest,
    LoseState,
    Damage(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let files = || prop::collection::vec((0..PATHS.len(), 0u8..3), 0..8);
    let step = prop_oneof![
        6 => files().prop_map(Step::Build),
        1 => files().prop_map(Step::Abandon),
        1 => (0..FOREIGN.len()).prop_map(Step::Foreign),
        1 => Just(Step::LoseOutputManifest),
        1 => Just(Step::LoseState),
        1 => (0usize..8).prop_map(Step::Damage),
    ];
    prop::collection::vec(step, 1..9)
}

#[derive(Default)]
struct Model {
    ours: BTreeMap<String, String>,
    foreign: BTreeMap<String, String>,
}

impl Model {
    fn tree(&self) -> Vec<String> {
        let mut tree: Vec<String> = self
            .ours
            .iter()
            .chain(&self.foreign)
            .map(|(path, text)| format!("{path}={text}"))
            .collect();
        tree.sort();
        tree
    }

    /// Whether a file of others is, holds or lies below a planned file.
    fn is_blocked(&self, files: &BTreeMap<String, String>) -> bool {
        let below = |inner: &str, outer: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        files.keys().any(|ours| {
            self.foreign
                .keys()
                .any(|other| below(ours, other) || below(other, ours))
        })
    }
}

/// Hands files over, leaving out those that collide with earlier ones; gives the others.
fn put(output: &Output, files: &[(usize, u8)]) -> BTreeMap<String, String> {
    let mut put = BTreeMap::<String, String>::new();
    for &(index, text) in files {
        let file = PATHS[index];
        if put.keys().any(|other| collide(file, other)) {
            continue;
        }
        output
            .put(&path(file), text.to_string().as_bytes())
            .expect("staged");
        put.insert(file.to_owned(), text.to_string());
    }
    put
}

/// Whether some disk takes two files for one, or one of them is to be a folder of the other.
fn collide(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    one == other || one.starts_with(&format!("{other}/")) || other.starts_with(&format!("{one}/"))
}

/// Takes a step; `true` where the output has been built.
fn step(site: &Site, model: &mut Model, step: &Step) -> bool {
    match step {
        Step::Build(files) => {
            let output = site.open(false).expect("ours");
            let files = put(&output, files);
            let blocked = model.is_blocked(&files);
            let result = output.commit();
            assert_eq!(result.is_err(), blocked, "{result:?}");
            if !blocked {
                model.ours = files;
                let fresh = Site::new();
                let plain: Vec<_> = model
                    .ours
                    .iter()
                    .map(|(path, text)| (path.as_str(), text.as_str()))
                    .collect();
                fresh.build(&plain).expect("built");
                let files = |site: &Site| {
                    let manifest = Manifest::parse(&site.manifest()).expect("valid");
                    let files = manifest.files().map(|(path, content)| (path.to_owned(), content));
                    files.collect::<Vec<_>>()
                };
                assert_eq!(files(site), files(&fresh));
            }
            return !blocked;
        }
        Step::Abandon(files) => {
            put(&site.open(false).expect("ours"), files);
        }
        Step::Foreign(index) => {
            let file = FOREIGN[*index];
            // Not where a file of ours is in the way of the folder.
            if !model
                .ours
                .keys()
                .any(|ours| file.starts_with(&format!("{ours}/")))
            {
                site.write(file, "theirs");
                model.foreign.insert(file.to_owned(), "theirs".to_owned());
            }
        }
        // Each copy only while the other is whole.
        Step::LoseOutputManifest if site.state().join("manifest").exists() => {
            fs::write(site.output().join(".brief-manifest"), "x").expect("damaged");
        }
        Step::LoseState if site.state().exists() && site.manifest() != "x" => {
            fs::remove_dir_all(site.state()).expect("removed");
        }
        Step::LoseOutputManifest | Step::LoseState => {}
        // A file of ours that somebody removed is put back or forgotten by the next build.
        Step::Damage(index) => {
            if let Some(file) = model.ours.keys().nth(*index).cloned() {
                fs::remove_file(site.output().join(&file)).expect("removed");
                model.ours.remove(&file);
            }
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_output_is_what_was_asked_for_and_what_others_keep_there(steps in steps()) {
        let (site, mut model) = (Site::new(), Model::default());
        site.build(&[]).expect("built");
        for each in &steps {
            let built = step(&site, &mut model, each);
            let mut tree = site.tree();
            // A file that somebody removed leaves its folder until the next build.
            if !built {
                tree.retain(|line| !line.ends_with('/'));
            }
            prop_assert_eq!(tree, model.tree(), "after {:?}", each);
        }
    }
}
