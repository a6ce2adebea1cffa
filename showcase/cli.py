"""The command line: `python3 build.py COMMAND`, or `showcase COMMAND` once installed."""

import atexit
import datetime
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from showcase import __version__, parallel
from showcase.build import Result, build
from showcase.config import Settings, load_config
from showcase.diagnostics import (
    CODES,
    Diagnostic,
    Format,
    SiteError,
    did_you_mean,
    formatted,
    in_order,
)
from showcase.render.theme import load_theme
from showcase.stages import StageClock

DONE, CONTENT_WRONG, USAGE_WRONG, OUR_FAULT = 0, 1, 2, 3
BENCHMARKS = ("build", "search", "serve", "scale", "audit")


class _Commands(click.Group):
    """Commands, `build` when none is named, with a suggestion for one that is misspelt."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(args[0], self.list_commands(ctx))
            hint = hint or "the commands are " + ", ".join(self.list_commands(ctx))
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order they are written, not the alphabet's


class _Languages(click.Option):
    """`--language fr ar` and `--language fr --language ar` alike."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        super().add_to_parser(parser, ctx)
        for name in self.opts:
            option = parser._long_opt.get(name)
            process = option.process

            def take(value: str, state: Any, process: Callable[..., None] = process) -> None:
                process(value, state)
                while state.rargs and not state.rargs[0].startswith("-"):
                    process(state.rargs.pop(0), state)

            option.process = take


def _date(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime.date:
    """Return the day the site is built for: --now, else SOURCE_DATE_EPOCH, else today in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if value:
            return datetime.date.fromisoformat(value)
        if epoch:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        wrong = value or f"SOURCE_DATE_EPOCH={epoch}"
        raise click.BadParameter(f"{wrong!r} is not a date such as 2026-11-22") from None
    return datetime.datetime.now(datetime.UTC).date()


_SHARED = (
    click.option("--content", default="content", metavar="DIR", help="The folder of stories."),
    click.option("--theme", metavar="NAME", help="A theme of themes/ instead of site.yml's."),
    click.option("--out", metavar="DIR", help="The folder the site is written to [public]."),
    click.option("--base-url", metavar="URL", help="Where the site will stand, sub-path included."),
    click.option(
        "--language",
        "languages",
        multiple=True,
        cls=_Languages,
        metavar="CODE…",
        help="Only these languages, and the default one.",
    ),
    click.option("--drafts", is_flag=True, help="With drafts and stories of a later date."),
    click.option("--now", "today", metavar="DATE", callback=_date, help="The day to build for."),
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="How many processes work."),
    click.option("--clean", is_flag=True, help="Make everything anew, as if for the first time."),
    click.option("--strict", is_flag=True, help="Warnings fail as errors do."),
    click.option(
        "--format",
        "style",
        type=click.Choice(get_args(Format)),
        default="text",
        help="How problems are reported.",
    ),
    click.option("--report", metavar="FILE", help="Write the problems to a file as well."),
    click.option("--quiet", is_flag=True, help="Say nothing but problems."),
    click.option("--adopt", is_flag=True, help="Build into a folder that holds other files too."),
)


_PROFILE = click.option("--profile", is_flag=True, help="Say where the time went, by stage.")


def _with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_SHARED):
        command = option(command)
    return command


def _content_folder(given: str) -> Path:
    folder = Path(given).resolve()
    if not folder.is_dir():
        raise SiteError(f"there is no folder {given}: name it with --content")
    return folder


def _settings(options: dict[str, Any], out: str) -> Settings:
    content = _content_folder(options["content"])
    root = content.parent
    themes = root / "themes"
    where = Path(options["out"]).resolve() if options["out"] else root / out
    for source in (content, themes):
        if where.is_relative_to(source) or source.is_relative_to(where):
            raise SiteError(
                f"--out {options['out']}: the site cannot be written among its sources in "
                f"{_relative(source)}/; choose a folder of its own, such as public"
            )
    return Settings(
        content=content,
        themes=themes,
        out=where,
        cache=root / ".cache",
        today=options["today"],
        jobs=options["jobs"] or parallel.default_jobs(),
        theme=options["theme"],
        base_url=options["base_url"],
        languages=tuple(options["languages"]),
        drafts=options["drafts"],
        clean=options["clean"],
        strict=options["strict"],
        adopt=options["adopt"],
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="showcase %(version)s")
def showcase() -> None:
    """Case studies of teachers, schools and faculties: from Markdown to a site.

    Without a command it builds.
    """


@showcase.command("build")
@_with_settings
@_PROFILE
def build_command(**options: Any) -> int:
    """Build the site into public/."""
    return _run(options, dry=False)


@showcase.command()
@_with_settings
@click.option("--port", default=8000, type=click.IntRange(0, 65535), help="0 takes any free one.")
def serve(port: int, **options: Any) -> int:
    """Build, serve on 127.0.0.1, and rebuild and reload on every save."""
    from showcase.preview.serve import serve as run

    run(_settings(options, ".cache/preview"), port, quiet=options["quiet"])
    return DONE


@showcase.command()
@_with_settings
@_PROFILE
@click.option("--codes", is_flag=True, help="List the codes of all problems, and stop.")
def check(codes: bool, **options: Any) -> int:
    """Check everything that build would, and write nothing."""
    if codes:
        width = max(map(len, CODES))
        for code, text in sorted(CODES.items()):
            click.echo(f"{code:{width}}  {text}")
        return DONE
    return _run(options, dry=True)


@showcase.command()
@click.argument("what", type=click.Choice(["story", "translation"]))
@click.argument("name")
@click.option("--country", metavar="CODE", help="For a story: ISO 3166-1, such as KE.")
@click.option("--kind", help="For a story: teacher, school or faculty.")
@click.option("--language", metavar="CODE", help="For a translation.")
@click.option("--content", default="content", metavar="DIR", help="The folder of stories.")
@click.option("--now", "today", metavar="DATE", callback=_date, help="The day of publication.")
def new(what: str, name: str, content: str, today: datetime.date, **options: Any) -> int:
    """Start a story: new story "Title" --country KE --kind teacher; or a translation of a file."""
    from showcase.scaffold import new_story, new_translation

    folder = _content_folder(content)
    if what == "story":
        path = new_story(folder, name, options["country"], options["kind"], today)
    else:
        path = new_translation(folder, Path(name), options["language"])
    click.echo(f"wrote {_relative(path)}; fill its blanks, then run check")
    return DONE


@showcase.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> int:
    """Run the tests, a file to each processor at a time; or what further words say to pytest."""
    try:
        import pytest
    except ModuleNotFoundError:
        raise SiteError("the tests' packages are missing: pip install 'showcase[test]'") from None
    # With a worker restarted, a file to each would wait for ever: a crash ends the run instead.
    spread = ["--dist", "loadfile", "--max-worker-restart", "0"]
    return int(pytest.main([*arguments] or ["-n", str(parallel.default_jobs()), *spread]))


@showcase.command()
@click.argument("what", type=click.Choice(BENCHMARKS), default="build")
@click.option("--stories", default=10_000, type=click.IntRange(50), help="The corpus's size.")
@click.option("--runs", default=3, type=click.IntRange(1), help="Every figure is their median.")
@click.option("--json", "report", metavar="FILE", help="Write the figures to a file as well.")
def bench(what: str, stories: int, runs: int, report: str | None) -> int:
    """Measure builds beside Hugo's, search beside Pagefind's, saves, size, or audit all pages."""
    tests = Path(__file__).resolve().parents[1] / "tests"
    if not (tests / "benchmarks").is_dir():
        raise SiteError("the benchmarks are in the folder tests/ of a clone, which is not here")
    sys.path.insert(0, str(tests))
    try:
        benchmark = importlib.import_module(f"benchmarks.{what}")
    except ModuleNotFoundError as error:
        raise SiteError(
            f"the benchmarks' package {error.name} is missing: pip install 'showcase[test,bench]'"
        ) from None
    benchmark.main(stories, runs, Path(report) if report else None)
    return DONE


def _run(options: dict[str, Any], dry: bool) -> int:
    settings = _settings(options, "public")
    try:
        clock = StageClock()
        clock.begin("Starting")
        with _progress(shown=not options["quiet"] and sys.stderr.isatty()) as show:

            def announce(stage: str) -> None:
                clock.begin(stage)
                show(stage)

            result = build(settings, dry=dry, announce=announce)
            if dry:
                result = replace(result, problems=(*result.problems, *_in_catalogues(settings)))
        if options["profile"]:
            click.echo(clock.table(), err=True)
    except SiteError as error:
        if not error.problems:
            raise
        _report(tuple(in_order(error.problems)), options, settings)
        return USAGE_WRONG
    _report(result.problems, options, settings)
    failed = result.errors or (settings.strict and result.problems)
    if not options["quiet"]:
        # Formats for machines own the standard output.
        click.echo(_sentence(result, settings, dry, bool(failed)), err=options["style"] != "text")
    return CONTENT_WRONG if failed else DONE


def _in_catalogues(settings: Settings) -> list[Diagnostic]:
    """Return what is wrong with the catalogues of the site's theme."""
    from showcase.catalogues import catalogue_problems

    config = load_config(settings)
    theme = load_theme(settings.themes, config.theme)
    return catalogue_problems(theme.folders, config.languages)


@contextmanager
def _progress(shown: bool) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is going on and since when; in a pipe, nothing."""
    if not shown:
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Starting")
        yield lambda stage: progress.update(task, description=stage)


def _report(problems: tuple[Diagnostic, ...], options: dict[str, Any], settings: Settings) -> None:
    text = formatted(problems, options["style"], settings.content)
    click.echo(text, nl=False)
    if options["report"]:
        Path(options["report"]).write_text(text, encoding="utf-8")


def _sentence(result: Result, settings: Settings, dry: bool, failed: bool) -> str:
    """Return the last line of a build."""
    errors, warnings = result.errors, len(result.problems) - result.errors
    counts = " and ".join(
        _several(number, word)
        for number, word in ((errors, "error"), (warnings, "warning"))
        if number or (not errors and word == "error" and failed)
    )
    seconds = f"{result.seconds:.2f} s"
    if failed:
        outcome = "" if dry else f"; {_relative(settings.out)}/ is as it was"
        return f"Found {counts} in {seconds}{outcome}."
    found = f" ({counts})" if result.problems else ""
    if dry or result.changes is None:
        return f"Checked {_several(result.stories, 'story')}: nothing to mend{found}, in {seconds}."
    changes = result.changes
    return (
        f"Wrote {_several(len(changes.written), 'file')}, left {changes.unchanged} unchanged, "
        f"removed {len(changes.removed)} in {_relative(settings.out)}/{found}, in {seconds}."
    )


def _several(number: int, word: str) -> str:
    plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return f"{number} {word if number == 1 else plural}"


def _relative(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit status."""
    # The system takes all memory back: no collector need walk over the site once more for that.
    atexit.register(gc.freeze)
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    """Return the exit status; only a fault of ours shows a traceback."""
    try:
        status = showcase.main(arguments, standalone_mode=False, prog_name="build.py")
        return status if isinstance(status, int) else DONE
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return USAGE_WRONG
    except SiteError as error:
        content = Path(_content_of(sys.argv if arguments is None else arguments))
        click.echo(
            formatted(in_order(error.problems), "text", content.resolve()), nl=False, err=True
        )
        if not error.problems:
            click.echo(f"error: {error}", err=True)
        return USAGE_WRONG
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}", err=True)
        return OUR_FAULT
    except Exception:
        traceback.print_exc()
        click.echo(
            "This is a fault of showcase, not of your content. Please report it with the lines "
            "above in the issues of the repository that you have showcase from.",
            err=True,
        )
        return OUR_FAULT


def _content_of(arguments: list[str]) -> str:
    """Return the value of --content, for the paths of problems found before it is parsed."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--content":
            return following
        if word.startswith("--content="):
            return word.partition("=")[2]
    return "content"
