//! A build for which there is nothing to do still sees what happened to the output.

use std::fs;

use brief::building::output::{Output, Report};
use brief::building::pipeline::{Options, build};
use brief::ground::world::MemoryWorld;

#[test]
fn a_file_of_the_output_that_somebody_changed_is_made_again() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let (output, state) = (temporary.path().join("public"), temporary.path().join("state"));
    let mut world = MemoryWorld::new("2025-02-01T00:00:00Z".parse().expect("an instant"));
    world.write("brief.yaml", "base_url: https://example.org/\n");
    world.write("content/articles/2025-01-20-a.md", "---\ntitle: A\n---\nText.\n");
    let build = || {
        let open = |_: &_| Output::open(&output, &state, false);
        let outcome = build(&world, &Options::default(), open);
        let Report { written, removed, .. } = outcome.report.expect("a site without errors");
        (outcome.rendered.len(), written, removed)
    };
    build();
    assert_eq!(build(), (0, 0, 0));

    let page = output.join("2025/01/20/a/index.html");
    let text = fs::read(&page).expect("a page");
    fs::write(&page, "somebody else's").expect("written");
    assert_eq!(build(), (1, 1, 0));
    assert_eq!(fs::read(&page).expect("a page"), text);

    fs::remove_file(&page).expect("removed");
    assert_eq!(build(), (1, 1, 0));
    assert_eq!(fs::read(&page).expect("a page"), text);

    // A file that is copied is no page that is rendered.
    fs::remove_file(output.join("brief.css")).expect("removed");
    assert_eq!(build(), (0, 1, 0));
    assert_eq!(build(), (0, 0, 0));
}
