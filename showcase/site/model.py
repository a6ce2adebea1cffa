"""The `Site`: stories and what surrounds them, every reference resolved. Nothing in it changes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import ConfigDict, StringConstraints

from showcase.config import Config, Texts
from showcase.content.documents import Document
from showcase.content.fields import Fields, StoryFields
from showcase.site.picture_cache import NOTHING_KEPT, PictureCache

F = TypeVar("F", bound=Fields, covariant=True)


@dataclass(frozen=True, slots=True)
class Version(Generic[F]):
    """An entry in one language: the document, and its fields filled up from the default language.

    `outdated` says that the original has changed since this translation was made.
    """

    language: str
    document: Document
    fields: F
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Entry(Generic[F]):
    """An entry of a collection in all its languages."""

    collection: str
    slug: str
    original: Version[F]
    versions: Mapping[str, Version[F]]

    @property
    def key(self) -> str:
        """The entry's name in the whole site: `stories/some-slug`."""
        return f"{self.collection}/{self.slug}"

    @property
    def fields(self) -> F:
        """The fields as the default language gives them."""
        return self.original.fields

    def best(self, language: str) -> Version[F]:
        """Return the version in a language, or the original where it is not translated."""
        return self.versions.get(language, self.original)


Story = Entry[StoryFields]
AnyEntry = Entry[Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """A word of the topic vocabulary, with its name and description in each language."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Texts
    description: Texts


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link or picture of a body leads.

    `kind` says what `to` is: an entry's key, an outside address, or a picture's path in content/.
    """

    kind: Literal["entry", "outside", "picture", "none"]
    to: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture of content/ that an entry shows.

    `file` is where it lies, `digest` stands for it in addresses. `form` is what browsers get that
    know no newer one; `width` and `height`, in pixels, are those of its largest published copy.
    `kept` has what was made from it before.
    """

    file: Path
    digest: str
    form: Literal["JPEG", "PNG"]
    width: int
    height: int
    kept: PictureCache = field(default=NOTHING_KEPT, compare=False)


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that is on the site on the day `today`, in the languages `languages`.

    Stories come newest first; the other entries by title. `targets` gives for each document's path
    the targets of its holes, in order. `spread` gives for each story the stories inspired by it,
    `stories_of` for every other entry's key the stories that name it or that its text names,
    `pictures` the pictures that entries show, by their path in content/.
    """

    config: Config
    languages: tuple[str, ...]
    today: datetime.date
    topics: tuple[Topic, ...]
    stories: tuple[Story, ...]
    entries: Mapping[str, tuple[AnyEntry, ...]]
    by_key: Mapping[str, AnyEntry]
    by_country: Mapping[str, tuple[Story, ...]]
    targets: Mapping[str, tuple[Target, ...]]
    spread: Mapping[str, tuple[Story, ...]]
    stories_of: Mapping[str, tuple[Story, ...]]
    pictures: Mapping[str, PictureFile]
