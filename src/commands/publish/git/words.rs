//! What went wrong in `git`, and the next step.

use super::super::shipment::Failure;

/// What `git` says, in parts, and what to do then.
const TROUBLES: [(&[&str], &str, &str); 9] = [
    (
        &["Permission denied (publickey", "Host key verification failed"],
        "the repository does not let you in by SSH",
        "try `git ls-remote REPOSITORY` by hand: the key must be known to the host, and the host to your `known_hosts`",
    ),
    (
        &[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "terminal prompts disabled",
            "HTTP 401",
            "error: 401",
        ],
        "the repository asks for a password and did not get a right one",
        "set up a credential helper for git, or use the SSH address of the repository",
    ),
    (
        &[
            "The requested URL returned error: 403",
            "Permission to ",
            "denied to ",
        ],
        "the repository does not let you write",
        "ask its owner for the right to write, or use other credentials",
    ),
    (
        &[
            "Could not resolve host",
            "Couldn't resolve host",
            "Name or service not known",
            "Temporary failure in name resolution",
        ],
        "there is no such host, or no way to it",
        "correct `to` in brief.yaml, or see whether the computer is online",
    ),
    (
        &[
            "Connection refused",
            "Connection timed out",
            "Network is unreachable",
            "Failed to connect",
        ],
        "the host does not answer",
        "try again later, or see whether the computer is online",
    ),
    (
        &[
            "does not appear to be a git repository",
            "Repository not found",
            "repository not found",
            "does not exist",
            "not found",
        ],
        "there is no such repository, or you may not see it",
        "correct `to` in brief.yaml; brief makes the branch, but not the repository",
    ),
    (
        &["protected branch", "pre-receive hook declined", "GH006"],
        "the repository refuses changes to this branch",
        "name another `branch`, or lift the protection of this one",
    ),
    (
        &[
            "insufficient permission",
            "Permission denied",
            "unable to create temporary file",
            "Read-only file system",
        ],
        "the repository cannot be written to",
        "see who owns its files",
    ),
    (
        &["No space left", "Disk quota exceeded", "quota"],
        "the disk of the repository, or of this computer, is full",
        "make room, and run it again",
    ),
];

/// Whether a push was refused because the branch is another one than it was a moment ago.
pub fn is_overtaken(said: &str) -> bool {
    ["stale info", "fetch first", "non-fast-forward"]
        .iter()
        .any(|words| said.contains(words))
        || (said.contains("cannot lock ref") && said.contains("but expected"))
}

/// The failure that some words of `git` mean.
pub fn failure(said: &str) -> Failure {
    let said = &without_addresses(said);
    let known = TROUBLES
        .iter()
        .find(|(parts, _, _)| parts.iter().any(|part| said.contains(part)));
    let said = own_words(said);
    match known {
        Some((_, message, help)) => Failure::usage(format!("{message} (git says: {said})")).help(*help),
        None => Failure::usage(format!("git says: {said}")),
    }
}

/// The lines that say something, as one. A password in an address is left out.
fn own_words(said: &str) -> String {
    let lines = said.lines().map(|line| {
        let line = line.trim();
        let line = ["fatal: ", "error: ", "remote: "]
            .iter()
            .find_map(|start| line.strip_prefix(start))
            .unwrap_or(line);
        line.trim_end_matches('.').to_owned()
    });
    let is_telling = |line: &String| {
        !line.is_empty()
            && !line.starts_with("hint:")
            && !line.starts_with("warning:")
            && !line.starts_with("Please make sure")
            && !line.starts_with("and the repository exists")
    };
    let lines: Vec<String> = lines.filter(is_telling).take(4).collect();
    lines.join("; ")
}

/// Takes addresses out, of which a part may be a password or a word that is looked for: `/quota-news.git`.
fn without_addresses(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, address) = rest.split_at(at);
        let scheme = before
            .rfind(|letter: char| !letter.is_ascii_alphanumeric())
            .map_or(0, |at| at + 1);
        clean.push_str(&before[..scheme]);
        clean.push_str("the address");
        let end = address
            .find(|letter: char| matches!(letter, '\'' | '"') || letter.is_whitespace())
            .unwrap_or(address.len());
        rest = &address[end..];
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_goes_with_what_went_wrong() {
        let check = |said: &str, message: &str| {
            let failure = failure(said);
            assert_eq!(failure.message, message, "{said}");
            assert!(!failure.message.contains("secret"));
        };
        check(
            "git@example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n",
            "the repository does not let you in by SSH (git says: git@example.org: Permission denied (publickey); Could not read from remote repository)",
        );
        check(
            "fatal: Authentication failed for 'https://me:secret@example.org/site.git/'\n",
            "the repository asks for a password and did not get a right one (git says: Authentication failed for 'the address')",
        );
        check("fatal: something else\n", "git says: something else");
        check(
            "fatal: unable to access 'https://example.org/quota-news.git/': something else\n",
            "git says: unable to access 'the address': something else",
        );
    }
}
