//! Templates: the built-in theme, what a site puts in its place, and the engine that renders them.
//!
//! A site replaces the theme file by file. Its `templates/article.html` is found before the
//! built-in one, which stays there as `builtin/article.html` for `{% extends %}`.

mod error;
mod filters;
mod functions;

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::{ComponentInfo, Context, Map, Tera, Value};

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::{Encode, Encoder};
use crate::ground::path::{SourcePath, Url};
use crate::meaning::answer::from_yaml;
use crate::reading::config::Config;

pub use filters::json;
pub use functions::FUNCTIONS;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

const SITE_PREFIX: &str = "site/";
const BUILTIN_PREFIX: &str = "builtin/";

/// The name Tera gives to a map of everything, which would make a page depend on all there is.
const EVERYTHING: &str = "__tera_context";

/// The built-in templates, by name, sorted.
pub fn builtin_templates() -> BTreeMap<String, &'static str> {
    let mut templates = BTreeMap::new();
    collect(&TEMPLATES, &mut |name, bytes| {
        // The words of languages stand beside them.
        let is_template = name.ends_with(".html");
        if let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| is_template) {
            templates.insert(name, text);
        }
    });
    templates
}

/// The files of the built-in theme, by name, sorted.
pub fn theme_files() -> BTreeMap<String, &'static [u8]> {
    let mut files = BTreeMap::new();
    collect(&FILES, &mut |name, bytes| {
        files.insert(name, bytes);
    });
    files
}

fn collect(folder: &'static Dir<'static>, add: &mut impl FnMut(String, &'static [u8])) {
    for file in folder.files() {
        let segments: Vec<&str> = file
            .path()
            .iter()
            .filter_map(|segment| segment.to_str())
            .collect();
        add(segments.join("/"), file.contents());
    }
    for inner in folder.dirs() {
        collect(inner, add);
    }
}

/// All templates of a site, ready to render.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    sources: Arc<TemplateSources>,
}

/// The texts of templates, for diagnostics.
#[derive(Debug, Default)]
pub struct TemplateSources {
    texts: BTreeMap<String, String>,
}

impl TemplateSources {
    /// The text of a built-in template, which has no file in the site.
    pub fn builtin(&self, path: &SourcePath) -> Option<&str> {
        path.as_str()
            .strip_prefix(BUILTIN_PATH)
            .and_then(|name| self.texts.get(&format!("{BUILTIN_PREFIX}{name}")))
            .map(String::as_str)
    }
}

impl Encode for TemplateSources {
    fn encode(&self, to: &mut Encoder) {
        for (name, text) in &self.texts {
            name.encode(to);
            text.encode(to);
        }
    }
}

/// How diagnostics name a built-in template.
const BUILTIN_PATH: &str = "(built-in)/templates/";

impl Engine {
    /// Loads the built-in theme and a site's own templates, given by path below templates/. Every
    /// mistake in them is reported; there is no engine where one keeps the set from being used.
    pub fn load(
        config: &Config,
        addresses: &BTreeMap<SourcePath, Url>,
        own: Vec<(SourcePath, String)>,
        found: &mut Diagnostics,
    ) -> (Option<Engine>, Arc<TemplateSources>) {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let builtin = builtin_templates();
        let before = found.errors();
        for (path, text) in own {
            let Some(name) = path.below("templates") else {
                continue;
            };
            // The same text again would only be parsed twice.
            if builtin.get(name) != Some(&text.as_str()) {
                refuse_everything(&path, &text, found);
                texts.insert(format!("{SITE_PREFIX}{name}"), text);
            }
        }
        texts.extend(
            builtin
                .into_iter()
                .map(|(name, text)| (format!("{BUILTIN_PREFIX}{name}"), text.to_owned())),
        );
        let sources = Arc::new(TemplateSources { texts });
        let mut tera = new_tera(config, addresses);
        let templates = sources
            .texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        if let Err(first) = tera.add_raw_templates(templates) {
            report_all(config, &sources, &first, found);
        }
        let engine = (found.errors() == before).then(|| Engine {
            tera,
            sources: sources.clone(),
        });
        (engine, sources)
    }

    /// Renders a page.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Diagnostic> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        self.tera
            .render_to(template, context, &mut bytes)
            .map(|()| bytes)
            .map_err(|failure| error::diagnose(&failure, &self.sources.texts))
    }

    /// All components with their arguments, by name. docs/TEMPLATES.md lists them and a test compares
    /// the two.
    pub fn components(&self) -> Vec<ComponentInfo> {
        let names = self.tera.get_component_names();
        let mut components: Vec<ComponentInfo> = names
            .filter_map(|name| self.tera.get_component_definition(name))
            .collect();
        components.sort_by(|a, b| a.name().cmp(b.name()));
        components
    }
}

/// An engine without templates: filters, functions and the site's settings.
fn new_tera(config: &Config, addresses: &BTreeMap<SourcePath, Url>) -> Tera {
    let mut tera = Tera::new();
    // Every template is escaped, whatever its name ends with.
    tera.autoescape_on(vec![""]);
    // Nothing has been added yet, which is the one thing this can complain of.
    let prefixes = tera.set_fallback_prefixes([SITE_PREFIX, BUILTIN_PREFIX]);
    debug_assert!(prefixes.is_ok());
    filters::register(&mut tera, config);
    functions::register(&mut tera);
    tera.global_context()
        .insert_value("site", site_value(config, addresses));
    tera
}

/// The settings that templates see.
fn site_value(config: &Config, addresses: &BTreeMap<SourcePath, Url>) -> Value {
    let base = config.base_url.as_ref();
    let mut map = Map::default();
    let mut insert = |key: &'static str, value: Value| {
        map.insert(key.into(), value);
    };
    insert("title", Value::normal_string(&config.title));
    insert("tagline", config.tagline.clone().into());
    insert("language", Value::normal_string(&config.language));
    insert("timezone", Value::normal_string(&config.timezone));
    insert("base_url", base.map(ToString::to_string).into());
    insert("home", Value::normal_string(config.base_path()));
    insert(
        "authors",
        config
            .default_authors
            .iter()
            .map(|name| Value::normal_string(name))
            .collect::<Vec<Value>>()
            .into(),
    );
    insert(
        "taxonomies",
        config
            .taxonomies
            .iter()
            .map(|name| Value::normal_string(name))
            .collect::<Vec<Value>>()
            .into(),
    );
    let pages = [
        ("companies", true),
        ("topics", config.pages.topics),
        ("authors", config.pages.authors),
        ("editions", config.editions.daily || config.editions.weekly),
        ("archive", config.pages.archive),
        ("corrections", config.pages.corrections),
        ("search", config.search),
    ];
    let mut sections = Map::default();
    for (name, is_on) in pages {
        sections.insert(
            name.into(),
            is_on.then(|| format!("{}{name}/", config.base_path())).into(),
        );
    }
    let address = format!("{}companies/map/", config.base_path());
    sections.insert("map".into(), config.pages.map.then_some(address).into());
    insert("sections", Value::from(sections));
    let mut files = Map::default();
    for name in theme_files().into_keys() {
        let path = SourcePath::new(&format!("static/{name}"));
        let url = path.and_then(|path| addresses.get(&path));
        let address = match url {
            Some(url) => url.href(config.base_path()),
            None => format!("{}{name}", config.base_path()),
        };
        files.insert(name.into(), address.into());
    }
    insert("files", Value::from(files));
    insert("extra", from_yaml(&config.extra));
    Value::from(map)
}

fn refuse_everything(path: &SourcePath, text: &str, found: &mut Diagnostics) {
    if let Some(at) = text.find(EVERYTHING) {
        found.push(
            Diagnostic::new(
                Code::TemplateReference,
                format!("`{EVERYTHING}` is not available"),
            )
            .at(path, crate::ground::span::Span::new(at, at + EVERYTHING.len()))
            .help("print the value you are looking for: `{{ page }}`, `{{ article }}` or `{{ site }}`"),
        );
    }
}

/// Reports every template that cannot be read, each parsed alone, since the engine stops at the
/// first; where all can be read the engine has found what they refer to.
fn report_all(config: &Config, sources: &TemplateSources, first: &tera::Error, found: &mut Diagnostics) {
    let mut any = false;
    for (name, text) in &sources.texts {
        let failure = new_tera(config, &BTreeMap::new())
            .add_raw_template(name, text)
            .err();
        if let Some(failure) =
            failure.filter(|failure| matches!(failure.kind(), tera::ErrorKind::SyntaxError(_)))
        {
            any = true;
            found.push(error::diagnose(&failure, &sources.texts));
        }
    }
    if !any {
        for diagnostic in error::diagnose_references(first, &sources.texts) {
            found.push(diagnostic);
        }
    }
}

/// The path under which a template's diagnostics are shown: a site's own file, or the built-in one.
fn shown_path(name: &str) -> SourcePath {
    let path = match name.strip_prefix(SITE_PREFIX) {
        Some(own) => format!("templates/{own}"),
        None => format!("{BUILTIN_PATH}{}", name.trim_start_matches(BUILTIN_PREFIX)),
    };
    SourcePath::new(&path).unwrap_or_else(SourcePath::root)
}
