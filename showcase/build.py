"""The pipeline: read, assemble, plan, render, publish. One call a stage, each stage a folder."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from showcase.config import Settings, load_config
from showcase.content.read import DocumentCache, read
from showcase.diagnostics import Diagnostic, in_order
from showcase.languages import Language, load_languages
from showcase.pages.outline import outline_of
from showcase.pages.outputs import Output
from showcase.pages.plan import plan
from showcase.pages.search import is_piece, manifest_addresses
from showcase.parallel import collector_paused
from showcase.publish import ledger
from showcase.publish.ledger import Ledger, Published
from showcase.publish.publish import Changes, prepare, publish
from showcase.render.render import render
from showcase.render.templates import Templates
from showcase.render.theme import load_theme
from showcase.search.index import IndexCache, index
from showcase.site.assemble import assemble
from showcase.site.model import Site
from showcase.site.picture_cache import PictureCache
from showcase.site.topics import load_topics
from showcase.storage import digest_of, tree_signature


@dataclass(frozen=True, slots=True)
class Built:
    """A site as it was published, for a preview that changes a page of it."""

    site: Site
    outputs: Sequence[Output]
    languages: Mapping[str, Language]
    templates: Templates


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `changes` is None when nothing was published."""

    problems: tuple[Diagnostic, ...]
    changes: Changes | None
    stories: int
    seconds: float = field(compare=False)
    built: Built | None = field(default=None, compare=False, repr=False)

    @property
    def errors(self) -> int:
        """The number of problems that keep the site from being published."""
        return sum(problem.severity == "error" for problem in self.problems)


@dataclass(slots=True)
class Caches:
    """What is kept from the last build: documents and search index."""

    documents: DocumentCache
    index: IndexCache

    @classmethod
    def open(cls, settings: Settings) -> "Caches":
        """Return the caches of a site; empty where they are missing, damaged or not wanted."""
        folder, clean = settings.cache, settings.clean
        with collector_paused():
            return cls(DocumentCache.open(folder, clean), IndexCache.open(folder, clean))


def build(
    settings: Settings,
    caches: Caches | None = None,
    dry: bool = False,
    announce: Callable[[str], None] = lambda stage: None,
) -> Result:
    """Build the site that `settings` describe; with `dry`, check it and write nothing.

    The published folder changes only when no problem is an error (or, with `strict`, a warning).
    A site is a pure function of content, themes, settings and code, so a folder made from the very
    same is left at once. A preview hands in its own `caches` so that unchanged files stay parsed in
    memory; `announce` is told of each stage as it begins. Raises `SiteError` when the settings,
    site.yml or the theme's manifest are unusable.
    """
    started = time.perf_counter()
    inputs = _inputs(settings)
    known = None
    if inputs and not dry and not settings.clean:
        known = ledger.made_from(settings.out, inputs)
    if known is not None:
        return Result((), Changes(unchanged=len(known)), 0, time.perf_counter() - started)
    config = load_config(settings)
    theme = load_theme(settings.themes, config.theme)
    languages = load_languages(config.languages, theme.locales)
    templates = Templates(theme, config.base_path)
    lasting = caches is not None
    caches = caches or Caches.open(settings)
    findings = _Findings(settings.strict)
    stories, changes, built = 0, None, None

    with suppress(_UnfitError), collector_paused():
        announce("Reading the content")
        content = read(settings.content, config.languages, caches.documents, settings.jobs)
        if not dry:
            caches.documents.save()

        announce(f"Assembling {len(content.documents)} documents")
        topics, found = load_topics(settings.content, config.languages)
        findings.add(found)
        folder = settings.cache / "pictures"
        kept = PictureCache(folder, reads=not settings.clean, writes=not dry)
        site, found = assemble(settings, content, config, topics, kept)
        findings.add(found)
        stories = len(site.stories)
        findings.must_be_fit()

        announce(f"Indexing {stories} stories")
        words = index(site, languages, caches.index, settings.jobs)
        if not dry:
            caches.index.save()

        with _output_folder(settings, dry) as (known, staging):
            announce(f"Planning the pages of {stories} stories")
            outline = outline_of(site, languages)
            basis = digest_of(outline.encode(), templates.signature, repr(_libraries()).encode())
            # Most edits change words alone: then what no words stand on needs no plan.
            manifests = None
            if not dry and not settings.clean and ledger.rests_on(settings.out, known, basis):
                manifests = ledger.bytes_of(settings.out, known, manifest_addresses(site))
            stands = manifests is not None
            outputs, unsound = plan(site, languages, words, manifests)
            findings.add(unsound)
            findings.must_be_fit()
            outputs = outputs if stands else (*outputs, *theme.outputs)
            anew = {output.address for output in outputs}
            standing = {
                address: record
                for address, record in (known.items() if stands else ())
                if address not in anew and not is_piece(address)
            }
            if not lasting:  # room for the workers
                del words
                caches.index.forget()

            announce(f"Rendering what is new of {len(outputs) + len(standing)} files")
            there = Published(settings.out, {} if settings.clean else known, seen=stands)
            made = render(
                outputs, templates, languages, outline, anew | standing.keys(),
                there.is_current, there.key_on, staging, settings.jobs,
            )  # fmt: skip
            findings.add(made.problems)
            findings.must_be_fit()

            announce(f"Publishing {len(made.staged)} files")
            if not dry:
                changes = publish(settings.out, staging, made, standing, known, settings.adopt)
                built = Built(site, outputs, languages, templates)
                # A warning must be said again next time.
                if inputs and not findings.problems:
                    ledger.note(settings.out, "inputs", inputs)
                if not unsound and not made.problems:
                    ledger.note(settings.out, "outline", basis)

    seconds = time.perf_counter() - started
    return Result(tuple(in_order(findings.problems)), changes, stories, seconds, built)


_LIBRARIES = ("babel", "icalendar", "jinja2", "markdown-it-py", "pillow", "pydantic")


def _inputs(settings: Settings) -> str:
    """Return what stands for all that a site is made from; "" when some of it is just changing."""
    code = Path(__file__).parent
    files = tree_signature(time.time_ns(), settings.content, settings.themes, code)
    if files is None:
        return ""
    asked = [settings.today, settings.theme, settings.base_url, settings.languages, settings.drafts]
    return digest_of(files.encode(), repr([asked, _libraries()]).encode())


def _libraries() -> list[object]:
    """Return the versions of what others wrote that a site's bytes come from."""
    return [*map(version, _LIBRARIES), sys.version_info[:2]]


class _UnfitError(Exception):
    """The site cannot be published as it is; the findings say why."""


@dataclass(slots=True)
class _Findings:
    """All problems of a run: a stage adds its own, and all of them are reported."""

    strict: bool
    problems: list[Diagnostic] = field(default_factory=list)

    def add(self, found: Sequence[Diagnostic]) -> None:
        self.problems.extend(found)

    def must_be_fit(self) -> None:
        if any(problem.severity == "error" or self.strict for problem in self.problems):
            raise _UnfitError


@contextmanager
def _output_folder(settings: Settings, dry: bool) -> Iterator[tuple[Ledger, Path]]:
    """Give the ledger of the output folder and a staging folder; a dry run touches neither."""
    if dry:
        with TemporaryDirectory() as folder:
            yield ledger.load(settings.out) or {}, Path(folder)
    else:
        with ledger.locked(settings.out, settings.adopt):
            yield prepare(settings.out, settings.adopt)
