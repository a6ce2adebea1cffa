"""Find one like mine: a form, and what the browser needs to rank the stories by its answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from showcase.content.fields import LEVELS, NEEDS
from showcase.data.geography import countries
from showcase.pages.context import Context
from showcase.pages.listings import ways
from showcase.pages.outputs import File, Page, Place
from showcase.pages.views import FindView, Option
from showcase.pages.words import level_label, need_label
from showcase.search.index import Index
from showcase.search.shards import as_json, named
from showcase.site.model import Site, Story
from showcase.storage import digest_of

#: How many subjects the form offers: those of the most stories.
SUBJECTS = 60


@dataclass(frozen=True, slots=True)
class FindData:
    """What all languages share: the file for the browser, and the subjects that it knows."""

    file: File
    subjects: tuple[str, ...]


def find_data(site: Site, index: Index) -> FindData:
    """Return which stories have a subject, and which countries lie near another.

    Story numbers are those of search, each as the step from the one before. A country has its
    region, its subregion and its neighbours. All else is in the facets of search already.
    """
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, story in enumerate(index.stories):
        for subject in sorted(set(map(folded, story.fields.subjects))):
            numbers[subject].append(number)
    most = sorted(numbers, key=lambda subject: (-len(numbers[subject]), subject))[:SUBJECTS]
    data = as_json(
        {
            "subjects": {subject: _steps(numbers[subject]) for subject in sorted(most)},
            "near": {
                code: " ".join((country.region, country.subregion, *country.neighbours))
                for code, country in countries().items()
                if country.region
            },
        }
    )
    address = f"find/{named(data, set(), 10)}.json"
    return FindData(File(address, digest_of(data), partial(bytes, data)), tuple(sorted(most)))


def find_pages(context: Context, data: FindData) -> Iterator[Page]:
    """Yield the page with the form."""
    yield context.page(Place("find/"), "find.html", _view, data)


def _view(context: Context, place: Place, data: FindData) -> FindView:
    t, language = context.language.text, context.language
    heading = t("Find one like mine")
    intro = t(
        "Say how you teach, and the stories nearest to that come first, each with the reason."
    )
    topics = [Option(topic.slug, context.topic_link(topic).label) for topic in context.site.topics]
    codes = [code for code, country in countries().items() if country.region]
    return FindView(
        **context.frame(place, heading, intro),
        heading=heading,
        intro=intro,
        action=context.url("stories/"),
        data=context.site.config.base_path + data.file.address,
        levels=tuple(Option(level, level_label(language, level)) for level in LEVELS),
        topics=_sorted(context, topics),
        subjects=_sorted(context, _subjects(context, data.subjects)),
        needs=tuple(Option(need, need_label(language, need)) for need in NEEDS),
        countries=_sorted(context, [Option(code, language.territory(code)) for code in codes]),
        browse=ways(context),
    )


def folded(subject: str) -> str:
    """Return a subject as stories share it, however each writes it."""
    return " ".join(subject.casefold().split())


def _steps(numbers: Sequence[int]) -> list[int]:
    return [number - before for before, number in zip((0, *numbers), numbers, strict=False)]


def _sorted(context: Context, options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: context.language.order(option.label)))


def _subjects(context: Context, subjects: Sequence[str]) -> list[Option]:
    """Return the subjects as the language writes them, as far as its translations tell.

    A translation that lists as many subjects as the original lists them in its order.
    """
    default, code = context.site.config.default_language, context.language.code
    own, original = (
        _spellings(context.site.stories, code),
        _spellings(context.site.stories, default),
    )
    options = []
    for subject in subjects:
        label = own.get(subject) or original[subject]
        language = "" if subject in own else default
        options.append(Option(subject, label[:1].upper() + label[1:], language))
    return options


def _spellings(stories: Sequence[Story], language: str) -> dict[str, str]:
    """Return how a language mostly writes each subject of the default language."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for story in stories:
        version = story.versions.get(language)
        if version and len(version.fields.subjects) == len(story.fields.subjects):
            for subject, written in zip(
                story.fields.subjects, version.fields.subjects, strict=True
            ):
                found[folded(subject)][written] += 1
    return {
        subject: min(written, key=lambda word: (-written[word], word))
        for subject, written in found.items()
    }
