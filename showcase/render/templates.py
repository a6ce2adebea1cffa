"""Jinja: templates by name, each with a digest of all that it includes or extends."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.views import View
from showcase.render.theme import Theme
from showcase.storage import code_digest, digest_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket
    from jinja2.runtime import Macro

_PARTS = ("templates", "components")
_NAME = re.compile(r"""["']([^"'\s]+\.(?:html|xml|txt))["']""")


class TemplateFaultError(Exception):
    """A template cannot be read or filled; `diagnostic` says which and where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass
class Templates:
    """The templates of a theme for a site under `base_path`."""

    theme: Theme
    base_path: str
    _digests: dict[str, str] = field(init=False, default_factory=dict)
    _environments: dict[str, "Environment"] = field(init=False, default_factory=dict)
    _compiled: dict[str, CodeType] = field(init=False, default_factory=dict)

    def key(self, template: str, language: Language, view: bytes) -> str:
        """Return the key of a page: equal keys mean equal bytes.

        Raises `TemplateFaultError` when there is no such template.
        """
        return digest_of(
            self._digest(template).encode(),
            language.catalogue_digest.encode(),
            self._settings,
            view,
        )

    def render(self, template: str, language: Language, view: View) -> bytes:
        """Return a page's bytes. Raises `TemplateFaultError` for a fault of the theme."""
        from jinja2 import TemplateError

        try:
            text = self._environment(language).get_template(template).render(page=view)
        except (TemplateError, KeyError, AttributeError, TypeError) as error:
            raise TemplateFaultError(_diagnostic(error, self.theme)) from error
        return text.encode()

    def load(self, name: str, language: Language) -> None:
        """Load a template and all it refers to; a fault is told when a page is rendered."""
        from jinja2 import TemplateError

        with suppress(TemplateFaultError, TemplateError):
            for one in self._sources(name):
                self._environment(language).get_template(one)

    def _environment(self, language: Language) -> "Environment":
        """Return the environment of a language; all languages share the compiled templates."""
        found = self._environments.get(language.code)
        if found is None:
            # Loaded when a page is rendered: a build that finds nothing new does without.
            from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

            from showcase.render.compiler import LeanEnvironment

            folders = [FileSystemLoader([f / part for f in self.theme.folders]) for part in _PARTS]
            found = self._environments[language.code] = LeanEnvironment(
                loader=ChoiceLoader(folders),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                auto_reload=False,
                bytecode_cache=_compiled_by(self._compiled),
            )
            found.globals = {
                **found.globals,
                "asset": self._asset,
                "once": _once(),
                "_": language.text,
                "ngettext": language.plural,
            }
        return found

    @cached_property
    def signature(self) -> bytes:
        """What stands for all templates and assets, and for the code that fills them."""
        folders = [folder / part for folder in self.theme.folders for part in _PARTS]
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        sources = (part for path in files for part in (str(path).encode(), path.read_bytes()))
        return digest_of(self._settings, *sources).encode()

    @cached_property
    def _settings(self) -> bytes:
        assets = sorted(self.theme.assets.items())
        code = [version("jinja2"), version("babel"), code_digest("render", "languages")]
        return repr([assets, self.base_path, code]).encode()

    def _asset(self, name: str) -> str:
        return self.base_path + self.theme.assets[name]

    def _digest(self, name: str) -> str:
        """Return the digest of a template's source and of all it refers to, however far."""
        known = self._digests.get(name)
        if known is None:
            sources = sorted(self._sources(name).items())
            parts = (part.encode() for one in sources for part in one)
            known = self._digests[name] = digest_of(name.encode(), *parts)
        return known

    def _sources(self, name: str) -> dict[str, str]:
        """Return the source of a template and of all it refers to, by their names.

        Every template whose name stands in the source counts as referred to, so that none can be
        missed that is named anywhere.
        """
        found: dict[str, str] = {}
        waiting = [name]
        while waiting:
            one = waiting.pop()
            source = None if one in found else self._source(one)
            if source is not None:
                found[one] = source
                waiting += _NAME.findall(source)
        if name not in found:
            message = f"there is no template {name!r}"
            path = self.theme.folders[0].as_posix()
            raise TemplateFaultError(Diagnostic("template", message, path))
        return found

    def _source(self, name: str) -> str | None:
        for part in _PARTS:
            for folder in self.theme.folders:
                path: Path = folder / part / name
                if path.is_file():
                    return path.read_text(encoding="utf-8")
        return None


def _diagnostic(error: Exception, theme: Theme) -> Diagnostic:
    """Return the diagnostic for a template that cannot be read or filled."""
    from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError

    path = theme.folders[0].as_posix()
    if isinstance(error, TemplateNotFound):
        return Diagnostic("template", f"there is no template {error.name!r}", path)
    if isinstance(error, TemplateSyntaxError):
        return Diagnostic("template", error.message or "", error.filename or path, error.lineno)
    line, trace = 0, error.__traceback__
    while trace:  # the innermost frame in a template is where it happened
        name = trace.tb_frame.f_code.co_filename
        if name.endswith((".html", ".xml", ".txt")):
            line, path = trace.tb_lineno, name
        trace = trace.tb_next
    if isinstance(error, KeyError):
        return Diagnostic("template", f"there is no asset {error.args[0]!r}", path, line)
    return Diagnostic("template", str(error) or type(error).__name__, path, line)


def _once() -> "Callable[..., str]":
    """Return a function that calls a macro once for the same arguments, and keeps what it gave.

    A component is a pure function of its arguments, so a story's row is filled once for all lists.
    """
    made: dict[tuple[object, ...], str] = {}

    def once(macro: "Macro", *arguments: object) -> str:
        key = (macro, *arguments)
        html = made.get(key)
        if html is None:
            html = made[key] = macro(*arguments)
        return html

    return once


def _compiled_by(templates: dict[str, CodeType]) -> Any:
    """Return a cache of compiled templates for the environments of all languages."""
    from jinja2 import BytecodeCache

    class Compiled(BytecodeCache):
        def load_bytecode(self, bucket: "Bucket") -> None:
            bucket.code = templates.get(bucket.key + bucket.checksum)

        def dump_bytecode(self, bucket: "Bucket") -> None:
            assert bucket.code
            templates[bucket.key + bucket.checksum] = bucket.code

    return Compiled()
