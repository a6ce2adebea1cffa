"""Anything goes in as a content file: out comes a problem or a page, never a fault or a script.

300 examples of each kind; with HYPOTHESIS_PROFILE=nightly, 20,000.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from sites import STORY, TODAY, lay_over_sound_site, put

from showcase.config import Config, Settings, load_config
from showcase.content.read import DocumentCache, read
from showcase.diagnostics import CODES, Diagnostic, Format, formatted
from showcase.languages import Language, load_languages
from showcase.pages.calendars import calendars
from showcase.pages.context import Context
from showcase.pages.entries import entry_pages
from showcase.pages.machines import feeds
from showcase.pages.outputs import Output, Page
from showcase.pages.stories import Rings, story_pages
from showcase.render.templates import Templates
from showcase.render.theme import load_theme
from showcase.site.assemble import assemble
from showcase.site.topics import load_topics

pytestmark = pytest.mark.timeout(3600)  # seconds; the nightly examples take minutes

EXAMPLES = max(300, settings().max_examples)
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "cite", "ping", "manifest",
             "background", "xlink:href", "longdesc", "srcset", "imagesrcset")  # fmt: skip
POLICY = "Content-Security-Policy"  # the one order of a page to its browser
PLUGGED_IN = {
    "base",
    "embed",
    "frame",
    "frameset",
    "iframe",
    "object",
    "portal",
    "style",
    "template",
}

#: A sound file of each kind, by its path: what is drawn stands in its place.
SOUND = {
    "stories/ke/fuzz.md": STORY.replace(
        "sources:",
        "  place: Nakuru\npeople:\n  - name: A\n    role: Teacher\nsubjects: [music]\n"
        "recognition: [A prize]\npartners:\n  - name: B\n    gave: [space]\n"
        "outcomes:\n  - measure: Pupils\n    value: 9\n    source: 1\nsources:",
    ),
    "stories/ke/science-club.fr.md": "---\ntitle: Un club\nsummary: Résumé.\n---\n\n## Le défi\n",
    "pages/about.md": "---\ntitle: About\n---\n\nWe.\n",
    "events/fuzz.md": "---\ntitle: Summit\nsummary: It meets.\nstarts: 2026-12-01\n"
    "ends: 2026-12-02\ntimezone: Europe/Oslo\nplace: Oslo\ncountry: SE\n"
    "url: https://example.org/\n---\n\nWe meet.\n",
    "guides/fuzz.md": "---\ntitle: How\nsummary: This way.\nfaq:\n  - question: Why?\n"
    "    answer: So.\n---\n\nA guide.\n",
    "programmes/fuzz.md": "---\ntitle: Programme\nsummary: It runs.\nruns: {from: 2001, to: 2009}\n"
    "members:\n  - institution: A\n    url: https://example.org/\n---\n\nA programme.\n",
    "partners/fuzz.md": "---\ntitle: Partner\nsummary: It gives.\nsort: ngo\noffers: [devices]\n"
    "url: https://example.org/\n---\n\nA partner.\n",
}  # fmt: skip
PATHS = st.sampled_from(list(SOUND))


# --- what goes in

WORDS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>", "</script>",
    "javascript:alert(1)", "java\nscript:x", "data:text/html,<script>", "vbscript:x", "//evil.org",
    "https://a.example/\" onclick=\"x", "https://a.example/?<script>&'", "mailto:a@b.example?x=<b>",
    "{{ 7*7 }}", "{% raw %}", "{# #}", "%(title)s %s", "{0.__class__}", "${x}", "]]>", "<!--",
    "-->", "&lt;script&gt;", "&#60;script&#62;", "&#x202e;", "\u2067", "\u2028", "\r", "\n", "\t",
    "é\u0301", "😀", "ﷺ", "'", '"', "`", "\\", "../../etc/passwd", "..%2f..%2fx", "C:\\x", "a.md",
    "#x", "?x", "NO", "KE", "2026-02-30",
]  # fmt: skip
UNSEEN = ["\u202e", "\0", "\x1b[31m", "\x85", "\ufeff", "\ufffe"]
MARKS = [
    "](", "[", "]", "![", "(", ")", "<", ">", "```", "~~~ ", "*", "_", "**", "|", "---", "\n\n",
    "    ", " ", ":::", "::: note\n", "::: quote\n", "::: gallery\n", "::: video ", ":::: ",
    "\n:::\n", "[^1]", "\n[^1]: ", "[r]", "\n[r]: ", "# ", "## ", "###### ", "> ", "- ", "1. ", "=",
    "| a |\n|---|\n",
    "![a](", "[a](", "[a](<", "https://x.example", "<https://", "science-club.md",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
PIECE = st.sampled_from(MARKS) | TEXT | st.sampled_from(WORDS)
MARKDOWN = st.lists(PIECE, max_size=20).map("".join)
SCALAR = (
    st.sampled_from(WORDS) | TEXT | st.none() | st.booleans() | st.integers() | st.dates()
    | st.floats(allow_nan=False) | st.sampled_from(["https://example.org/", "fuzz", "stem", "1", 1])
)  # fmt: skip
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | st.sampled_from(
        ["url", "name", "title", "publisher", "image", "alt", "consent", "given", "until", "from",
         "partner", "gave", "measure", "value", "source", "question", "answer", "institution"]
    ), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
NAMES = TEXT | st.sampled_from(
    ["title", "summary", "country", "kind", "level", "topics", "year", "published", "institution",
     "sources", "people", "subjects", "needs", "partners", "programmes", "recognition", "outcomes",
     "inspired_by", "cover", "featured", "draft", "updated", "expires", "aliases", "starts", "ends",
     "timezone", "place", "online", "programme", "url", "faq", "audience", "runs", "members",
     "sort", "offers", "translates"]
)  # fmt: skip


@st.composite
def changed_bytes(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of bytes, or a sound file with bytes put into it or taken out."""
    path = draw(PATHS)
    data = SOUND[path].encode()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    piece = draw(st.binary(max_size=40) | st.sampled_from(WORDS + UNSEEN + MARKS).map(str.encode))
    put_in, in_place = data[:start] + piece + data[start:], data[:start] + piece + data[end:]
    return path, draw(st.sampled_from([put_in, put_in, in_place]) | st.binary())


ANY_FRONT_MATTER = st.lists(
    st.sampled_from(
        [
            *WORDS,
            *UNSEEN,
            *"{}[]",
            ": ",
            "- ",
            "\n",
            "\n  ",
            "&a ",
            "*a",
            "!!",
            "? ",
            "|\n ",
            "title",
        ]
    )
    | TEXT
).map("".join)


@st.composite
def changed_fields(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sound file with another text or two, or with fields or front matter that are anything."""
    path = draw(PATHS)
    _, front, body = SOUND[path].split("---\n", 2)
    fields = yaml.safe_load(front)
    how = draw(st.sampled_from(["texts", "texts", "fields", "anything"]))
    if how == "fields":
        fields |= draw(st.dictionaries(NAMES, VALUE, min_size=1, max_size=3))
    elif how == "texts":
        for _ in range(draw(st.integers(1, 2))):
            holder, key = draw(st.sampled_from(list(texts(fields))))
            holder[key] = draw(TEXT | st.sampled_from(WORDS + UNSEEN))
    dumped = yaml.safe_dump(fields, allow_unicode=draw(st.booleans()))
    front = draw(ANY_FRONT_MATTER) if how == "anything" else dumped
    return path, f"---\n{front}\n---\n{body}".encode()


def texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each list or mapping that holds a text, with its position or name in it."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(inner, str):
            yield value, key
        elif isinstance(inner, dict | list):
            yield from texts(inner)


@st.composite
def changed_body(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sound file with any Markdown for its text."""
    path = draw(PATHS)
    front = SOUND[path].split("---\n", 2)[1]
    return path, f"---\n{front}---\n\n{draw(MARKDOWN)}".encode()


# --- what comes out


@dataclass(frozen=True)
class Workshop:
    """A sound site, with all that does not change from one example to the next kept ready."""

    settings: Settings
    config: Config
    cache: DocumentCache
    languages: Mapping[str, Language]
    templates: Templates

    def problems_or_pages(self, path: str, data: bytes) -> tuple[list[Diagnostic], dict[str, str]]:
        """The problems of the site with a file in it; without errors, all that shows entries."""
        content = self.settings.content
        place = put(content / path, data)
        try:
            found = read(content, self.config.languages, self.cache)
            topics, _ = load_topics(content, self.config.languages)
            site, problems = assemble(self.settings, found, self.config, topics)
            for style in get_args(Format):
                assert_printable(style, formatted(problems, style, content))
        finally:
            place.unlink()
        if any(problem.severity == "error" for problem in problems):
            return problems, {}
        every = tuple(self.languages.values())
        outputs = [output for one in every for output in outputs_in(Context(site, one, every))]
        return problems, {output.address: self.made(output).decode() for output in outputs}

    def made(self, output: Output) -> bytes:
        if isinstance(output, Page):
            language = self.languages[output.language]
            return self.templates.render(output.template, language, output.view)
        return output.make()


def outputs_in(context: Context) -> Iterator[Output]:
    """What shows entries one by one, in a language."""
    yield from story_pages(context, Rings(context.site.stories))
    yield from entry_pages(context)
    yield from feeds(context)
    yield from calendars(context)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    root = lay_over_sound_site(tmp_path_factory.mktemp("fuzz"), {})
    chosen = Settings(
        content=root / "content",
        themes=root / "themes",
        out=root / "public",
        cache=root / ".cache",
        today=TODAY,
    )
    config = load_config(chosen)
    theme = load_theme(chosen.themes, config.theme)
    return Workshop(
        chosen,
        config,
        DocumentCache(root / "documents"),
        load_languages(config.languages, theme.locales),
        Templates(theme, config.base_path),
    )


def assert_printable(style: Format, report: str) -> None:
    """A report is text, and none that a terminal obeys."""
    report.encode()
    orders = {*map(chr, range(32)), *map(chr, range(127, 160)), "\u202e"} - {"\t", "\n"}
    if style in ("text", "github"):  # the others are for machines
        assert not set(report) & orders


def assert_a_problem_or_inert_pages(workshop: Workshop, path: str, data: bytes) -> None:
    problems, pages = workshop.problems_or_pages(path, data)
    for problem in problems:
        assert problem.code in CODES
        assert problem.message
        assert (workshop.settings.content / problem.path).parent.is_dir()
        assert 0 <= problem.line <= data.count(b"\n") + data.count(b"\r") + 2
    for address, text in pages.items():
        if address.endswith(".html"):
            wrong = list(what_runs(text))
            assert wrong == [], f"{address} of {data!r}"
        elif address.endswith(".xml"):
            ElementTree.fromstring(text)


OURS = {"src", "defer", "data-root", "data-worker"}


def what_runs(page: str) -> Iterator[str]:
    """Yield whatever in a page, read as a browser reads it, could run or load from elsewhere."""
    root = LexborHTMLParser(page).root
    assert root
    for element in root.traverse():
        tag, given = element.tag, {name: value or "" for name, value in element.attributes.items()}
        if tag in PLUGGED_IN:
            yield f"<{tag}>"
        if tag == "script" and given == {"type": "application/ld+json"}:
            json.loads(element.text())  # data, which no browser runs
        elif tag == "script":
            ours = given.keys() <= OURS and given.get("src", "").startswith("/assets/")
            if not ours or element.text():
                yield f"<script {given}>"
        if tag == "meta" and given.get("http-equiv", POLICY) != POLICY:
            yield f"<meta {given}>"
        for name, value in given.items():
            local = name.rpartition(":")[2].lower()
            if local.startswith("on") or local in ("srcdoc", "style"):
                yield f"<{tag} {name}>"
            if local in ADDRESSES and urlsplit(urljoin("https://here/", value)).scheme not in (
                "http", "https", "mailto",
            ):  # fmt: skip
                yield f"<{tag} {name}={value!r}>"
            if local == "src" and not value.startswith("/"):
                yield f"<{tag} src={value!r}>"


# --- the tests


@pytest.mark.parametrize("path", SOUND)
def test_the_sound_files_make_pages(workshop: Workshop, path: str) -> None:
    problems, pages = workshop.problems_or_pages(path, SOUND[path].encode())
    assert problems == []
    assert {page for page in pages if page.endswith(".html")}


@pytest.mark.parametrize(
    "page",
    [
        "<p onclick=x>", "<script>x</script>", "<script src=//evil.org/x></script>", "<iframe>",
        "<svg><script>x</script></svg>", "<a href=' java\nscript:x'>", "<img src=https://evil.org/>",
        "<svg><a xlink:href=javascript:x></a></svg>", "<style>x</style>", "<a href=data:,x>",
        "<p style='background: url(//evil.org/)'>",
        "<math><mi xlink:href='data:x'></mi></math>", "<meta http-equiv=refresh content=0>",
    ],
)  # fmt: skip
def test_the_judge_knows_what_runs(page: str) -> None:
    assert list(what_runs(f"<!doctype html><title>A</title>{page}"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(changed_bytes())
@example(("pages/about.md", b"\xff\xfe-\0-\0-\0"))
@example(("pages/about.md", b"---\r---"))
def test_any_bytes(workshop: Workshop, file: tuple[str, bytes]) -> None:
    assert_a_problem_or_inert_pages(workshop, *file)


@settings(max_examples=EXAMPLES, deadline=None)
@given(changed_fields())
@example(("events/fuzz.md", SOUND["events/fuzz.md"].replace("2026-12-02", "9999-12-31").encode()))
def test_any_front_matter(workshop: Workshop, file: tuple[str, bytes]) -> None:
    assert_a_problem_or_inert_pages(workshop, *file)


@settings(max_examples=EXAMPLES, deadline=None)
@given(changed_body())
@example(("pages/about.md", b"---\ntitle: About\n---\n>:::\n>"))
def test_any_markdown(workshop: Workshop, file: tuple[str, bytes]) -> None:
    assert_a_problem_or_inert_pages(workshop, *file)
