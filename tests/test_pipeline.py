"""From files to pages: what is resolved, related, paged, redirected and refused."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sites import GOLDEN, BuiltSite, put, settings_for

from showcase.config import load_config
from showcase.content.read import DocumentCache, read
from showcase.diagnostics import Diagnostic
from showcase.languages import load_languages
from showcase.pages.outputs import File, Output, Page
from showcase.pages.plan import plan
from showcase.pages.views import (
    CollectionView,
    CountryView,
    EntryView,
    FeedView,
    HomeView,
    ListingView,
    RedirectView,
    SitemapView,
    StoryView,
    View,
)
from showcase.render.render import _addresses
from showcase.search.index import IndexCache, index
from showcase.site.assemble import assemble
from showcase.site.model import Site
from showcase.site.topics import load_topics

SITE = """title: {en: Atlas, fr: L’Atlas}
tagline: Stories
base_url: https://example.org/
languages: [en, fr, ar]
theme: golden
"""
TOPICS = """- slug: water
  name: {en: Water, fr: Eau, ar: ماء}
  description: About water.
- slug: music
  name: {en: Music, fr: Musique, ar: موسيقى}
  description: About music.
"""
V = TypeVar("V", bound=View)


def story(
    title: str,
    country: str = "KE",
    *,
    kind: str = "school",
    level: str = "primary",
    topics: str = "water",
    published: str = "2026-01-01",
    more: str = "",
    body: str = "## The challenge\n\nThere was none.",
) -> str:
    """The text of a story's file."""
    return f"""---
title: {title}
summary: A story.
country: {country}
kind: {kind}
level: {level}
topics: [{topics}]
year: 2020
published: {published}
institution:
  name: School of {title}
{more}sources:
  - title: Source
    url: https://example.org/
    publisher: The Paper
---

{body}
"""


def planned(
    folder: Path, files: Mapping[str, str], **others: Any
) -> tuple[Site, dict[str, Output], list[Diagnostic]]:
    """The site that files make, its outputs by address, and all problems."""
    for name, text in {"site.yml": SITE, "topics.yml": TOPICS, **files}.items():
        put(folder / "content" / name, text)
    settings = settings_for(folder / "content", folder, **others)
    config = load_config(settings)
    content = read(settings.content, config.languages, DocumentCache.open(settings.cache, True))
    topics, problems = load_topics(settings.content, config.languages)
    site, found = assemble(settings, content, config, topics)
    locales = (GOLDEN / "themes" / "golden" / "locales",)
    languages = load_languages(config.languages, locales)
    words = index(site, languages, IndexCache.open(settings.cache, True))
    outputs, claimed = plan(site, languages, words)
    return site, {output.address: output for output in outputs}, [*problems, *found, *claimed]


def view(outputs: Mapping[str, Output], address: str, kind: type[V]) -> V:
    output = outputs[address]
    assert isinstance(output, Page)
    assert isinstance(output.view, kind)
    return output.view


# --- references


def test_every_reference_of_a_story_leads_to_its_entry(tmp_path: Path) -> None:
    more = (
        "programmes: [summit]\ninspired_by: [second]\n"
        "partners:\n  - partner: company\n    gave: [devices]\n"
    )
    site, outputs, problems = planned(
        tmp_path,
        {
            "stories/ke/first.md": story("First", more=more, body="## A\n\n[b](../ug/second.md#a)"),
            "stories/ug/second.md": story("Second", "UG", body="## A\n\n[up](#a)"),
            "programmes/summit.md": "---\ntitle: Summit\nsummary: S.\n---\n\nText.\n",
            "partners/company.md": "---\ntitle: Company\nsummary: S.\nsort: company\n---\n\nT.\n",
        },
    )
    assert problems == []
    first = view(outputs, "stories/first/index.html", StoryView)
    links = {fact.term: fact.values for fact in first.facts}
    assert [link.url for link in links["Programme"]] == ["/programmes/summit/"]
    assert [(fact.term, fact.values[0].url) for fact in first.partners] == [
        ("devices", "/partners/company/")
    ]
    assert [item.url for item in first.inspired_by] == ["/stories/second/"]
    assert 'href="/stories/second/#a"' in str(first.body[0])
    second = view(outputs, "stories/second/index.html", StoryView)
    assert [item.url for item in second.inspired] == ["/stories/first/"]
    assert 'href="/stories/second/#a"' in str(second.body[0])
    assert [story.slug for story in site.spread["second"]] == ["first"]
    for address in ("programmes/summit/index.html", "partners/company/index.html"):
        groups = view(outputs, address, EntryView).groups
        assert [item.title for group in groups for item in group.items] == ["First"]


def test_stories_come_newest_first(tmp_path: Path) -> None:
    site, outputs, _ = planned(
        tmp_path,
        {
            "stories/ke/old.md": story("Old", published="2025-01-01"),
            "stories/ke/new.md": story("New", published="2026-05-01"),
            "stories/ke/same-day.md": story("Same day", published="2026-05-01"),
        },
    )
    assert [entry.slug for entry in site.stories] == ["new", "same-day", "old"]
    feed = view(outputs, "feed.xml", FeedView)
    assert [entry.title for entry in feed.entries] == ["New", "Same day", "Old"]
    assert feed.updated == "2026-05-01T00:00:00Z"


def test_a_link_between_two_stories_held_back_is_no_mistake(tmp_path: Path) -> None:
    later = {
        "stories/ke/first.md": story("First", published="2027-01-01", body="[b](second.md)"),
        "stories/ke/second.md": story("Second", published="2027-01-01", body="[a](first.md)"),
    }
    assert planned(tmp_path, later)[2] == []
    now = {"stories/ke/first.md": story("First", body="[b](second.md)")}
    (problem,) = planned(tmp_path, now)[2]
    assert (problem.code, problem.path) == ("broken-link", "stories/ke/first.md")


def test_held_back_stories_are_nowhere(tmp_path: Path) -> None:
    site, outputs, problems = planned(
        tmp_path,
        {
            "stories/ke/shown.md": story("Shown", more="inspired_by: [draft]\n"),
            "stories/ke/draft.md": story("Draft", more="draft: yes\n"),
            "stories/ke/later.md": story("Later", published="2026-11-23"),
            "stories/ke/today.md": story("Today", published="2026-11-22"),
            "stories/ke/gone.md": story("Gone", more="expires: 2026-11-22\n"),
            "stories/ke/going.md": story("Going", more="expires: 2026-11-23\n"),
        },
    )
    assert problems == []
    assert {entry.slug for entry in site.stories} == {"shown", "today", "going"}
    assert view(outputs, "stories/shown/index.html", StoryView).inspired_by == ()
    assert not {"stories/draft/index.html", "stories/gone/index.html"} & outputs.keys()


# --- related stories


def test_related_stories_say_why_the_nearest_first(tmp_path: Path) -> None:
    _, outputs, _ = planned(
        tmp_path,
        {
            "stories/ke/a.md": story("A", topics="water, music"),
            "stories/ug/b.md": story("Topic and level", "UG"),
            "stories/ke/c.md": story("Country", topics="music", level="higher", kind="faculty"),
            "stories/fr/d.md": story("Topic", "FR", level="higher", kind="teacher"),
            "stories/br/e.md": story("Nothing", "BR", topics="music", level="vocational"),
        },
    )
    related = view(outputs, "stories/a/index.html", StoryView).related
    assert [(item.title, item.reason) for item in related] == [
        ("Topic and level", "Also about: Water, Primary"),
        ("Country", "Also in Kenya"),
        ("Topic", "Also about: Water"),
        ("Nothing", "Also about: Music"),
    ]


def test_a_story_is_never_related_to_itself_and_to_four_at_most(tmp_path: Path) -> None:
    many = {f"stories/ke/s{n}.md": story(f"S{n}", topics="water, music") for n in range(8)}
    _, outputs, _ = planned(tmp_path, many)
    for number in range(8):
        own = view(outputs, f"stories/s{number}/index.html", StoryView)
        titles = [item.title for item in own.related]
        assert own.heading not in titles
        assert len(titles) == len(set(titles)) <= 4
        assert titles


def test_every_story_of_a_topic_gets_its_turn_at_being_related(tmp_path: Path) -> None:
    many = {f"stories/ke/s{n}.md": story(f"S{n}") for n in range(8)}
    _, outputs, _ = planned(tmp_path, many)
    shown = {
        item.title
        for number in range(8)
        for item in view(outputs, f"stories/s{number}/index.html", StoryView).related
    }
    assert shown == {f"S{n}" for n in range(8)}


# --- paging


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Output]:
    """The outputs of a site with sixty stories of Kenya."""
    many = {f"stories/ke/s{n:02}.md": story(f"S{n:02}") for n in range(60)}
    return planned(tmp_path_factory.mktemp("sixty"), many)[1]


@pytest.mark.parametrize("path", ["stories/", "schools/", "topics/water/", "levels/primary/",
                                  "regions/africa/"])  # fmt: skip
def test_sixty_stories_take_three_pages_and_each_stands_once(
    sixty: Mapping[str, Output], path: str
) -> None:
    pages = [
        view(sixty, f"{path}{place}index.html", ListingView) for place in ("", "page/2/", "page/3/")
    ]
    assert f"{path}page/4/index.html" not in sixty
    assert f"{path}page/1/index.html" not in sixty
    assert [len(page.items) for page in pages] == [24, 24, 12]
    assert len({item.url for page in pages for item in page.items}) == 60
    assert {page.count for page in pages} == {"60 stories"}
    first, second, third = (page.paging for page in pages)
    assert first
    assert second
    assert third
    assert (first.previous, third.following) == (None, None)
    assert second.previous
    assert second.previous.url == f"/{path}"
    assert second.following
    assert second.following.url == f"/{path}page/3/"
    assert [(link.label, link.current) for link in second.pages] == [
        ("1", False), ("2", True), ("3", False)
    ]  # fmt: skip
    assert pages[1].title != pages[0].title
    assert "Page 2 of 3" in pages[1].title
    assert pages[1].canonical == f"https://example.org/{path}page/2/"


def test_a_country_with_many_stories_has_pages_too(sixty: Mapping[str, Output]) -> None:
    pages = [
        view(sixty, f"countries/kenya/{place}index.html", CountryView)
        for place in ("", "page/2/", "page/3/")
    ]
    assert sum(len(group.items) for page in pages for group in page.groups) == 60


def test_a_feed_holds_the_fifty_newest(sixty: Mapping[str, Output]) -> None:
    assert len(view(sixty, "feed.xml", FeedView).entries) == 50


def test_twenty_four_stories_take_one_page(tmp_path: Path) -> None:
    many = {f"stories/ke/s{n:02}.md": story(f"S{n:02}") for n in range(24)}
    outputs = planned(tmp_path, many)[1]
    assert view(outputs, "stories/index.html", ListingView).paging is None
    assert "stories/page/2/index.html" not in outputs


# --- countries


def test_a_country_without_stories_shows_its_neighbours(tmp_path: Path) -> None:
    _, outputs, _ = planned(
        tmp_path,
        {
            "stories/ke/first.md": story("Kenya 1"),
            "stories/ke/second.md": story("Kenya 2"),
            "stories/tz/third.md": story("Tanzania", "TZ"),
            "stories/fr/fourth.md": story("France", "FR"),
            "pages/contribute.md": "---\ntitle: Contribute\n---\n\nText.\n",
        },
    )
    uganda = view(outputs, "countries/uganda/index.html", CountryView)
    nearby = [item.title for item in uganda.nearby]
    assert sorted(nearby) == ["Kenya 1", "Kenya 2", "Tanzania"]
    assert nearby[-1].startswith("Kenya"), "one country in turn"
    assert uganda.count == "No story yet"
    assert uganda.feed is None
    assert uganda.contribute.url == "/contribute/"
    assert {link.label: link.count for link in uganda.neighbours}["Kenya"] == "2"
    kenya = view(outputs, "countries/kenya/index.html", CountryView)
    assert kenya.nearby == ()
    assert kenya.count == "2 stories"


def test_a_country_far_from_any_story_shows_the_nearest(tmp_path: Path) -> None:
    files = {
        "stories/ke/first.md": story("Kenya"),
        "stories/au/second.md": story("Australia", "AU"),
    }
    fiji = view(planned(tmp_path, files)[1], "countries/fiji/index.html", CountryView)
    assert [item.title for item in fiji.nearby] == ["Australia", "Kenya"]
    assert fiji.groups == ()


# --- addresses


def test_two_files_at_one_address_are_both_named(tmp_path: Path) -> None:
    _, _, problems = planned(
        tmp_path,
        {
            "stories/ke/first.md": story("First", more="aliases: [/old/]\n"),
            "stories/ke/second.md": story("Second", more="aliases: [old]\n"),
        },
    )
    (problem,) = problems
    assert (problem.code, problem.severity) == ("duplicate-address", "error")
    assert {problem.path, problem.message.rpartition(" ")[2]} == {
        "stories/ke/first.md", "stories/ke/second.md"
    }  # fmt: skip
    assert "/old/" in problem.message


def test_an_alias_cannot_take_the_address_of_a_page(tmp_path: Path) -> None:
    files = {
        "stories/ke/first.md": story("First", more="aliases: [/stories/second/]\n"),
        "stories/ke/second.md": story("Second"),
    }
    (problem,) = planned(tmp_path, files)[2]
    assert (problem.code, problem.path) == ("duplicate-address", "stories/ke/first.md")
    assert "stories/ke/second.md" in problem.message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("stories/ke/first.md", story("First", more="aliases: [/countries/kenya/]\n")),
        ("pages/stories.md", "---\ntitle: Stories\n---\n\nText.\n"),
        ("pages/fr.md", "---\ntitle: French\n---\n\nText.\n"),
    ],
)
def test_a_file_cannot_take_the_address_of_the_sites_own_pages(
    tmp_path: Path, path: str, text: str
) -> None:
    (problem,) = planned(tmp_path, {path: text})[2]
    assert (problem.code, problem.path) == ("duplicate-address", path)
    assert "a page of the site itself" in problem.message


def test_a_former_address_leads_to_the_present_one(tmp_path: Path) -> None:
    files = {"stories/ke/first.md": story("First", more="aliases: [/stories/old-name/]\n")}
    _, outputs, problems = planned(tmp_path, files)
    assert problems == []
    redirect = view(outputs, "stories/old-name/index.html", RedirectView)
    assert redirect.url == "/stories/first/"
    assert redirect.canonical == "https://example.org/stories/first/"
    assert not redirect.indexed
    rows = view(outputs, "sitemap.xml", SitemapView).rows
    assert [row.url for row in rows if "old-name" in row.url] == []


def test_every_page_of_every_language_has_an_address_of_its_own(tmp_path: Path) -> None:
    _, outputs, _ = planned(tmp_path, {"stories/ke/first.md": story("First")})
    canonical = [
        output.view.canonical
        for output in outputs.values()
        if isinstance(output, Page) and output.address.endswith("index.html")
    ]
    assert len(canonical) == len(set(canonical))
    files = [name for name, output in outputs.items() if isinstance(output, File)]
    folders = {name.removeprefix("fr/").removeprefix("ar/").partition("/")[0] for name in files}
    assert folders == {"cards", "search", "find", "data"}
    rows = view(outputs, "sitemap.xml", SitemapView).rows
    assert sorted(canonical) == sorted(row.url for row in rows)


# --- languages


TRANSLATED = {
    "stories/ke/first.md": story("First"),
    "stories/ke/first.fr.md": "---\ntitle: Premier\nsummary: Un récit.\n---\n\n## A\n\nTexte.\n",
    "stories/ke/second.md": story("Second", published="2026-02-01"),
    "programmes/summit.md": "---\ntitle: Summit\nsummary: S.\n---\n\nText.\n",
}


def test_an_untranslated_story_is_listed_with_its_language_and_leads_to_the_original(
    tmp_path: Path,
) -> None:
    _, outputs, _ = planned(tmp_path, TRANSLATED)
    second, first = view(outputs, "fr/stories/index.html", ListingView).items
    assert (first.title, first.url, first.language) == ("Premier", "/fr/stories/first/", "")
    assert (second.title, second.url) == ("Second", "/stories/second/")
    assert (second.language, second.language_name, second.direction) == ("en", "anglais", "")
    assert "fr/stories/second/index.html" not in outputs
    (item,) = view(outputs, "ar/programmes/index.html", CollectionView).items
    assert (item.url, item.language, item.direction) == ("/programmes/summit/", "en", "ltr")
    arabic = view(outputs, "ar/stories/index.html", ListingView).items[1]
    assert (arabic.title, arabic.language, arabic.direction) == ("First", "en", "ltr")


def test_a_translation_takes_what_it_does_not_say_from_the_original(tmp_path: Path) -> None:
    _, outputs, _ = planned(tmp_path, TRANSLATED)
    french = view(outputs, "fr/stories/first/index.html", StoryView)
    assert (french.heading, french.summary, french.direction) == ("Premier", "Un récit.", "ltr")
    assert [source.title for source in french.sources] == ["Source"]
    links = {fact.term: fact.values for fact in french.facts}
    assert links["Institution"][0].label == "School of First"
    assert not french.outdated


def test_the_language_switch_leads_nowhere_that_is_missing(tmp_path: Path) -> None:
    _, outputs, _ = planned(tmp_path, TRANSLATED)
    english = view(outputs, "stories/first/index.html", StoryView)
    assert {link.language: (link.url, bool(link.note)) for link in english.switcher} == {
        "en": ("/stories/first/", False),
        "fr": ("/fr/stories/first/", False),
        "ar": ("/ar/countries/kenya/", True),
    }
    assert {link.language: link.url for link in english.alternates} == {
        "en": "https://example.org/stories/first/",
        "fr": "https://example.org/fr/stories/first/",
    }
    assert view(outputs, "stories/second/index.html", StoryView).alternates == ()
    for output in outputs.values():
        if isinstance(output, Page):
            for link in output.view.switcher:
                assert link.url.removeprefix("/") + "index.html" in outputs


def test_a_translation_made_from_an_older_text_says_so(tmp_path: Path) -> None:
    old = TRANSLATED["stories/ke/first.fr.md"].replace("---\n\n##", 'translates: "0"\n---\n\n##')
    _, outputs, problems = planned(tmp_path, {**TRANSLATED, "stories/ke/first.fr.md": old})
    assert [(p.code, p.severity) for p in problems] == [("outdated-translation", "warning")]
    assert view(outputs, "fr/stories/first/index.html", StoryView).outdated


def test_an_anchor_in_a_translation_is_that_of_the_language_read(tmp_path: Path) -> None:
    files = {
        "stories/ke/first.md": story("First", body="## One\n\n[x](second.md#what-they-did)"),
        "stories/ke/first.fr.md": "---\ntitle: Un\n---\n\n## Un\n\n[x](second.md#what-they-did)\n",
        "stories/ke/first.ar.md": "---\ntitle: واحد\n---\n\n## A\n\n[x](second.md#what-they-did)\n",
        "stories/ke/second.md": story("Second", body="## Why\n\nSo.\n\n## What they did\n\nThis."),
        "stories/ke/second.fr.md": "---\ntitle: D\n---\n\n## Pourquoi\n\nA\n\n## Leur idée\n\nB",
    }  # fmt: skip
    _, outputs, problems = planned(tmp_path, files)
    assert problems == []
    bodies = {
        code: str(view(outputs, f"{code}stories/first/index.html", StoryView).body[0])
        for code in ("", "fr/", "ar/")
    }
    assert 'href="/stories/second/#what-they-did"' in bodies[""]
    assert 'href="/fr/stories/second/#leur-idée"' in bodies["fr/"]
    assert 'href="/stories/second/#what-they-did" hreflang="en"' in bodies["ar/"]


def test_a_translated_institution_stands_on_the_countrys_page(tmp_path: Path) -> None:
    french = "---\ntitle: Un\ninstitution:\n  name: École Une\n---\n\n## Un\n\nTexte.\n"
    files = {"stories/ke/first.md": story("First"), "stories/ke/first.fr.md": french}
    outputs = planned(tmp_path, files)[1]
    (link,) = view(outputs, "fr/countries/kenya/index.html", CountryView).institutions
    assert (link.label, link.url) == ("École Une", "/fr/stories/first/")


def test_a_choice_of_languages_limits_the_site_to_them_and_the_default(tmp_path: Path) -> None:
    site, outputs, problems = planned(tmp_path, TRANSLATED, languages=("fr",))
    assert problems == []
    assert site.languages == ("en", "fr")
    assert "fr/stories/first/index.html" in outputs
    assert [name for name in outputs if name.startswith("ar/")] == []
    home = view(outputs, "index.html", HomeView)
    assert [link.language for link in home.switcher] == ["en", "fr"]
    assert [link.language for link in home.alternates] == ["en", "fr"]


def test_one_language_has_no_alternates(tmp_path: Path) -> None:
    _, outputs, _ = planned(tmp_path, TRANSLATED, languages=("en",))
    assert [name for name in outputs if name.startswith(("fr/", "ar/"))] == []
    assert view(outputs, "index.html", HomeView).alternates == ()


def test_every_country_page_without_a_story_shows_stories_from_nearby(
    shipped_site: BuiltSite,
) -> None:
    empty = [
        page
        for page in shipped_site.pages()
        if re.fullmatch(r"countries/[^/]+/", page)
        and not (shipped_site.folder / page / "feed.xml").exists()
    ]
    assert len(empty) > 40
    assert [page for page in empty if 'id="nearby"' not in shipped_site.read(page)] == []


def test_what_a_page_leads_to_are_its_values_of_href_and_src_alone() -> None:
    page = b'<a href="/a/" data-href="/no/">href=&#34;/no/&#34;</a><img\nsrc="/b.png"\talt="">'
    assert _addresses(page) == {b"/a/", b"/b.png"}
