"""Markdown to HTML: what editors may write, what is refused, and nothing that runs."""

import re
from collections.abc import Iterator
from html import escape

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from showcase.content import characters, markdown
from showcase.content.documents import Body
from showcase.content.markdown import anchor_of, render
from showcase.diagnostics import CODES

#: What the rendered text may consist of: elements, each with the attributes that it may bear.
ALLOWED = {
    **{f"h{level}": {"id"} for level in range(1, 7)},
    **{
        name: set() for name in ("em", "strong", "ul", "br", "thead", "tbody", "tr", "table", "pre")
    },
    **{name: {"class"} for name in ("p", "code", "hr", "blockquote", "aside", "figure", "section")},
    "figcaption": set(),
    "sup": {"class"},
    "div": {"class", "role", "tabindex"},
    "ol": {"class", "start"},
    "li": {"class", "id"},
    "th": {"class"},
    "td": {"class"},
    "a": {"href", "id", "class", "rel"},
    "img": {"src", "alt"},
}


def html_of(text: str) -> str:
    """The HTML of a sound text, with `{0}`, `{1}` … in place of the holes."""
    body, problems = render(text, 1)
    assert problems == []
    return with_numbers(body)


def with_numbers(body: Body) -> str:
    parts = [body.segments[0]]
    for number, segment in enumerate(body.segments[1:]):
        parts += [f"{{{number}}}", segment]
    return "".join(parts)


def filled(body: Body) -> str:
    """The HTML with its holes filled as pages fill them."""
    parts = [body.segments[0]]
    for hole, segment in zip(body.holes, body.segments[1:], strict=True):
        target = escape(hole.target)
        parts.append(
            {
                "link": f'href="{target}" rel="external"',
                "picture": f'<img src="{target}" alt="{escape(hole.alt)}">',
                "video": f'<a href="{target}">{target}</a>',
                "label": escape(hole.target),
            }[hole.kind]
        )
        parts.append(segment)
    return "".join(parts)


def problems_of(text: str, first_line: int = 1) -> list[tuple[str, int, int, int]]:
    """Code, line, column and length of every problem."""
    found = render(text, first_line)[1]
    assert all(problem.hint for problem in found), "every problem has a way out"
    return [(problem.code, problem.line, problem.column, problem.length) for problem in found]


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of a fragment with its attributes, as a browser reads them."""
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            yield element.tag, dict(element.attrib)


# Links and pictures


def test_holes_stand_in_the_order_of_the_text() -> None:
    body, problems = render("[a](a.md) ![b](b.png)\n\n::: note\n[c](c.md)\n:::\n", 1)
    assert problems == []
    assert [(hole.kind, hole.target) for hole in body.holes] == [
        ("link", "a.md"), ("picture", "b.png"), ("label", "note"), ("link", "c.md"),
    ]  # fmt: skip
    assert len(body.segments) == len(body.holes) + 1
    assert body.holes[1].alt == "b"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("See [a](a.md) and [b](b.md).", [(9, 9, 4), (9, 23, 4)]),
        ("One\n[a](a.md)", [(10, 5, 4)]),
        ("- x\n- [a](a.md)", [(10, 7, 4)]),
        ("See a.md, `a.md` or [a](a.md)", [(9, 25, 4)]),
        ("[a](same.md) [b](same.md)", [(9, 5, 7), (9, 18, 7)]),
        ("[é中](<a b.md>)", [(9, 7, 6)]),
        ("[a](école.md)", [(9, 5, 8)]),
        ("| a |\n|---|\n| [x](a.md) |", [(11, 7, 4)]),
        ("[a][one] [b](b.md)\n\n[one]: a.md", [(11, 8, 4), (9, 14, 4)]),
        ("[![a](a.png)](b.md)", [(9, 15, 4), (9, 7, 5)]),
        ("Write <editors@example.org>", [(9, 8, 19)]),
        ("x[^1]\n\n[^1]: [a](a.md)", [(11, 11, 4)]),
    ],
)  # fmt: skip
def test_links_have_their_place_in_the_file(text: str, places: list[tuple[int, int, int]]) -> None:
    body, problems = render(text, 9)
    assert problems == []
    assert [(hole.line, hole.column, hole.length) for hole in body.holes] == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[a](b.md)\n[a](..\\x&amp;y.md)", (2, 5, 13)),
        ("[a](c.md 'title')", (1, 5, 4)),
        ("[a](a(b)c.md)", (1, 5, 8)),
        ("> - [r]\n\n> [r]:\n>   c.md", (1, 0, 4)),
        ("[r]\n\n[r]:\n  c.md", (4, 3, 4)),
        ("`a\nb` [a](&#32;c.md)", (2, 8, 9)),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, place: tuple[int, int, int]) -> None:
    hole = render(text, 1)[0].holes[-1]
    assert (hole.line, hole.column, hole.length) == place


def test_the_description_of_a_picture_in_a_description_is_part_of_it() -> None:
    assert render("![One ![two](b.png) *three*](a.png)", 1)[0].holes[0].alt == "One two three"


def test_a_picture_needs_a_description() -> None:
    assert problems_of("Look: ![](a.png)") == [("picture-alt", 1, 11, 5)]
    assert problems_of("Look: ![ ](a.png)") == [("picture-alt", 1, 12, 5)]


@pytest.mark.parametrize("source", ["https://example.org/a.png", "/a.png", "data:image/png;,x"])
def test_a_picture_is_a_file_beside_its_entry(source: str) -> None:
    assert problems_of(f"![a]({source})") == [("missing-picture", 1, 6, len(source))]


@pytest.mark.parametrize(
    "target",
    ["https://example.org/a?b=c#d", "HTTP://EXAMPLE.ORG", "mailto:a@example.org", "a.md", "#top",
     "../ke/a.md#b:c", "2026:a.md".replace(":", "-")],
)  # fmt: skip
def test_links_that_are_allowed(target: str) -> None:
    assert problems_of(f"[a]({target})") == []


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "java&#115;cript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "java&Tab;script:alert(1)",
        "java%0ascript:alert(1)",
        "%6aavascript:alert(1)",
        "javascript%3Aalert(1)",
        "%01javascript:alert(1)",
        "<javascript:alert(1)>",
        "< javascript:alert(1)>",
        "<java&NewLine;script:alert(1)>",
        "vbscript:msgbox(1)",
        "data:text/html,<b>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "//evil.example/a",
        "view-source:https://example.org",
        "blob:https://example.org/1",
        "https:",
        "https:///a",
        "http://[::1",
    ],
)
@pytest.mark.parametrize("form", ["[a]({})", "[a][r]\n\n[r]: {}", "| a |\n|---|\n| [a]({}) |"])
def test_links_that_run_or_leave_the_web_are_refused(target: str, form: str) -> None:
    assert [code for code, *_ in problems_of(form.format(target))] == ["unsafe-link"]


def test_a_link_in_angle_brackets_is_checked_too() -> None:
    assert problems_of("See <javascript:alert(1)>") == [("unsafe-link", 1, 6, 19)]


@pytest.mark.parametrize("target", ["/stories/a/", "\\stories", "/%2e%2e/a"])
def test_a_link_to_an_address_of_the_site_is_refused(target: str) -> None:
    assert [code for code, *_ in problems_of(f"[a]({target})")] == ["absolute-link"]


# Headings


def test_headings_have_anchors_in_their_own_script() -> None:
    body, problems = render(
        "## What they did\n\n## ما الذي تغيّر\n\n## 他们做了什么\n\n### É, ok!\n", 1
    )
    assert problems == []
    assert [(heading.level, heading.anchor) for heading in body.headings] == [
        (2, "what-they-did"), (2, "ما-الذي-تغيّر"), (2, "他们做了什么"), (3, "é-ok"),
    ]  # fmt: skip
    assert 'id="他们做了什么"' in body.segments[0]


def test_headings_of_one_name_have_anchors_of_their_own() -> None:
    body, _ = render("## A\n\n## A\n\n## A 2\n\n## A\n\n## !\n\n## ?\n", 1)
    anchors = [heading.anchor for heading in body.headings]
    assert anchors == ["a", "a-2", "a-2-2", "a-3", "section", "section-2"]


def test_a_heading_never_takes_the_anchor_of_a_footnote() -> None:
    body, problems = render("## Fn1\n\n## Fnref1\n\nx[^1]\n\n[^1]: Note\n", 1)
    assert problems == []
    assert {"fn1", "fnref1"} <= set(body.anchors)
    assert len(set(body.anchors)) == len(body.anchors)


def test_the_same_heading_written_in_two_ways_of_unicode_has_one_anchor() -> None:
    assert anchor_of("E\u0301cole") == anchor_of("\u00c9cole") == "école"


def test_headings_go_down_one_level_at_a_time() -> None:
    assert problems_of("## A\n\n### B\n\n## C\n\n### D\n") == []
    assert problems_of("# A\n\n## B\n\n#### C\n", 5) == [
        ("heading-level", 5, 1, 1),
        ("heading-level", 9, 1, 4),
    ]


def test_a_heading_is_its_words_without_marks() -> None:
    (heading,) = render("## *What* `they` [did](a.md)\n", 1)[0].headings
    assert heading.text == "What they did"


def test_a_hundred_headings_of_one_name_and_its_numbers() -> None:
    body, _ = render("## A\n\n## A 2\n\n" + "## A\n\n" * 100, 1)
    anchors = [heading.anchor for heading in body.headings]
    assert anchors[:5] == ["a", "a-2", "a-3", "a-4", "a-5"]
    assert len(set(anchors)) == 102


# Tables, footnotes, code


def test_a_table_can_be_scrolled_by_keyboard() -> None:
    html = html_of("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    assert html.startswith('<div class="table-wrap" role="group" tabindex="0"><table>')
    assert html.rstrip().endswith("</table></div>")


def test_the_columns_of_a_table_have_sides_without_a_style_of_their_own() -> None:
    html = html_of("| a | b | c | d |\n|:--|--:|:-:|---|\n| 1 | 2 | 3 | 4 |\n")
    for cell in ("<th>a", '<th class="end">b', '<th class="center">c', "<th>d", "<td>1"):
        assert cell in html
    assert '<td class="end">2</td>' in html
    assert "style" not in html


def test_a_footnote_leads_there_and_back() -> None:
    html = html_of("A claim[^one].\n\n[^one]: Its source.\n")
    assert 'href="#fn1" id="fnref1"' in html
    assert 'id="fn1"' in html
    assert 'href="#fnref1"' in html


def test_a_footnote_mark_without_its_note_is_reported() -> None:
    assert problems_of("One[^a] two[^b].\n\n[^a]: A\n", 3) == [("unknown-footnote", 3, 12, 4)]


def test_a_footnote_mark_at_the_start_of_a_text_is_reported() -> None:
    assert problems_of("[^1] and a last backslash \\") == [("unknown-footnote", 1, 1, 4)]


@pytest.mark.parametrize("text", ["Write \\[^1] for a note.", "Write `[^1]`.", "    [^1]"])
def test_a_footnote_mark_that_is_shown_is_none(text: str) -> None:
    assert problems_of(text) == []


@pytest.mark.parametrize("text", ["`<b>`", "```\n<b>\n```", "    <b>", '```"><b>\n<b>\n```'])
def test_code_shows_what_is_in_it(text: str) -> None:
    html = html_of(text)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_the_plain_text_is_the_words_alone() -> None:
    text = (
        "## A\n\nOne *two*\nthree [four](a.md).\n\n::: note\nFive\n:::\n\n| six |\n|---|\n| 7 |\n"
    )
    assert render(text, 1)[0].text == "A\nOne two three four.\nFive\nsix\n7"


# Containers


@pytest.mark.parametrize("name", ["note", "try-it"])
def test_an_aside_has_a_label(name: str) -> None:
    html = html_of(f"::: {name}\nText\n:::\n")
    assert html == f'<aside class="{name}"><p class="label">{{0}}</p>\n<p>Text</p>\n</aside>\n'


def test_the_other_containers() -> None:
    assert html_of("::: quote\nText\n:::\n").startswith('<blockquote class="pull-quote">')
    assert html_of("::: gallery\n![a](a.png)\n:::\n").startswith('<div class="gallery">')
    body, problems = render("::: video https://example.org/film\nThe film\n:::\n", 1)
    assert problems == []
    assert [(hole.kind, hole.target) for hole in body.holes] == [
        ("video", "https://example.org/film")
    ]


@pytest.mark.parametrize(
    "text",
    [
        ":::: note\n::: quote\nA\n:::\n::::\n",
        "> ::: note\n> A\n> :::\n",
        "- ::: note\n  A\n  :::\n",
        "::: note\nA\n::::::\n",
    ],
)
def test_containers_nest(text: str) -> None:
    html = html_of(text)
    assert "<aside" in html
    assert ":::" not in html


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("::: note\nA\n", [("unclosed-container", 1, 1, 8)]),
        (":::: note\nA\n:::\n", [("unclosed-container", 1, 1, 9), ("unknown-container", 3, 1, 3)]),
        ("::: notes\nA\n:::\n", [("unknown-container", 1, 5, 5)]),
        ("::: note B\nA\n:::\n", [("unknown-container", 1, 5, 6)]),
        ("A\n\n:::\n", [("unknown-container", 3, 1, 3)]),
        ("::: video\nA\n:::\n", [("unsafe-link", 1, 5, 5)]),
        ("::: video film.mp4\nA\n:::\n", [("unsafe-link", 1, 11, 8)]),
        ("::: video javascript:x\nA\n:::\n", [("unsafe-link", 1, 11, 12)]),
        ("::: video https://\nA\n:::\n", [("unsafe-link", 1, 11, 8)]),
    ],
)
def test_containers_that_are_wrong(text: str, problems: list[tuple[str, int, int, int]]) -> None:
    assert problems_of(text) == problems


# HTML


@pytest.mark.parametrize(
    ("text", "line", "column", "length"),
    [
        ("One\n\n<div>\nA\n</div>\n", 3, 1, 5),
        ("A <b>x", 1, 3, 3),
        ("A\nB <br> C", 2, 3, 4),
        ("> <hr>", 1, 3, 4),
        ("<!-- later -->", 1, 1, 14),
        ("<script>alert(1)</script>", 1, 1, 25),
        ("| a |\n|---|\n| <i>x |", 3, 3, 3),
        ("`<b>` is <b>x", 1, 10, 3),
    ],
)
def test_raw_html_is_refused_where_it_stands(
    text: str, line: int, column: int, length: int
) -> None:
    assert problems_of(text) == [("raw-html", line, column, length)]
    assert not re.search("<(div>|b>|br>|i>|script|!--)", with_numbers(render(text, 1)[0]))


@pytest.mark.parametrize(
    "text",
    [
        '::: "><script>alert(1)</script>\nA\n:::',
        '::: note" onclick="x\nA\n:::',
        '[a](x "t\\" onclick=\\"x")',
        "```x\" onclick=\"y\nA\n```",
        '![a" onerror="x](a.png)',
        '[a](<x" onclick="y>)',
        '## A" onclick="x',
        '[^a" onclick="x]\n\n[^a" onclick="x]: A',
        "<script>alert(1)</script>",
        "A <svg/onload=x>",
    ],
)  # fmt: skip
def test_nothing_breaks_out_of_its_place(text: str) -> None:
    assert_only_ours(text)


def assert_only_ours(text: str) -> None:
    body, _ = render(text, 1)
    html = filled(body)
    assert "<script" not in html.lower()
    for tag, attributes in elements(html):
        assert tag in ALLOWED, f"<{tag}> in {html}"
        assert attributes.keys() <= ALLOWED[tag], f"{attributes} in {html}"


# Anything at all

PIECES = [
    "<script>", "</script>", "<b onclick=x>", "<!--", "-->", "<?", "<![CDATA[", "]]>", "&lt;",
    "&#0;", "](", "[", "]", "![", "(", ")", "<", ">", '"', "'", "`", "```", "\\", "*", "_", "|",
    "---", "\n", "\n\n", "    ", "\t", " ", ":::", "::: note\n", "::: video ", ":::: ", "[^1]",
    "[^1]: ", "[r]: ",
    "javascript:", "data:", "https://x.example", "a.md", "# ", "## ", "> ", "- ", "1. ", "=", "\0",
    "| a |\n|---|\n", "a", "é", "中", "\u202e", "\x0c", "onerror=x", "é\u0301", "😀",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(
    st.sampled_from(PIECES), max_size=40
).map("".join)


@settings(deadline=None, max_examples=300)
@given(TEXT)
@example(">:::\n>")
@example('::: "><script>\n')
@example("\0")
@example('| a |\n|---|\n| ![](<javascript:"x>) |')
def test_any_text_renders_to_what_we_write_and_nothing_else(text: str) -> None:
    assert_only_ours(text)


@settings(deadline=None, max_examples=300)
@given(TEXT, st.integers(1, 50))
def test_any_text_has_problems_inside_itself(text: str, first_line: int) -> None:
    body, problems = render(text, first_line)
    assert len(body.segments) == len(body.holes) + 1
    lines = text.split("\n")
    for problem in problems:
        assert problem.code in CODES
        assert first_line <= problem.line < first_line + len(lines)
        line = lines[problem.line - first_line]
        assert 0 <= problem.column <= len(line) + 1
        assert problem.hint


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_address_that_is_let_through_runs(address: str) -> None:
    body, problems = render(f"[a](<{address}>)", 1)
    if not problems:
        for hole in body.holes:
            bare = re.sub(r"[\0-\x20]", "", hole.target).lower()
            assert not re.match(r"[a-z][a-z0-9+.-]*:", bare) or bare.startswith(
                ("http:", "https:", "mailto:")
            )


# --- the short way for plain blocks

LINES = (
    "a word", "B", "العربية", "# head", "## h #", "# a | b", "word | other", "--- | ---", "-|-",
    "---", "===", "- item", "1. x", "2) y", "> q", "  more", "    code", "   three", "\ttab", "a  ",
    "```", "~~~", "::: note", ":::", "[^1]: note", "[a]: http://x", "<div>", "* * *", "a [^1]", "",
)  # fmt: skip


@example("a word\n1. x")
@example("a word\n- item")
@example("a word\n===")
@example("word | other\n--- | ---")
@example("- item\na word")
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join))
def test_a_plain_block_is_what_the_rules_of_the_library_make_of_it(text: str) -> None:
    every = markdown._parser.__wrapped__()
    every.disable("plain")
    tokens = [parser.parse(text + "\n", {}) for parser in (markdown._parser(), every)]
    assert tokens[0] == tokens[1]


@given(st.text(st.characters() | st.sampled_from("\n\t\x07\x7f\x85\u202e\ufeff\u2066"), max_size=9))
def test_a_hidden_character_is_found_in_any_text(text: str) -> None:
    assert characters.has_hidden(text) == bool(characters.HIDDEN.search(text))
