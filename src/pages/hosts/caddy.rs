//! `_caddy.conf`, for the site block of a Caddyfile.
//!
//! Source: the documentation of Caddy 2, "The Caddyfile", directives `header`, `map`, `redir`, `handle_errors`
//! and `file_server`.

use std::fmt::Write;

use super::{FOR_EVER, HIDDEN, NOTES, Redirect, hashed, headers, redirects, typed_files};
use crate::ground::path::decode_path;
use crate::meaning::site::Site;
use crate::pages::plan::Plan;
use crate::reading::config::Coding;

/// The text of the file.
pub(super) fn text(site: &Site, plan: &Plan) -> String {
    let base = site.config.base_path();
    let all = quoted(&format!("{}*", decoded(base)));
    let mut text = format!(
        "# Written by brief, for the site block of a Caddyfile:\n#\n#     root * /srv/site  # the site's files, {}\n\
         #     import /srv/site{base}_caddy.conf\n#\n\
         # Reload Caddy when the site was built: old addresses are read from here.\n\n",
        match base {
            "/" => "or a copy of them".to_owned(),
            base => format!("in the folder {base} of it"),
        },
    );
    let mut line = |line: &str| {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{line}");
    };
    line(&format!("@brief path {all}"));
    line("header @brief {");
    for (name, value) in headers(&site.config) {
        line(&format!("\t{name} {}", quoted(&value)));
    }
    line("}");
    let hashed: Vec<String> = hashed(site).map(|path| quoted(&decoded(&path))).collect();
    line("@brief_fresh {");
    line(&format!("\tpath {all}"));
    if !hashed.is_empty() {
        line(&format!("\tnot path {}", hashed.join(" ")));
    }
    line("}");
    // Without a word on it, browsers keep a file for as long as they think right.
    line("header @brief_fresh Cache-Control no-cache");
    if !hashed.is_empty() {
        line(&format!("@brief_hashed path {}", hashed.join(" ")));
        line(&format!("header @brief_hashed Cache-Control \"{FOR_EVER}\""));
    }
    for (number, (pattern, kind)) in typed_files(&site.config).into_iter().enumerate() {
        line(&format!("@brief_type_{number} path_regexp {pattern}"));
        line(&format!("header @brief_type_{number} Content-Type \"{kind}\""));
    }
    let mut moved = redirects(site, plan).peekable();
    if moved.peek().is_some() {
        line("map {http.request.uri.path} {brief_moved} {");
        for Redirect { from, to } in moved {
            line(&format!("\t{} {}", quoted(&decoded(&from)), quoted(&to)));
        }
        line("\tdefault \"\"");
        line("}");
        line("@brief_moved expression `{brief_moved} != \"\"`");
        line("redir @brief_moved {brief_moved} 301");
    }
    line("encode zstd gzip");
    line("handle_errors {");
    line("\t@brief_missing expression `{err.status_code} == 404`");
    line(&format!(
        "\trewrite @brief_missing {}",
        quoted(&decoded(&format!("{base}404.html")))
    ));
    line("\tfile_server");
    line("}");
    line("file_server {");
    line(&format!("\thide {} {NOTES}*", HIDDEN.join(" ")));
    let packed = [(Coding::Brotli, "br"), (Coding::Gzip, "gzip")];
    let packed = packed
        .iter()
        .filter(|(coding, _)| site.config.hosting.compress.contains(coding));
    let packed: Vec<&str> = packed.map(|(_, name)| *name).collect();
    if !packed.is_empty() {
        line(&format!("\tprecompressed {}", packed.join(" ")));
    }
    line("}");
    text
}

/// A path as Caddy compares it: without percent-encoding.
fn decoded(path: &str) -> String {
    decode_path(path).unwrap_or_else(|| path.to_owned())
}

/// A text as one word, in which no brace begins a placeholder.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('{', "\\{").replace('}', "\\}"))
}
