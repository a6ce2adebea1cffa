"""The pipeline: read, assemble, plan, render, publish. One call a stage, each stage a folder."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import TemplateError

from showcase.config import Settings, load_config
from showcase.content.read import DocumentCache, read
from showcase.diagnostics import Diagnostic, in_order
from showcase.languages import load_languages
from showcase.pages.plan import plan
from showcase.publish import ledger
from showcase.publish.ledger import Ledger, is_current
from showcase.publish.publish import Changes, prepare, publish
from showcase.render.render import Staged, keys, render
from showcase.render.templates import Templates, template_problem
from showcase.render.theme import load_theme
from showcase.site.assemble import assemble
from showcase.site.topics import load_topics


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `changes` is None when nothing was published."""

    problems: tuple[Diagnostic, ...]
    changes: Changes | None = None
    stories: int = 0
    outputs: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def errors(self) -> int:
        """The number of problems that keep the site from being published."""
        return sum(problem.severity == "error" for problem in self.problems)


def build(settings: Settings, cache: DocumentCache | None = None, dry: bool = False) -> Result:
    """Build the site that `settings` describe; with `dry`, check it and write nothing.

    The published folder changes only when no problem is an error (or, with `strict`, a warning).
    A preview hands in its own `cache` so that unchanged files stay parsed in memory. Raises
    `SiteError` when the settings, site.yml or the theme's manifest are unusable.
    """
    started = time.perf_counter()
    config = load_config(settings)
    theme = load_theme(settings.themes, config.theme)
    languages = load_languages(config.languages, theme.locales)
    cache = cache or DocumentCache.open(settings.cache, settings.clean)

    content = read(settings.content, config.languages, cache, settings.jobs)
    topics, problems = load_topics(settings.content, config.languages)
    site, found = assemble(
        settings.content,
        content,
        config,
        topics,
        settings.today,
        settings.languages,
        settings.drafts,
    )
    problems += found
    if not dry:
        cache.save()

    def result(changes: Changes | None = None) -> Result:
        seconds = time.perf_counter() - started
        return Result(tuple(in_order(problems)), changes, len(site.stories), len(outputs), seconds)

    outputs, found = plan(site, languages) if not _blocking(problems, settings) else ((), [])
    problems += found
    if _blocking(problems, settings):
        return result()
    outputs = (*outputs, *theme.outputs)
    templates = Templates(theme, config.base_path)
    try:
        new_keys = keys(outputs, templates, languages)
    except TemplateError as error:
        problems.append(template_problem(error, theme))
        return result()

    def staged_in(staging: Path, known: Ledger) -> list[Staged]:
        new = [
            output
            for output in outputs
            if settings.clean or not is_current(settings.out, output.address, new_keys, known)
        ]
        staged, found = render(new, templates, languages, new_keys, staging, settings.jobs)
        problems.extend(found)
        return staged

    if dry:
        with TemporaryDirectory() as folder:
            staged_in(Path(folder), ledger.load(settings.out) or {})
        return result()
    with ledger.locked(settings.out):
        known, staging = prepare(settings.out, settings.adopt)
        staged = staged_in(staging, known)
        if _blocking(problems, settings):
            return result()
        return result(publish(settings.out, staging, staged, new_keys, known, settings.adopt))


def _blocking(problems: list[Diagnostic], settings: Settings) -> bool:
    return any(problem.severity == "error" or settings.strict for problem in problems)
