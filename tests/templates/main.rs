//! docs/TEMPLATES.md tells the truth: what it names exists, what exists is named, and its examples
//! can be used as they stand.
//!
//! The document is read as a description of values. Each table of keys is compared with the records
//! that a small site really answers, in both directions; so are functions, filters, components,
//! templates and what each of them gets.

#![expect(clippy::panic, reason = "a test that cannot go on says why")]

mod document;
mod questions;
mod site;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use brief::building::pipeline::{Options, build_in_memory, prepare};
use brief::ground::world::MemoryWorld;
use brief::pages::templates::{Engine, FUNCTIONS, builtin_templates};
use brief::reading::config::Config;
use document::{Document, Type};
use questions::sample_questions;
use site::rich_site;
use tera::Value;
use values::Check;

/// The names that only one of two lists holds, for messages that say what to do.
fn compare<'n>(
    what: &str,
    documented: impl IntoIterator<Item = &'n str>,
    real: impl IntoIterator<Item = &'n str>,
) {
    let documented: BTreeSet<&str> = documented.into_iter().collect();
    let real: BTreeSet<&str> = real.into_iter().collect();
    let missing: Vec<_> = real.difference(&documented).collect();
    let invented: Vec<_> = documented.difference(&real).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{what}: docs/TEMPLATES.md lacks {missing:?} and has {invented:?}, which do not exist"
    );
}

/// Renders a site and returns its files as texts; problems fail the test.
fn build(world: &MemoryWorld) -> BTreeMap<String, String> {
    let (files, found) = build_in_memory(world, &Options::default());
    let problems: Vec<_> = found.iter().collect();
    let files = files.unwrap_or_else(|| panic!("{problems:#?}"));
    assert!(problems.is_empty(), "{problems:#?}");
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

#[test]
fn functions_and_their_arguments() {
    let document = Document::read();
    compare(
        "functions",
        document.questions.keys().map(String::as_str),
        FUNCTIONS.iter().map(|function| function.name),
    );
    for function in FUNCTIONS {
        assert_eq!(
            document.questions[function.name].arguments, function.arguments,
            "the arguments of `{}`",
            function.name
        );
    }
}

#[test]
fn templates_are_those_of_the_theme() {
    let document = Document::read();
    let builtin = builtin_templates();
    compare(
        "templates",
        document.templates.keys().map(String::as_str),
        builtin.keys().map(String::as_str),
    );
}

#[test]
fn filters_and_their_arguments() {
    let document = Document::read();
    // The file registers every filter by a literal name, which is the one list there is.
    let source = include_str!("../../src/pages/templates/filters.rs");
    let code = source
        .split("#[cfg(test)]")
        .next()
        .expect("the code before the tests");
    compare(
        "filters",
        document.filters.keys().map(String::as_str),
        literals_after(code, "register_filter("),
    );
    let documented: BTreeSet<&str> = document.filters.values().flatten().map(String::as_str).collect();
    let real: Vec<&str> = code
        .split("kwargs.")
        .skip(1)
        .filter_map(|call| literals_after(call, "(").into_iter().next())
        .collect();
    compare("arguments of filters", documented, real);
}

/// The text literal behind each occurrence of a mark.
fn literals_after<'c>(code: &'c str, mark: &str) -> Vec<&'c str> {
    code.split(mark)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .collect()
}

#[test]
fn filters_and_tests_of_tera_exist() {
    let document = Document::read();
    assert!(document.tera_filters.len() > 5 && document.tera_tests.len() > 3);
    let mut tera = tera::Tera::new();
    let filters = document
        .tera_filters
        .iter()
        .map(|name| format!("{{{{ x | {name} }}}}"));
    let tests = document
        .tera_tests
        .iter()
        .map(|name| format!("{{% if x is {name} %}}{{% endif %}}"));
    for template in filters.chain(tests) {
        let added = tera.add_raw_template("sample", &template);
        assert!(added.is_ok(), "{template}: {added:?}");
    }
}

#[test]
fn components_and_their_arguments() {
    let document = Document::read();
    let mut found = brief::ground::diagnostic::Diagnostics::new();
    let (engine, _) = Engine::load(
        &Config::default_settings(),
        &BTreeMap::new(),
        Vec::new(),
        &mut found,
    );
    let components = engine.expect("the theme").components();
    compare(
        "components",
        document.components.keys().map(String::as_str),
        components.iter().map(|component| component.name()),
    );
    for component in &components {
        let real: BTreeSet<String> = component
            .args()
            .iter()
            .map(|argument| {
                let kind = argument.arg_type().map_or("any", |kind| kind.as_str());
                let default = argument.default().map(|default| {
                    let text = serde_json::to_string(default).expect("a plain value");
                    format!(" = {text}")
                });
                format!("{}: {kind}{}", argument.name(), default.unwrap_or_default())
            })
            .collect();
        compare(
            &format!("arguments of <{}>", component.name()),
            document.components[component.name()].iter().map(String::as_str),
            real.iter().map(String::as_str),
        );
    }
}

#[test]
fn every_record_has_the_keys_that_are_documented() {
    let document = Document::read();
    let world = rich_site();
    let prepared = prepare(&world, &Options::default());
    let problems: Vec<_> = prepared.found.iter().collect();
    assert!(problems.is_empty(), "{problems:#?}");
    let mut check = Check::new(&document);
    let samples = sample_questions();
    compare(
        "sample questions of this test",
        FUNCTIONS.iter().map(|function| function.name),
        samples.iter().map(|(name, _)| *name),
    );
    for (name, questions) in samples {
        let answers = &document.questions[name].answer;
        for question in questions {
            check.value(&format!("{name}()"), &prepared.site.answer(&question), answers);
        }
    }
    check.knows_html = false;
    check_templates(&mut check);
    // A key that is always null proves nothing: the sample site must show each once.
    let keys = document
        .records
        .iter()
        .flat_map(|(record, keys)| keys.iter().map(move |(key, _)| format!("{record}.{key}")));
    let all: BTreeSet<String> = keys.collect();
    let unseen: Vec<_> = all.difference(&check.seen).collect();
    assert!(
        unseen.is_empty(),
        "no value of the sample site shows {unseen:?}: take them out of docs/TEMPLATES.md or add them to the sample"
    );
}

/// What each page's template gets: replaces every template by one that prints it.
fn check_templates(check: &mut Check<'_>) {
    let document = check.document;
    let mut printing = rich_site();
    let mut asking = rich_site();
    for (name, template) in document
        .templates
        .iter()
        .filter(|(_, template)| template.is_page())
    {
        let own = template.gets.iter().map(|(variable, _)| variable.as_str());
        let entries: Vec<String> = own
            .chain(["page", "site"])
            .map(|variable| format!("\"{variable}\": {variable}"))
            .collect();
        let text = format!("{name} {{{{ {{{}}} | json }}}}", entries.join(", "));
        printing.write(&format!("templates/{name}"), text);
        asking.write(&format!("templates/{name}"), "{{ nothing_of_this_name }}");
    }
    let files = build(&printing);
    for (name, template) in document
        .templates
        .iter()
        .filter(|(_, template)| template.is_page())
    {
        let mut kinds = BTreeSet::new();
        for text in files.values() {
            let Some(json) = text.strip_prefix(&format!("{name} ")) else {
                continue;
            };
            let values: serde_json::Value = serde_json::from_str(json).expect("JSON");
            let values = Value::from_serializable(&values);
            let get = |variable: &str| values.get_from_path(variable).expect("a variable").clone();
            for (variable, kind) in &template.gets {
                check.value(&format!("`{variable}` of {name}"), &get(variable), kind);
            }
            check.value("page", &get("page"), &Type::Record("page".to_owned()));
            check.value("site", &get("site"), &Type::Record("site".to_owned()));
            kinds.insert(get("page").get_from_path("kind").expect("a kind").to_string());
        }
        assert_eq!(
            kinds,
            BTreeSet::from([template.kind.clone()]),
            "`page.kind` of {name}"
        );
    }
    for (name, variables) in available_variables(&asking) {
        let template = &document.templates[&name];
        compare(
            &format!("what {name} gets"),
            template
                .gets
                .iter()
                .map(|(variable, _)| variable.as_str())
                .chain(["page"]),
            variables
                .iter()
                .map(String::as_str)
                .filter(|name| *name != "site"),
        );
    }
}

/// The variables of each template, as the engine names them where one is missing.
fn available_variables(world: &MemoryWorld) -> BTreeMap<String, Vec<String>> {
    let (_, found) = build_in_memory(world, &Options::default());
    let mut variables = BTreeMap::new();
    for problem in found.iter() {
        let file = &problem.labels.first().expect("a place").file;
        let list = problem
            .help
            .iter()
            .find_map(|help| help.strip_prefix("available variables: "))
            .unwrap_or_else(|| panic!("{problem:#?}"));
        let names = list
            .trim_end_matches('.')
            .split(", ")
            .map(str::to_owned)
            .collect();
        variables.insert(file.below("templates").expect("a template").to_owned(), names);
    }
    assert!(variables.len() > 10, "{variables:?}");
    variables
}

#[test]
fn every_example_can_be_used() {
    let document = Document::read();
    assert!(
        document.examples.len() > 20,
        "{} examples",
        document.examples.len()
    );
    for example in &document.examples {
        let mut world = rich_site();
        // An example without a file's name may stand on any page; an article has the most to show.
        let (file, text) = match example.file() {
            Some(file) => (file.to_owned(), example.text.clone()),
            None => (
                "templates/article.html".to_owned(),
                format!(
                    "{{% extends \"builtin/article.html\" %}}{{% block main %}}{}{{% endblock %}}",
                    example.text
                ),
            ),
        };
        world.write(&file, text);
        let (files, found) = build_in_memory(&world, &Options::default());
        let problems: Vec<_> = found.iter().collect();
        assert!(
            files.is_some() && problems.is_empty(),
            "the example in line {} of docs/TEMPLATES.md: {problems:#?}",
            example.line
        );
    }
}

#[test]
fn links_within_the_document_lead_somewhere() {
    let document = Document::read();
    for (line, anchor) in &document.links {
        assert!(
            document.anchors.contains(anchor),
            "line {line} of docs/TEMPLATES.md links to `#{anchor}`, which no heading has"
        );
    }
}
