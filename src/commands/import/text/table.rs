//! Tables as they are pasted: cells divided by tabs, or columns by spaces.
//!
//! Signs that web pages put into cells of their own, a currency before a number and a bracket behind
//! it, go back to their number; columns that hold nothing go.

use super::escape;
use super::line::Line;
use super::phrase::squeeze;

/// The rows of a table, all equally long.
pub type Rows = Vec<Vec<String>>;

/// The most columns.
const MAX_COLUMNS: usize = 40;

/// The table that begins with the first of the lines, and how many lines it takes. Without one, the
/// number of lines among which no other has to be looked for.
pub fn take(lines: &[Line]) -> Result<(Rows, usize), usize> {
    match by(lines, tabbed) {
        Err(0) => by(lines, spaced).and_then(|(rows, taken)| {
            let is_table = rows.len() >= 3 && is_even(&rows);
            if is_table { Ok((rows, taken)) } else { Err(taken) }
        }),
        other => other,
    }
}

fn by(lines: &[Line], cells: fn(&Line) -> Option<Vec<String>>) -> Result<(Rows, usize), usize> {
    let mut rows: Rows = Vec::new();
    for line in lines {
        match cells(line) {
            Some(row) if row.len() <= MAX_COLUMNS => rows.push(row),
            _ => break,
        }
    }
    if rows
        .iter()
        .flatten()
        .any(|cell| is_sign_before(cell) || is_sign_behind(cell))
    {
        rows = rows.into_iter().map(merged).collect();
    }
    let taken = rows.len();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    if taken < 2 {
        return Err(taken);
    }
    for row in &mut rows {
        row.resize(columns, String::new());
    }
    let is_used = |column: usize| {
        rows.iter()
            .any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
    };
    let used: Vec<bool> = (0..columns).map(is_used).collect();
    for row in &mut rows {
        let mut column = 0;
        row.retain(|_| {
            column += 1;
            used.get(column - 1).copied().unwrap_or_default()
        });
    }
    let is_table = rows.first().is_some_and(|row| row.len() >= 2);
    if is_table { Ok((rows, taken)) } else { Err(taken) }
}

fn tabbed(line: &Line) -> Option<Vec<String>> {
    if !line.text.contains('\t') {
        return None;
    }
    let mut cells: Vec<String> = line.text.split('\t').map(squeeze).collect();
    // The first cell is empty where tabs begin the line.
    if line.indent >= 4 {
        cells.insert(0, String::new());
    }
    Some(cells)
}

/// Columns that at least three spaces divide.
fn spaced(line: &Line) -> Option<Vec<String>> {
    if line.text.contains('\t') || !line.text.contains("   ") || line.text.len() > 400 {
        return None;
    }
    let mut cells: Vec<String> = line
        .text
        .split("   ")
        .map(squeeze)
        .filter(|cell| !cell.is_empty())
        .collect();
    if line.indent >= 8 {
        cells.insert(0, String::new());
    }
    (cells.len() >= 2).then_some(cells)
}

fn is_even(rows: &Rows) -> bool {
    rows.iter()
        .all(|row| row.iter().skip(1).all(|cell| !cell.is_empty()))
}

/// Whether a cell holds no more than the sign in front of a number or behind one.
fn is_sign_before(cell: &str) -> bool {
    matches!(cell.trim_start_matches('('), "$" | "€" | "£" | "¥" | "US$")
}

fn is_sign_behind(cell: &str) -> bool {
    matches!(cell, ")" | "%" | ")%" | "%)" | ") %")
}

/// Puts signs that stand in cells of their own to their numbers. The empty cells of such a row are there for
/// the signs alone, and go.
fn merged(row: Vec<String>) -> Vec<String> {
    let mut cells: Vec<String> = Vec::with_capacity(row.len());
    let mut sign = String::new();
    for cell in row {
        let last = cells
            .last_mut()
            .filter(|last| last.ends_with(|end: char| end.is_ascii_digit() || end == ')'));
        if is_sign_before(&cell) {
            sign.push_str(&cell);
        } else if let Some(last) = last.filter(|_| is_sign_behind(&cell)) {
            last.push_str(&cell);
        } else if !cell.is_empty() {
            cells.push(std::mem::take(&mut sign) + &cell);
        } else if cells.is_empty() {
            cells.push(cell);
        }
    }
    if !sign.is_empty() {
        cells.push(sign);
    }
    cells
}

/// The table as Markdown, its first row as the head.
pub fn markdown(rows: &Rows) -> String {
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        out.push('|');
        for cell in row {
            out.push(' ');
            out.push_str(&escape::cell(cell));
            out.push_str(" |");
        }
        if index == 0 {
            out.push_str("\n|");
            out.push_str(&" --- |".repeat(row.len()));
        }
        if index + 1 < rows.len() {
            out.push('\n');
        }
    }
    out
}

/// How many lines a table takes that is Markdown already; 0 if it is none.
pub fn written(lines: &[Line]) -> usize {
    let is_rule = lines.get(1).is_some_and(|line| {
        line.text.starts_with('|')
            && line.text.contains("--")
            && line.text.chars().all(|character| " |:-".contains(character))
    });
    let is_row = |line: &&Line| line.text.starts_with('|') && line.text.len() > 1;
    if !is_rule || !lines.first().is_some_and(|line| line.text.starts_with('|')) {
        return 0;
    }
    lines.iter().take_while(is_row).count()
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = take(&lines(text).0);
        assert_eq!(
            found.ok().map(|(rows, _)| markdown(&rows)).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn tables_as_they_are_pasted() {
        check(
            "Company\tShare\nAcme\t5%\nBolt|Nut\t3%",
            Some("| Company | Share |\n| --- | --- |\n| Acme | 5% |\n| Bolt\\|Nut | 3% |"),
        );
        check(
            "\t2025\t\t2024\nSales\t$\t5\t$\t4\nLoss\t\t(3\t)\t1",
            Some("|  | 2025 | 2024 |\n| --- | --- | --- |\n| Sales | $5 | $4 |\n| Loss | (3) | 1 |"),
        );
        check(
            "Name   Share\nAcme      5%\nBolt     3%",
            Some("| Name | Share |\n| --- | --- |\n| Acme | 5% |\n| Bolt | 3% |"),
        );
        check("one\ttab only", None);
        check("plain\ntext", None);
    }
}
