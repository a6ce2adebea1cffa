"""Markdown to HTML with holes: CommonMark, tables, footnotes and five containers; no raw HTML."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, mdTrim, unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, heading
from markdown_it.rules_core import StateCore, normalize
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from showcase.content.characters import HIDDEN, bare_address, has_hidden, hidden_character
from showcase.content.documents import Body, Heading, Hole
from showcase.diagnostics import Diagnostic, did_you_mean

CONTAINERS = ("note", "try-it", "quote", "gallery", "video")
_GAP = "\0"  # CommonMark replaces it in input, so no text can hold it
_BREAKS = ("softbreak", "hardbreak")
# A column's side follows the direction of the text: figures to the right are to the left in Arabic.
_SIDES = {"text-align:right": ' class="end"', "text-align:center": ' class="center"'}
# Anchors of footnotes. Templates give the parts around a body ids with an underscore in front.
_NOT_A_HEADINGS = re.compile(r"fn(ref)?\d+")
_AROUND = ("blockquote_open", "list_item_open", "container_any_open")  # blocks that hold blocks
_LONGEST_LABEL = 100  # characters of a footnote's name; a longer one makes it no footnote
_FOOTNOTE = re.compile(rf"\[\^([^\]\s]{{1,{_LONGEST_LABEL}}})\]")
_REFERENCE = re.compile(r"&#[0-9a-zA-Z]{1,7};")


def render(text: str, first_line: int) -> tuple[Body, list[Diagnostic]]:
    """Return the body that Markdown `text` makes, and its problems.

    `first_line` is the line of the file on which the text starts; the problems' lines count from
    the file's first.
    """
    lines = text.split("\n")
    # The container plugin reads the character after a line's last: the last line needs one too.
    tokens = _parser().parse(text if text.endswith("\n") else text + "\n")
    problems = list(_check_blocks(tokens, lines, first_line))
    headings = _name_headings(tokens, problems, first_line)
    holes: list[Hole] = []
    _place_inlines(tokens, _Source(text, first_line), problems)
    html = _parser().renderer.render(tokens, _parser().options, {"holes": holes})
    anchors = tuple(heading.anchor for heading in headings)
    anchors += tuple(re.findall(r'id="(fn(?:ref)?\d+(?::\d+)?)"', html))
    body = Body.of(html.split(_GAP), holes, headings, anchors, _plain(tokens))
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

    def td_open(
        self,
        tokens: Sequence[Token],
        index: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        # The library would write a style attribute, which a page's security policy forbids.
        side = _SIDES.get(str(tokens[index].attrs.get("style")), "")
        return f"<{tokens[index].tag}{side}>"

    th_open = td_open

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
    parser.inline.ruler.at("footnote_ref", _footnote_ref)
    container_plugin(parser, "any", validate=lambda info, markup: True)
    parser.core.ruler.at("normalize", _normalize)
    parser.core.ruler.at("inline", _inline)
    parser.block.ruler.before("table", "plain", _plain_block)
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["container_any_open"] = parser.renderer.container_open  # type: ignore[attr-defined]
    rules["container_any_close"] = parser.renderer.container_close  # type: ignore[attr-defined]
    return parser


def _normalize(state: StateCore) -> None:
    """Mend line ends and null characters, which a text that was decoded well has none of."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _plain_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a paragraph whose lines all start with letters, or a heading between empty lines.

    Most blocks are one of these, and nothing else can be: no other rule need be asked.
    """
    assert not silent  # it ends no other block
    first = state.src[state.bMarks[start] + state.tShift[start]]
    if first == "#":
        alone = start + 1 >= state.lineMax or state.isEmpty(start + 1)
        return alone and heading(state, start, end, silent)
    if not first.isalpha():
        return False
    after = start
    while after < state.lineMax and not state.isEmpty(after):
        indent = state.sCount[after] - state.blkIndent
        if not (
            0 <= indent < 4 and state.src[state.bMarks[after] + state.tShift[after]].isalpha()
        ):
            if indent < 0 <= state.sCount[after] and _ends_paragraph(state, after):
                break  # in a list: the next item
            return False
        after += 1
    state.line = after
    state.push("paragraph_open", "p", 1).map = [start, after]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, after, state.blkIndent, False))
    inline.map = [start, after]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _ends_paragraph(state: StateBlock, line: int) -> bool:
    """Say whether a block that begins on a line ends the paragraph before it."""
    around, state.parentType = state.parentType, "paragraph"
    rules = state.md.block.ruler.getRules("paragraph")
    ends = any(rule(state, line, state.lineMax, True) for rule in rules)
    state.parentType = around
    return ends


# What inline Markdown is made of, and blanks at the ends of lines.
_MARKS = ("\\", "`", "*", "_", "[", "]", "<", "!", "&", " \n", "\t\n", "\n ", "\n\t")


def _inline(state: StateCore) -> None:
    """Parse the text of blocks; most paragraphs hold nothing but words, which need no parsing."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        text = token.content
        if not text or text != text.strip(" \t") or any(mark in text for mark in _MARKS):
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            continue
        for line in text.split("\n"):
            if token.children:
                token.children.append(Token("softbreak", "br", 0))
            token.children.append(Token("text", "", 0, content=line))


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    """Read a footnote's mark; one that does not end soon is none, so that no text is read anew."""
    label_end = state.src.find("]", state.pos, state.pos + _LONGEST_LABEL + 3)
    return label_end >= 0 and footnote_ref(state, silent)


def _hole(kind: Any, token: Token) -> Hole:
    target = str(token.attrs["href" if kind == "link" else "src"])
    line, column, length = token.meta.get("place", (0, 0, 0))
    return Hole(kind, target, line, column, length, alt=_alt(token) if kind == "picture" else "")


def _alt(token: Token) -> str:
    return "".join(
        _alt(child)
        if child.type == "image"
        else child.content
        if child.type in ("text", "code_inline")
        else " " * (child.type in _BREAKS)
        for child in token.children or ()
    )


def _check_blocks(
    tokens: Sequence[Token], lines: Sequence[str], first_line: int
) -> Iterator[Diagnostic]:
    open_containers: list[Token] = []
    deepest = _parser().options.maxNesting - 1  # below it the parser leaves the text out
    too_deep = next((t for t in tokens if t.level >= deepest and t.type in _AROUND), None)
    if too_deep:
        assert too_deep.map
        line = first_line + too_deep.map[0]
        yield Diagnostic(
            "too-deep", "the text is nested too deeply", "", line, 1, len(lines[line - first_line]),
            "take some of the quotes, lists or containers around it away",
        )  # fmt: skip
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
    numbers: dict[str, int] = defaultdict(lambda: 2)
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
        while anchor in taken or _NOT_A_HEADINGS.fullmatch(anchor):
            anchor = f"{name}-{numbers[name]}"
            numbers[name] += 1
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


class _Source:
    """The text as it is written, to find in it what the parser gives without a place.

    The parser knows the lines of blocks only.
    """

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line in the file and the column of an offset into the text."""
        row = bisect_right(self.starts, offset) - 1
        return self.first_line + row, offset - self.starts[row] + 1

    @cached_property
    def addresses(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Offset and length of each place where an address is written, by what it means."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for match in _ADDRESS.finditer(self.text):
            assert match.lastgroup
            written = match[match.lastgroup]
            found[unescapeAll(written).strip()].append((match.start(match.lastgroup), len(written)))
        return found


# [text](address), [name]: address, <address>. All are found once: a search for each of them takes
# time that grows with the square of the text.
_ADDRESS = re.compile(
    r"(?:\]\(|^[^\[\n]*\[(?!\^)[^\]\n]*\]:)\s*"
    r"(?:<(?P<pointed>[^<>\n]*)>|(?P<bare>(?:[^\s()<>\\]|\\.|\((?:[^\s()\\]|\\.)*\))+))"
    r"|<(?P<auto>[^<>\s]+)>",
    re.MULTILINE,
)


def _place_inlines(tokens: Sequence[Token], source: _Source, problems: list[Diagnostic]) -> None:
    """Give links and pictures their place in the file, and report inline problems.

    What was written is looked for in its block, from the previous find on.
    """
    has_numbers = bool(_REFERENCE.search(source.text))  # else no character can hide in one
    for block in tokens:
        if block.type != "inline" or not block.map:
            continue
        at, end = (source.starts[min(row, len(source.starts) - 1)] for row in block.map)
        for token in block.children or ():
            if has_numbers and token.type in ("text", "image"):
                shown = _alt(token) if token.type == "image" else token.content
                if has_hidden(shown):
                    problems.extend(_by_number(source, at, end))
            if token.type == "code_inline":
                found = source.text.find("`" + token.content, at, end)
                at = found + 1 + len(token.content) if found >= 0 else at
            elif token.type == "html_inline":
                content = token.content.split("\n")[0]
                at = max(at, source.text.find(content, at, end))
                problems.append(_raw_html(content, *source.place(at)))
                at += len(content)
            elif token.type in ("link_open", "image"):
                target = str(token.attrs["href" if token.type == "link_open" else "src"])
                offset, length = _find_address(target, source, at, end)
                line, column = source.place(offset) if offset >= 0 else (source.place(at)[0], 0)
                at = offset + length if at <= offset < end else at
                token.meta = {**token.meta, "place": (line, column, length)}
                problems.extend(_check_address(target, token.type, line, column, length))
                if token.type == "image" and not _alt(token).strip():
                    problems.append(
                        Diagnostic(
                            "picture-alt",
                            "the picture has no description",
                            "",
                            line,
                            column,
                            length,
                            "write it between the brackets: ![what it shows](picture.jpg)",
                        )
                    )
            elif token.type == "text":
                for mark in _FOOTNOTE.finditer(token.content):
                    offset = source.text.find(mark[0], at, end)
                    if offset < 0:
                        continue
                    at = offset + len(mark[0])
                    if source.text[max(0, offset - 1)] == "\\":
                        continue  # written with a backslash: it is meant to be read as it is
                    problems.append(
                        Diagnostic(
                            "unknown-footnote",
                            f"the footnote {mark[1]!r} has no note",
                            "",
                            *source.place(offset),
                            len(mark[0]),
                            f"add a line {mark[0]}: with its text",
                        )
                    )


def _by_number(source: _Source, start: int, end: int) -> Iterator[Diagnostic]:
    """Yield the first hidden character that stands between two offsets as &#x202E;."""
    for mark in _REFERENCE.finditer(source.text, start, end):
        character = unescapeAll(mark[0])
        if HIDDEN.fullmatch(character):
            yield hidden_character(character, *source.place(mark.start()), len(mark[0]))
            return


def _find_address(target: str, source: _Source, start: int, end: int) -> tuple[int, int]:
    """Return offset and length of an address as written; the offset is -1 when it is not found.

    The parser has percent-encoded it. It stands in its block after what was found before, or (a
    reference, a picture inside a link) somewhere else in the text.
    """
    spellings = (target, unquote(target), target.removeprefix("mailto:"))
    everywhere = [source.addresses.get(written, ()) for written in spellings]
    for places in everywhere:
        following = bisect_left(places, (start, 0))
        if following < len(places) and places[following][0] < end:
            return places[following]
    return next((places[0] for places in everywhere if places), (-1, len(target)))


def _check_address(
    target: str, kind: str, line: int, column: int, length: int
) -> Iterator[Diagnostic]:
    bare = bare_address(target)
    scheme = bare.partition(":")[0].lower() if re.match(r"[^/?#]*:", bare) else ""
    if kind == "image":
        if scheme or bare.startswith(("/", "\\")):
            yield Diagnostic(
                "missing-picture",
                f"the picture {target[:80]!r} is not a file beside this entry",
                "",
                line,
                column,
                length,
                "save the picture in the entry's folder and write its file name",
            )
    elif len(scheme) == 1:
        yield Diagnostic(
            "unsafe-link",
            f"{target[:80]!r} is a file of one computer",
            "",
            line,
            column,
            length,
            "link to the entry's file, such as ../ke/a-story.md",
        )
    elif scheme not in ("", "http", "https", "mailto") or bare.startswith("//"):
        yield Diagnostic(
            "unsafe-link",
            f"links cannot use {scheme + ':' if scheme else '//'}",
            "",
            line,
            column,
            length,
            "use an https address",
        )
    elif not scheme and bare.startswith(("/", "\\")):
        yield Diagnostic(
            "absolute-link",
            f"{target!r} is an address of the published site, not a file",
            "",
            line,
            column,
            length,
            "link to the entry's file, such as ../ke/a-story.md",
        )
    elif scheme and not target.lower().startswith(f"{scheme}:"):
        yield Diagnostic(
            "unsafe-link",
            f"{target[:80]!r} hides that it uses {scheme}:",
            "",
            line,
            column,
            length,
            "write the address as it is, https://example.org/page",
        )
    elif scheme in ("http", "https") and not _has_host(target):
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
