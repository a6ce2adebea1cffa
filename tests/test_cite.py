"""Citations that reference managers read."""

import datetime
import re

from showcase.pages.cite import Reference, bibtex, ris

PLAIN = Reference(
    "science-club",
    "A science club",
    "The Atlas",
    datetime.date(2026, 3, 5),
    "https://example.org/stories/science-club/",
    "en",
)


def reference(title: str) -> Reference:
    return Reference("club", title, "The Atlas", PLAIN.day, PLAIN.url, "en")


def test_a_story_is_cited_in_bibtex() -> None:
    assert bibtex(PLAIN) == (
        "@misc{science-club,\n"
        "  author = {{The Atlas}},\n"
        "  title = {{A science club}},\n"
        "  year = {2026},\n"
        "  month = {3},\n"
        "  url = {https://example.org/stories/science-club/},\n"
        "  langid = {en}\n"
        "}"
    )


def test_a_story_is_cited_in_ris() -> None:
    assert ris(PLAIN).split("\n") == [
        "TY  - ELEC",
        "AU  - The Atlas",
        "TI  - A science club",
        "PB  - The Atlas",
        "PY  - 2026",
        "DA  - 2026/03/05",
        "LA  - en",
        "UR  - https://example.org/stories/science-club/",
        "ER  - ",
    ]


def test_what_tex_takes_for_a_command_is_escaped() -> None:
    title = re.search("title = {{(.*)}},", bibtex(reference(r"50 % of R&D_1 #2 $3 ~ ^ \n ключ")))
    assert title
    assert title[1] == (
        r"50 \% of R\&D\_1 \#2 \$3 \textasciitilde{} \textasciicircum{} \textbackslash{}n ключ"
    )


def test_braces_of_a_title_leave_those_of_the_entry_in_pairs() -> None:
    for title in ("}", "{{", "a } b {", r"\}"):
        depth = 0
        for sign in re.findall("[{}]", bibtex(reference(title))):
            depth += 1 if sign == "{" else -1
            assert depth >= 0
        assert depth == 0


def test_a_title_of_several_lines_makes_no_field_of_its_own() -> None:
    broken = reference("One\nER  - \r\nUR  - https://evil.example/")
    assert len(ris(broken).splitlines()) == len(ris(PLAIN).splitlines())
    assert len(bibtex(broken).splitlines()) == len(bibtex(PLAIN).splitlines())
