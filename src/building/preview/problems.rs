//! Problems: all that is wrong with a site at a time, kept by where it comes from, so that what one
//! change mends or breaks can be put in place alone.

use std::collections::BTreeMap;

use crate::building::pipeline::{fold_render_problems, judge};
use crate::ground::diagnostic::{Diagnostic, Diagnostics};
use crate::ground::path::{SourcePath, Url};
use crate::meaning::site::Site;
use crate::pages::plan::Plan;

/// What is wrong, by where it comes from.
#[derive(Debug, Default)]
pub struct Problems {
    /// What discovery found.
    pub discovered: Diagnostics,
    /// What reading found, by file.
    read: BTreeMap<SourcePath, Diagnostics>,
    /// What was found in the templates.
    pub templates: Diagnostics,
    /// What is wrong with the site as a whole: its index, its plan, its links.
    pub whole: Diagnostics,
    /// Pages that cannot be rendered.
    pages: BTreeMap<Url, Diagnostic>,
}

impl Problems {
    /// Takes what reading the whole site found.
    pub fn read_all(&mut self, found: Diagnostics) {
        self.read.clear();
        for problem in found.iter() {
            let file = problem.labels.first().map(|label| label.file.clone());
            let file = file.unwrap_or_else(SourcePath::root);
            self.read.entry(file).or_default().push(problem.clone());
        }
    }

    /// Takes what reading a file found, in place of what was known of it.
    pub fn read(&mut self, file: &SourcePath, found: Diagnostics) {
        match found.is_empty() {
            true => self.read.remove(file),
            false => self.read.insert(file.clone(), found),
        };
    }

    /// Takes what came of rendering a page.
    pub fn rendered(&mut self, url: &Url, problem: Option<Diagnostic>) {
        match problem {
            Some(problem) => self.pages.insert(url.clone(), problem),
            None => self.pages.remove(url),
        };
    }

    /// Forgets pages that are not planned any more.
    pub fn retain(&mut self, is_planned: impl Fn(&Url) -> bool) {
        self.pages.retain(|url, _| is_planned(url));
    }

    /// Everything, as a build of the same sources would say it. `pictures` is what is wrong with those.
    pub fn all(&self, plan: &Plan, site: &Site, pictures: Diagnostics) -> Diagnostics {
        let mut found = self.discovered.clone();
        for problems in self.read.values() {
            found.extend(problems.clone());
        }
        found.extend(self.templates.clone());
        found.extend(self.whole.clone());
        found.extend(pictures);
        let pages = self.pages.iter();
        let pages = pages.filter_map(|(url, problem)| Some((plan.page(url)?, problem.clone())));
        fold_render_problems(pages.collect(), &mut found);
        judge(found, site)
    }
}
