//! The watcher, held against what people and their editors do to folders.
//!
//! Each test keeps a model of the site: it reads again what the hints name, and nothing else. Whatever
//! is done to the folder, in the end the model must be what lies there.

mod chance;
mod desk;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use brief::commands::serve::watch::{Mode, watch};
use brief::ground::path::SourcePath;
use tempfile::TempDir;

use desk::{Desk, POLL};
use support::write;

/// Does something to a site in both modes.
fn in_both_modes(edit: impl Fn(Desk)) {
    for mode in [Mode::Events, POLL] {
        edit(Desk::open(mode, |_| {}));
    }
}

const A: &str = "content/articles/old/a.md";
const B: &str = "content/articles/old/b.md";

#[test]
fn truncate_and_write() {
    in_both_modes(|desk| {
        desk.write(A, "a, new");
        desk.expect(&[(A, Some("a, new")), (B, Some("b, old"))]);
    });
}

#[test]
fn temporary_file_beside_renamed_at_once() {
    in_both_modes(|desk| {
        for name in [
            "content/articles/old/.a.md.x1",
            "content/articles/old/a.md.tmp",
            "content/articles/old/c.md",
        ] {
            let text = format!("by way of {name}");
            desk.write(name, &text);
            desk.rename(name, A);
            desk.expect(&[(A, Some(&text)), (name, None)]);
        }
    });
}

#[test]
fn temporary_file_beside_renamed_later() {
    in_both_modes(|desk| {
        for name in ["content/articles/old/sedX1y2", "content/articles/old/.a.md.part"] {
            let text = format!("by way of {name}");
            desk.write(name, &text);
            thread::sleep(Duration::from_millis(150));
            desk.rename(name, A);
            desk.expect(&[(A, Some(&text)), (name, None)]);
        }
    });
}

#[test]
fn temporary_file_outside_the_site() {
    in_both_modes(|desk| {
        write(&desk.outside.join("temporary"), "from outside");
        fs::rename(desk.outside.join("temporary"), desk.path(A)).expect("a rename");
        desk.expect(&[(A, Some("from outside"))]);
    });
}

#[test]
fn vim_with_backup_and_probe() {
    in_both_modes(|desk| {
        for pause in [0, 120] {
            let pause = || thread::sleep(Duration::from_millis(pause));
            let text = format!("after {:?}", Instant::now());
            let backup = format!("{A}~");
            desk.write("content/articles/old/4913", "");
            fs::remove_file(desk.path("content/articles/old/4913")).expect("the probe");
            desk.rename(A, &backup);
            pause();
            desk.write(A, &text);
            pause();
            fs::remove_file(desk.path(&backup)).expect("the backup");
            desk.expect(&[(A, Some(&text)), (&backup, None)]);
        }
    });
}

#[test]
fn delete_and_create() {
    in_both_modes(|desk| {
        for pause in [0, 120] {
            let text = format!("after {:?}", Instant::now());
            fs::remove_file(desk.path(A)).expect("a file to remove");
            thread::sleep(Duration::from_millis(pause));
            desk.write(A, &text);
            desk.expect(&[(A, Some(&text))]);
        }
        fs::remove_file(desk.path(A)).expect("a file to remove");
        desk.expect(&[(A, None), (B, Some("b, old"))]);
    });
}

#[test]
fn an_older_file_of_the_same_size_takes_the_place() {
    in_both_modes(|desk| {
        desk.write("content/articles/old/c.md", "a, odd");
        let file = fs::File::open(desk.path("content/articles/old/c.md")).expect("a file");
        let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        file.set_modified(long_ago).expect("a time");
        desk.rename("content/articles/old/c.md", A);
        desk.expect(&[(A, Some("a, odd"))]);
    });
}

#[test]
fn a_file_in_folders_made_for_it() {
    in_both_modes(|desk| {
        for round in 0..40 {
            desk.write(&format!("content/articles/{round}/x/y/z/new.md"), "new");
        }
        desk.expect(&[("content/articles/39/x/y/z/new.md", Some("new"))]);
        // The folders are watched by now, whoever was faster.
        for round in 0..40 {
            desk.write(&format!("content/articles/{round}/x/y/z/new.md"), "newer");
        }
        desk.expect(&[("content/articles/0/x/y/z/new.md", Some("newer"))]);
    });
}

#[test]
fn a_renamed_folder() {
    in_both_modes(|desk| {
        desk.write("content/articles/old/deep/c.md", "c");
        desk.rename("content/articles/old", "content/articles/new");
        let (a, c) = ("content/articles/new/a.md", "content/articles/new/deep/c.md");
        desk.expect(&[(A, None), (a, Some("a, old")), (c, Some("c"))]);
        desk.write(c, "c, new");
        desk.expect(&[(c, Some("c, new"))]);
        // And back, so that its first name has been used before.
        desk.rename("content/articles/new", "content/articles/old");
        desk.write("content/articles/old/deep/c.md", "c, newer");
        desk.expect(&[(A, Some("a, old")), (c, None)]);
    });
}

#[test]
fn two_folders_that_change_places() {
    in_both_modes(|desk| {
        desk.write("content/articles/other/a.md", "a, other");
        desk.expect(&[]);
        for _ in 0..5 {
            desk.rename("content/articles/old", "content/articles/third");
            desk.rename("content/articles/other", "content/articles/old");
            desk.rename("content/articles/third", "content/articles/other");
            let text = format!("after {:?}", Instant::now());
            desk.write("content/articles/old/a.md", &text);
            desk.expect(&[(A, Some(&text))]);
            desk.write("content/articles/other/a.md", &text);
            desk.expect(&[("content/articles/other/a.md", Some(&text))]);
        }
    });
}

#[test]
fn a_removed_folder() {
    in_both_modes(|desk| {
        desk.remove_folder("content/articles/old");
        desk.expect(&[(A, None), ("static/style.css", Some("old"))]);
    });
}

#[test]
fn a_deleted_and_restored_folder_of_the_site() {
    in_both_modes(|desk| {
        for round in 0..3 {
            desk.remove_folder("content");
            if round > 0 {
                desk.expect(&[(A, None)]);
            }
            desk.write(A, &format!("restored {round}"));
            desk.expect(&[(A, Some(&format!("restored {round}"))), (B, None)]);
            desk.write(A, &format!("edited {round}"));
            desk.expect(&[(A, Some(&format!("edited {round}")))]);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_folder_restored_while_somebody_is_still_in_the_deleted_one() {
    // The system tells of the end of the old folder only when it is let go.
    let desk = Desk::open(Mode::Events, |_| {});
    let inside = fs::File::open(desk.path("content")).expect("a folder");
    desk.remove_folder("content");
    desk.write(A, "restored");
    desk.expect(&[(A, Some("restored")), (B, None)]);
    drop(inside);
    for round in 0..5 {
        thread::sleep(Duration::from_millis(20));
        desk.write(A, &format!("edited {round}"));
        desk.expect(&[(A, Some(&format!("edited {round}")))]);
    }
}

#[test]
fn a_folder_renamed_away_and_into_place_from_outside() {
    in_both_modes(|desk| {
        for round in 0..2 {
            fs::rename(desk.path("content"), desk.outside.join("content")).expect("a rename");
            desk.expect(&[(A, None)]);
            fs::rename(desk.outside.join("content"), desk.path("content")).expect("a rename");
            desk.expect(&[(B, Some("b, old"))]);
            desk.write(A, &format!("edited {round}"));
            desk.expect(&[(A, Some(&format!("edited {round}")))]);
        }
        write(&desk.outside.join("import/deep/c.md"), "c");
        fs::rename(desk.outside.join("import"), desk.path("content/articles/import")).expect("a rename");
        desk.expect(&[("content/articles/import/deep/c.md", Some("c"))]);
        desk.write("content/articles/import/deep/c.md", "c, new");
        desk.expect(&[("content/articles/import/deep/c.md", Some("c, new"))]);
    });
}

#[test]
fn a_folder_of_the_site_that_was_not_there() {
    in_both_modes(|desk| {
        desk.write("templates/parts/foot.html", "foot");
        desk.write("data/stars.yaml", "- a");
        desk.expect(&[
            ("templates/parts/foot.html", Some("foot")),
            ("data/stars.yaml", Some("- a")),
        ]);
        desk.write("templates/parts/foot.html", "foot, new");
        desk.expect(&[("templates/parts/foot.html", Some("foot, new"))]);
    });
}

#[test]
fn the_settings() {
    in_both_modes(|desk| {
        desk.write("brief.yaml", "title: B\n");
        desk.expect(&[("brief.yaml", Some("title: B\n"))]);
        for round in 0..3 {
            let text = format!("title: {round}\n");
            desk.write("brief.yaml.new", &text);
            desk.rename("brief.yaml.new", "brief.yaml");
            desk.expect(&[("brief.yaml", Some(&text))]);
        }
        fs::remove_file(desk.path("brief.yaml")).expect("a file to remove");
        desk.expect(&[("brief.yaml", None)]);
        desk.write("brief.yaml", "title: C\n");
        desk.expect(&[("brief.yaml", Some("title: C\n"))]);
    });
}

#[cfg(unix)]
#[test]
fn what_lies_behind_links() {
    use std::os::unix::fs::symlink;
    for mode in [Mode::Events, POLL] {
        let desk = Desk::open(mode, |site| {
            write(&site.join("shared/inner/c.md"), "c");
            write(&site.join("shared/d.md"), "d");
            fs::create_dir_all(site.join("content/pages")).expect("a folder");
            symlink("../../shared", site.join("content/pages/shared")).expect("a link");
            symlink("../../shared/d.md", site.join("content/pages/d.md")).expect("a link");
            // The same folder under its own name and under another one, and a circle.
            symlink("old", site.join("content/articles/same")).expect("a link");
            symlink("..", site.join("content/articles/old/up")).expect("a link");
        });
        let c = "content/pages/shared/inner/c.md";
        desk.write(c, "c, under the link");
        desk.expect(&[(c, Some("c, under the link"))]);
        desk.write("shared/inner/c.md", "c, under its own name");
        desk.expect(&[(c, Some("c, under its own name"))]);
        desk.write("shared/inner/deep/e.md", "e");
        desk.expect(&[("content/pages/shared/inner/deep/e.md", Some("e"))]);

        desk.write("shared/d.md", "d, new");
        desk.expect(&[
            ("content/pages/d.md", Some("d, new")),
            ("content/pages/shared/d.md", Some("d, new")),
        ]);
        desk.write("shared/d.md.new", "d, replaced");
        desk.rename("shared/d.md.new", "shared/d.md");
        desk.expect(&[("content/pages/d.md", Some("d, replaced"))]);

        desk.write(A, "a, new");
        desk.expect(&[
            (A, Some("a, new")),
            ("content/articles/same/a.md", Some("a, new")),
        ]);
        desk.write("content/articles/same/b.md", "b, new");
        desk.expect(&[(B, Some("b, new"))]);

        // What a link leads to goes and comes back.
        desk.rename("shared", "elsewhere");
        desk.expect(&[(c, None), ("content/pages/d.md", None)]);
        desk.rename("elsewhere", "shared");
        desk.expect(&[(c, Some("c, under its own name"))]);
        desk.write("shared/inner/c.md", "c, back");
        desk.expect(&[(c, Some("c, back"))]);

        // The link itself goes and comes back with another target.
        write(&desk.path("others/c.md"), "c of others");
        fs::remove_file(desk.path("content/pages/shared")).expect("a link to remove");
        desk.expect(&[(c, None)]);
        symlink("../../others", desk.path("content/pages/shared")).expect("a link");
        desk.expect(&[("content/pages/shared/c.md", Some("c of others"))]);
        desk.write("others/c.md", "c of others, new");
        desk.expect(&[("content/pages/shared/c.md", Some("c of others, new"))]);
    }
}

#[test]
fn a_checkout_of_many_files_at_once() {
    in_both_modes(|desk| {
        let name = |number: usize| format!("content/articles/{}/{number}.md", number % 50);
        for number in 0..2000 {
            desk.write(&name(number), &format!("first {number}"));
        }
        desk.expect(&[(&name(1999), Some("first 1999"))]);
        for number in 0..2000 {
            match number % 3 {
                0 => fs::remove_file(desk.path(&name(number))).expect("a file to remove"),
                _ => desk.write(&name(number), &format!("second {number}")),
            }
        }
        desk.expect(&[(&name(1998), None), (&name(1999), Some("second 1999"))]);
    });
}

#[test]
fn more_files_than_are_told_one_by_one() {
    in_both_modes(|desk| {
        for number in 0..6000 {
            desk.write(&format!("content/articles/{}/{number}.md", number % 10), "many");
        }
        desk.expect(&[("content/articles/9/5999.md", Some("many"))]);
        desk.write("content/articles/9/5999.md", "one");
        desk.expect(&[("content/articles/9/5999.md", Some("one"))]);
    });
}

#[test]
fn a_site_under_other_names() {
    use std::path::Component;
    let names: [fn(&Path) -> PathBuf; 4] = [
        |site| site.join("."),
        |site| PathBuf::from(format!("{}//", site.display())),
        |site| site.join("content/../static/.."),
        // Relative to the folder in which tests run.
        |site| {
            let here = support::repository().canonicalize().expect("the repository");
            let up = here
                .components()
                .filter(|part| matches!(part, Component::Normal(_)))
                .map(|_| "..");
            let site = site.canonicalize().expect("a site");
            up.collect::<PathBuf>()
                .join(site.strip_prefix("/").unwrap_or(&site))
        },
    ];
    for mode in [Mode::Events, POLL] {
        for name in names {
            let desk = Desk::open_as(mode, |_| {}, name, Duration::ZERO);
            desk.write(A, "a, new");
            desk.write("content/articles/new/c.md", "c");
            desk.write("brief.yaml", "title: B\n");
            desk.expect(&[(A, Some("a, new")), ("content/articles/new/c.md", Some("c"))]);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_site_behind_a_link() {
    for mode in [Mode::Events, POLL] {
        let link = |site: &Path| {
            let link = site.with_file_name("link");
            std::os::unix::fs::symlink(site, &link).expect("a link");
            link
        };
        let desk = Desk::open_as(mode, |_| {}, link, Duration::ZERO);
        desk.write(A, "a, new");
        desk.expect(&[(A, Some("a, new"))]);
    }
}

#[test]
fn what_is_not_read_is_not_told() {
    in_both_modes(|desk| {
        let others = [
            "public/index.html",
            ".git/index",
            ".brief/public/cache",
            "node_modules/x/index.js",
            "README.md",
            "content/.git/index",
            "content/articles/old/.a.md.swp",
            "content/articles/old/4913",
            "content/articles/old/a.md~",
            "content/articles/old/#a.md#",
            "content/.DS_Store",
            "content/.obsidian/deep/workspace.json",
        ];
        for round in 0..2 {
            for path in others {
                desk.write(path, &format!("round {round}"));
            }
            desk.write("content/fence.md", &format!("round {round}"));
            desk.expect(&[("content/fence.md", Some(&format!("round {round}")))]);
        }
        let known = desk.known();
        let own = |path: &&SourcePath| {
            // Polling tells once more of what was just being written when it began.
            path.as_str() != "content/fence.md" && !known.files.contains_key(path.as_str())
        };
        assert_eq!(known.hinted.iter().find(own), None);
    });
}

#[test]
fn reading_is_not_told() {
    for mode in [Mode::Events, POLL] {
        let desk = Desk::open(mode, |_| {});
        desk.write(A, "a, new");
        desk.expect(&[(A, Some("a, new"))]);
        // The last events of the edit may still be on their way, and polling tells of it once more. Reading
        // must not keep them coming.
        let mut quiet_rounds = 0;
        for _ in 0..20 {
            let before = desk.known().calls;
            assert_eq!(desk.truth().len(), 4);
            thread::sleep(Duration::from_millis(300));
            quiet_rounds += usize::from(desk.known().calls == before);
            if quiet_rounds == 2 {
                break;
            }
        }
        assert_eq!(quiet_rounds, 2, "reading is told of");
    }
}

#[test]
fn saves_while_somebody_is_slow() {
    for mode in [Mode::Events, POLL] {
        let desk = Desk::open_as(mode, |_| {}, Path::to_owned, Duration::from_millis(20));
        thread::scope(|scope| {
            for writer in 0..3 {
                let desk = &desk;
                scope.spawn(move || {
                    for save in 0..67 {
                        let own = format!("content/articles/old/{writer}.md");
                        desk.write(&own, &format!("save {save}"));
                        let temporary = format!("content/articles/old/.{writer}.tmp");
                        desk.write(&temporary, &format!("save {save} by {writer}"));
                        desk.rename(&temporary, A);
                        thread::sleep(Duration::from_millis(writer + 1));
                    }
                });
            }
        });
        desk.expect(&[("content/articles/old/2.md", Some("save 66"))]);
        assert!(desk.known().calls > 0);
    }
}

#[test]
fn nothing_is_told_after_the_end() {
    for mode in [Mode::Events, POLL] {
        let mut desk = Desk::open(mode, |_| {});
        desk.close();
        let calls = desk.known().calls;
        desk.write(A, "a, new");
        thread::sleep(Duration::from_millis(200));
        assert_eq!(desk.known().calls, calls);
    }
}

#[test]
fn a_missing_site_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    for mode in [Mode::Events, POLL] {
        let error = watch(&folder.path().join("none"), mode, |_| {}).expect_err("no site");
        assert!(error.contains("none"), "{error}");
    }
}
