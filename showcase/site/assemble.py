"""The second stage: documents to one `Site`, every reference resolved or reported."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from showcase.config import Config, Settings
from showcase.content.documents import Document
from showcase.content.fields import (
    COLLECTIONS,
    Fields,
    StoryFields,
    TranslationFields,
)
from showcase.content.read import Content
from showcase.diagnostics import Diagnostic, did_you_mean, in_order
from showcase.site.checks import checked
from showcase.site.links import resolved
from showcase.site.model import AnyEntry, Entry, Site, Story, Target, Topic, Version
from showcase.site.picture_cache import NOTHING_KEPT, PictureCache
from showcase.site.pictures import load_pictures


def assemble(
    settings: Settings,
    content: Content,
    config: Config,
    topics: Sequence[Topic],
    kept: PictureCache = NOTHING_KEPT,
) -> tuple[Site, list[Diagnostic]]:
    """Return the site that the documents make on the day `settings.today`, and all problems.

    `settings.languages` limits the languages built, the default one always among them. With
    `settings.drafts`, drafts and stories with a later date are on the site too. `kept` has what was
    made from pictures before.
    """
    today, languages, drafts = settings.today, settings.languages, settings.drafts
    problems = [*content.problems]
    for document in content.documents:
        problems += document.problems
    originals, entries = _entries(content.documents, problems)
    public = {key: entry for key, entry in entries.items() if drafts or _is_public(entry, today)}
    slugs = [topic.slug for topic in topics]
    for document in content.documents:
        problems += checked(document, originals, slugs, content.pictures, today)
    by_path = {v.document.path: (e, v) for e in entries.values() for v in e.versions.values()}
    targets = {}
    wrong_files = {document.path for document in content.documents if document.fields is None}
    for document in content.documents:
        found, wrong = resolved(document, by_path, public, wrong_files, content.pictures)
        targets[document.path] = found
        problems += wrong
    stories = sorted(
        (entry for entry in public.values() if isinstance(entry.fields, StoryFields)),
        key=lambda story: (-story.fields.published.toordinal(), -story.fields.year, story.slug),
    )
    by_country: dict[str, list[Story]] = defaultdict(list)
    spread: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        by_country[story.fields.country].append(story)
        for source in story.fields.inspired_by:
            spread[source].append(story)
    shown = {key: _pictures_of(entry, targets) & content.pictures for key, entry in entries.items()}
    pictures, wrong = load_pictures(settings.content, frozenset[str]().union(*shown.values()), kept)
    problems += wrong
    # What is held back is checked, but its pictures stay off the site with it.
    published = frozenset[str]().union(*(shown[key] for key in public))
    chosen = tuple(code for code in config.languages if not languages or code in languages)
    site = Site(
        config=config,
        languages=chosen
        if config.default_language in chosen
        else (config.default_language, *chosen),
        today=today,
        topics=tuple(topics),
        stories=tuple(stories),
        entries=MappingProxyType(
            {
                name: tuple(
                    sorted(
                        (e for e in public.values() if e.collection == name),
                        key=lambda entry: (entry.fields.title.casefold(), entry.slug),
                    )
                )
                for name in COLLECTIONS
                if name != "stories"
            }
        ),
        by_key=MappingProxyType(public),
        by_country=MappingProxyType({code: tuple(found) for code, found in by_country.items()}),
        targets=MappingProxyType(targets),
        spread=MappingProxyType({slug: tuple(found) for slug, found in spread.items()}),
        stories_of=_stories_of(stories, public, targets),
        pictures=MappingProxyType(
            {path: found for path, found in pictures.items() if path in published}
        ),
    )
    return site, in_order(problems)


def _stories_of(
    stories: Sequence[Story],
    public: Mapping[str, AnyEntry],
    targets: Mapping[str, Sequence[Target]],
) -> Mapping[str, tuple[Story, ...]]:
    """Return for every other entry the stories that name it or that its text names, in order."""
    named: dict[str, set[str]] = defaultdict(set)
    for entry in public.values():
        links = {t.to for t in targets[entry.original.document.path] if t.kind == "entry"}
        if isinstance(entry.fields, StoryFields):
            links |= {f"programmes/{slug}" for slug in entry.fields.programmes}
            links |= {f"partners/{given.partner}" for given in entry.fields.partners}
            for key in links:
                named[key].add(entry.key)
        else:
            named[entry.key] |= links
    order = {story.key: (number, story) for number, story in enumerate(stories)}
    return MappingProxyType(
        {
            key: tuple(
                story
                for _, story in sorted((order[x] for x in found if x in order), key=itemgetter(0))
            )
            for key, found in named.items()
        }
    )


def _pictures_of(entry: AnyEntry, targets: Mapping[str, Sequence[Target]]) -> frozenset[str]:
    """Return the paths of the pictures that an entry shows in any language, its cover included."""
    documents = [version.document.path for version in entry.versions.values()]
    pictures = [t.to for path in documents for t in targets[path] if t.kind == "picture"]
    return frozenset((*pictures, cover_path(entry)))


def cover_path(entry: AnyEntry) -> str:
    """Return the path in content/ of an entry's cover photograph, or "" without one."""
    cover = getattr(entry.fields, "cover", None)
    folder = entry.original.document.path.rpartition("/")[0]
    return f"{folder}/{cover.image}" if cover else ""


def _entries(
    documents: Sequence[Document], problems: list[Diagnostic]
) -> tuple[dict[str, Document], dict[str, AnyEntry]]:
    """Return the original of every entry by its key, and the sound entries in their languages."""
    originals: dict[str, Document] = {}
    translations: dict[str, dict[str, Document]] = defaultdict(dict)
    for document in documents:
        key = f"{document.collection}/{document.slug}"
        original = document.path.removesuffix(".md").rpartition("/")[2].count(".") == 0
        claimed = originals.get(key) if original else translations[key].get(document.language)
        if claimed:
            problems.append(
                document.problem(
                    "duplicate-entry",
                    f"{document.slug!r} in {document.language!r} is already in {claimed.path}",
                    hint="rename one of the two files",
                )
            )
        elif original:
            originals[key] = document
        else:
            translations[key][document.language] = document
    entries: dict[str, AnyEntry] = {}
    for key, document in originals.items():
        if isinstance(document.fields, Fields):
            versions = {
                language: _translated(translation, document, document.fields)
                for language, translation in translations.get(key, {}).items()
                if isinstance(translation.fields, TranslationFields)
                and not translation.fields.draft
            }
            first = Version(document.language, document, document.fields)
            entries[key] = Entry(
                document.collection, document.slug, first,
                MappingProxyType({document.language: first, **versions}),
            )  # fmt: skip
            problems += _outdated(versions.values(), document)
    for key, found in translations.items():
        if found and key not in originals:
            slugs = [
                document.slug
                for document in originals.values()
                if document.collection == key.partition("/")[0]
            ]
            for document in found.values():
                problems.append(
                    document.problem(
                        "no-original",
                        f"there is no {document.slug!r} in the default language to translate",
                        hint=did_you_mean(document.slug, slugs)
                        or f"write {document.slug}.md first",
                    )
                )
    return originals, entries


def _translated(translation: Document, original: Document, fields: Fields) -> Version[Any]:
    """Return the version that a translation makes: its own fields, the rest from the original."""
    own = {
        field.name: getattr(translation.fields, field.name)
        for field in dataclass_fields(translation.fields)  # type: ignore[arg-type]
        if field.name not in ("draft", "translates")
    }
    given = {name: value for name, value in own.items() if value is not None}
    translates = getattr(translation.fields, "translates", None)
    outdated = translates is not None and translates != original.text_digest
    return Version(translation.language, translation, replace(fields, **given), outdated)


def _outdated(versions: Any, original: Document) -> Iterator[Diagnostic]:
    for version in versions:
        if version.outdated:
            found = version.document.problem(
                "outdated-translation",
                f"{original.path} has changed since this translation was made",
                "translates",
                f"bring it up to date, then set translates: {original.text_digest}",
            )
            yield replace(found, severity="warning")


def _is_public(entry: AnyEntry, today: datetime.date) -> bool:
    fields = entry.fields
    published = getattr(fields, "published", None)
    return not (
        fields.draft
        or (published is not None and published > today)
        or (fields.expires is not None and fields.expires <= today)
    )
