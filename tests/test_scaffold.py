"""New files: a story and a translation to fill in, and nothing of an editor's overwritten."""

from pathlib import Path

import pytest
from sites import STORY, everything_in, lay_over_sound_site, put, run

from showcase.scaffold import slug_of

#: What an editor writes in place of the blanks, in the order of the file.
ANSWERS = {
    "summary: …": "summary: Pupils weld a turbine from scrap.",
    "level: …": "level: secondary",
    "topics: […]": "topics: [stem]",
    "institution:\n  name: …\n  place: …": "institution:\n  name: Njoro School\n  place: Njoro",
    "people:\n  - name: …\n    role: …": "people:\n  - name: A. Teacher\n    role: Physics",
    "- title: …\n    url: …\n    publisher: …": (
        "- title: The turbine\n    url: https://example.org/a\n    publisher: Example News"
    ),
    "## The challenge\n": "## The challenge\n\nThe school had no light.\n",
    "::: try-it\n- …\n:::": "::: try-it\n- Start with a bicycle dynamo.\n:::",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay_over_sound_site(tmp_path, {})


def filled(path: Path, answers: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for blank, answer in answers.items():
        text = text.replace(blank, answer)
    assert "…" not in text.replace("# …", ""), "a blank is left"
    return text


@pytest.mark.parametrize("kind", ["teacher", "school", "faculty"])
def test_a_new_story_passes_check_once_its_blanks_are_filled(site: Path, kind: str) -> None:
    found = run(site, "new", "story", "A turbine on the roof", "--country", "ke", "--kind", kind)
    path = site / "content/stories/ke/a-turbine-on-the-roof.md"
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("wrote content/stories/ke/a-turbine-on-the-roof.md;")
    unfilled = run(site, "check", "--quiet")
    assert unfilled.status == 1
    assert all(": error[" in line and path.name in line for line in unfilled.problems)
    put(path, filled(path, ANSWERS))
    checked = run(site, "check", "--quiet", "--strict")
    assert (checked.status, checked.out) == (0, "")


def test_a_new_story_says_what_was_asked(site: Path) -> None:
    title = 'The "solar" school: light \\ power'
    arguments = ("--country", "NO", "--kind", "school", "--now", "2026-03-01")
    assert run(site, "new", "story", title, *arguments, now=None).status == 0
    path = site / "content/stories/no/the-solar-school-light-power.md"
    text = filled(path, ANSWERS)
    put(path, text)
    assert "published: 2026-03-01\n" in text
    assert run(site, "build", "--quiet").status == 0
    page = (site / "public/stories/the-solar-school-light-power/index.html").read_text()
    assert "The &#34;solar&#34; school: light \\ power" in page
    assert "Norway" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--country", "Kenia", "--kind", "teacher"], "did you mean KE (Kenya)?"),
        (["--country", "UK", "--kind", "teacher"], "did you mean GB (United Kingdom)?"),
        (["--country", "../..", "--kind", "teacher"], "not a country code"),
        (["--country", "ZZ", "--kind", "teacher"], "not a country code"),
        (["--kind", "teacher"], "--country"),
        (["--country", "KE", "--kind", "techer"], "did you mean teacher?"),
        (["--country", "KE", "--kind", "pupil!"], "teacher, school, faculty"),
        (["--country", "KE"], "--kind"),
        (["--country", "KE", "--kind", "school", "--content", "contents"], "contents"),
    ],
)
def test_wrong_words_are_refused_with_the_right_ones(
    site: Path, arguments: list[str], said: str
) -> None:
    before = everything_in(site)
    found = run(site, "new", "story", "A turbine", *arguments)
    assert found.status == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert everything_in(site) == before


@pytest.mark.parametrize("title", ["校园风车", "!", ""])
def test_a_title_without_latin_letters_asks_for_an_english_one(site: Path, title: str) -> None:
    found = run(site, "new", "story", title, "--country", "CN", "--kind", "school")
    assert found.status == 2
    assert "English" in found.err


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("École d’été à São Paulo", "ecole-dete-a-sao-paulo"),
        ("Skole på Ærø: ½ a day", "skole-pa-aero-1-2-a-day"),
        ("One two three four five six seven eight nine", "one-two-three-four-five-six-seven-eight"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_slugs_are_plain_words(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_story_that_is_there_is_never_overwritten(site: Path) -> None:
    path = site / "content/stories/ke/science-club.md"
    found = run(site, "new", "story", "Science club", "--country", "KE", "--kind", "teacher")
    assert found.status == 2
    assert "exists already" in found.err
    assert path.read_text() == STORY


def test_a_story_that_is_there_in_a_folder_of_its_own_is_not_doubled(site: Path) -> None:
    put(site / "content/stories/ke/wind-turbine/index.md", STORY)
    found = run(site, "new", "story", "Wind turbine", "--country", "KE", "--kind", "teacher")
    assert found.status == 2
    assert "wind-turbine" in found.err
    assert not (site / "content/stories/ke/wind-turbine.md").exists()


# Translations


def test_a_new_translation_carries_the_digest_of_what_it_translates(site: Path) -> None:
    original = site / "content/stories/ke/science-club.md"
    name = "content/stories/ke/science-club.md"
    found = run(site, "new", "translation", name, "--language", "fr")
    assert (found.status, found.err) == (0, "")
    path = site / "content/stories/ke/science-club.fr.md"
    answers = {"title: …": "title: Un club", "summary: …": "summary: Des élèves fabriquent."}
    put(path, filled(path, answers))
    checked = run(site, "check", "--quiet", "--strict")
    assert (checked.status, checked.out) == (0, "")
    put(original, STORY.replace("one computer", "two computers"))
    (line,) = run(site, "check", "--quiet").problems
    assert "science-club.fr.md" in line
    assert "warning[outdated-translation]" in line


def test_the_original_may_be_named_from_the_content_folder(site: Path) -> None:
    name = "stories/ke/science-club.md"
    assert run(site, "new", "translation", name, "--language", "fr").status == 0
    text = (site / "content/stories/ke/science-club.fr.md").read_text(encoding="utf-8")
    assert "The school has one computer." in text, "the text to translate is at hand"
    assert "country:" not in text, "what does not change is not repeated"


def test_a_translation_of_a_story_in_a_folder_lies_beside_it(site: Path) -> None:
    put(site / "content/stories/ke/wind-turbine/index.md", STORY)
    name = "stories/ke/wind-turbine/index.md"
    assert run(site, "new", "translation", name, "--language", "fr").status == 0
    path = site / "content/stories/ke/wind-turbine/index.fr.md"
    answers = {"title: …": "title: Un club", "summary: …": "summary: Des élèves fabriquent."}
    put(path, filled(path, answers))
    assert run(site, "check", "--quiet", "--strict").out == ""


def test_the_digest_does_not_hang_on_line_ends_or_a_byte_order_mark(site: Path) -> None:
    windows = b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode()
    put(site / "content/stories/ke/science-club.md", windows)
    name = "stories/ke/science-club.md"
    assert run(site, "new", "translation", name, "--language", "fr").status == 0
    put(site / "content/stories/ke/science-club.md", STORY)
    path = site / "content/stories/ke/science-club.fr.md"
    answers = {"title: …": "title: Un club", "summary: …": "summary: Des élèves fabriquent."}
    put(path, filled(path, answers))
    assert run(site, "check", "--quiet", "--strict").out == ""


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("stories/ke/science-club.md", [], "--language"),
        ("stories/ke/sience-club.md", ["--language", "fr"], "did you mean stories/ke/science-club"),
        ("stories/ke/science-club.md", ["--language", "../x"], "not a language code"),
        ("stories/ke/science-club.fr.md", ["--language", "fr"], "no file"),
        ("topics.yml", ["--language", "fr"], "topics.yml"),
        ("stories/ke/science-club.md", ["--language", "de"], "en, fr"),
        ("stories/ke/science-club.md", ["--language", "en"], "en"),
    ],
)
def test_a_translation_that_cannot_be(
    site: Path, name: str, arguments: list[str], said: str
) -> None:
    before = everything_in(site)
    found = run(site, "new", "translation", name, *arguments)
    assert found.status == 2
    assert said in found.err
    assert everything_in(site) == before


def test_a_translation_that_is_there_is_never_overwritten(site: Path) -> None:
    path = put(site / "content/stories/ke/science-club.fr.md", "mine")
    name = "stories/ke/science-club.md"
    found = run(site, "new", "translation", name, "--language", "fr")
    assert found.status == 2
    assert path.read_text() == "mine"


def test_a_translation_is_not_translated(site: Path) -> None:
    put(site / "content/stories/ke/science-club.fr.md", "---\ntitle: Un club\n---\n\nUn club.\n")
    name = "stories/ke/science-club.fr.md"
    found = run(site, "new", "translation", name, "--language", "fr")
    assert found.status == 2
    assert "name the original" in found.err
