//! Raw HTML, sanitised.

use super::check;

#[test]
fn allowed_elements_are_written_anew() {
    check(
        "a <B>b</b > <Sub title='x\"y' CLASS=z style=q>c</sub><br/>d<wbr>",
        "<p>a <b>b</b> <sub title=\"x&quot;y\">c</sub><br>d<wbr></p>",
    );
    check(
        "<div lang=de dir=rtl data-x=1>\na\n</div>",
        "<div lang=\"de\" dir=\"rtl\">\na\n</div>",
    );
    check(
        "<ol start=3 reversed type=a><li value=5>a<li>b</ol>",
        "<ol start=\"3\" reversed=\"\"><li value=\"5\">a</li><li>b</li></ol>",
    );
    check(
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>",
    );
    check(
        "<blockquote cite='https://a.b'><p>x</blockquote>",
        "<blockquote cite=\"https://a.b\"><p>x</p></blockquote>",
    );
    check(
        "<blockquote cite='javascript:a'>x</blockquote>",
        "<blockquote>x</blockquote>",
    );
    check(
        "<time datetime='2025-01-22'>x</time> <abbr title='&lt;y'>z</abbr>",
        "<p><time datetime=\"2025-01-22\">x</time> <abbr title=\"&lt;y\">z</abbr></p>",
    );
    check("<ruby>漢<rt>kan</ruby>", "<p><ruby>漢<rt>kan</rt></ruby></p>");
    check(
        "<pre>\na <b>b</b>\n  c\n</pre>",
        r#"<pre tabindex="0">
a <b>b</b>
  c
</pre>"#,
    );
}

#[test]
fn tables_keep_their_order() {
    check(
        "<table><caption>a</caption><tr><th scope=col>b<td colspan=2 rowspan=x>c<tr><td>d</table>",
        r#"<div class="table" role="group" tabindex="0" aria-label="Table"><table><caption>a</caption><tr><th scope="col">b</th><td colspan="2">c</td></tr><tr><td>d</td></tr></table></div>"#,
    );
    check("<td>a</td> <tr>b</tr> <li>c</li>", "a b c");
    check(
        "<table><tr><td>\n\n**a**\n\n</td></tr></table>",
        "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table><tr><td>\n<p><strong>a</strong></p>\n</td></tr></table></div>",
    );
}

#[test]
fn markdown_between_tags() {
    check(
        "<details open>\n<summary>a</summary>\n\nb **c**\n\n</details>\n\nd",
        r#"<details open="">
<summary>a</summary>
<p>b <strong>c</strong></p>
</details>
<p>d</p>"#,
    );
    check(
        "<div>\n\n<p>a\n\nb\n\n</div>",
        "<div>\n<p>a\n</p>\n<p>b</p>\n</div>",
    );
    check("<ul>\n\na\n\n</ul>", "<ul>\n</ul>\n<p>a</p>");
    check(
        "> <div>\n\na </div> b",
        "<blockquote>\n<div>\n</div>\n</blockquote>\n<p>a  b</p>",
    );
}

#[test]
fn ends_match_starts_of_the_same_container() {
    check("a <b>b *c</b> d* e</b>", "<p>a <b>b <em>c d</em> e</b></p>");
    check("<b>a\n\nb</b>", "<p><b>a</b></p>\n<p>b</p>");
    check("</div></p></b>a", "a");
    check("<i><b>a</i>b</b>", "<p><i><b>a</b></i>b</p>");
    check("- <b>a\n- b</b>", "<ul>\n<li><b>a</b></li>\n<li>b</li>\n</ul>");
    check("*<b>a*</b>", "<p><em><b>a</b></em></p>");
}

#[test]
fn blocks_are_kept_out_of_lines() {
    check("a <div>b</div> <h2>c</h2>", "<p>a b c</p>");
    check("<p>a<p>b<div>c</div>", "<p>a</p><p>b</p><div>c</div>");
    check("<h2>a<h3>b</h3>", "<h2>a</h2><h3>b</h3>");
}

#[test]
fn headings_go_down_with_the_others() {
    check("<h1>a</h1>\n\n## b", "<h2>a</h2>\n<h3 id=\"b\">b</h3>");
    check(
        "<h6 id=x>a</h6>\n\n# b",
        "<h6 id=\"x\">a</h6>\n<h2 id=\"b\">b</h2>",
    );
    check(
        "<h2 id=b>a</h2>\n\n## b",
        "<h2 id=\"b\">a</h2>\n<h2 id=\"b-1\">b</h2>",
    );
}

#[test]
fn links_and_images() {
    check(
        "<a href=\"x.md\" target=_blank title=t>a</a> <a href='javascript:x'>b</a> <a href=' java\nscript:x'>c</a>",
        "<p><a href=\"⟦href:x.md⟧\" title=\"t\">a</a> b c</p>",
    );
    check(
        "<a href=x.md>a <a href=y.md>b</a> c</a>",
        "<p><a href=\"⟦href:x.md⟧\">a </a><a href=\"⟦href:y.md⟧\">b</a> c</p>",
    );
    check(
        "[a <a href=x.md>b</a> c](y.md) <a href=z.md>d [e](f.md) g</a>",
        "<p><a href=\"⟦href:y.md⟧\">a b c</a> <a href=\"⟦href:z.md⟧\">d e g</a></p>",
    );
    check(
        "<img src=x.png alt='a & b' title=c width=3 onerror=d>",
        "⟦img:x.png|a & b|c⟧",
    );
    check(
        "<img src='https://a.b/c&amp;d.png' width=30 height=5em srcset=x>",
        "<img src=\"https://a.b/c&amp;d.png\" alt=\"\" width=\"30\" loading=\"lazy\">",
    );
    check(
        "<img alt=a> <img src='data:image/png;base64,A'> <a id=b>c</a>",
        "<p>  <a id=\"b\">c</a></p>",
    );
}

#[test]
fn what_goes_with_its_content() {
    check("a <script>b</script> c", "<p>a  c</p>");
    check("<script>\n\na\n\n</script>\n\nb", "<p>b</p>");
    check("<svg><script>a</script></svg>b", "<p>b</p>");
    check("<style>a\n\nb", "");
    check("<object>\n\na\n\n</object>\n\nb", "<p>b</p>");
    check("<object>\n\na\n\nb", "<p>a</p>\n<p>b</p>");
    check("a <title>b\n\nc", "<p>a </p>\n<p>c</p>");
    check("<svg><svg>a</svg>b</svg>c", "<p>c</p>");
    check("<!-- a --> b <!-- c\n\nd --> e", "b \n<p>d –&gt; e</p>");
    check("<noscript>*a*</noscript>", "");
    check("a <?php b ?> c <!DOCTYPE d> <![CDATA[e]]>", "<p>a  c  </p>");
    check("<script>a</scriptx></script >b", "b");
}

#[test]
fn unknown_tags_leave_their_content() {
    check(
        "<center>a</center> <font color=red>b</font> <x-y>c</x-y>",
        "a b c",
    );
    check("<form><input name=a><button>b</button></form>", "b");
    check("<embed src=a>b", "<p>b</p>");
}

#[test]
fn what_is_not_exactly_a_tag_is_text() {
    check(
        "<div>\n<a href=\"b>c\n</div>",
        "<div>\n&lt;a href=&quot;b&gt;c\n</div>",
    );
    check(
        "<div>a < b <3 </ c></div>",
        "<div>a &lt; b &lt;3 &lt;/ c&gt;</div>",
    );
    check(
        "<div><b x=1y=\"2\" / >a</div>",
        "<div>&lt;b x=1y=&quot;2&quot; / &gt;a</div>",
    );
    check(
        "<div>AT&amp;T &lt;b&gt; &copy & &#60;c</div>",
        "<div>AT&amp;T &lt;b&gt; &amp;copy &amp; &lt;c</div>",
    );
}

#[test]
fn ids_do_not_collide() {
    check(
        "<div id=a>b</div>\n\n## a",
        "<div id=\"a\">b</div>\n<h2 id=\"a-1\">a</h2>",
    );
    check("## a\n\n<div id=a>b</div>", "<h2 id=\"a\">a</h2>\n<div>b</div>");
    check("<div id=fn-1>a</div>", "<div>a</div>");
    check("<div id='a b'>c</div>", "<div>c</div>");
}
