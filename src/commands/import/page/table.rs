//! Tables: those of figures get the form that Markdown can hold, those of old page layouts become plain blocks.

use dom_query::{Document, NodeRef};

use super::dom::{all, attribute, name, text, unwrap};

/// The widest table that is kept, in columns, and how far a cell spans at most.
const MAX_COLUMNS: usize = 40;

/// The longest cell of a table that holds figures, in characters.
const LONG_CELL: usize = 220;

/// Turns tables that only place things on the page into blocks, so that their text can be found.
pub fn unfold_layout(document: &Document) {
    // From the innermost outwards, since a table that holds another is one of these.
    for table in all(document, "table").into_iter().rev() {
        if is_layout(&table) {
            for part in table.descendants() {
                if matches!(
                    name(&part).as_str(),
                    "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption" | "colgroup"
                ) && of(&part, &table)
                {
                    part.rename("div");
                }
            }
            table.rename("div");
        }
    }
}

/// Whether a part belongs to this table and to none within.
fn of(part: &NodeRef<'_>, table: &NodeRef<'_>) -> bool {
    let own = part
        .ancestors(None)
        .into_iter()
        .find(|above| name(above) == "table");
    own.is_some_and(|own| own.id == table.id)
}

fn is_layout(table: &NodeRef<'_>) -> bool {
    let below: Vec<NodeRef<'_>> = table
        .descendants()
        .into_iter()
        .filter(NodeRef::is_element)
        .collect();
    let has = |wanted: &[&str]| below.iter().any(|part| wanted.contains(&name(part).as_str()));
    if has(&["table", "h1", "article"]) || attribute(table, "role").as_deref() == Some("presentation") {
        return true;
    }
    if has(&["th", "caption", "thead"]) {
        return false;
    }
    let rows = rows(table);
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_long = |cell: &Cell<'_>| {
        cell.node
            .is_some_and(|node| text(&node).chars().count() > LONG_CELL)
    };
    rows.len() < 2 || columns < 2 || rows.iter().flatten().any(is_long)
}

/// One place of the grid; empty where a cell spans it.
struct Cell<'d> {
    node: Option<NodeRef<'d>>,
    is_head: bool,
}

/// The rows of a table, with the places that cells span.
fn rows<'d>(table: &NodeRef<'d>) -> Vec<Vec<Cell<'d>>> {
    let mut rows = Vec::new();
    // How many more rows each column is taken by a cell above.
    let mut taken: Vec<usize> = Vec::new();
    for row in table
        .descendants()
        .into_iter()
        .filter(|part| name(part) == "tr" && of(part, table))
    {
        let mut cells: Vec<Cell<'d>> = Vec::new();
        let fill = |cells: &mut Vec<Cell<'d>>, taken: &mut Vec<usize>| {
            while let Some(left) = taken.get_mut(cells.len()).filter(|left| **left > 0) {
                *left -= 1;
                cells.push(Cell {
                    node: None,
                    is_head: false,
                });
            }
        };
        for cell in row
            .children()
            .into_iter()
            .filter(|part| matches!(name(part).as_str(), "td" | "th"))
        {
            fill(&mut cells, &mut taken);
            let span = |key: &str| {
                let value = attribute(&cell, key).and_then(|value| value.parse::<usize>().ok());
                value.unwrap_or(1).clamp(1, MAX_COLUMNS)
            };
            let (across, down) = (span("colspan"), span("rowspan"));
            for at in 0..across {
                if cells.len() >= MAX_COLUMNS {
                    break;
                }
                let column = cells.len();
                if taken.len() <= column {
                    taken.resize(column + 1, 0);
                }
                taken[column] = down - 1;
                cells.push(Cell {
                    node: (at == 0).then_some(cell),
                    is_head: name(&cell) == "th",
                });
            }
        }
        fill(&mut cells, &mut taken);
        if !cells.is_empty() {
            rows.push(cells);
        }
    }
    rows
}

/// Gives every table one row of heads, rows of the same length, and its caption in a line before it.
pub fn square(document: &Document) {
    for table in all(document, "table") {
        let rows = rows(&table);
        let caption = table.children().into_iter().find(|part| name(part) == "caption");
        let caption = caption.map(|caption| caption.inner_html().to_string());
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let is_full = |column: usize| {
            rows.iter().any(|row| {
                let node = row.get(column).and_then(|cell| cell.node);
                node.is_some_and(|node| {
                    !text(&node).is_empty()
                        || node.descendants().into_iter().any(|below| name(&below) == "img")
                })
            })
        };
        let columns: Vec<usize> = (0..columns).filter(|&column| is_full(column)).collect();
        if columns.is_empty() {
            table.remove_from_parent();
            continue;
        }
        for head in table.descendants() {
            // Heads stand out by themselves.
            if matches!(name(&head).as_str(), "b" | "strong") {
                let cell = head
                    .ancestors(None)
                    .into_iter()
                    .find(|above| matches!(name(above).as_str(), "td" | "th"));
                let is_first = rows.first().is_some_and(|row| {
                    row.iter()
                        .filter_map(|own| own.node)
                        .any(|own| cell.is_some_and(|cell| cell.id == own.id))
                });
                if is_first {
                    unwrap(&head);
                }
            }
        }
        let has_heads = rows.first().is_some_and(|row| has_head_row(row));
        let mut html = String::new();
        if let Some(caption) = caption.filter(|caption| !caption.trim().is_empty()) {
            html.push_str(&format!("<p><em>{caption}</em></p>"));
        }
        html.push_str("<table><thead>");
        let mut body = rows.iter();
        let head: &[Cell<'_>] = match has_heads {
            true => body.next().map_or(&[], Vec::as_slice),
            false => &[],
        };
        html.push_str(&row_of(head, &columns, "th"));
        html.push_str("</thead><tbody>");
        for row in body {
            html.push_str(&row_of(row, &columns, "td"));
        }
        html.push_str("</tbody></table>");
        table.replace_with_html(html);
    }
}

/// Heads are marked; else a first row without any digit stands over rows with some.
fn has_head_row(row: &[Cell<'_>]) -> bool {
    let is_in_head = row.iter().filter_map(|cell| cell.node).any(|cell| {
        cell.ancestors(Some(2))
            .into_iter()
            .any(|above| name(&above) == "thead")
    });
    let marked = row.iter().filter(|cell| cell.is_head).count();
    let has_digit = |cell: &Cell<'_>| {
        cell.node
            .is_some_and(|node| text(&node).chars().any(|c| c.is_ascii_digit()))
    };
    is_in_head || marked >= 2 || marked == row.len() || marked == 0 && !row.iter().any(has_digit)
}

fn row_of(row: &[Cell<'_>], columns: &[usize], tag: &str) -> String {
    let mut html = "<tr>".to_owned();
    for &column in columns {
        let inner = row
            .get(column)
            .and_then(|cell| cell.node)
            .map(|node| node.inner_html().to_string());
        html.push_str(&format!(
            "<{tag}>{}</{tag}>",
            inner.as_deref().unwrap_or_default()
        ));
    }
    html.push_str("</tr>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::import::foreign::html::to_markdown;

    fn check(html: &str, expected: &str) {
        let document = Document::from(html);
        unfold_layout(&document);
        square(&document);
        let body = document.body().expect("a body");
        assert_eq!(to_markdown(&body.inner_html()).0.trim(), expected, "{html}");
    }

    #[test]
    fn tables_of_figures_stay_tables() {
        check(
            "<table><caption>Sales</caption><tr><th>Year<th>Sum</tr><tr><th>2024<td>1</tr><tr><td>2025<td>2</tr></table>",
            "*Sales*\n\n| Year | Sum |\n| ---- | --- |\n| 2024 | 1   |\n| 2025 | 2   |",
        );
        check(
            "<table><tr><td>Staff<td>400</tr><tr><td>Halls<td>2</tr></table>",
            "|       |     |\n| ----- | --- |\n| Staff | 400 |\n| Halls | 2   |",
        );
        check(
            "<table><tr><th colspan=2>A<th>B</tr><tr><td rowspan=2>1<td>2<td>3<tr><td>4<td></table>",
            "| A |   | B |\n| - | - | - |\n| 1 | 2 | 3 |\n|   | 4 |   |",
        );
    }

    #[test]
    fn tables_that_place_things_become_blocks() {
        check("<table><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb");
        check(
            "<table><tr><td>x<tr><td><table><tr><th>A<th>B<tr><td>1<td>2</table></table>",
            "x\n\n| A | B |\n| - | - |\n| 1 | 2 |",
        );
    }

    #[test]
    fn spans_are_bounded() {
        check(
            "<table><tr><th rowspan=99999999>A<th colspan=99999999>B<tr><td>1</table>",
            "| A | B |\n| - | - |\n|   | 1 |",
        );
    }
}
