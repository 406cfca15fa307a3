//! Random edits: whatever happens to folders and links, nothing is missed.

use std::fs;
use std::path::{Path, PathBuf};

use brief::commands::serve::watch::Mode;

use crate::desk::{Desk, POLL};

#[test]
fn random_edits() {
    for mode in [Mode::Events, POLL] {
        for seed in 1..=4 {
            let desk = Desk::open(mode, |_| {});
            let mut random = Random(seed);
            for step in 0..300 {
                random.edit(&desk.site, step);
                if random.below(40) == 0 {
                    desk.expect(&[]);
                }
            }
            // Whatever is left is watched: each file is edited once more.
            desk.expect(&[]);
            assert!(desk.truth().len() > 5, "there is something to edit");
            for path in desk.truth().keys() {
                desk.write(path, "the end");
            }
            desk.expect(&[]);
        }
    }
}

/// Edits by chance, the same for the same number.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// A place in one of few folders, so that names are used again.
    fn place(&mut self, site: &Path, top: &str) -> PathBuf {
        let mut place = site.join(top);
        for _ in 0..self.below(4) {
            place.push(["x", "y", "z"][self.below(3) as usize]);
        }
        place
    }

    /// What fails, since nothing is there or something is in the way, is left undone. Links lead to
    /// `shared`, into which no link is moved: who begins to read in the middle of a circle of links reads
    /// more than who comes from above.
    fn edit(&mut self, site: &Path, step: u64) {
        let top = ["content", "static", "shared"][self.below(3) as usize];
        let (place, other) = (self.place(site, top), self.place(site, top));
        let shared = self.place(site, "shared");
        let _ = match self.below(12) {
            0 => fs::rename(&place, &other),
            1 => fs::rename(&shared, &place),
            2 => fs::remove_dir_all(&place),
            #[cfg(unix)]
            3 if top != "shared" => std::os::unix::fs::symlink(&shared, place.join("link")),
            #[cfg(unix)]
            4 if top != "shared" => std::os::unix::fs::symlink(shared.join("n.md"), place.join("link.md")),
            _ => fs::create_dir_all(&place).and_then(|()| fs::write(place.join("n.md"), step.to_string())),
        };
    }
}
