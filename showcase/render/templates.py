"""Jinja: templates by name, each with a digest of all that it includes or extends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError, meta
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError

from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.views import View
from showcase.render.theme import Theme
from showcase.storage import code_digest, digest_of


@dataclass(slots=True)
class Templates:
    """The templates of a theme for a site under `base_path`."""

    theme: Theme
    base_path: str
    _environment: Environment = field(init=False)
    _digests: dict[str, str] = field(init=False, default_factory=dict)
    _settings: bytes = field(init=False)

    def __post_init__(self) -> None:
        folders = self.theme.folders
        self._environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader([folder / part for folder in folders]) for part in _PARTS]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._settings = repr(
            [sorted(self.theme.assets.items()), self.base_path, version("jinja2"),
             code_digest("render")]
        ).encode()  # fmt: skip

    def key(self, template: str, language: Language, view: bytes) -> str:
        """Return the key of a page: equal keys mean equal bytes."""
        return digest_of(
            self._digest(template).encode(),
            language.catalogue_digest.encode(),
            self._settings,
            view,
        )

    def render(self, template: str, language: Language, view: View) -> bytes:
        """Return a page's bytes; raises jinja2's `TemplateError` for a fault of the theme."""
        text = self._environment.get_template(template).render(
            page=view, asset=self._asset, **_translator(language)
        )
        return text.encode()

    def _asset(self, name: str) -> str:
        return self.base_path + self.theme.assets[name]

    def _digest(self, name: str) -> str:
        """Return the digest of a template's source and of all it refers to."""
        known = self._digests.get(name)
        if known is None:
            self._digests[name] = ""  # an import in a circle ends here
            loader = self._environment.loader
            assert loader is not None
            source, path, _ = loader.get_source(self._environment, name)
            tree = self._environment.parse(source, name, path)
            refers = sorted(r for r in meta.find_referenced_templates(tree) if r is not None)
            known = digest_of(source.encode(), *(self._digest(r).encode() for r in refers))
            self._digests[name] = known
        return known


_PARTS = ("templates", "components")


def template_problem(error: TemplateError, theme: Theme) -> Diagnostic:
    """Return the diagnostic for a template that cannot be read or filled."""
    line, path = 0, theme.folders[0].as_posix()
    if isinstance(error, TemplateSyntaxError):
        line, path = error.lineno, error.filename or path
    elif isinstance(error, TemplateNotFound):
        return Diagnostic("template", f"there is no template {error.name!r}", path)
    else:
        trace = error.__traceback__
        while trace:  # the innermost frame in a template is where it happened
            name = trace.tb_frame.f_code.co_filename
            if name.endswith((".html", ".xml", ".txt")):
                line, path = trace.tb_lineno, name
            trace = trace.tb_next
    return Diagnostic("template", error.message or type(error).__name__, path, line)


def _translator(language: Language) -> Mapping[str, Callable[..., Any]]:
    return {"_": language.text, "ngettext": language.plural}
