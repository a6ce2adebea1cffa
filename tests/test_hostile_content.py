"""What a pull request may bring that means harm, or does it: each with what is said of it.

Attributes and elements that try to break out of their place are in test_markdown.py, pictures in
test_pictures.py; test_fuzz.py tries what nobody has thought of.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sites import ROOT, STORY, lay_over_sound_site, put, run

from showcase.content.read import MOST_BYTES
from showcase.diagnostics import CODES

PAGE = "content/pages/about.md"
STORY_FILE = "content/stories/ke/science-club.md"


def report(root: Path, files: Mapping[str, str | bytes | None]) -> str:
    """What `check` says of a sound site with files laid over it; it never fails itself."""
    found = run(lay_over_sound_site(root, files), "check", "--quiet")
    assert found.err == ""
    assert found.status == 1
    return found.out


def page(body: str, fields: str = "title: About") -> dict[str, str | bytes | None]:
    return {PAGE: f"---\n{fields}\n---\n\n{body}\n"}


def said_of_line(line: str, number: int, column: int, length: int, said: str, hint: str) -> str:
    """The report of one problem on a line of the page: what is said, the line, the way out."""
    marks = " " * (column - 1) + "^" * length
    code, _, message = said.partition(": ")
    return f"{PAGE}:{number}:{column}: error[{code}]: {message}\n    {line}\n    {marks} {hint}\n"


# --- paths that leave the tree

INSIDE = "link to a file inside it"
TO_A_FILE = "link to the entry's file, such as ../ke/a-story.md"
TO_AN_ENTRY = "link to an entry's file, such as ../ke/a-story.md"
HTTPS = "use an https address"


@pytest.mark.parametrize(
    ("target", "said", "hint"),
    [
        ("../../etc/passwd", "outside-content: '../../etc/passwd' leads out of content/", INSIDE),
        ("./../a/../../x", "outside-content: './../a/../../x' leads out of content/", INSIDE),
        (".//../../../x", "outside-content: './/../../../x' leads out of content/", INSIDE),
        ("%2e%2e/%2E%2E/x", "outside-content: '%2e%2e/%2E%2E/x' leads out of content/", INSIDE),
        ("..%2f..%2Fetc", "outside-content: '..%2f..%2Fetc' leads out of content/", INSIDE),
        ("&#46;./../x", "outside-content: '../../x' leads out of content/", INSIDE),
        ("..\\..\\etc", "outside-content: '....%5Cetc' leads out of content/", INSIDE),
        ("..%5c..%5cetc", "outside-content: '..%5c..%5cetc' leads out of content/", INSIDE),
        ("/etc/passwd", "absolute-link: '/etc/passwd' is an address of the published site, not a"
         " file", TO_A_FILE),
        ("%2fetc", "absolute-link: '%2fetc' is an address of the published site, not a file",
         TO_A_FILE),
        ("\\\\host\\x", "absolute-link: '%5Chost%5Cx' is an address of the published site, not a"
         " file", TO_A_FILE),
        ("//host/x", "unsafe-link: links cannot use //", HTTPS),
        ("C:\\Windows", "unsafe-link: 'C:%5CWindows' is a file of one computer", TO_A_FILE),
        ("c:/x", "unsafe-link: 'c:/x' is a file of one computer", TO_A_FILE),
        ("file:///etc/passwd", "unsafe-link: links cannot use file:", HTTPS),
        ("../site.yml", "broken-link: there is no entry '../site.yml'", TO_AN_ENTRY),
        ("%252e%252e%252fx", "broken-link: there is no entry '%2e%2e%2fx'", TO_AN_ENTRY),
        ("..%c0%af..%c0%afx", "broken-link: there is no entry '..\ufffd\ufffd..\ufffd\ufffdx'",
         TO_AN_ENTRY),
        ("x.md%00.png", r"broken-link: there is no entry 'x.md\x00.png'", TO_AN_ENTRY),
        ("#no:such", "broken-anchor: there is no heading #no:such there", "it has no headings"),
    ],
)  # fmt: skip
def test_a_link_that_leaves_the_tree(tmp_path: Path, target: str, said: str, hint: str) -> None:
    line = f"See [it]({target})"
    assert report(tmp_path, page(line)) == said_of_line(line, 5, 10, len(target), said, hint)


BESIDE = "save the picture in the entry's folder and write its file name"


@pytest.mark.parametrize(
    ("target", "said", "hint"),
    [
        ("../../x.png", "outside-content: '../../x.png' leads out of content/", INSIDE),
        ("..%2f..%2fx.png", "outside-content: '..%2f..%2fx.png' leads out of content/", INSIDE),
        ("..\\..\\x.png", "outside-content: '....%5Cx.png' leads out of content/", INSIDE),
        ("/etc/passwd", "missing-picture: the picture '/etc/passwd' is not a file beside this"
         " entry", BESIDE),
        ("C:/x.png", "missing-picture: the picture 'C:/x.png' is not a file beside this entry",
         BESIDE),
        ("data:,x", "missing-picture: the picture 'data:,x' is not a file beside this entry",
         BESIDE),
        ("//host/x.png", "missing-picture: the picture '//host/x.png' is not a file beside this"
         " entry", BESIDE),
        ("\\\\host\\x.png", "missing-picture: the picture '%5Chost%5Cx.png' is not a file beside"
         " this entry", BESIDE),
        ("https://host/x.png", "missing-picture: the picture 'https://host/x.png' is not a file"
         " beside this entry", BESIDE),
        ("file:///x.png", "missing-picture: the picture 'file:///x.png' is not a file beside this"
         " entry", BESIDE),
        ("%2fetc/x.png", "missing-picture: the picture '%2fetc/x.png' is not a file beside this"
         " entry", BESIDE),
        ("../site.yml", "missing-picture: there is no picture '../site.yml'",
         "put the file beside this one"),
    ],
)  # fmt: skip
def test_a_picture_that_leaves_the_tree(tmp_path: Path, target: str, said: str, hint: str) -> None:
    line = f"![It]({target})"
    assert report(tmp_path, page(line)) == said_of_line(line, 5, 7, len(target), said, hint)


@pytest.mark.parametrize(
    "image", ["../../../../etc/passwd", "/etc/passwd", "C:/x.png", "..", "https://example.org/x"]
)
def test_a_cover_that_leaves_the_tree(tmp_path: Path, image: str) -> None:
    cover = f"cover: {{image: '{image}', alt: A, consent: yes}}\nsources:"
    out = report(tmp_path, {STORY_FILE: STORY.replace("sources:", cover)})
    assert out.splitlines()[0] == (
        f"{STORY_FILE}:12:16: error[missing-picture]: there is no picture '{image}' beside this"
        " story"
    )
    assert len(out.splitlines()) == 3


def test_a_translation_cannot_bring_a_cover_of_its_own(tmp_path: Path) -> None:
    french = "content/stories/ke/science-club.fr.md"
    out = report(tmp_path, {french: "---\ntitle: Un club\ncover: {image: x.png}\n---\n\nTexte.\n"})
    assert [line for line in out.splitlines() if "error[" in line] == [
        f"{french}:3:8: error[picture-alt]: the cover has no description",
        f"{french}:3:16: error[missing-picture]: the cover of stories/ke/science-club.md is another"
        " one, or it has none",
    ]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("pages/evil.md", "/etc/passwd"),
        ("pages/evil.md", "../stories/ke/science-club.md"),
        ("pages/evil.md", "evil.md"),
        ("pages/evil.md", "/no/such/file"),
        ("pages/evil.png", "/etc/passwd"),
        ("pages/evil", ".."),
        ("pages/evil", "/etc"),
        ("evil", "/etc"),
    ],
)
def test_a_symbolic_link_is_not_followed(tmp_path: Path, name: str, target: str) -> None:
    link = tmp_path / "content" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    assert report(tmp_path, {}) == (
        f"content/{name}: error[outside-content]: a symbolic link is not followed\n"
        "    put the file itself here\n"
    )


@pytest.mark.parametrize("target", ["/etc/passwd", "no-such-file", "{name}", "."])
@pytest.mark.parametrize(("name", "status"), [("site.yml", 2), ("topics.yml", 1)])
def test_the_sites_own_files_are_no_links_whose_lines_a_report_would_quote(
    tmp_path: Path, name: str, status: int, target: str
) -> None:
    lay_over_sound_site(tmp_path, {})
    (tmp_path / "content" / name).unlink()
    (tmp_path / "content" / name).symlink_to(target.format(name=name))
    found = run(tmp_path, "check", "--quiet")
    assert (found.status, found.out + found.err) == (
        status,
        f"content/{name}: error[outside-content]: a symbolic link is not followed\n"
        "    put the file itself here\n",
    )


@pytest.mark.parametrize(("name", "status"), [("site.yml", 2), ("topics.yml", 1)])
def test_the_sites_own_files_have_a_largest_size_too(
    tmp_path: Path, name: str, status: int
) -> None:
    lay_over_sound_site(tmp_path, {})
    os.truncate(tmp_path / "content" / name, 200_000_000)
    found = run(tmp_path, "check", "--quiet")
    assert (found.status, found.out + found.err) == (
        status,
        f"content/{name}: error[too-large]: the file has 200,000,000 bytes\n"
        "    at most 100,000 fit\n",
    )


@pytest.mark.parametrize(
    ("slug", "shown"),
    [("../x", "../x"), ("a/b", "a/b"), ('"a\\n"', "a\\n"), ("A", "A"), (".", ".")],
)
def test_a_topic_cannot_name_a_folder_elsewhere(tmp_path: Path, slug: str, shown: str) -> None:
    topics = f"- slug: {slug}\n  name: A\n  description: B\n"
    out = report(tmp_path, {"content/topics.yml": topics, STORY_FILE: None})
    assert out.splitlines()[0] == (
        f"content/topics.yml:1:9: error[bad-slug]: '{shown}' cannot be an address"
    )


@pytest.mark.parametrize("field", ["base_url", "licence_url", "repository"])
@pytest.mark.parametrize("address", ["javascript:x", "data:,x", "//evil.example"])
def test_an_address_of_site_yml_that_runs_is_refused(
    tmp_path: Path, field: str, address: str
) -> None:
    lines = ["title: A", "tagline: B", "languages: [en]", "base_url: https://example.org/"]
    lines = [line for line in lines if not line.startswith(field)] + [f"{field}: {address}"]
    lay_over_sound_site(tmp_path, {"content/site.yml": "\n".join(lines)})
    found = run(tmp_path, "check", "--quiet")
    assert found.status == 2
    column = len(field) + 3
    assert (found.out + found.err).splitlines()[0] == (
        f"content/site.yml:{len(lines)}:{column}: error[unsafe-link]: '{address}' is not a web"
        " address"
    )


def test_folders_too_deep_are_not_entered(tmp_path: Path) -> None:
    deep = "/".join(["content", "pages", *"abcdefgh"])
    assert report(tmp_path, {f"{deep}/x.md": "x"}) == (
        f"{deep}: error[too-deep]: the folder lies too deep\n"
        "    move what is in it to the folder of its collection\n"
    )


# --- addresses that run

SCRIPTS = [
    "javascript:alert(1)", "JAVASCRIPT:x", "java&#x73;cript:x", "javascript&colon;x",
    "javascript&#58;x", "java&Tab;script:x", "java&NewLine;script:x", "java&#13;script:x",
    "%01javascript:x", "%20javascript:x", "java%0Ascript:x", "javascript%3ax",
    "&nbsp;javascript:x", "java\\script:x", "vbscript:x", "VbScript&#x3a;x", "data:text/html,x",
    "data:text/html;base64,PHNjcmlwdD4=", "data&colon;,x", "blob:x", "feed:javascript:x",
    "view-source:x", "about:blank", "https%3A//evil.example", "mailto%3aa@b.example", "ht%0atps://x",
]  # fmt: skip
FORMS = {
    "link": "[a]({})", "in angle brackets": "[a](<{}>)", "with a title": '[a]({} "b")',
    "reference": "[a][r]\n\n[r]: {}", "short reference": "[r]\n\n[r]: <{}> 'b'",
    "around a picture": "[*a*]({})", "in a table": "| a |\n|---|\n| [a]({}) |",
    "in a footnote": "a[^1]\n\n[^1]: [a]({})", "in a container": "::: note\n[a]({})\n:::",
    "in a heading": "## [a]({})",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_an_address_that_runs_is_refused_in_every_disguise(tmp_path: Path, form: str) -> None:
    bodies = [FORMS[form].format(address) for address in SCRIPTS]
    files = {f"content/pages/p{n}.md": page(body)[PAGE] for n, body in enumerate(bodies)}
    found = re.findall(r"pages/p(\d+)\.md:\d+:\d+: error\[(.+)\]", report(tmp_path, files))
    assert sorted((int(number), code) for number, code in found) == [
        (number, "unsafe-link") for number in range(len(SCRIPTS))
    ]


@pytest.mark.parametrize("address", ["javascript:x", "DATA:text/html,x", "vbscript:x", "blob:x"])
def test_an_autolink_that_runs_is_refused(tmp_path: Path, address: str) -> None:
    line = f"See <{address}>"
    scheme = address.partition(":")[0].lower()
    said = f"unsafe-link: links cannot use {scheme}:"
    assert report(tmp_path, page(line)) == said_of_line(line, 5, 6, len(address), said, HTTPS)


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "JavaScript:x", "java\\nscript:x", " javascript:x", "data:,x", "vbscript:x",
     "//evil.example", "https:evil.example", "https:///x", "https://", "https://[::1", "/x", "x",
     "https://a b.example", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_of_front_matter_that_is_none_of_the_web_is_refused(
    tmp_path: Path, address: str
) -> None:
    out = report(
        tmp_path, {STORY_FILE: STORY.replace("https://example.org/club", f'"{address}"')}
    ).splitlines()
    shown = address.replace("\\n", r"\n")
    assert out[0] == f"{STORY_FILE}:14:10: error[unsafe-link]: '{shown}' is not a web address"
    assert out[2].endswith("write it whole, https://example.org/page")
    assert len(out) == 3


# --- text that is code elsewhere


def test_template_syntax_stays_text(tmp_path: Path) -> None:
    code = "{{ 7*7 }} {% include 'x' %} {# y #} ${z} %(title)s %s {0.x}"
    shown = code.replace("'", "&#39;")
    story = STORY.replace("A science club in a village school", f'"{code}"')
    story = story.replace("Keriko Secondary School", f'"{code}"')
    story = story.replace("The school has one computer.", code)
    site = lay_over_sound_site(tmp_path, {STORY_FILE: story})
    found = run(site, "build", "--quiet")
    assert (found.status, found.out, found.err) == (0, "", "")
    text = (site / "public/stories/science-club/index.html").read_text("utf-8")
    assert f"<h1>{shown}</h1>" in text
    assert f"<p>{code}</p>" in text
    others = text.replace(r"\%(title)s", "")  # BibTeX has marks of its own for these characters
    assert text.count("{{ 7*7 }}") == text.count("{# y #}") == others.count("%(title)s")
    assert shown in (site / "public/index.html").read_text("utf-8")


# --- front matter


def test_a_number_that_no_cache_can_hold_is_refused_and_the_rest_kept(tmp_path: Path) -> None:
    outcome = "outcomes:\n  - {measure: Pupils, value: nine, source: 100000000000000000000}\n"
    story = STORY.replace("sources:", f"{outcome}sources:")
    site = lay_over_sound_site(tmp_path, {STORY_FILE: story})
    for _ in range(2):
        found = run(site, "build", "--quiet")
        assert found.status == 1
        assert found.out.splitlines()[0] == (
            f"{STORY_FILE}:13:44: error[wrong-type]: "
            "`outcomes.1.source` cannot be 100000000000000000000"
        )


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        (
            "title: !!python/object/apply:os.system [id]",
            ["2:8 yaml-tag: the tag !!python/object/apply:os.system is not allowed"],
        ),
        (
            "title: !!python/name:os.system",
            ["2:8 yaml-tag: the tag !!python/name:os.system is not allowed"],
        ),
        (
            "title: !<tag:yaml.org,2002:python/object:x> {}",
            ["2:8 yaml-tag: the tag !!python/object:x is not allowed"],
        ),
        ("title: A\n<<: {summary: B}", ["3:1 unknown-field: there is no field `<<`"]),
        (
            "title: A\nx: &x [1]\n<<: *x",
            [
                "3:4 yaml-alias: &x is an anchor: it names a value to repeat it",
                "4:5 yaml-alias: *x is an alias: it repeats an earlier value",
            ],
        ),
        (
            "title: A\ntitle: B",
            ["3:1 yaml-duplicate-key: `title` stands a second time, first on line 2"],
        ),
        ("title: A\n\tsummary: B", ["3:1 yaml-syntax: a tab stands where spaces should"]),
        (
            "title: A\nx: " + "[" * 100 + "]" * 100,
            ["3:16 yaml-syntax: the fields are nested too deeply"],
        ),
        ("title: A\nx: " + "[" * 90_000, ["3:16 yaml-syntax: the fields are nested too deeply"]),
        ("title: A\nx:\n  " + "- " * 100, ["4:27 yaml-syntax: the fields are nested too deeply"]),
        (
            "title: A\n" + "".join(f"{' ' * n}k{n}:\n" for n in range(100)),
            ["16:14 yaml-syntax: the fields are nested too deeply"],
        ),
        (
            "title: A\n" + "\n".join(f"k{n}: 1" for n in range(10_000)),
            ["2502:1 too-many: the fields have more than 5,000 names and values"],
        ),
        ("title: A\n...\nb: 1", ["4:1 yaml-syntax: did not find expected <document start>"]),
        (
            "title: A\nupdated: 9999-12-31",
            ["3:10 wrong-date: the day 9999-12-31 is not in our time"],
        ),
        (
            "title: A\nupdated: 0001-01-01",
            ["3:10 wrong-date: the day 0001-01-01 is not in our time"],
        ),
        ('title: "\\ud800"', ["2:11 yaml-syntax: found invalid Unicode character escape code"]),
        ("- title", ["2:1 wrong-type: the fields must be written as `name: value`, one a line"]),
        ("title", ["2:1 wrong-type: the fields must be written as `name: value`, one a line"]),
    ],
)
def test_front_matter_that_is_more_than_data(
    tmp_path: Path, fields: str, places: list[str]
) -> None:
    out = report(tmp_path, page("Text.", fields))
    found = re.findall(rf"^{PAGE}:([\d:]+): error\[(.+?)\]: (.+)$", out, re.MULTILINE)
    assert [f"{place} {code}: {message}" for place, code, message in found] == places


def test_an_explosion_of_aliases_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    laughs = "title: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        laughs += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    out = report(tmp_path, page("Text.", laughs))
    assert out.startswith(
        f"{PAGE}:2:8: error[yaml-alias]: &a is an anchor: it names a value to repeat it\n"
    )
    assert set(re.findall(r"error\[(.+)\]", out)) == {"yaml-alias"}


@pytest.mark.parametrize(
    "change",
    [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"),
     lambda text: text.replace("\n", "\r"), lambda text: text.replace("title: ", "title:\t")],
    ids=["byte-order mark", "CRLF", "CR", "a tab before a value"],
)  # fmt: skip
def test_what_other_systems_write_is_read_the_same(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    body = "---\ntitle: About\nabout: x\n---\n\n## A\n\n[x](y.md)\n"
    out = report(tmp_path, {PAGE: change(body)})
    assert re.findall(r":(\d+:\d+): error\[(.+)\]", out) == [
        ("3:1", "unknown-field"),
        ("8:5", "broken-link"),
    ]


# --- characters

DELETE = "it cannot be seen: delete it, together with its neighbours if need be"
ISOLATE = "it cannot be seen: delete it; words of another direction go between U+2068 and U+2069"
UNSEEN = [
    ("\0", "U+0000 (control character)", DELETE),
    ("\x07", "U+0007 (control character)", DELETE),
    ("\x0b", "U+000B (control character)", DELETE),
    ("\x1b", "U+001B (control character)", DELETE),
    ("\x7f", "U+007F (control character)", DELETE),
    ("\x85", "U+0085 (control character)", DELETE),
    ("\x9b", "U+009B (control character)", DELETE),
    ("\u202a", "U+202A (left-to-right embedding)", ISOLATE),
    ("\u202b", "U+202B (right-to-left embedding)", ISOLATE),
    ("\u202c", "U+202C (pop directional formatting)", ISOLATE),
    ("\u202d", "U+202D (left-to-right override)", ISOLATE),
    ("\u202e", "U+202E (right-to-left override)", ISOLATE),
    ("\ufeff", "U+FEFF (byte-order mark)", DELETE),
    ("\uffff", "U+FFFF (not a character)", DELETE),
]


@pytest.mark.parametrize(("character", "name", "hint"), UNSEEN)
def test_a_hidden_character_is_named_wherever_it_stands(
    tmp_path: Path, character: str, name: str, hint: str
) -> None:
    said = f"error[hidden-character]: the character {name} cannot stand in a text"
    number = f"\\u{ord(character):04X}"
    fields = f'title: A{character}B\nsummary: "A{number}B" # {character}'
    out = report(tmp_path, page(f"A{character}B\n\n    A{character}B", fields))
    assert re.findall(r":(\d+:\d+): (error.*)", out) == [
        ("2:9", said), ("3:10", said), ("3:23", said), ("6:2", said), ("8:6", said)
    ]  # fmt: skip
    assert out.count(hint) == 5
    assert character == "\ufeff" or character == "\uffff" or character not in out


@pytest.mark.parametrize(
    "body", ["A&#x202E;B", "A&#8238;B", "## A&#x202e;B", "*A* `&#x202E;` &#8238;"]
)
def test_a_hidden_character_is_found_by_its_number(tmp_path: Path, body: str) -> None:
    column = body.rindex("&#") + 1
    said = "hidden-character: the character U+202E (right-to-left override) cannot stand in a text"
    length = body.rindex(";") + 2 - column
    assert report(tmp_path, page(body)) == said_of_line(body, 5, column, length, said, ISOLATE)


def test_marks_that_arabic_needs_and_what_looks_odd_are_allowed(tmp_path: Path) -> None:
    text = "\u200eA\u200fB\u061cC \u2066D\u2069 \u2067E\u2069 \u2068F\u2069"
    text += "G\u200cH\u200dI\u200b J\u00adK\fL"
    site = lay_over_sound_site(tmp_path, page(text + "&rlm; &#x2067;x&#x2069;", f"title: {text}"))
    assert run(site, "check", "--quiet", "--strict").out == ""


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("---\ntitle: A\n---\n\ncafé\n".encode("latin-1"), "5:4: error[not-utf8]: byte 0xe9"),
        ("---\ntitle: A\n---\n\nx\n".encode("utf-16"), "1:1: error[not-utf8]: byte 0xff"),
        (b"---\ntitle: A\n---\n\n\xc0\xaf\n", "5:1: error[not-utf8]: byte 0xc0"),
        (b"---\ntitle: A\n---\n\nx\xed\xa0\x80\n", "5:2: error[not-utf8]: byte 0xed"),
    ],
    ids=["Latin-1", "UTF-16", "overlong", "half a pair"],
)
def test_a_file_that_is_not_utf8(tmp_path: Path, data: bytes, place: str) -> None:
    assert report(tmp_path, {PAGE: data}).startswith(f"{PAGE}:{place} is not UTF-8\n")


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    put(tmp_path / PAGE, "---\ntitle: About\n---\n\nWe.\n")
    Path(os.fsdecode(os.fsencode(tmp_path / "content/pages/") + b"/\xff.md")).touch()
    assert report(tmp_path, {}) == (
        "content/pages/\ufffd.md: error[not-utf8]: the name is not UTF-8\n"
        "    rename it with letters a-z, digits and hyphens\n"
    )


# --- reports


def test_a_report_does_not_steer_the_terminal(tmp_path: Path) -> None:
    files = page("\x1b]0;owned\x07 [\u202ea](b.md)") | {"content/pages/a\n\x1b[2Jb.md": "x"}
    out = report(tmp_path, files)
    assert "content/pages/a\ufffd\ufffd[2Jb.md: error[bad-slug]" in out
    assert not set(out) & set("\x1b\x07\u202e")


def test_a_report_quotes_of_a_long_line_what_is_around_the_problem(tmp_path: Path) -> None:
    line = "word " * 5000 + "[x](gone.md)" + " word" * 5000
    first, quoted, marked = report(tmp_path, page(line)).splitlines()
    assert first == f"{PAGE}:5:25005: error[broken-link]: there is no entry 'gone.md'"
    assert len(quoted) <= 304
    start = marked.index("^")
    assert quoted[start : marked.rindex("^") + 1] == "gone.md"


def test_a_word_of_100_kb_is_not_repeated_whole(tmp_path: Path) -> None:
    out = report(tmp_path, {STORY_FILE: STORY.replace(": KE", ": " + "K" * 90_000)})
    assert "error[unknown-country]: 'KKK" in out
    assert len(out) < 1200


# --- sizes


@pytest.mark.parametrize(
    ("name", "limit"), [("big.md", "100,000 fit; make two"), ("big.jpg", "30,000,000 fit; save")]
)
def test_a_file_of_200_mb_is_refused_by_its_size(tmp_path: Path, name: str, limit: str) -> None:
    big = tmp_path / "content" / "pages" / name
    big.parent.mkdir(parents=True)
    with big.open("wb") as file:
        file.truncate(200_000_000)
    what = "file" if name == "big.md" else "picture"
    out = report(tmp_path, page("![Big](big.jpg)" if what == "picture" else "We."))
    assert out.startswith(
        f"content/pages/{name}: error[too-large]: the {what} has 200,000,000 bytes\n"
        f"    at most {limit}"
    )
    assert len(out.splitlines()) == 2


#: Texts whose time grows with their square in some reader of Markdown or in what we add to it.
SLOW: Mapping[str, Callable[[int], str]] = {
    "quotes": lambda n: ">" * n,
    "quotes in a row": lambda n: "".join(">" * i + "a\n" for i in range(int((2 * n) ** 0.5))),
    "lazy lines": lambda n: "> " * 19 + "a\n" * (n // 2 - 19),
    "lists": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5) - 2)),
    "lists on a line": lambda n: "- " * (n // 2) + "a",
    "brackets": lambda n: "[" * n,
    "closed brackets": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "pictures": lambda n: "![" * (n // 2),
    "pictures in pictures": lambda n: "![" * (n // 9) + "a" + "](b.pn)" * (n // 9),
    "links half written": lambda n: "[a](" * (n // 4),
    "emphasis": lambda n: "*a_ " * (n // 4),
    "emphasis in emphasis": lambda n: "*a **a " * (n // 7),
    "stars": lambda n: "*" * n + "a",
    "definitions": lambda n: "".join(f"[a{i}]: b\n" for i in range(n // 12)),
    "definitions not ended": lambda n: "[a]: b '\n" * (n // 9),
    "references": lambda n: "".join(f"[a{i}][]\n" for i in range(n // 26)) + "\n"
    + "".join(f"[a{i}]: b{i}.md\n" for i in range(n // 26)),
    "backticks": lambda n: "".join("e" + "`" * i for i in range(int((2 * n) ** 0.5) - 2)),
    "code on two lines": lambda n: "`a\nb` " * (n // 6),
    "table cells": lambda n: "|a" * 99 + "|\n" + "|-" * 99 + "|\n" + ("|" * 99 + "\n") * (n // 106),
    "table of missing cells": lambda n: "|a" * 999 + "|\n" + "|-" * 999 + "|\n" + "|\n" * (n // 3),
    "footnotes": lambda n: "".join(f"x[^{i}]\n\n[^{i}]: a\n\n" for i in range(n // 24)),
    "marks of one footnote": lambda n: "[^1]" * (n // 4 - 4) + "\n\n[^1]: a\n",
    "marks of no footnote": lambda n: "[^a] " * (n // 5),
    "marks not ended": lambda n: "[^" * (n // 2 - 8) + "\n\n[^1]: a\n",
    "one heading": lambda n: "## a\n" * (n // 5),
    "empty headings": lambda n: "##\n" * (n // 3),
    "containers": lambda n: "::: note\n" * (n // 9),
    "HTML not ended": lambda n: "a <![CDATA[" * (n // 11),
    "broken links": lambda n: "".join(f"[a](b{i}.md) " for i in range(n // 16)),
    "broken anchors": lambda n: "".join(f"## a{i}\n" for i in range(n // 20))
    + "".join(f"[a](#b{i}) " for i in range(n // 30)),
    "hidden characters": lambda n: "&#x202e;" * (n // 8),
}  # fmt: skip


def test_the_slowest_texts_of_the_largest_size_come_to_an_end(tmp_path: Path) -> None:
    """The bound is the size of a file; the time limit tells slow from endless, and no more."""
    front = "---\ntitle: About\n---\n\n"
    files: dict[str, str | bytes | None] = {}
    for number, text in enumerate(make(MOST_BYTES - len(front)) for make in SLOW.values()):
        assert len(text) > MOST_BYTES * 0.6
        files[f"content/pages/slow-{number}.md"] = (front + text)[:MOST_BYTES]
    lay_over_sound_site(tmp_path, files)
    command = [sys.executable, "-m", "showcase", "check", "--quiet", "--now", "2026-11-22"]
    found = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=900,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert found.stderr == ""
    assert found.returncode == 1
    assert "too-large" not in found.stdout
    assert "error[too-deep]: the text is nested too deeply" in found.stdout


@pytest.mark.parametrize(
    "text",
    [
        "> " * 20 + "Lost.",
        "- " * 10 + "Lost.",
        "\n".join(f"{':' * n} note" for n in range(25, 3, -1)),
    ],
)
def test_a_text_nested_too_deeply_is_not_left_out_in_silence(tmp_path: Path, text: str) -> None:
    assert "error[too-deep]: the text is nested too deeply\n" in report(tmp_path, page(text))


# --- names and addresses


@pytest.mark.parametrize(
    "name",
    ["con.md", "nul.fr.md", "aux.txt", "lpt1.md", "COM9.md", "prn.png", "con/index.md", "Aux/x.md"],
)
def test_a_name_that_windows_keeps_for_itself(tmp_path: Path, name: str) -> None:
    place = name.partition("/")[0]
    assert report(tmp_path, {f"content/pages/{name}": "x"}) == (
        f"content/pages/{place}: error[reserved-name]: Windows cannot have a file called"
        f" '{place}'\n    give it another name\n"
    )


OTHER_STORY = STORY.replace("KE", "UG")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"stories/ug/science-club.md": OTHER_STORY},
         "stories/ug/science-club.md:1: error[duplicate-entry]: 'science-club' in 'en' is already"
         " in stories/ke/science-club.md"),
        ({"stories/ke/science-club/index.md": STORY},
         "stories/ke/science-club/index.md:1: error[duplicate-entry]: 'science-club' in 'en' is"
         " already in stories/ke/science-club.md"),
        ({"stories/ke/Science-Club.md": STORY},
         "stories/ke/Science-Club.md: error[bad-slug]: 'Science-Club' cannot be an address"),
        ({"stories/ke/science-club.en.md": "---\ntitle: A\n---\n\nText.\n"},
         "stories/ke/science-club.en.md: error[unknown-language]: no file names the default"
         " language, 'en'"),
        ({"stories/ke/science-club.FR.md": "---\ntitle: A\n---\n\nText.\n"},
         "stories/ke/science-club.FR.md: error[unknown-language]: site.yml does not list the"
         " language 'FR'"),
        ({"Pages/about.md": "x"},
         "Pages/about.md: error[unknown-folder]: Pages/ is not a collection"),
        ({"pages/fr.md": "---\ntitle: A\n---\n\nText.\n"},
         "pages/fr.md:1: error[duplicate-address]: the address /fr/ is already that of a page of"
         " the site itself"),
        ({"pages/x.md": "---\ntitle: A\naliases: [/stories/science-club/]\n---\n\nText.\n"},
         "pages/x.md:1: error[duplicate-address]: the address /stories/science-club/ is already"
         " that of stories/ke/science-club.md"),
        ({"pages/x.md": "---\ntitle: A\naliases: [/../x/]\n---\n\nText.\n"},
         "pages/x.md:3:11: error[wrong-type]: '/../x/' is not an address of this site"),
        ({"pages/x.md": "---\ntitle: A\naliases: [/X/]\n---\n\nText.\n"},
         "pages/x.md:3:11: error[wrong-type]: '/X/' is not an address of this site"),
    ],
)  # fmt: skip
def test_two_entries_never_share_an_address(
    tmp_path: Path, files: Mapping[str, str], said: str
) -> None:
    found = report(tmp_path, {f"content/{name}": text for name, text in files.items()})
    assert found.splitlines()[0] == f"content/{said}"
    assert found.count("error[") == 1


# --- the list of codes


def test_the_editors_page_and_the_program_list_the_same_codes(tmp_path: Path) -> None:
    text = (ROOT / "content/pages/contribute.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", text.split("\n## Problems")[1], re.M)
    printed = run(tmp_path, "check", "--codes", now=None).out.splitlines()
    assert listed == sorted(CODES.items())
    assert [line.split(maxsplit=1)[0] for line in printed] == [code for code, _ in listed]
