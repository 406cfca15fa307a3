//! `brief new edition`: an edition to arrange by hand, or the order of a day or week as it is now,
//! written down.

use std::path::Path;

use super::{Written, write_new};
use crate::building::pipeline::{Options, prepare};
use crate::ground::date::Period;
use crate::ground::path::SourcePath;
use crate::ground::world::World;
use crate::meaning::edition::{self, Story};
use crate::meaning::site::Site;
use crate::reading::yaml::quoted;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewEdition {
    /// The day or week.
    pub period: Period,
    /// Whether the order and the headlines of now are written down.
    pub fix: bool,
    /// How the site is looked at.
    pub options: Options,
}

/// Writes an edition into `content/editions/`. The error is in words.
pub fn new_edition(world: &dyn World, site: &Path, asked: &NewEdition) -> Result<Written, String> {
    let period = asked.period;
    let path = SourcePath::new(&format!("content/editions/{period}.md"))
        .ok_or_else(|| format!("`{period}` cannot be the name of a file"))?;
    if world.stamp(&path).is_some() {
        return Err(format!(
            "`{path}` is there already\nhelp: arrange the edition there, or move that file away first"
        ));
    }
    let prepared = prepare(world, &asked.options);
    if asked.fix && prepared.found.has_errors() {
        return Err("there are mistakes in the site, so its order may not be the right one\nhelp: `brief build` shows them".to_owned());
    }
    let edition = edition::edition(&prepared.site, period);
    let stories = edition.as_ref().map_or(&[][..], |edition| &edition.stories);
    if asked.fix && stories.is_empty() {
        return Err(format!(
            "there is no article in {period} whose order could be written down"
        ));
    }
    let text = match asked.fix {
        true => fixed(&prepared.site, &path, stories),
        false => open(&prepared.site, &path, stories),
    };
    write_new(site, &path, &text)?;
    let advice = match asked.fix {
        true => "the edition stays as it is now; articles of that time that come later follow at its end",
        false => "take the number signs away from what you want to say; `brief serve` shows it meanwhile",
    };
    Ok(Written {
        path,
        advice: vec![advice.to_owned()],
    })
}

/// The edition as it is, in force.
fn fixed(site: &Site, path: &SourcePath, stories: &[Story<'_>]) -> String {
    let mut text = "---\n# title: \"\"\n# summary: \"\"\n# Written down as it was: the first story is the lead.\narticles:\n".to_owned();
    for story in stories {
        let summary = site.summary(story.article);
        text.push_str(&format!(
            "  - path: {}\n    headline: {}\n    # note: \"\"\n",
            quoted(&path.path_to(&summary.path)),
            quoted(&summary.title)
        ));
    }
    text.push_str("# exclude: []\n---\n");
    text
}

/// The edition as it is, to be changed.
fn open(site: &Site, path: &SourcePath, stories: &[Story<'_>]) -> String {
    let mut text = "---\n# title: \"\"\n# One or two sentences\n# summary: \"\"\n# The lead story, if it is not the most important one\n# lead:\n\
         # Stories in the order you want; the others follow by importance and time.\n"
        .to_owned();
    if stories.is_empty() {
        text.push_str(
            "# articles:\n#   - path: ../articles/name.md\n#     headline: \"\"\n#     note: \"\"\n",
        );
    } else {
        text.push_str("# articles:\n");
        for story in stories {
            let summary = site.summary(story.article);
            text.push_str(&format!("#   - {}\n", quoted(&path.path_to(&summary.path))));
        }
        text.push_str("# or, with another headline and a remark: {path: ../articles/name.md, headline: \"\", note: \"\"}\n");
    }
    text.push_str("# Stories left out\n# exclude: []\n---\n\n");
    text
}
