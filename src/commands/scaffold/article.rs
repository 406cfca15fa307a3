//! `brief new article`: an article with its headline, its date and its permanent name.

use std::path::Path;

use jiff::Timestamp;

use super::{Written, write_new};
use crate::building::inputs::{self, read_config};
use crate::ground::date::{Day, Moment};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::{SourcePath, slug};
use crate::ground::text::one_line;
use crate::ground::world::World;
use crate::reading::config::Config;
use crate::reading::yaml::{flow_list, quoted};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewArticle {
    /// The headline.
    pub title: String,
    /// The moment that it is dated.
    pub now: Timestamp,
    /// A bare day instead.
    pub day: Option<Day>,
    /// Its part of the address, where the headline's will not do.
    pub slug: Option<String>,
    /// The companies it is about.
    pub companies: Vec<String>,
    /// Its topics.
    pub topics: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
}

/// Writes an article into `content/articles/`. The error is in words.
pub fn new_article(world: &dyn World, site: &Path, asked: &NewArticle) -> Result<Written, String> {
    let title = one_line(&asked.title);
    if title.is_empty() {
        return Err("the headline is empty\nhelp: brief new article \"Acme opens a plant\"".to_owned());
    }
    let wanted = asked.slug.as_deref().unwrap_or(&title);
    let own_slug = slug(wanted);
    if own_slug.is_empty() {
        return Err(format!(
            "`{wanted}` has no letter or digit that could stand in an address\nhelp: add `--slug some-name`"
        ));
    }
    // What is wrong with the settings is for the next build to say.
    let (config, _) = read_config(world, &mut Diagnostics::new());
    let (day, date) = match asked.day {
        Some(day) => (day, day.to_string()),
        None => {
            let second = asked.now.as_second();
            let minute = Timestamp::from_second(second - second.rem_euclid(60));
            let moment = Moment::at(minute.unwrap_or(asked.now), &config.zone);
            (moment.day, moment.rfc3339())
        }
    };
    let name = format!("{day}-{own_slug}");
    let path = SourcePath::new(&format!("content/articles/{name}.md"))
        .ok_or_else(|| format!("`{name}` cannot be the name of a file"))?;
    let mut advice = Vec::new();
    let mut text = format!(
        "---\ntitle: {}\ndate: {date}\nid: {}\n",
        quoted(&title),
        quoted(&name)
    );
    text.push_str(
        "# One or two sentences for lists and feeds. Without them the text begins there.\n# summary:\n",
    );
    if asked.companies.is_empty() {
        text.push_str("# Companies are found in the text. [Acme] means exactly these, [-Acme] all but that one, [] none.\n");
        text.push_str("# companies: []\n");
    } else {
        advice.extend(unknown(world, &config, &asked.companies));
        text.push_str(&format!("companies: {}\n", flow_list(&asked.companies)));
    }
    match asked.topics.is_empty() {
        true => text.push_str("# topics: []\n"),
        false => text.push_str(&format!("topics: {}\n", flow_list(&asked.topics))),
    }
    text.push_str(
        "# authors: []\n\
         # news, brief, analysis, opinion or interview\n\
         # kind: news\n\
         # 1 to 5; the highest of the day is its lead story\n\
         # importance: 3\n\
         # The report it rests on\n\
         # source: {name: \"\", url: \"\"}\n",
    );
    text.push_str(match asked.draft {
        true => "# Take this line out to publish it.\ndraft: true\n",
        false => "# Keeps it off the site until it is finished\n# draft: true\n",
    });
    text.push_str("---\n\n");
    write_new(site, &path, &text)?;
    advice
        .push("write its text below the second line of hyphens; `brief serve` shows it meanwhile".to_owned());
    Ok(Written { path, advice })
}

/// Companies that the register does not hold, with those that were perhaps meant.
fn unknown(world: &dyn World, config: &Config, names: &[String]) -> Vec<String> {
    let mut found = Diagnostics::new();
    let inputs = inputs::discover(world, &mut found);
    let (register, _) = inputs.read_companies(world, config, &mut found);
    if register.is_empty() {
        return Vec::new();
    }
    let unknown = names.iter().filter(|name| register.find(name).is_none());
    unknown
        .map(|name| match register.nearest(name)[..] {
            [nearest, ..] => format!("the register does not hold `{name}`; did you mean `{nearest}`?"),
            [] => format!("the register does not hold `{name}`; `brief new company` adds it"),
        })
        .collect()
}
