//! `brief new site`: a small working briefing to start from.

use std::fs;
use std::io;
use std::path::Path;

use crate::ground::world::describe;

/// The files of a new site, by path. `{today}` stands for the day.
const FILES: [(&str, &str); 6] = [
    ("brief.yaml", include_str!("brief.yaml")),
    ("content/companies.yaml", include_str!("companies.yaml")),
    ("content/articles/{today}-welcome.md", include_str!("welcome.md")),
    (
        "content/articles/{today}-how-companies-are-tagged.md",
        include_str!("tagging.md"),
    ),
    ("content/pages/about.md", include_str!("about.md")),
    (".gitignore", include_str!("gitignore")),
];

/// Writes a new site into a folder that is missing or empty, and says what to do next. `today` is
/// the date of its articles. The error is in words.
pub fn new_site(folder: &Path, today: &str) -> Result<String, String> {
    let is_empty = match fs::read_dir(folder) {
        // `git init` may have come first.
        Ok(mut entries) => entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == ".git")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => {
            return Err(format!(
                "`{}` cannot be read: {}",
                folder.display(),
                describe(&error)
            ));
        }
    };
    if !is_empty {
        return Err(format!("`{}` is not empty; name a new folder", folder.display()));
    }
    for (name, text) in FILES {
        let path = folder.join(name.replace("{today}", today));
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, text.replace("{today}", today)));
        written.map_err(|error| format!("`{}` cannot be written: {}", path.display(), describe(&error)))?;
    }
    let shown = folder.display();
    Ok(format!(
        "a new briefing stands in {shown}\n\nnext:\n  cd {shown}\n  brief serve --open\n"
    ))
}
