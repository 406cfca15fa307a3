//! Telling from sizes and times alone that nobody touched the output since the last commit.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use brief::building::output::{ManifestStamps, Placed};
use brief::ground::path::OutputPath;
use rayon::prelude::*;

use crate::site::{Site, path};

const FILES: [(&str, &str); 4] = [("a", "1"), ("b/c/d", "2"), ("b/c/e", "3"), ("f/g", "4")];

/// A site as its last build left it, and what that build wrote down.
struct Built {
    site: Site,
    files: Vec<(OutputPath, Placed)>,
    manifests: ManifestStamps,
}

fn build() -> Built {
    let site = Site::new();
    let output = site.open(false).expect("free");
    let put = |(file, text): (&str, &str)| {
        let placed = output.put(&path(file), text.as_bytes()).expect("staged");
        (path(file), placed)
    };
    let files = FILES.map(put).to_vec();
    let manifests = output.commit().expect("committed").manifests;
    Built {
        site,
        files,
        manifests,
    }
}

impl Built {
    fn is_untouched(&self) -> bool {
        let output = self.site.open(false).expect("free");
        let files = self.files.par_iter().map(|(path, placed)| (path.clone(), placed));
        output.is_untouched(files, &self.manifests)
    }
}

#[test]
fn what_nobody_touched_is_untouched() {
    assert!(build().is_untouched());
}

#[test]
fn a_build_that_changes_nothing_leaves_it_so() {
    let built = build();
    let report = built.site.build(&FILES).expect("built");
    assert_eq!(report.manifests, built.manifests);
    assert!(built.is_untouched());
}

#[test]
fn without_a_report_of_the_manifests_nothing_is() {
    let built = Built {
        manifests: ManifestStamps::default(),
        ..build()
    };
    assert!(!built.is_untouched());
    fs::remove_file(built.site.output().join(".brief-manifest")).expect("removed");
    fs::remove_file(built.site.state().join("manifest")).expect("removed");
    assert!(!built.is_untouched());
}

/// Every way to touch an output, each on its own.
#[test]
fn whatever_was_touched_shows() {
    type Touch = fn(&Path, &Path);
    let check = |what: &str, touch: Touch| {
        let built = build();
        touch(&built.site.output(), &built.site.state());
        assert!(!built.is_untouched(), "{what}");
    };
    check("deleted", |output, _| {
        fs::remove_file(output.join("b/c/d")).expect("removed")
    });
    check("resized", |output, _| {
        write_keeping_time(&output.join("b/c/d"), "22")
    });
    check("touched", |output, _| {
        set_time(&output.join("b/c/d"), SystemTime::UNIX_EPOCH)
    });
    check("another time in the same second", |output, _| {
        let file = output.join("a");
        set_time(&file, time(&file) + Duration::from_nanos(1));
    });
    check("a folder in its place", |output, _| {
        fs::remove_file(output.join("a")).expect("removed");
        fs::create_dir(output.join("a")).expect("a folder");
    });
    check("a folder gone", |output, _| {
        fs::remove_dir_all(output.join("b")).expect("removed")
    });
    check("the manifest deleted", |output, _| {
        fs::remove_file(output.join(".brief-manifest")).expect("removed");
    });
    check("the manifest edited", |output, _| {
        fs::write(output.join(".brief-manifest"), "").expect("written");
    });
    check("the other copy deleted", |_, state| {
        fs::remove_file(state.join("manifest")).expect("removed");
    });
    check("the other copy touched", |_, state| {
        set_time(&state.join("manifest"), SystemTime::UNIX_EPOCH);
    });
    check("a journal left", |_, state| {
        fs::write(state.join("journal"), "").expect("written");
    });
    check("staging left", |output, _| {
        fs::create_dir(output.join(".brief-staging")).expect("a folder");
    });
}

#[cfg(unix)]
#[test]
fn links_show_even_to_the_same_files() {
    use std::os::unix::fs::symlink;
    for linked in ["a", "b/c/d", "b/c", "b"] {
        let built = build();
        let elsewhere = built.site.root().join("elsewhere");
        let place = built.site.output().join(linked);
        fs::rename(&place, &elsewhere).expect("moved");
        symlink(&elsewhere, &place).expect("a link");
        assert!(!built.is_untouched(), "{linked}");
        fs::remove_file(&place).expect("removed");
        fs::rename(&elsewhere, &place).expect("moved back");
        assert!(built.is_untouched(), "{linked} is back");
    }
}

fn time(file: &Path) -> SystemTime {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .expect("a time")
}

fn set_time(file: &Path, time: SystemTime) {
    let file = fs::File::options().write(true).open(file);
    file.and_then(|file| file.set_modified(time)).expect("a time");
}

fn write_keeping_time(file: &Path, text: &str) {
    let time = time(file);
    fs::write(file, text).expect("written");
    set_time(file, time);
}
