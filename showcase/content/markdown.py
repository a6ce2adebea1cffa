"""Markdown to HTML with holes: CommonMark, tables, footnotes and five containers; no raw HTML."""

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from showcase.content.documents import Body, Heading, Hole
from showcase.diagnostics import Diagnostic, did_you_mean

CONTAINERS = ("note", "try-it", "quote", "gallery", "video")
_GAP = "\0"  # CommonMark replaces it in input, so no text can hold it
_BREAKS = ("softbreak", "hardbreak")
# Anchors of footnotes. Templates give the parts around a body ids with an underscore in front.
_NOT_A_HEADINGS = re.compile(r"fn(ref)?\d+")


def render(text: str, first_line: int) -> tuple[Body, list[Diagnostic]]:
    """Return the body that Markdown `text` makes, and its problems.

    `first_line` is the line of the file on which the text starts; the problems' lines count from
    the file's first.
    """
    lines = text.split("\n")
    tokens = _parser().parse(text)
    problems = list(_check_blocks(tokens, lines, first_line))
    headings = _name_headings(tokens, problems, first_line)
    holes: list[Hole] = []
    _place_inlines(tokens, lines, first_line, problems)
    html = _parser().renderer.render(tokens, _parser().options, {"holes": holes})
    anchors = tuple(heading.anchor for heading in headings)
    anchors += tuple(re.findall(r'id="(fn(?:ref)?\d+(?::\d+)?)"', html))
    body = Body(tuple(html.split(_GAP)), tuple(holes), tuple(headings), anchors, _plain(tokens))
    return body, problems


class _Renderer(RendererHTML):
    """Writes the HTML, with a gap for whatever depends on the rest of the site."""

    def link_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        env["holes"].append(_hole("link", tokens[index]))
        return f"<a {_GAP}>"

    def image(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        env["holes"].append(_hole("picture", tokens[index]))
        return _GAP

    def heading_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return f'<{tokens[index].tag} id="{escapeHtml(tokens[index].meta["anchor"])}">'

    def table_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        # A wide table scrolls by itself; the keyboard can reach it to do so.
        return '<div class="table-wrap" role="group" tabindex="0"><table>\n'

    def table_close(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return "</table></div>\n"

    def html_block(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return escapeHtml(tokens[index].content)

    def html_inline(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return escapeHtml(tokens[index].content)

    def container_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        token = tokens[index]
        name, _, rest = token.info.strip().partition(" ")
        if name == "quote":
            return '<blockquote class="pull-quote">\n'
        if name == "gallery":
            return '<div class="gallery">\n'
        if name == "video":
            line, column = token.meta["line"], token.meta["column"]
            env["holes"].append(Hole("video", rest.strip(), line, column, len(token.info.strip())))
            return f'<figure class="video">{_GAP}<figcaption>\n'
        if name not in CONTAINERS:
            return "<aside>\n"
        env["holes"].append(Hole("label", name))
        return f'<aside class="{name}"><p class="label">{_GAP}</p>\n'

    def container_close(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        name = tokens[index].meta["name"]
        return {
            "quote": "</blockquote>\n",
            "gallery": "</div>\n",
            "video": "</figcaption></figure>\n",
        }.get(name, "</aside>\n")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", renderer_cls=_Renderer).enable("table")
    # Every address is kept as written; `_check_address` says what is wrong with it, where the
    # library would silently print the Markdown.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    footnote_plugin(parser, inline=False)
    container_plugin(parser, "any", validate=lambda info, markup: True)
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["container_any_open"] = parser.renderer.container_open  # type: ignore[attr-defined]
    rules["container_any_close"] = parser.renderer.container_close  # type: ignore[attr-defined]
    return parser


def _hole(kind: Any, token: Token) -> Hole:
    target = str(token.attrs["href" if kind == "link" else "src"])
    line, column, length = token.meta.get("place", (0, 0, 0))
    return Hole(kind, target, line, column, length, alt=_alt(token) if kind == "picture" else "")


def _alt(token: Token) -> str:
    return "".join(
        child.content if child.type in ("text", "code_inline") else " " * (child.type in _BREAKS)
        for child in token.children or ()
    )


def _check_blocks(
    tokens: Sequence[Token], lines: Sequence[str], first_line: int
) -> Iterator[Diagnostic]:
    open_containers: list[Token] = []
    for token in tokens:
        line = first_line + token.map[0] if token.map else 0
        if token.type == "html_block":
            content = token.content.split("\n")[0].strip()
            yield _raw_html(content, line, lines[line - first_line].find(content) + 1)
        elif token.type == "container_any_open":
            open_containers.append(token)
            yield from _check_container(token, lines, line, first_line)
        elif token.type == "container_any_close":
            token.meta = {"name": open_containers.pop().meta["name"]}


def _check_container(
    token: Token, lines: Sequence[str], line: int, first_line: int
) -> Iterator[Diagnostic]:
    """Note where a container opens, and yield what is wrong with it."""
    info = token.info.strip()
    name, _, rest = info.partition(" ")
    written = lines[line - first_line]
    column = max(1, written.find(info or token.markup) + 1)
    token.meta = {"line": line, "column": column, "name": name}
    if not name:
        yield Diagnostic(
            "unknown-container",
            "this ::: closes nothing and names no container to open",
            "",
            line,
            column,
            len(token.markup),
            "take it out; a container around others opens and closes with more colons, ::::",
        )
        return
    if name not in CONTAINERS:
        yield Diagnostic(
            "unknown-container",
            f"there is no container {name!r}",
            "",
            line,
            column,
            len(name),
            did_you_mean(name, CONTAINERS) or "use one of: " + ", ".join(CONTAINERS),
        )
    elif name == "video":
        address = rest.strip()
        if not re.match(r"https?://\S+$", address) or not _has_host(address):
            yield Diagnostic(
                "unsafe-link",
                f"{address!r} is not a web address" if address else "the video has no address",
                "",
                line,
                column + (len(info) - len(address) if address else 0),
                len(address or info),
                "write ::: video https://example.org/film",
            )
    elif rest:
        yield Diagnostic(
            "unknown-container",
            f"the container {name!r} takes nothing after its name",
            "",
            line,
            column,
            len(info),
            "put the words on a line of their own below it",
        )
    assert token.map
    last = lines[token.map[1]] if token.map[1] < len(lines) else ""
    if not re.match(r"[\s>]*:::+\s*$", last):
        yield Diagnostic(
            "unclosed-container",
            f"the container {name!r} is never closed",
            "",
            line,
            1,
            len(written),
            "end it with a line of :::",
        )


def _raw_html(content: str, line: int, column: int) -> Diagnostic:
    return Diagnostic(
        "raw-html",
        f"raw HTML is not allowed: {content[:60]}",
        "",
        line,
        max(1, column),
        len(content),
        "write Markdown instead, or put it in `backticks` to show it",
    )


def _name_headings(
    tokens: Sequence[Token], problems: list[Diagnostic], first_line: int
) -> list[Heading]:
    """Give every heading its anchor, and report levels that are skipped."""
    headings: list[Heading] = []
    taken: set[str] = set()
    deepest = 1
    for token, inline in pairwise(tokens):
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        text = _inline_text(inline)
        if level == 1 or level > deepest + 1:
            wanted = "##" if level == 1 or deepest == 1 else "#" * (deepest + 1)
            problems.append(
                Diagnostic(
                    "heading-level",
                    "the title is the page's only first-level heading"
                    if level == 1
                    else f"the heading jumps from level {deepest} to level {level}",
                    "",
                    first_line + (token.map[0] if token.map else 0),
                    1,
                    level,
                    f"write {wanted} {text}",
                )
            )
        deepest = max(2, level)
        anchor = name = anchor_of(text) or "section"
        number = 2
        while anchor in taken or _NOT_A_HEADINGS.fullmatch(anchor):
            anchor = f"{name}-{number}"
            number += 1
        taken.add(anchor)
        token.meta = {"anchor": anchor}
        headings.append(Heading(level, anchor, text))
    return headings


def anchor_of(text: str) -> str:
    """Return a heading's anchor: its letters and digits in lower case, joined by hyphens.

    Marks stay with their letters: vowel signs and the like are part of the word in many scripts.
    """
    lower = unicodedata.normalize("NFC", text).lower()
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in lower)
    return "-".join("".join(kept).split())


def _place_inlines(
    tokens: Sequence[Token], lines: Sequence[str], first_line: int, problems: list[Diagnostic]
) -> None:
    """Give links and pictures their place in the file, and report inline problems.

    The parser knows the lines of blocks only; the place within one is found by looking for what
    was written, from the previous find on.
    """
    for block in tokens:
        if block.type != "inline" or not block.map:
            continue
        at = [block.map[0], 0]
        end = min(block.map[1], len(lines))

        def find(
            written: str, before: str = "", at: list[int] = at, end: int = end
        ) -> tuple[int, int]:
            pattern = re.compile(before + re.escape(written))
            for row in range(at[0], end):
                found = pattern.search(lines[row], at[1] if row == at[0] else 0)
                if found:
                    at[:] = [row, found.end()]
                    return first_line + row, found.end() - len(written) + 1
            return first_line + at[0], 0

        for token in block.children or ():
            if token.type == "code_inline":
                find(token.content, before="`")
            elif token.type == "html_inline":
                content = token.content.split("\n")[0]
                problems.append(_raw_html(content, *find(content)))
            elif token.type in ("link_open", "image"):
                target = str(token.attrs["href" if token.type == "link_open" else "src"])
                line, column, written = _find_address(target, find, lines, first_line)
                token.meta = {**token.meta, "place": (line, column, len(written))}
                problems.extend(_check_address(target, token.type, line, column, len(written)))
                if token.type == "image" and not _alt(token).strip():
                    problems.append(
                        Diagnostic(
                            "picture-alt",
                            "the picture has no description",
                            "",
                            line,
                            column,
                            len(written),
                            "write it between the brackets: ![what it shows](picture.jpg)",
                        )
                    )
            elif token.type == "text":
                for mark in re.finditer(r"\[\^([^\]\s]+)\]", token.content):
                    line, column = find(mark[0])
                    if not column or lines[line - first_line][:column].endswith("\\["):
                        continue  # written with a backslash: it is meant to be read as it is
                    problems.append(
                        Diagnostic(
                            "unknown-footnote",
                            f"the footnote {mark[1]!r} has no note",
                            "",
                            line,
                            column,
                            len(mark[0]),
                            f"add a line {mark[0]}: with its text",
                        )
                    )


def _find_address(
    target: str, find: Any, lines: Sequence[str], first_line: int
) -> tuple[int, int, str]:
    """Return line, column and spelling of an address; the parser has percent-encoded it.

    It stands in its block after what was found before, or (a reference, a picture inside a link)
    somewhere else in the text.
    """
    spellings = (target, unquote(target), target.removeprefix("mailto:"))
    for written in filter(None, spellings):
        line, column = find(written, before=r"(?:\]\(\s*<?\s*|<)")
        if column:
            return line, column, written
    for written in filter(None, spellings):
        anywhere = re.compile(rf"(?:\]\(\s*<?|\]:\s*<?){re.escape(written)}(?=[\s>)]|$)")
        for row, text in enumerate(lines):
            found = anywhere.search(text)
            if found:
                return first_line + row, found.end() - len(written) + 1, written
    line, _ = find("")
    return line, 0, target


def _check_address(
    target: str, kind: str, line: int, column: int, length: int
) -> Iterator[Diagnostic]:
    # Browsers drop white space and control characters inside a scheme: so does the check.
    cleaned = re.sub(r"[\x00-\x20\x7f-\xa0]", "", unquote(target))
    scheme = cleaned.partition(":")[0].lower() if re.match(r"[^/?#]*:", cleaned) else ""
    if kind == "image":
        if scheme or cleaned.startswith(("/", "\\")):
            yield Diagnostic(
                "missing-picture",
                f"the picture {target[:80]!r} is not a file beside this entry",
                "",
                line,
                column,
                length,
                "save the picture in the entry's folder and write its file name",
            )
    elif scheme not in ("", "http", "https", "mailto") or cleaned.startswith("//"):
        yield Diagnostic(
            "unsafe-link",
            f"links cannot use {scheme + ':' if scheme else '//'}",
            "",
            line,
            column,
            length,
            "use an https address",
        )
    elif not scheme and cleaned.startswith(("/", "\\")):
        yield Diagnostic(
            "absolute-link",
            f"{target!r} is an address of the published site, not a file",
            "",
            line,
            column,
            length,
            "link to the entry's file, such as ../ke/a-story.md",
        )
    elif scheme in ("http", "https") and not _has_host(cleaned):
        yield Diagnostic(
            "unsafe-link",
            f"{target!r} has no host",
            "",
            line,
            column,
            length,
            "write the address whole, https://example.org/page",
        )


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:  # half an IPv6 address
        return False


def _inline_text(inline: Token) -> str:
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in _BREAKS:
            parts.append(" ")
        elif child.type == "image":
            parts.append(_alt(child))
    return "".join(parts)


def _plain(tokens: Sequence[Token]) -> str:
    """Return the words alone, one line a block, for search and summaries."""
    return "\n".join(
        token.content.rstrip("\n") if token.type in ("fence", "code_block") else _inline_text(token)
        for token in tokens
        if token.type in ("inline", "fence", "code_block")
    )
