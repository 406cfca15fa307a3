//! Settings written as programs, which brief does not run: only plain values are read out of them.

/// The text that a name is given in a program: `input: "src"`, `site = 'https://…'`.
pub fn text_of(program: &str, name: &str) -> Option<String> {
    values_of(program, name).into_iter().next()
}

/// All texts that a name is given.
pub fn values_of(program: &str, name: &str) -> Vec<String> {
    let mut values = Vec::new();
    for (at, _) in program.match_indices(name) {
        let before = program[..at].chars().next_back();
        let is_whole =
            before.is_none_or(|before| !before.is_alphanumeric() && before != '_' && before != '$');
        let line_start = program[..at].rfind('\n').map_or(0, |at| at + 1);
        let is_comment = program[line_start..at].trim_start().starts_with("//");
        let rest = program[at + name.len()..]
            .trim_start_matches(['"', '\''])
            .trim_start();
        let Some(rest) = rest.strip_prefix([':', '=']).filter(|_| is_whole && !is_comment) else {
            continue;
        };
        let rest = rest.trim_start();
        let Some(quote @ ('"' | '\'' | '`')) = rest.chars().next() else {
            continue;
        };
        let Some(end) = rest[1..].find(quote) else {
            continue;
        };
        let value = &rest[1..=end];
        if !value.contains("${") {
            values.push(value.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_alone_are_read() {
        let program = "// site: 'no'\nexport default {\n  site: 'https://example.org',\n  \"base\": \"/blog\",\n  mysite: 'x', input: env.IN, out: `a${b}` }";
        assert_eq!(text_of(program, "site").as_deref(), Some("https://example.org"));
        assert_eq!(text_of(program, "base").as_deref(), Some("/blog"));
        assert_eq!(text_of(program, "input"), None);
        assert_eq!(text_of(program, "out"), None);
    }
}
