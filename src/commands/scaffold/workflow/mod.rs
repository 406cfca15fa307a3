//! `brief new workflow`: the file by which a host builds the site, checks it and publishes it, after every push
//! and once a day.
//!
//! No host has a program of brief yet, so each compiles it once and keeps it; and each keeps `.brief/`, so that
//! a daily build is a small one. What is written names the actions and programs of others by exact version.

use std::path::{Path, PathBuf};

use super::write_new;
use crate::building::inputs::read_config;
use crate::ground::date::{Day, Zone};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::{SourcePath, slug};
use crate::ground::world::World;
use crate::reading::config::Config;

/// Where a site is to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like the host")]
pub enum Host {
    Github,
    Gitlab,
    Netlify,
    Cloudflare,
}

/// The files that were written, and what is left to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What to do next, one line each.
    pub advice: Vec<String>,
}

/// Where the program comes from, if it is told.
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// Writes a host's file into the repository that the site stands in. The error is in words.
pub fn new_workflow(world: &dyn World, site: &Path, host: Host) -> Result<Workflow, String> {
    let mut found = Diagnostics::new();
    let (config, _) = read_config(world, &mut found);
    if found.has_errors() {
        return Err("there are mistakes in brief.yaml\nhelp: `brief check` shows them".to_owned());
    }
    let (root, inside) = repository(site)?;
    let output = output_in(&inside, &config.output)?;
    let files: &[(&str, &str)] = match host {
        Host::Github => &[(".github/workflows/publish.yml", include_str!("github.yml"))],
        Host::Gitlab => &[(".gitlab-ci.yml", include_str!("gitlab.yml"))],
        Host::Netlify => &[
            ("netlify.toml", include_str!("netlify.toml")),
            ("netlify/functions/daily.mjs", include_str!("daily.mjs")),
        ],
        Host::Cloudflare => &[(".github/workflows/publish.yml", include_str!("cloudflare.yml"))],
    };
    let paths: Vec<SourcePath> = files
        .iter()
        .filter_map(|(path, _)| SourcePath::new(path))
        .collect();
    if let Some(path) = paths.iter().find(|path| root.join(path.as_str()).exists()) {
        return Err(format!(
            "`{path}` is there already\nhelp: move it away first; the new one is not put over it"
        ));
    }
    for (path, (_, text)) in paths.iter().zip(files) {
        write_new(&root, path, &filled(text, &config, host, &inside, &output))?;
    }
    Ok(Workflow {
        files: paths.iter().map(|path| root.join(path.as_str())).collect(),
        advice: advice(host, &config),
    })
}

/// Fills in what follows from the settings.
fn filled(text: &str, config: &Config, host: Host, inside: &str, output: &str) -> String {
    let (cron, clock) = schedule(&config.zone, &config.timezone);
    let site = match inside {
        "" => String::new(),
        inside => format!(" --site {inside}"),
    };
    let state = joined(inside, ".brief");
    let source_note = match SOURCE {
        "" => "Where brief comes from: the address of its git repository.",
        _ => "Where brief comes from.",
    };
    let is_known = config.base_url.is_some();
    let (permissions, address_step) = match is_known {
        true => ("", ""),
        // Pages is asked where the site will stand, which needs this permission.
        false => (
            "    permissions:\n      contents: read\n      pages: read\n",
            "      # Where the site will stand, since brief.yaml has no base_url.\n      \
             - uses: actions/configure-pages@45bfe0192ca1faeb007ade9deae92b16b8254a0d # v6.0.0\n        id: pages\n",
        ),
    };
    text.replace("{install}", include_str!("install.yml"))
        .replace("{permissions}", permissions)
        .replace("{address_step}", address_step)
        .replace("{address}", &address(config, host))
        .replace("{project}", &project(config))
        .replace("{cron}", &cron)
        .replace("{clock}", &clock)
        .replace("{source_note}", source_note)
        .replace("{source}", SOURCE)
        .replace("{state}", &state)
        .replace("{output}", output)
        .replace("{site}", &site)
}

/// Tells the build its address, where the settings do not.
fn address(config: &Config, host: Host) -> String {
    if config.base_url.is_some() {
        return String::new();
    }
    match host {
        Host::Github => {
            "        env:\n          BRIEF_BASE_URL: ${{ steps.pages.outputs.base_url }}/\n".to_owned()
        }
        Host::Cloudflare => format!(
            "        env:\n          BRIEF_BASE_URL: https://{}.pages.dev/\n",
            project(config)
        ),
        Host::Gitlab => "  variables:\n    BRIEF_BASE_URL: $CI_PAGES_URL/\n".to_owned(),
        Host::Netlify => "export BRIEF_BASE_URL=\"$URL/\"\n".to_owned(),
    }
}

/// The name of a project: that of an address of the host, else the site's title as it would be in an address.
fn project(config: &Config) -> String {
    let host = config.base_url.as_ref().and_then(|base| {
        let (_, host) = base.origin().split_once("://")?;
        host.strip_suffix(".pages.dev").map(ToOwned::to_owned)
    });
    let title = slug(&config.title);
    // What the host takes: letters of English, figures and hyphens, 58 at most.
    let is_plain = |name: &String| {
        let is_sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !name.is_empty() && name.len() <= 58 && name.chars().all(is_sign)
    };
    host.or(Some(title))
        .filter(is_plain)
        .unwrap_or_else(|| "briefing".to_owned())
}

/// When the day has begun in a zone, all year round: as a cron pattern in UTC, and in words.
fn schedule(zone: &Zone, name: &str) -> (String, String) {
    // Days of winter and of summer, on either half of the earth. Hosts have no zones in their patterns, so the
    // later of the two beginnings is taken; and seven minutes more, since everybody else starts at the full hour.
    let days = [Day::new(2025, 1, 15), Day::new(2025, 7, 15)];
    let begins = days.into_iter().flatten().map(|day| {
        let midnight = Zone::utc().start_of(day).as_second();
        (zone.start_of(day).as_second() - midnight) / 60
    });
    let minute = (begins.max().unwrap_or(0) + 7).rem_euclid(24 * 60);
    let (hour, minute) = (minute / 60, minute % 60);
    let words =
        format!("{hour:02}:{minute:02} UTC is when a new day has begun in {name}, in summer and in winter.");
    (format!("{minute} {hour} * * *"), words)
}

/// The folder of the repository around a site, and the path of the site in it; a site outside of any is its own.
fn repository(site: &Path) -> Result<(PathBuf, String), String> {
    let full = site.canonicalize().unwrap_or_else(|_| site.to_owned());
    let around = full
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(".git").exists());
    let root = match around {
        Some(root) if !full.join(".git").exists() => root,
        _ => return Ok((site.to_owned(), String::new())),
    };
    let inside = full.strip_prefix(root).unwrap_or(Path::new(""));
    let inside: Vec<String> = inside
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    Ok((root.to_owned(), plain(inside.join("/"), "the site folder")?))
}

/// The output folder as the host sees it.
fn output_in(inside: &str, output: &str) -> Result<String, String> {
    let output = output.trim_start_matches("./").trim_end_matches('/');
    let leaves = output.starts_with('/') || output.split('/').any(|name| name == "..");
    if leaves || output.is_empty() {
        return Err(format!(
            "the output folder `{output}` is not in the site folder, where hosts look for it\nhelp: choose one there, such as `output: public`"
        ));
    }
    plain(joined(inside, output), "the output folder")
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// A path that means the same in every shell and pattern.
fn plain(path: String, what: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match path.chars().all(is_plain) && !path.starts_with('-') {
        true => Ok(path),
        false => Err(format!(
            "{what} `{path}` has signs in its path that hosts read in ways of their own\nhelp: use English letters, figures, hyphens and dots"
        )),
    }
}

fn advice(host: Host, config: &Config) -> Vec<String> {
    let mut advice = Vec::new();
    if SOURCE.is_empty() {
        advice.push(
            "set BRIEF_SOURCE in it to the address of the git repository that brief comes from".to_owned(),
        );
    }
    if config.base_url.is_none() {
        advice.push(
            "set `base_url` in brief.yaml once you know your address; until then the host's own is used"
                .to_owned(),
        );
    }
    advice.push(
        match host {
            Host::Github => "in the settings of the repository, under Pages, choose \"GitHub Actions\" as the source",
            Host::Gitlab => "set up the daily run under Build, Pipeline schedules; the head of the file has its pattern",
            Host::Netlify => "add a build hook to the site and give its address to BRIEF_BUILD_HOOK, for the daily run",
            Host::Cloudflare => "make the project at Cloudflare Pages and give the repository the two secrets that the head of the file names",
        }
        .to_owned(),
    );
    let state = "keep `.brief/` and the output out of git: both are made anew where they are missing";
    advice.push(state.to_owned());
    advice
}
