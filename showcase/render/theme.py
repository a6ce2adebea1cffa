"""Themes: templates, components and assets, with single files of a theme overridden by another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from types import MappingProxyType

from pydantic import ConfigDict

from showcase.content.fields import Text
from showcase.content.front_matter import parse
from showcase.content.validation import validated
from showcase.diagnostics import SiteError, did_you_mean
from showcase.pages.outputs import File
from showcase.search.engine import engine, minified
from showcase.storage import digest_of

THEME_FILE = "theme.yml"


@dataclass(frozen=True, slots=True)
class _Manifest:
    """theme.yml. `leaves_out` are patterns of files that it does not take from what it extends."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: Text
    extends: Text | None = None
    leaves_out: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its folders, its own first, then those it extends.

    `assets` gives the address, below the site's base path, of each asset by its name: every address
    holds the digest of the bytes, so a browser may keep it for ever.
    """

    name: str
    folders: tuple[Path, ...]
    assets: Mapping[str, str]
    outputs: tuple[File, ...]

    @property
    def locales(self) -> tuple[Path, ...]:
        """The folders of catalogues, the theme's own first."""
        return tuple(folder / "locales" for folder in self.folders)


def load_theme(themes: Path, name: str) -> Theme:
    """Return a theme of the folder `themes` by its name; raises `SiteError` when it is unusable."""
    folders: list[Path] = []
    files: dict[str, Path] = {}
    left_out: tuple[str, ...] = ()
    wanted: str | None = name
    while wanted:
        folder = themes / wanted
        if folder in folders:
            raise SiteError(f"the theme {wanted!r} extends itself")
        manifest = _manifest(themes, wanted)
        folders.append(folder)
        for relative, path in _files(folder):
            if not any(fnmatch(relative, pattern) for pattern in left_out):
                files.setdefault(relative, path)
        left_out += manifest.leaves_out
        wanted = manifest.extends
    style = "\n".join(
        path.read_text(encoding="utf-8").strip()
        for relative, path in sorted(files.items(), key=lambda item: _cascade(item[0]))
        if relative.endswith(".css")
    )
    contents = {"style.css": (style + "\n").encode()}
    scripts = [
        path.read_text(encoding="utf-8")
        for relative, path in sorted(files.items())
        if relative.startswith("components/") and relative.endswith(".js")
    ]
    if scripts:
        # Each in a function of its own, so that no component sees another's names.
        contents["script.js"] = "".join(minified(f"(() => {{{x}}})();") for x in scripts).encode()
        contents["engine.js"] = engine()
    for relative, path in files.items():
        if relative.startswith("assets/") and not relative.endswith(".css"):
            data = path.read_bytes()
            name = relative.removeprefix("assets/")
            contents[name] = minified(data.decode()).encode() if name.endswith(".js") else data
    assets, outputs = {}, []
    for asset, data in sorted(contents.items()):
        stem, dot, suffix = asset.rpartition(".")
        assets[asset] = f"assets/{stem}.{digest_of(data)[:10]}{dot}{suffix}"
        outputs.append(File(assets[asset], digest_of(data), partial(bytes, data)))
    return Theme(name, tuple(folders), MappingProxyType(assets), tuple(outputs))


def _manifest(themes: Path, name: str) -> _Manifest:
    path = themes / name / THEME_FILE
    try:
        front = parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        available = sorted(p.parent.name for p in themes.glob(f"*/{THEME_FILE}"))
        hint = did_you_mean(name, available) or f"there are: {', '.join(available) or 'none'}"
        raise SiteError(f"there is no theme {name!r} in {themes}; {hint}") from None
    manifest, problems = (None, front.problems) if front.problems else validated(_Manifest, front)
    if manifest is None:
        raise SiteError(
            f"the theme {name!r} is wrong", [replace(p, path=str(path)) for p in problems]
        )
    return manifest


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the assets and component files of a theme's folder with their path in it."""
    for part in ("assets", "components"):
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(folder).as_posix(), path


def _cascade(relative: str) -> tuple[bool, str]:
    """Sort a theme's own sheets (tokens, base, layout) before those of components."""
    return not relative.startswith("assets/"), relative
