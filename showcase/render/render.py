"""The fourth stage: every output whose key is new is made and staged, in parallel."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import msgspec
from jinja2 import TemplateError

from showcase import parallel
from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.outputs import File, Output, Page
from showcase.render.templates import Templates, template_problem
from showcase.storage import digest_of

_ADDRESS = re.compile(r'\s(?:href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Staged:
    """An output made anew: its bytes lie in the staging folder under `name`."""

    address: str
    key: str
    digest: str
    name: str


def keys(
    outputs: Sequence[Output], templates: Templates, languages: Mapping[str, Language]
) -> dict[str, str]:
    """Return the key of every output by its address. Raises jinja2's `TemplateError`."""
    encoder = msgspec.msgpack.Encoder()
    found = {}
    for output in outputs:
        if isinstance(output, File):
            found[output.address] = output.key
        else:
            view = encoder.encode(output.view)
            found[output.address] = templates.key(output.template, languages[output.language], view)
    return found


def render(
    outputs: Sequence[Output],
    templates: Templates,
    languages: Mapping[str, Language],
    keys_of: Mapping[str, str],
    staging: Path,
    jobs: int,
) -> tuple[list[Staged], list[Diagnostic]]:
    """Write the bytes of `outputs` into the folder `staging`; return what was staged and problems.

    `keys_of` has every address of the whole site: an internal link to any other is a problem,
    because then a template or a view is wrong.
    """
    base = templates.base_path

    def make(work: tuple[int, Output]) -> tuple[Staged | None, list[Diagnostic]]:
        number, output = work
        problems: list[Diagnostic] = []
        if isinstance(output, Page):
            try:
                data = templates.render(output.template, languages[output.language], output.view)
            except TemplateError as error:
                return None, [template_problem(error, templates.theme)]
            for target in sorted(_broken(data.decode(), base, keys_of)):
                message = f"/{output.address} links to {target}, which no page answers"
                hint = f"the template is {output.template}"
                problems.append(Diagnostic("broken-output-link", message, output.source, hint=hint))
        else:
            data = output.make()
        name = str(number)
        (staging / name).write_bytes(data)
        return Staged(output.address, keys_of[output.address], digest_of(data), name), problems

    staged, problems = [], []
    for one, wrong in parallel.each(make, list(enumerate(outputs)), jobs):
        problems += wrong
        if one:
            staged.append(one)
    return staged, problems


def _broken(html: str, base: str, addresses: Container[str]) -> set[str]:
    """Return the addresses of this site that a page refers to and that no output answers."""
    broken = set()
    for found in set(_ADDRESS.findall(html)):
        target = unquote(unescape(found)).partition("#")[0].partition("?")[0]
        if target.startswith(base) and not target.startswith("//"):
            address = target[len(base) :]
            if address == "" or address.endswith("/"):
                address += "index.html"
            if address not in addresses:
                broken.add(target)
    return broken
