"""The official examples of CommonMark 0.31.2 against our Markdown: where it differs, and why.

The examples are those of the specification, CC BY-SA 4.0: see commonmark-0.31.2.LICENSE.txt.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import pytest

from showcase.content.documents import Body
from showcase.content.markdown import render

EXAMPLES: Mapping[int, Mapping[str, Any]] = {
    example["example"]: example
    for example in json.loads((Path(__file__).parent / "commonmark-0.31.2.json").read_bytes())
}


def numbers(text: str) -> frozenset[int]:
    """The numbers of a list such as `1 3-5`."""
    spans = [[int(end) for end in span.split("-")] for span in text.split()]
    return frozenset(number for span in spans for number in range(span[0], span[-1] + 1))


#: What makes our HTML another than the official one: the reason, how the official HTML becomes
#: ours, and the examples. An example may stand in several.
DIFFERENT: Mapping[str, tuple[Callable[[str], str], frozenset[int]]] = {
    "a heading has an anchor, so that links lead to it": (
        lambda html: re.sub(r"<(h\d)>", r'<\1 id="">', html),
        numbers(
            "10 59 62 66-68 71-84 86 89-91 95-96 102-103 115 141 214-215 227-230 232 300 646-647"
        ),
    ),
    "titles are left out: keyboards, fingers and screen readers do not reach them": (
        lambda html: re.sub(r' title="[^"]*"', "", html),
        numbers(
            "22-23 32-33 192-196 202 217 482 505-506 509-510 527 539 542-543 553-559 561 572-573"
            " 576-577 579 584-589 591 593"
        ),
    ),
    "the library writes no line break into an empty quote, which means the same": (
        lambda html: html.replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>"),
        numbers("218 239-240"),
    ),
}

#: What is refused, although CommonMark allows it: the code, the reason and the examples.
REFUSED: Mapping[str, tuple[str, frozenset[int]]] = {
    "raw-html": (
        "raw HTML could run scripts and break the page; it is shown as text",
        numbers(
            "21 31 148-191 201 308-309 344 475-477 491 494 524 536 613-617 623 625-631 642-643"
        ),
    ),
    "heading-level": (
        "the page has its title as its only <h1>, and no level is skipped",
        numbers("10 62 66-68 72-76 78-84 115 141 214-215 227-230 232 300 646-647"),
    ),
    "absolute-link": (
        "links inside the site are paths of files, so that they can be checked",
        numbers(
            "22-23 32-33 192-193 196 198 202 205-206 214-218 404 419 422 433 473-474 482-483 489"
            " 505-507 509-510 512 514-519 521 527-535 539-544 549-550 553-562 564-566 568-571 593"
        ),
    ),
    "unsafe-link": (
        "links use https, http or mailto, and an https link has a host",
        numbers("500 596 598-599 601"),
    ),
    "missing-picture": (
        "a picture is a file beside its entry, not an address",
        numbers("572 574-575 579 581-589 591"),
    ),
    "picture-alt": ("a picture has a description", numbers("581")),
}


def filled(body: Body) -> str:
    """The HTML with each link and picture as CommonMark writes it, and anchors left open."""
    parts = [body.segments[0]]
    for hole, segment in zip(body.holes, body.segments[1:], strict=True):
        target = escape(hole.target)
        link, picture = f'href="{target}"', f'<img src="{target}" alt="{escape(hole.alt)}" />'
        parts += [picture if hole.kind == "picture" else link, segment]
    return re.sub(r'<(h\d) id="[^"]*"', r'<\1 id=""', "".join(parts))


def test_all_examples_are_there() -> None:
    assert list(EXAMPLES) == list(range(1, 653))


@pytest.mark.parametrize("number", EXAMPLES)
def test_an_example_reads_as_the_specification_says_or_differs_as_listed(number: int) -> None:
    example = EXAMPLES[number]
    body, problems = render(example["markdown"], 1)
    wanted = example["html"]
    if number in REFUSED["raw-html"][1]:
        assert filled(body) != wanted, "it does not differ any more: take it out of REFUSED"
    else:
        for change, examples in DIFFERENT.values():
            if number in examples:
                changed = change(wanted)
                assert changed != wanted, "it does not differ any more: take it out of DIFFERENT"
                wanted = changed
        assert filled(body) == wanted
    refused = {code for code, (_, examples) in REFUSED.items() if number in examples}
    assert {problem.code for problem in problems} == refused
