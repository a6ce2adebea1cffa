"""What editors may write in front matter: one frozen dataclass for each collection.

Each class is validated by pydantic when a file is parsed and decoded by msgspec when it comes from
the cache, so a field is declared once. The comments of content-model.md in the design are the
reference for their meaning.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from showcase.data.geography import countries
from showcase.diagnostics import nearest

#: What `new` puts where an editor has something to write.
BLANK = "…"

Kind = Literal["teacher", "school", "faculty"]
Level = Literal[
    "early-years",
    "primary",
    "secondary",
    "vocational",
    "higher",
    "teacher-education",
    "all-through",
    "non-formal",
]
Need = Literal[
    "nothing", "print", "electricity", "phone", "one-computer", "a-device-each", "internet"
]
Gift = Literal[
    "devices",
    "software",
    "connectivity",
    "training",
    "funding",
    "curriculum",
    "mentoring",
    "internships",
    "space",
]
Sort = Literal["company", "association", "foundation", "public-body", "ngo"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LEVELS: tuple[Level, ...] = get_args(Level)
NEEDS: tuple[Need, ...] = get_args(Need)


def _text(value: str) -> str:
    text = value.strip()
    if text in ("", BLANK):
        raise PydanticCustomError("empty", "is there but says nothing", {"hint": "write it"})
    return text


def _country(value: str) -> str:
    if value in countries():
        return value
    raise PydanticCustomError(
        "unknown-country",
        "{shown} is not a country code",
        {"shown": repr(value), "hint": country_hint(value)},
    )


def country_hint(value: str) -> str:
    """Return the way out for something that is not a country code: the code it may stand for."""
    names = english_names()
    by_name = {name.casefold(): code for code, name in names.items()}
    nearest_name = nearest(value, names.values())
    code = (
        _HABITS.get(value.upper())
        or by_name.get(value.casefold())
        or (value.upper() if value.upper() in names else "")
        or by_name.get(nearest_name.casefold())
    )
    if code:
        return f"did you mean {code} ({names[code]})?"
    return "use the two capital letters of ISO 3166-1, such as KE for Kenya"


#: What people write for a country although ISO 3166-1 has another code.
_HABITS = MappingProxyType({"UK": "GB", "EL": "GR", "USA": "US", "UAE": "AE"})


def english_names() -> Mapping[str, str]:
    """Return the English CLDR name of every country by its code."""
    from babel import Locale  # only a mistake needs it, and it is slow to import

    territories = Locale("en").territories
    return MappingProxyType({code: territories[code] for code in countries()})


def web_address(value: str) -> str:
    """Return the value if it is a whole http or https address; raises `PydanticCustomError`."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # half an IPv6 address
        sound = False
    if not sound or re.search(r"\s", value):
        raise PydanticCustomError(
            "unsafe-link",
            "{shown} is not a web address",
            {"shown": repr(value), "hint": "write it whole, https://example.org/page"},
        )
    return value


def _partial_date(value: Any) -> str:
    """Return a date as text: a source may be known by its year or month alone."""
    text = str(value)
    if isinstance(value, bool) or not _is_partial_date(text):
        raise PydanticCustomError(
            "wrong-date",
            "{shown} is not a date",
            {
                "shown": repr(text),
                "hint": "write 2026-05-31, or 2026-05 or 2026 when no more is known",
            },
        )
    return text


def _is_partial_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        return False
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


#: What may be meant: a day after the last one that calendars can count would end a build.
YEARS = range(1700, 2101)


def _date(value: Any) -> Any:
    """Refuse what pydantic would read as a date but an editor did not mean as one."""
    if isinstance(value, datetime.date):
        if value.year in YEARS:
            return value
        raise PydanticCustomError(
            "wrong-date",
            "the day {shown} is not in our time",
            {"shown": value, "hint": f"write a day from {YEARS[0]} to {YEARS[-1]}"},
        )
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        if _is_partial_date(value):
            hint = f"leave the quotes out: {value}"
            raise PydanticCustomError(
                "wrong-date", "{shown} is text, not a date", {"shown": value, "hint": hint}
            )
        raise PydanticCustomError(
            "wrong-date",
            "no calendar has the day {shown}",
            {"shown": value, "hint": "write year-month-day, 2026-05-31"},
        )
    raise PydanticCustomError(
        "wrong-date",
        "{shown} is not a date",
        {"shown": repr(value), "hint": "write year-month-day without quotes, 2026-05-31"},
    )


def _yes(value: Any) -> Any:
    # YAML 1.2 reads `yes` as a word; editors mean it as an answer.
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise PydanticCustomError(
                "repeated-value", "{shown} stands twice", {"shown": repr(value), "hint": "keep one"}
            )
        seen.add(value)
    return values


def _alias(value: str) -> str:
    if not re.fullmatch(r"/?[a-z0-9-]+(/[a-z0-9-]+)*/?", value):
        raise PydanticCustomError(
            "wrong-type",
            "{shown} is not an address of this site",
            {"shown": repr(value), "hint": "write the former path, /stories/former-name/"},
        )
    if any(map(RESERVED.fullmatch, value.split("/"))):
        raise PydanticCustomError(
            "reserved-name",
            "Windows cannot have a folder for {shown}",
            {"shown": repr(value), "hint": "leave it out"},
        )
    return value.strip("/") + "/"


#: What no file on Windows can be called, whatever its suffix (Win32, "Naming Files, Paths, and
#: Namespaces"): the site's addresses are folders, and a clone has every file of the content.
RESERVED = re.compile(r"con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]", re.IGNORECASE)

Text = Annotated[str, AfterValidator(_text)]
Names = Annotated[tuple[Text, ...], AfterValidator(_each_once)]
Title = Annotated[str, Field(max_length=90), AfterValidator(_text)]
Summary = Annotated[str, Field(max_length=220), AfterValidator(_text)]
CountryCode = Annotated[str, AfterValidator(_country)]
Address = Annotated[str, AfterValidator(web_address)]
Alias = Annotated[str, AfterValidator(_alias)]
PartialDate = Annotated[str, BeforeValidator(_partial_date)]
Date = Annotated[datetime.date, BeforeValidator(_date)]
YesNo = Annotated[bool, BeforeValidator(_yes)]
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])]

_MOST_SOURCES = 999

_STRICT = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


@dataclass(frozen=True, slots=True)
class Institution:
    """A school, university or college, as its source names it."""

    __pydantic_config__ = _STRICT

    name: Text
    place: Text | None = None
    url: Address | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a story."""

    __pydantic_config__ = _STRICT

    name: Text
    role: Text | None = None


@dataclass(frozen=True, slots=True)
class Partnership:
    """An organisation that worked with a school, and what it gave."""

    __pydantic_config__ = _STRICT

    partner: Text | None = None
    name: Text | None = None
    gave: tuple[Gift, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an entry that names the organisation twice or not at all."""
        if (self.partner is None) == (self.name is None):
            raise PydanticCustomError(
                "missing-field", "needs either `partner` (a slug of partners/) or `name`"
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measured result; `source` is the position in the story's sources, from 1."""

    __pydantic_config__ = _STRICT

    measure: Text
    value: Text
    source: Annotated[int, Field(ge=1, le=_MOST_SOURCES)]


@dataclass(frozen=True, slots=True)
class Source:
    """A published page that a statement rests on."""

    __pydantic_config__ = _STRICT

    title: Text
    url: Address
    publisher: Text
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The agreement of the people in a picture, and the last day it holds."""

    __pydantic_config__ = _STRICT

    given: YesNo
    until: Date | None = None


def _consent(value: Any) -> Any:
    return {"given": value} if isinstance(value, bool | str) else value


@dataclass(frozen=True, slots=True)
class Cover:
    """A photograph in place of the drawn cover."""

    __pydantic_config__ = _STRICT

    image: Text
    alt: Text | None = None
    credit: Text | None = None
    licence: Text | None = None
    consent: Annotated[Consent, BeforeValidator(_consent)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What an entry of any collection may say."""

    __pydantic_config__ = _STRICT

    title: Title
    draft: YesNo = False
    updated: Date | None = None
    expires: Date | None = None
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFields(Fields):
    """A case study of a teacher, a school or a faculty."""

    summary: Summary
    country: CountryCode
    kind: Kind
    level: Level
    topics: Annotated[Names, Field(min_length=1, max_length=4)]
    year: Year
    published: Date
    institution: Institution
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    people: tuple[Person, ...] = ()
    subjects: tuple[Text, ...] = ()
    needs: tuple[Need, ...] = ()
    partners: tuple[Partnership, ...] = ()
    programmes: Names = ()
    recognition: tuple[Text, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    inspired_by: Names = ()
    cover: Cover | None = None
    featured: YesNo = False


@dataclass(frozen=True, slots=True)
class Runs:
    """The years from which and to which a programme ran; no end means that none is known."""

    __pydantic_config__ = _STRICT

    from_: Annotated[Year, Field(alias="from")]
    to: Year | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a consortium or network."""

    __pydantic_config__ = _STRICT

    institution: Text
    country: CountryCode | None = None
    url: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFields(Fields):
    """What programmes, partners, events and guides share."""

    summary: Summary
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFields(EntryFields):
    """A programme that stories belong to."""

    audience: Text | None = None
    runs: Runs | None = None
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFields(EntryFields):
    """A company, association, foundation or public body that works with schools."""

    sort: Sort
    url: Address | None = None
    offers: tuple[Gift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields(EntryFields):
    """A summit, a forum, a workshop."""

    starts: Date
    ends: Date | None = None
    timezone: Text | None = None
    place: Text | None = None
    country: CountryCode | None = None
    online: YesNo = False
    programme: Text | None = None
    url: Address | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A frequent question with its answer."""

    __pydantic_config__ = _STRICT

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideFields(EntryFields):
    """Longer advice."""

    audience: Text | None = None
    faq: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFields(Fields):
    """A page about the site itself."""

    summary: Summary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationFields:
    """What a translation may hold: all that can read differently in another language."""

    __pydantic_config__ = _STRICT

    title: Title
    summary: Summary | None = None
    translates: Text | None = None
    draft: YesNo = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTranslationFields(TranslationFields):
    """The translated fields of a story; the rest comes from the default language."""

    institution: Institution | None = None
    people: tuple[Person, ...] | None = None
    subjects: tuple[Text, ...] | None = None
    partners: tuple[Partnership, ...] | None = None
    recognition: tuple[Text, ...] | None = None
    outcomes: tuple[Outcome, ...] | None = None
    cover: Cover | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTranslationFields(TranslationFields):
    """The translated fields of an event."""

    place: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideTranslationFields(TranslationFields):
    """The translated fields of a guide."""

    faq: tuple[Question, ...] | None = None


AnyFields = (
    StoryFields
    | ProgrammeFields
    | PartnerFields
    | EventFields
    | GuideFields
    | PageFields
    | TranslationFields
)


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of content/: what its originals and its translations may say."""

    name: str
    original: type[Fields]
    translation: type[TranslationFields] = field(default=TranslationFields)


COLLECTIONS: Mapping[str, Collection] = MappingProxyType(
    {
        collection.name: collection
        for collection in (
            Collection("stories", StoryFields, StoryTranslationFields),
            Collection("programmes", ProgrammeFields),
            Collection("partners", PartnerFields),
            Collection("events", EventFields, EventTranslationFields),
            Collection("guides", GuideFields, GuideTranslationFields),
            Collection("pages", PageFields),
        )
    }
)
