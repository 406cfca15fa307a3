//! `brief serve`: the site in a browser, as it is while it is written.
//!
//! A watcher puts hints into an inbox; the desk follows them and tells the browsers; the server shows
//! what the preview has. Nothing is written but `.brief/`.

mod desk;
pub mod http;
mod inbox;
mod opener;
pub mod pages;
mod shown;
pub mod watch;

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::output::{Voice, counted};
use crate::building::pipeline::Options;
use crate::building::preview::Preview;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::world::{DiskWorld, World};
use desk::Desk;
use http::{Edit, Server};
use inbox::Inbox;
use pages::{Pages, State};
use shown::SitePages;
use watch::Mode;

/// What `brief serve` was asked for.
#[derive(Clone, Debug)]
pub struct Serve {
    /// The address to listen on: an IP address or a name of this machine.
    pub host: String,
    /// The port; none for the first free one.
    pub port: Option<u16>,
    /// Whether a browser is opened.
    pub open: bool,
    /// How often files are looked at where the system does not tell of changes.
    pub poll: Option<Duration>,
    /// The command that edits a file, if the system's own program is not wanted.
    pub editor: Option<String>,
    /// What the site is made with.
    pub options: Options,
}

/// The folder of the cache, in the site folder.
const STATE_FOLDER: &str = ".brief/serve";

/// Serves a site until the program is ended. The result is the exit code of a start that failed.
pub fn run(site: &Path, request: &Serve, voice: Voice) -> io::Result<u8> {
    let started = Instant::now();
    let server = match Server::bind(&request.host, request.port) {
        Ok(server) => server,
        Err(error) => {
            voice.problem(cannot_listen(request, &error))?;
            return Ok(2);
        }
    };
    let world = Arc::new(DiskWorld::new(site).map_err(io::Error::other)?);
    let inbox = Arc::new(Inbox::default());
    // Before the first look at the files, so that no change falls between the two.
    let mode = request.poll.map_or(Mode::Events, Mode::Poll);
    let letters = inbox.clone();
    let watcher = watch::watch(site, mode, move |hints| letters.put(hints)).map_err(io::Error::other)?;
    let folder = world.canonical_root().join(STATE_FOLDER);
    // Without the folder the next start is a slow one, and that is all.
    let _ = std::fs::create_dir_all(&folder);
    let preview = Arc::new(Preview::open(world.clone(), request.options.clone(), &folder));
    let run = secret()?;
    let standing = Arc::new(Mutex::new(State {
        build: format!("{}-0", &run[..8]),
        ..State::default()
    }));
    let pages = Arc::new(SitePages {
        preview: preview.clone(),
        inbox: inbox.clone(),
        standing: standing.clone(),
    });
    let editor = request.editor.clone();
    let edit: Edit = Arc::new(move |file, line| opener::edit(editor.as_deref(), file, line));
    let address = server.url(&pages.mount());
    let running = server.start(pages.clone(), edit, secret()?)?;
    if voice.talks() {
        let mut err = io::stderr().lock();
        let articles = counted(preview.articles(), "article");
        let seconds = started.elapsed().as_secs_f64();
        writeln!(err, "{address}  {articles}, read in {seconds:.1} s; Ctrl-C ends")?;
    }
    if request.open
        && let Err(why) = opener::open(address.as_ref())
    {
        writeln!(io::stderr(), "no browser was opened: {why}")?;
    }
    let world: &dyn World = &*world;
    let mut desk = Desk::new(world, &pages, voice, &run[..8]);
    desk.work(&|| running.tell(), &|| watcher.notice())?;
    Ok(0)
}

/// A number that nobody can guess.
fn secret() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn cannot_listen(request: &Serve, error: &io::Error) -> Diagnostic {
    let Serve { host, port, .. } = request;
    let place = match port {
        Some(port) => format!("port {port} of {host}"),
        None => host.clone(),
    };
    let why = crate::ground::world::describe(error);
    let problem = Diagnostic::new(
        Code::ServerAddress,
        format!("brief cannot listen on {place}: {why}"),
    );
    problem.help("choose another with `--port` or `--host`; without them brief finds a free port itself")
}
