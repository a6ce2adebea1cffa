"""The fourth stage: every output whose key is new is made and staged, in parallel."""

from collections.abc import Callable, Container, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import msgspec

from showcase import parallel
from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.outputs import CannotMakeError, File, Output, Page
from showcase.render.templates import TemplateFaultError, Templates
from showcase.storage import digest_of

_ATTRIBUTES = (b'href="', b'src="')


@dataclass(frozen=True, slots=True)
class Staged:
    """An output made anew: its bytes lie in the staging folder under `name`."""

    address: str
    key: str
    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of the outputs: the key of each by its address, what was staged, and problems.

    `bases` has what stands for all that a page was made from.
    """

    keys: Mapping[str, str]
    bases: Mapping[str, str]
    staged: Sequence[Staged]
    problems: Sequence[Diagnostic]


def render(
    outputs: Sequence[Output],
    templates: Templates,
    languages: Mapping[str, Language],
    outline: str,
    addresses: Set[str],
    is_current: Callable[[str, str], bool],
    key_on: Callable[[str, str], str],
    staging: Path,
    jobs: int,
) -> Rendered:
    """Write the bytes of every output that is new into the folder `staging`.

    `outline` stands for all of the site but templates and the words of texts. `is_current` says of
    an address and a key whether that very output is published already; `key_on` gives the key of
    what is published at an address if it rests on the given basis, else "". An internal link to
    none of the site's `addresses` is a problem, because then a template or a view is wrong.
    """
    encoder = msgspec.msgpack.Encoder()
    base = unquote(templates.base_path)
    sound: set[bytes] = set()

    def make(work: tuple[int, Output]) -> tuple[str, Staged | None, list[Diagnostic]]:
        number, output = work
        problems: list[Diagnostic] = []
        try:
            if isinstance(output, Page):
                language, view = languages[output.language], output.make()
                key = templates.key(output.template, language, encoder.encode(view))
                if is_current(output.address, key):
                    return key, None, problems
                data = templates.render(output.template, language, view)
                for target in sorted(_broken(data, base, addresses, sound)):
                    message = f"/{output.address} links to {target}, which no page answers"
                    hint = f"the template is {output.template}"
                    problems.append(
                        Diagnostic("broken-output-link", message, output.source, hint=hint)
                    )
            else:
                key, data = output.key, output.make()
        except TemplateFaultError as error:
            return "", None, [error.diagnostic]
        except CannotMakeError as error:
            return "", None, [error.problem]
        name = str(number)
        with open(f"{staging}/{name}", "wb") as file:
            file.write(data)
        return key, Staged(output.address, key, digest_of(data), name), problems

    @cache
    def basis_of(template: str, language: str) -> str:
        try:
            return templates.key(template, languages[language], outline.encode())
        except TemplateFaultError:  # told when the page is made
            return ""

    bases = {
        output.address: basis and basis + output.text
        for output in outputs
        if isinstance(output, Page)
        for basis in [basis_of(output.template, output.language)]
    }
    keys = {address: key_on(address, basis) for address, basis in bases.items() if basis}
    files = [output for output in outputs if isinstance(output, File)]
    keys |= {file.address: file.key for file in files if is_current(file.address, file.key)}
    waiting = [(n, output) for n, output in enumerate(outputs) if not keys.get(output.address)]
    if parallel.is_spread(waiting, jobs):  # what is loaded now is there in every worker
        pages = [output for _, output in waiting if isinstance(output, Page)]
        for template, language in {(page.template, page.language) for page in pages}:
            templates.load(template, languages[language])
    done = parallel.each(make, waiting, jobs)
    keys |= {output.address: key for (_, output), (key, _, _) in zip(waiting, done, strict=True)}
    return Rendered(
        {output.address: keys[output.address] for output in outputs},
        bases,
        [one for _, one, _ in done if one],
        list(dict.fromkeys(problem for _, _, problems in done for problem in problems)),
    )


def _broken(html: bytes, base: str, addresses: Container[str], sound: set[bytes]) -> set[str]:
    """Return the addresses of this site that a page refers to and that no output answers.

    `sound` are addresses as written that are known to be right; what proves so becomes one.
    """
    broken = set()
    for found in _addresses(html) - sound:
        if not found.startswith(b"/"):  # of another site, or a place on the page
            continue
        target = unquote(unescape(found.decode())).partition("#")[0].partition("?")[0]
        if target.startswith(base) and not target.startswith("//"):
            address = target[len(base) :]
            if address == "" or address.endswith("/"):
                address += "index.html"
            if address not in addresses:
                broken.add(target)
                continue
            sound.add(found)
    return broken


def _addresses(html: bytes) -> set[bytes]:
    """Return the values of href and src; a quotation mark in a text is escaped and ends none."""
    return {
        after[: after.find(b'"')]
        for attribute in _ATTRIBUTES
        for before, after in pairwise(html.split(attribute))
        if before[-1:].isspace()
    }
