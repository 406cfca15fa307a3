//! `_nginx.conf`, for the `server` block of nginx.
//!
//! Everything stands within one `location`, so that a server that holds other sites keeps its own ways with them.
//! A location that adds a header inherits none, so one that adds another adds all of them again.
//!
//! Source: the documentation of nginx, ngx_http_core_module, ngx_http_headers_module and ngx_http_rewrite_module.

use std::fmt::Write;

use super::{FOR_EVER, HIDDEN, NOTES, Redirect, TEXT_TYPES, hashed, headers, redirects, typed_files};
use crate::ground::path::decode_path;
use crate::meaning::site::Site;
use crate::pages::plan::Plan;
use crate::reading::config::Coding;

/// The text of the file.
pub(super) fn text(site: &Site, plan: &Plan) -> String {
    let base = site.config.base_path();
    let mut text = format!(
        "# Written by brief, for the `server` block of nginx:\n#\n#     root /srv/site;  # the site's files, {}\n\
         #     include /srv/site{base}_nginx.conf;\n#\n\
         # Reload nginx when the site was built: old addresses are read from here.\n\nlocation {} {{\n",
        match base {
            "/" => "or a copy of them".to_owned(),
            base => format!("in the folder {base} of it"),
        },
        quoted(&decoded(base)),
    );
    let mut line = |line: &str| {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "    {line}");
    };
    line("index index.html;");
    // Without it a redirect names the scheme and the port that nginx sees, not those that readers see.
    line("absolute_redirect off;");
    line(&format!(
        "error_page 404 {};",
        quoted(&decoded(&format!("{base}404.html")))
    ));
    line("charset utf-8;");
    line(&format!("charset_types {};", TEXT_TYPES.join(" ")));
    if site.config.hosting.compress.contains(&Coding::Gzip) {
        line("gzip_static on;");
    }
    if site.config.hosting.compress.contains(&Coding::Brotli) {
        line("# With the module for it: brotli_static on;");
    }
    line("gzip on;");
    line("gzip_vary on;");
    line("gzip_min_length 1000;");
    line(&format!("gzip_types {} image/svg+xml;", TEXT_TYPES.join(" ")));
    for (name, value) in headers(&site.config) {
        line(&format!("add_header {name} {} always;", quoted(&value)));
    }
    // Without a word on it, browsers keep a file for as long as they think right.
    line("add_header Cache-Control no-cache;");
    line("");
    for path in hashed(site) {
        line(&format!("location = {} {{", quoted(&decoded(&path))));
        for (name, value) in headers(&site.config) {
            line(&format!("    add_header {name} {} always;", quoted(&value)));
        }
        line(&format!("    add_header Cache-Control \"{FOR_EVER}\";"));
        line("}");
    }
    for (pattern, kind) in typed_files(&site.config) {
        line(&format!(
            "location ~ {pattern} {{ types {{ }} default_type {kind}; }}"
        ));
    }
    for name in HIDDEN {
        let path = quoted(&decoded(&format!("{base}{name}")));
        line(&format!("location = {path} {{ return 404; }}"));
    }
    let notes = quoted(&decoded(&format!("{base}{NOTES}")));
    line(&format!("location ^~ {notes} {{ return 404; }}"));
    for Redirect { from, to } in redirects(site, plan) {
        let (from, to) = (quoted(&decoded(&from)), quoted(&to.replace('$', "%24")));
        line(&format!("location = {from} {{ return 301 {to}; }}"));
    }
    text.push_str("}\n");
    text
}

/// A path as nginx compares it: without percent-encoding.
fn decoded(path: &str) -> String {
    decode_path(path).unwrap_or_else(|| path.to_owned())
}

/// A text as one word.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
