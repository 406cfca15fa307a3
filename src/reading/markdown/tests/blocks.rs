//! Paragraphs, headings, quotes, lists, code, tables, footnotes.

use super::check;

#[test]
fn paragraphs_with_a_label() {
    check(
        "**Why it matters:** It is large.",
        "<p class=\"labelled\"><strong>Why it matters:</strong> It is large.</p>",
    );
    check(
        "**What’s next**: more\n\n- **A:** b",
        "<p class=\"labelled\"><strong>What’s next</strong>: more</p>\n<ul>\n<li><strong>A:</strong> b</li>\n</ul>",
    );
    check(
        "**What's \"next\":** *more*",
        "<p class=\"labelled\"><strong>What’s “next”:</strong> <em>more</em></p>",
    );
    check("**A:**", "<p><strong>A:</strong></p>");
    check("**A** b: c", "<p><strong>A</strong> b: c</p>");
    check("a **b:** c", "<p>a <strong>b:</strong> c</p>");
}

#[test]
fn paragraphs_and_breaks() {
    check("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>");
    check("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>");
    check(
        "a & b < c > \"d\" 'e' &copy; &#x41; \\*f\\*",
        "<p>a &amp; b &lt; c &gt; “d” ‘e’ © A *f*</p>",
    );
    check("", "");
    check("{{ page }} {% if x %}", "<p>{{ page }} {% if x %}</p>");
    check("a\u{1}b\u{fffe}c", "<p>abc</p>");
    check("***", "<hr>");
    check("a\r\nb\r\n", "<p>a\nb</p>");
}

#[test]
fn headings() {
    check(
        "## What's next?\n\n## What's next?",
        "<h2 id=\"whats-next\">What’s next?</h2>\n<h2 id=\"whats-next-1\">What’s next?</h2>",
    );
    check(
        "# One\n\n## Two\n\n###### Six",
        "<h2 id=\"one\">One</h2>\n<h3 id=\"two\">Two</h3>\n<h6 id=\"six\">Six</h6>",
    );
    check(
        "### Only *three* `x`",
        "<h3 id=\"only-three-x\">Only <em>three</em> <code>x</code></h3>",
    );
    check(
        "Set\n===\n\ntwo\n---",
        "<h2 id=\"set\">Set</h2>\n<h3 id=\"two\">two</h3>",
    );
    check(
        "## A {#own}\n\n## B {#own .c}",
        "<h2 id=\"own\">A</h2>\n<h2 id=\"own-1\">B</h2>",
    );
    check(
        "## Größe 日本\n\n## 🚀\n\n## fn-1",
        "<h2 id=\"größe-日本\">Größe 日本</h2>\n<h2 id=\"section\">🚀</h2>\n<h2 id=\"section-fn-1\">fn-1</h2>",
    );
    check(
        "## [a](b.md) & c",
        "<h2 id=\"a--c\"><a href=\"⟦href:b.md⟧\">a</a> &amp; c</h2>",
    );
    check("##", "<h2 id=\"section\"></h2>");
    check("## a\n\n#### b", "<h2 id=\"a\">a</h2>\n<h4 id=\"b\">b</h4>");
}

#[test]
fn quotes_and_alerts() {
    check("> a\n>\n> b", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>");
    check(
        "> [!NOTE]\n> a",
        "<div class=\"alert alert-note\" role=\"note\"><p class=\"alert-title\">Note</p>\n<p>a</p>\n</div>",
    );
    check(
        "> [!WARNING]\n> a\n\n> [!TIP]\n> b",
        r#"<div class="alert alert-warning" role="note"><p class="alert-title">Warning</p>
<p>a</p>
</div>
<div class="alert alert-tip" role="note"><p class="alert-title">Tip</p>
<p>b</p>
</div>"#,
    );
    check(
        "> [!OTHER]\n> a",
        "<blockquote>\n<p>[!OTHER]\na</p>\n</blockquote>",
    );
}

#[test]
fn lists() {
    check("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    check(
        "- a\n\n- b",
        "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>",
    );
    check(
        "3. a\n4. b\n   - c",
        r#"<ol start="3">
<li>a</li>
<li>b
<ul>
<li>c</li>
</ul>
</li>
</ol>"#,
    );
    check(
        "- [ ] a\n- [x] b",
        r#"<ul>
<li class="task"><input type="checkbox" disabled aria-label="to do"> a</li>
<li class="task"><input type="checkbox" checked disabled aria-label="done"> b</li>
</ul>"#,
    );
    check(
        "- [x] a\n\n- b",
        r#"<ul>
<li class="task">
<p><input type="checkbox" checked disabled aria-label="done"> a</p>
</li>
<li>
<p>b</p>
</li>
</ul>"#,
    );
    check(
        "1) a\n\n       code",
        r#"<ol>
<li>
<p>a</p>
<pre tabindex="0"><code>code</code></pre>
</li>
</ol>"#,
    );
}

#[test]
fn code() {
    check(
        "```rust,ignore\nlet x = \"<&>\";\n```",
        "<pre tabindex=\"0\"><code class=\"language-rust\">let x = &quot;&lt;&amp;&gt;&quot;;\n</code></pre>",
    );
    check("    a\n\n    b", "<pre tabindex=\"0\"><code>a\n\nb</code></pre>");
    check(
        "```c++ x\n```",
        "<pre tabindex=\"0\"><code class=\"language-c++\"></code></pre>",
    );
    check(
        "```\"><script>\nx\n```",
        "<pre tabindex=\"0\"><code class=\"language-script\">x\n</code></pre>",
    );
    check(
        "a `b < c` ``d ` e``",
        "<p>a <code>b &lt; c</code> <code>d ` e</code></p>",
    );
    check("`{{ x }}`", "<p><code>{{ x }}</code></p>");
}

#[test]
fn tables() {
    check(
        "|a|b|c|d|\n|---|:--|:-:|--:|\n|1|2|3|4|",
        r#"<div class="table" role="group" tabindex="0" aria-label="Table"><table>
<thead>
<tr><th scope="col">a</th><th scope="col" class="align-left">b</th><th scope="col" class="align-center">c</th><th scope="col" class="align-right">d</th></tr>
</thead>
<tbody>
<tr><td>1</td><td class="align-left">2</td><td class="align-center">3</td><td class="align-right">4</td></tr>
</tbody>
</table></div>"#,
    );
    check(
        "a | b\n--|--\n`x\\|y` | [z](q.md)\n",
        r#"<div class="table" role="group" tabindex="0" aria-label="Table"><table>
<thead>
<tr><th scope="col">a</th><th scope="col">b</th></tr>
</thead>
<tbody>
<tr><td><code>x|y</code></td><td><a href="⟦href:q.md⟧">z</a></td></tr>
</tbody>
</table></div>"#,
    );
}

#[test]
fn footnotes() {
    check(
        "a[^x] b[^y] c[^x]\n\n[^y]: Y\n\n[^x]: X",
        r#"<p>a<sup><a id="fnref-1" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup> b<sup><a id="fnref-2" href="⟦#fn-2⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 2">2</a></sup> c<sup><a id="fnref-1-2" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup></p>
<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
<ol>
<li id="fn-1">
<p>X <a href="⟦#fnref-1⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a> <a href="⟦#fnref-1-2⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1-2">↩</a></p>
</li>
<li id="fn-2">
<p>Y <a href="⟦#fnref-2⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 2">↩</a></p>
</li>
</ol>
</section>"#,
    );
    check(
        "a[^1]\n\n[^1]: one[^2]\n\n[^2]: two[^1]",
        r#"<p>a<sup><a id="fnref-1" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup></p>
<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
<ol>
<li id="fn-1">
<p>one<sup><a id="fnref-2" href="⟦#fn-2⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 2">2</a></sup> <a href="⟦#fnref-1⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a> <a href="⟦#fnref-1-2⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1-2">↩</a></p>
</li>
<li id="fn-2">
<p>two<sup><a id="fnref-1-2" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup> <a href="⟦#fnref-2⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 2">↩</a></p>
</li>
</ol>
</section>"#,
    );
    check("a[^none] b\n\n[^unused]: u", "<p>a[^none] b</p>");
    check(
        "[a[^1]](b.md)\n\n[^1]: - x",
        r#"<p>[a<sup><a id="fnref-1" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup>](b.md)</p>
<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
<ol>
<li id="fn-1">
<ul>
<li>x</li>
</ul>
 <a href="⟦#fnref-1⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a></li>
</ol>
</section>"#,
    );
    check(
        "![a[^1]](b.png)\n\n[^1]: x",
        r#"<p>![a<sup><a id="fnref-1" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup>](b.png)</p>
<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
<ol>
<li id="fn-1">
<p>x <a href="⟦#fnref-1⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a></p>
</li>
</ol>
</section>"#,
    );
    check(
        "a[^1]\n\n[^1]: x\n[^1]: y",
        r#"<p>a<sup><a id="fnref-1" href="⟦#fn-1⟧" class="footnote-ref" role="doc-noteref" aria-label="Footnote 1">1</a></sup></p>
<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
<ol>
<li id="fn-1">
<p>x <a href="⟦#fnref-1⟧" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">↩</a></p>
</li>
</ol>
</section>"#,
    );
}
