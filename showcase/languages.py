"""Languages of the interface: catalogues, and names, dates, numbers and order from CLDR."""

import datetime
import gettext
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from showcase.diagnostics import SiteError
from showcase.storage import digest_of


@dataclass(frozen=True, eq=False)
class Language:
    """One language: `code` is BCP 47, `name` the language's own name for itself."""

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    catalogue_digest: str
    translations: gettext.NullTranslations = field(repr=False)
    locale: Locale = field(repr=False)

    def text(self, message: str, /, **values: object) -> str:
        """Return the message in this language, its `%(name)s` marks filled with `values`."""
        translated = self.translations.gettext(message)
        return translated % values if values else translated

    def plural(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """Return the form for `number`, which also stands, written out, for `%(number)s`."""
        translated = self.translations.ngettext(singular, plural, number)
        return translated % {"number": self.number(number), **values}

    def forms(self, singular: str, plural: str) -> dict[str, str]:
        """Return the form for each of CLDR's plural categories that the language has."""
        category, translated = self.locale.plural_form, self.translations.ngettext
        return {category(n): translated(singular, plural, n) for n in reversed(_EVERY_FORM)}

    def number(self, value: int) -> str:
        """Return a whole number with the language's digits and grouping."""
        return _number(self.locale, value)

    def date(self, value: datetime.date) -> str:
        """Return a day written out: 22 November 2026."""
        return _date(self.locale, value)

    def partial_date(self, value: str) -> str:
        """Return a day, a month or a year written out from `2026-11-22`, `2026-11` or `2026`."""
        return value if len(value) == 4 else _partial_date(self.locale, value)

    def territory(self, code: str) -> str:
        """Return the name of a country (alpha-2), or of a region by its M49 code."""
        return self._territories.get(code) or _english_territories()[code]

    @cached_property
    def _territories(self) -> dict[str, str]:
        return {code: str(name) for code, name in self.locale.territories.items()}

    def all_of(self, items: list[str]) -> str:
        """Return the items as a list in a sentence: one, two and three."""
        return format_list(items, locale=self.locale)

    def language_name(self, code: str) -> str:
        """Return the name of another language in this one."""
        name = Locale.parse(code, sep="-").get_display_name(self.locale)
        return str(name or code)

    def order(self, text: str) -> str:
        """Return a key that sorts texts without regard to case and marks.

        Hamza carriers fall together with alif, and taa marbuta with haa, as in an Arabic index; ñ
        follows n in Spanish; Chinese is put in the order of its pinyin.
        """
        return _order(text, self.locale.language)


#: Among these is a number for every plural category of every language.
_EVERY_FORM = (*range(200), 1_000_000)


@cache
def _number(locale: Locale, value: int) -> str:
    return str(format_decimal(value, locale=locale))


@cache
def _date(locale: Locale, value: datetime.date) -> str:
    return str(format_date(value, "long", locale=locale))


@cache
def _partial_date(locale: Locale, value: str) -> str:
    day = datetime.date.fromisoformat(value if len(value) == 10 else value + "-01")
    if len(value) == 10:
        return _date(locale, day)
    return str(format_skeleton("yMMMM", day, locale=locale))


@cache
def _english_territories() -> dict[str, str]:
    return {code: str(name) for code, name in Locale("en").territories.items()}


@cache
def _order(text: str, language: str) -> str:
    if language == "zh":
        from pypinyin import Style, lazy_pinyin  # half a second that no other language needs

        sounds = lazy_pinyin(
            text,
            Style.TONE3,
            errors=list,  # type: ignore[arg-type]  # what is not Chinese, letter by letter
            neutral_tone_with_five=True,
        )
        text = " ".join(map("".join, zip(sounds, text, strict=True)))
    if language == "es":
        text = unicodedata.normalize("NFC", text).replace("ñ", "n\uffff").replace("Ñ", "n\uffff")
    # Short i is a letter of its own in Cyrillic alphabets, though Unicode takes it for a marked i.
    text = unicodedata.normalize("NFC", text).casefold().replace("й", "и\uffff")
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.translate(_LETTERS).lstrip("'’(").strip()


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ة": "ه", "ى": "ي"}
)


def load_languages(
    codes: tuple[str, ...], locale_folders: tuple[Path, ...]
) -> Mapping[str, Language]:
    """Return the languages by code, with catalogues from the first folder that has `CODE.po`.

    Messages are written in English, so English needs no catalogue. Raises `SiteError` when another
    language has none, or when one cannot be read.
    """
    return MappingProxyType({code: _language(code, locale_folders) for code in codes})


def _parsed_catalogue(path: Path, data: bytes) -> gettext.GNUTranslations:
    try:
        catalogue = read_po(io.BytesIO(data), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise SiteError(f"the catalogue {path} cannot be read: {error}") from None
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _language(code: str, folders: tuple[Path, ...]) -> Language:
    found = next((f / f"{code}.po" for f in folders if (f / f"{code}.po").is_file()), None)
    return _made(code, found, found.read_bytes() if found else b"")


@cache  # so that a preview has one object for a language as long as its catalogue stays
def _made(code: str, found: Path | None, data: bytes) -> Language:
    # Plain `en` is American to CLDR; the content is written in international English.
    locale = Locale.parse("en-001" if code == "en" else code, sep="-")
    translations = gettext.NullTranslations()
    if found:
        translations = _parsed_catalogue(found, data)
    elif locale.language != "en":
        raise SiteError(
            f"the theme has no catalogue for {code!r}: add locales/{code}.po, "
            "or take the language out of site.yml"
        )
    own_name = locale.get_language_name(locale) or code
    return Language(
        code=code,
        name=own_name[:1].upper() + own_name[1:],
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        catalogue_digest=digest_of(code.encode(), data),
        translations=translations,
        locale=locale,
    )
