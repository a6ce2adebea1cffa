"""site.yml: what the site is called, where it is published, in which languages."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from showcase.content.fields import Address, Text, web_address
from showcase.content.front_matter import parse
from showcase.content.own_files import own_text
from showcase.content.validation import validated
from showcase.diagnostics import SiteError, did_you_mean

SITE_FILE = "site.yml"


def _language(code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        raise PydanticCustomError(
            "unknown-language", "{shown} is not a language that CLDR knows", {"shown": repr(code)}
        ) from None
    return code


def _base_url(value: str) -> str:
    if urlsplit(value).query or urlsplit(value).fragment:
        raise PydanticCustomError(
            "unsafe-link",
            "{shown} is more than the address of a site",
            {"shown": repr(value), "hint": "leave out what follows ? or #"},
        )
    # Sitemaps and canonical links hold addresses of letters a-z only (RFC 3986).
    path = quote(urlsplit(value).path, safe="/%:@!$&'()*+,;=~")
    return urlsplit(value)._replace(path=path.rstrip("/") + "/").geturl()


def _in_each_language(value: Any) -> Any:
    """Let a text that is the same in all languages be written once."""
    return {"": value} if isinstance(value, str) else value


def _each_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((code for n, code in enumerate(codes) if code in codes[:n]), None)
    if twice:
        raise PydanticCustomError(
            "wrong-type",
            "the language {shown} stands twice",
            {"shown": repr(twice), "hint": "name each language once, the default one first"},
        )
    return codes


Texts = Annotated[Mapping[str, Text], BeforeValidator(_in_each_language)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of a site. `languages` are BCP 47 codes, the default one first."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: Texts
    tagline: Texts
    base_url: Annotated[Address, AfterValidator(_base_url)]
    languages: Annotated[
        tuple[Annotated[str, AfterValidator(_language)], ...],
        Field(min_length=1),
        AfterValidator(_each_once),
    ]
    theme: Text = "default"
    licence: Text = "CC BY 4.0"
    licence_url: Address = "https://creativecommons.org/licenses/by/4.0/"
    contact: Text | None = None
    repository: Address | None = None
    social_cards: bool = True

    @property
    def default_language(self) -> str:
        """The language of files without a language in their name."""
        return self.languages[0]

    @property
    def base_path(self) -> str:
        """The path of the home page: `/`, or `/repo/` for a site under a sub-path."""
        return urlsplit(self.base_url).path

    def text(self, texts: Mapping[str, str], language: str) -> str:
        """Return the text in a language, else in the default language, else the common one."""
        return texts.get(language) or texts.get(self.default_language) or next(iter(texts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line asks of one run. All folders are absolute."""

    content: Path
    themes: Path
    out: Path
    cache: Path
    today: datetime.date
    jobs: int = 1
    theme: str | None = None
    base_url: str | None = None
    languages: tuple[str, ...] = ()
    drafts: bool = False
    clean: bool = False
    strict: bool = False
    adopt: bool = False


def load_config(settings: Settings) -> Config:
    """Return the settings of `site.yml`, with what the command line overrides.

    Raises `SiteError` with all problems when the file is missing or wrong.
    """
    try:
        text, problem = own_text(settings.content, SITE_FILE)
    except FileNotFoundError:
        path = settings.content / SITE_FILE
        raise SiteError(
            f"there is no {path}: is --content the folder that holds your stories?"
        ) from None
    if problem:
        raise SiteError("site.yml cannot be read", [problem])
    front = parse(text)
    if front.problems and not front.values:
        raise SiteError("site.yml is wrong", [replace(p, path=SITE_FILE) for p in front.problems])
    given = dict(front.values)
    if settings.base_url:
        given["base_url"] = _given_base_url(settings.base_url)
    if settings.theme:
        given["theme"] = settings.theme
    front.values = given
    config, found = validated(Config, front)
    problems = [*front.problems, *found]
    if config is None or problems:
        raise SiteError("site.yml is wrong", [replace(p, path=SITE_FILE) for p in problems])
    for code in settings.languages:
        if code not in config.languages:
            hint = did_you_mean(code, config.languages) or (
                f"its languages are {', '.join(config.languages)}"
            )
            raise SiteError(f"--language {code}: site.yml does not list it; {hint}")
    return config


def _given_base_url(value: str) -> str:
    """Return the --base-url, or raise `SiteError` when it is none: site.yml is not to blame."""
    try:
        return _base_url(web_address(value))
    except PydanticCustomError as error:
        hint = (error.context or {}).get("hint", "write it whole, https://example.org/site/")
        raise SiteError(f"--base-url: {error.message()}; {hint}") from None
