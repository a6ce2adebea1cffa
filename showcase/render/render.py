"""The fourth stage: every output whose key is new is made and staged, in parallel."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import msgspec

from showcase import parallel
from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.outputs import CannotMakeError, File, Output, Page
from showcase.render.templates import TemplateFaultError, Templates
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
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return the key of every output by its address, and the problems of their templates."""
    encoder = msgspec.msgpack.Encoder()
    found: dict[str, str] = {}
    problems = set()
    for output in outputs:
        if isinstance(output, File):
            found[output.address] = output.key
            continue
        view = encoder.encode(output.view)
        try:
            found[output.address] = templates.key(output.template, languages[output.language], view)
        except TemplateFaultError as error:
            problems.add(error.diagnostic)
    return found, list(problems)


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
    base = unquote(templates.base_path)

    def make(work: tuple[int, Output]) -> tuple[Staged | None, list[Diagnostic]]:
        number, output = work
        problems: list[Diagnostic] = []
        if isinstance(output, Page):
            try:
                data = templates.render(output.template, languages[output.language], output.view)
            except TemplateFaultError as error:
                return None, [error.diagnostic]
            for target in sorted(_broken(data.decode(), base, keys_of)):
                message = f"/{output.address} links to {target}, which no page answers"
                hint = f"the template is {output.template}"
                problems.append(Diagnostic("broken-output-link", message, output.source, hint=hint))
        else:
            try:
                data = output.make()
            except CannotMakeError as error:
                return None, [error.problem]
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
