//! Emphasis, links, bare addresses, images.

use super::check;

#[test]
fn emphasis() {
    check(
        "*a* **b** ~~c~~ ***d*** ~e~",
        "<p><em>a</em> <strong>b</strong> <del>c</del> <em><strong>d</strong></em> <del>e</del></p>",
    );
    check("a*b*c a_b_c", "<p>a<em>b</em>c a_b_c</p>");
}

#[test]
fn links_of_the_site_are_places() {
    check(
        "[a](../x.md#y \"T & 't'\")",
        "<p><a href=\"⟦href:../x.md#y⟧\" title=\"T &amp; &#39;t&#39;\">a</a></p>",
    );
    check(
        "[a](/x/) [b](#c) [d](?q=1) [e]()",
        "<p><a href=\"⟦href:/x/⟧\">a</a> <a href=\"⟦href:#c⟧\">b</a> <a href=\"⟦href:?q=1⟧\">d</a> <a href=\"⟦href:⟧\">e</a></p>",
    );
    check(
        "[a][r]\n\n[r]: x.md 'T'",
        "<p><a href=\"⟦href:x.md⟧\" title=\"T\">a</a></p>",
    );
    check(
        "[a](<x y.md>) [b](x%20y.md) [c](&auml;.md) [d](x\\_y.md)",
        "<p><a href=\"⟦href:x y.md⟧\">a</a> <a href=\"⟦href:x%20y.md⟧\">b</a> <a href=\"⟦href:ä.md⟧\">c</a> <a href=\"⟦href:x_y.md⟧\">d</a></p>",
    );
    check(
        "[*a* `b`](c.md)",
        "<p><a href=\"⟦href:c.md⟧\"><em>a</em> <code>b</code></a></p>",
    );
    check("[a](www.b.c)", "<p><a href=\"⟦href:www.b.c⟧\">a</a></p>");
}

#[test]
fn links_elsewhere_are_written() {
    check(
        "[a](https://b.c/d?e=f&g=h \"t\")",
        "<p><a href=\"https://b.c/d?e=f&amp;g=h\" title=\"t\">a</a></p>",
    );
    check(
        "[a](HTTP://b.c) [d](//e.f/g) [h](mailto:i@j.k) [l](tel:+49)",
        "<p><a href=\"HTTP://b.c\">a</a> <a href=\"https://e.f/g\">d</a> <a href=\"mailto:i@j.k\">h</a> <a href=\"tel:+49\">l</a></p>",
    );
    check(
        "[a](https://b.c/\"<>'{|})",
        "<p><a href=\"https://b.c/%22%3C%3E&#39;%7B%7C%7D\">a</a></p>",
    );
    check(
        "<https://a.b/?c&d> <a@b.c>",
        "<p><a href=\"https://a.b/?c&amp;d\">https://a.b/?c&amp;d</a> <a href=\"mailto:a@b.c\">a@b.c</a></p>",
    );
    check("[a](/\\\\b.c)", "<p><a href=\"https://b.c\">a</a></p>");
}

#[test]
fn links_that_are_refused_leave_their_text() {
    check("[a](javascript:b)", "<p>a</p>");
    check(
        "[a *b*](DATA:x) [c](vbscript:d \"t\") [e](file:///f)",
        "<p>a <em>b</em> c e</p>",
    );
    check("[a](java&Tab;script:b) [c](&#x6A;avascript:d)", "<p>a c</p>");
    check("[a](foo:bar)", "<p>a</p>");
    check("<javascript:a>", "<p>javascript:a</p>");
}

#[test]
fn links_never_lie_in_links() {
    check(
        "[a [b](c.md) d](e.md)",
        "<p>[a <a href=\"⟦href:c.md⟧\">b</a> d](e.md)</p>",
    );
    check(
        "[a <https://b.c> d](e.md)",
        "<p><a href=\"⟦href:e.md⟧\">a https://b.c d</a></p>",
    );
    check(
        "[a https://b.c d](e.md)",
        "<p><a href=\"⟦href:e.md⟧\">a https://b.c d</a></p>",
    );
    check(
        "[![a](b.png)](c.md)",
        "<p><a href=\"⟦href:c.md⟧\">⟦img:b.png|a⟧</a></p>",
    );
}

#[test]
fn bare_addresses() {
    check(
        "See https://a.b/c_d_e?f=1&amp;g=2, (http://h.i/j_(k)) and www.l.m.",
        r#"<p>See <a href="https://a.b/c_d_e?f=1&amp;g=2">https://a.b/c_d_e?f=1&amp;g=2</a>, (<a href="http://h.i/j_(k)">http://h.i/j_(k)</a>) and <a href="https://www.l.m">www.l.m</a>.</p>"#,
    );
    check(
        "**https://a.b** and `https://c.d`",
        "<p><strong><a href=\"https://a.b\">https://a.b</a></strong> and <code>https://c.d</code></p>",
    );
    check("x@y.z ftp://a.b", "<p>x@y.z ftp://a.b</p>");
    check(
        "“https://a.b”",
        "<p>“<a href=\"https://a.b\">https://a.b</a>”</p>",
    );
    check(
        "https://a.b/it's--x",
        "<p><a href=\"https://a.b/it&#39;s--x\">https://a.b/it's--x</a></p>",
    );
    check(
        "# https://a.b",
        "<h2 id=\"httpsab\"><a href=\"https://a.b\">https://a.b</a></h2>",
    );
}

#[test]
fn images() {
    check(
        "a ![b & \"c\"](d.png \"e\") f",
        "<p>a ⟦img:d.png|b & “c”|e⟧ f</p>",
    );
    check("![a](b.png)", "<figure>⟦img:b.png|a⟧</figure>");
    check(
        "![a](b.png \"C & d\")",
        "<figure>⟦img:b.png|a⟧<figcaption>C &amp; d</figcaption></figure>",
    );
    check(
        "![a *b* `c` ![d](e)](f.png)",
        "<figure>⟦img:f.png|a b c d⟧</figure>",
    );
    check(
        "![a](https://b.c/d.png \"e\")",
        "<figure><img src=\"https://b.c/d.png\" alt=\"a\" loading=\"lazy\"><figcaption>e</figcaption></figure>",
    );
    check(
        "x ![a](https://b.c/d.png \"e\")",
        "<p>x <img src=\"https://b.c/d.png\" alt=\"a\" title=\"e\" loading=\"lazy\"></p>",
    );
    check(
        "![](a.png) ![](//b.c/d)",
        "<p>⟦img:a.png|⟧ <img src=\"https://b.c/d\" alt=\"\" loading=\"lazy\"></p>",
    );
    check("![a](javascript:b) c", "<p> c</p>");
    check("![a](javascript:b)", "");
    check("![a](data:image/png;base64,AA==)", "");
    check("- ![a](b.png)", "<ul>\n<li>⟦img:b.png|a⟧</li>\n</ul>");
    check("![a](b.png)\n![c](d.png)", "<p>⟦img:b.png|a⟧\n⟦img:d.png|c⟧</p>");
}
