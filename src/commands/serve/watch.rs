//! Temporary.
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};

use crate::building::preview::Hints;
use crate::ground::path::SourcePath;

#[derive(Clone, Copy, Debug)]
pub enum Mode {
    Events,
    Poll(Duration),
}
#[derive(Debug)]
pub struct Watcher(notify::RecommendedWatcher);
impl Watcher {
    pub fn notice(&self) -> Option<String> {
        None
    }
}
pub fn watch(
    site: &Path,
    _mode: Mode,
    mut tell: impl FnMut(Hints) + Send + 'static,
) -> Result<Watcher, String> {
    let (sender, receiver) = mpsc::channel::<PathBuf>();
    let root = site.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            for path in event.paths {
                let _ = sender.send(path);
            }
        }
    })
    .map_err(|e| e.to_string())?;
    for folder in ["content", "templates", "static", "data"] {
        let _ = watcher.watch(&site.join(folder), RecursiveMode::Recursive);
    }
    let _ = watcher.watch(site, RecursiveMode::NonRecursive);
    std::thread::spawn(move || {
        while let Ok(path) = receiver.recv() {
            let mut paths = vec![path];
            while let Ok(path) = receiver.recv_timeout(Duration::from_millis(3)) {
                paths.push(path);
            }
            let relative = |path: &PathBuf| SourcePath::new(path.strip_prefix(&root).ok()?.to_str()?);
            tell(Hints {
                paths: paths.iter().filter_map(relative).collect(),
                everything: false,
            });
        }
    });
    Ok(Watcher(watcher))
}
