"""Front matter: what YAML's words mean to an editor, and where every value stands."""

import datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from showcase.content.front_matter import FrontMatter, Place, parse, split
from showcase.content.parse import parse as parse_document
from showcase.diagnostics import CODES


def value(text: str) -> Any:
    """The value of the field `x` that is written as `text`."""
    front = parse(f"x: {text}\n")
    assert front.problems == []
    return front.values["x"]


def only_problem(text: str, first_line: int = 2) -> tuple[str, int, int, int]:
    """Code, line, column and length of the one problem of a text."""
    (problem,) = parse(text, first_line).problems
    assert problem.message
    assert problem.hint, "every problem has a way out"
    return problem.code, problem.line, problem.column, problem.length


# What the words mean


@pytest.mark.parametrize("word", ["NO", "no", "No", "yes", "Yes", "on", "off", "y", "n", "N"])
def test_norway_and_the_words_for_yes_stay_words(word: str) -> None:
    assert value(word) == word


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("True", True), ("FALSE", False)])
def test_true_and_false_are_answers(text: str, meant: bool) -> None:
    assert value(text) is meant


@pytest.mark.parametrize("text", ["12:30", "1:30:00", "010", "0o17", "0x1F", "1_000", "1e3", "0b1"])
def test_times_octals_and_programmers_numbers_stay_words(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize("text", ["=", "<<", ".inf", ".nan", "2026-05-31 10:00:00", "2026-5-31"])
def test_yamls_curiosities_stay_words(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "meant"), [("0", 0), ("2020", 2020), ("-7", -7), ("0.5", 0.5), ("~", None), ("", None)]
)
def test_numbers_and_nothing(text: str, meant: object) -> None:
    assert value(text) == meant


def test_a_date_is_a_day() -> None:
    assert value("2026-05-31") == datetime.date(2026, 5, 31)
    assert value('"2026-05-31"') == "2026-05-31"


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_left_to_its_field_to_refuse(text: str) -> None:
    assert value(text) == text


def test_a_number_of_thousands_of_digits_is_no_number() -> None:
    assert value("9" * 5000) == "9" * 5000


def test_lists_within_lists() -> None:
    front = parse("x:\n  - [a, b]\n  - - c\n    - {d: e}\n")
    assert front.problems == []
    assert front.values == {"x": [["a", "b"], ["c", {"d": "e"}]]}
    assert front.place_of(("x", 1, 1, "d")) == Place(4, 11, 1)


def test_a_vocabulary_is_a_list_of_rows() -> None:
    assert parse("- slug: stem\n- slug: arts\n", rows=True).values == [
        {"slug": "stem"},
        {"slug": "arts"},
    ]
    assert parse("slug: stem\n", rows=True).problems[0].code == "wrong-type"
    assert parse("- slug\n").problems[0].code == "wrong-type"


# What is refused


def test_a_field_that_stands_twice_names_the_first_line() -> None:
    front = parse("title: A\nyear: 2020\ntitle: B\n", first_line=2)
    assert only_problem("title: A\nyear: 2020\ntitle: B\n") == ("yaml-duplicate-key", 4, 1, 5)
    assert "line 2" in front.problems[0].message


def test_a_field_twice_inside_a_list_is_found_too() -> None:
    assert only_problem("x:\n  - a: 1\n    a: 2\n") == ("yaml-duplicate-key", 4, 5, 1)


def test_an_alias_is_refused_where_it_stands() -> None:
    found = parse("a: &it one\nb: *it\n", first_line=2).problems
    places = [(problem.code, problem.line, problem.column, problem.length) for problem in found]
    assert places == [("yaml-alias", 2, 4, 3), ("yaml-alias", 3, 4, 3)]


def test_an_unquoted_ampersand_that_swallows_a_word_is_refused() -> None:
    assert only_problem("title: &more Science\n") == ("yaml-alias", 2, 8, 5)
    assert value("Science & Arts") == "Science & Arts"
    assert value('"*starred*"') == "*starred*"


def test_a_billion_laughs_stop_at_the_first() -> None:
    laughs = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        laughs += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    front = parse(laughs)
    assert front.values == {}
    assert {problem.code for problem in front.problems} == {"yaml-alias"}


def test_an_alias_within_itself_is_refused() -> None:
    assert {problem.code for problem in parse("a: &a [*a]\n").problems} == {"yaml-alias"}


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system [ls]", "!secret x", "!!set {a}", "!!binary aGk="]
)
def test_tags_are_refused(text: str) -> None:
    (code, line, column, _) = only_problem(f"a: 1\nx: {text}\n")
    assert (code, line, column) == ("yaml-tag", 3, 4)


def test_a_tab_is_named_as_what_is_wrong() -> None:
    assert only_problem("a:\n\t- b\n") == ("yaml-syntax", 3, 1, 1)
    assert "tab" in parse("a:\n\t- b\n").problems[0].message


def test_a_control_character_is_found_in_its_line() -> None:
    assert only_problem("a: b\nc: d\x07e\n") == ("hidden-character", 3, 5, 1)


def test_a_hidden_character_does_not_hide_what_else_is_wrong() -> None:
    found = parse('a: \u202eb\na: "\\x07"\n', first_line=2).problems
    places = [(problem.code, problem.line, problem.column) for problem in found]
    assert places == [
        ("hidden-character", 2, 4), ("yaml-duplicate-key", 3, 1), ("hidden-character", 3, 4)
    ]  # fmt: skip


def test_no_more_names_and_values_than_anyone_writes() -> None:
    assert parse("".join(f"k{n}: 1\n" for n in range(2500))).problems == []
    assert only_problem("".join(f"k{n}: 1\n" for n in range(2501))) == ("too-many", 2502, 1, 1)


def test_a_second_colon_is_found_where_it_stands() -> None:
    assert only_problem("a: b\ntitle: Robots: a club\n") == ("yaml-syntax", 3, 14, 1)


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_a_hundred_thousand_brackets_are_a_problem_and_no_crash(bracket: str) -> None:
    (problem,) = parse("a:\n  " + bracket * 100_000).problems
    assert problem.code == "yaml-syntax"


def test_a_name_that_is_no_word_is_refused() -> None:
    assert only_problem("2024: x\n") == ("wrong-type", 2, 1, 4)
    assert only_problem("? [a]\n: b\n")[0] == "wrong-type"


def test_a_second_yaml_document_is_refused() -> None:
    (problem,) = parse("a: 1\n---\nb: 2\n").problems
    assert problem.code == "yaml-syntax"
    assert problem.message.startswith("expected a single document")


# Where things stand


def test_places_of_values_and_names() -> None:
    text = 'title: "A school"\nsources:\n  - url: https://example.org\n    date: 2020\n'
    front = parse(text, first_line=2)
    assert front.place_of(("title",)) == Place(2, 8, 10)
    assert front.place_of(("sources", 0, "url")) == Place(4, 10, 19)
    assert front.place_of(("sources", 0, "date")) == Place(5, 11, 4)
    assert front.place_of_key(("sources", 0, "date")) == Place(5, 5, 4)


def test_a_value_before_a_comment_ends_before_the_comment() -> None:
    assert parse("kind: school   # or teacher\n").place_of(("kind",)) == Place(1, 7, 6)


def test_a_list_on_one_line_is_marked_whole() -> None:
    assert parse("topics: [a, b]\n").place_of(("topics",)) == Place(1, 9, 6)


def test_columns_count_characters_not_bytes() -> None:
    assert parse("{é中😀: x, b: y}\n").place_of(("b",)) == Place(1, 13, 1)


def test_unicode_line_separators_end_no_line() -> None:
    front = parse("a: one\u2028two\u2029three\nb: x\n")
    assert front.place_of(("b",)) == Place(2, 4, 1)


# The rules around it


def test_the_body_starts_after_the_second_rule() -> None:
    assert split("---\ntitle: A\n---\n\nText\n") == ("title: A\n", "\nText\n", 4)
    assert split("---\n---") == ("", "", 2)


@pytest.mark.parametrize(
    "text", ["", "title: A\n", "---\ntitle: A\n", "\n---\na: b\n---\n", "----\n"]
)
def test_without_two_rules_there_is_no_front_matter(text: str) -> None:
    assert split(text) is None


def document(data: bytes) -> Any:
    return parse_document(data, "pages/about.md", "pages", "about", "en", True)


def test_a_byte_order_mark_is_not_seen() -> None:
    found = document(b"\xef\xbb\xbf---\ntitle: About\n---\n\n[x](javascript:y)\n")
    assert found.fields.title == "About"
    (problem,) = found.problems
    assert (problem.code, problem.line, problem.column) == ("unsafe-link", 5, 5)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_read_the_same(end: str) -> None:
    text = "---\ntitle: About\nabout: x\n---\n\nOne\n\n[x](javascript:y)\n"
    there, here = document(text.replace("\n", end).encode()), document(text.encode())
    assert there.problems == here.problems
    assert there.body == here.body
    assert there.text_digest == here.text_digest
    assert [(problem.code, problem.line) for problem in here.problems] == [
        ("unsafe-link", 8),
        ("unknown-field", 3),
    ]


def test_a_byte_that_is_not_utf8_is_found_by_character() -> None:
    (problem,) = document("---\ntitle: é中".encode() + b"\xff\n---\n\nText\n").problems
    assert (problem.code, problem.line, problem.column) == ("not-utf8", 2, 10)


# Anything at all

YAML_LIKE = st.lists(
    st.sampled_from(
        [
            *"abc:-[]{}&*!|>'\"%@`#?,~ \n\t",
            "- ",
            ": ",
            "\n  ",
            "2026-02-30",
            "!!",
            "&a",
            "*a",
            "---",
        ]
    )
).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | YAML_LIKE


@settings(deadline=None)
@given(TEXT, st.booleans())
@example("a: &x [*x]", False)
@example("\ufeff", True)
@example("? ", False)
def test_any_text_as_front_matter_gives_values_or_a_problem(text: str, rows: bool) -> None:
    front = parse(text, 2, rows=rows)
    assert isinstance(front, FrontMatter)
    assert isinstance(front.values, dict | list)
    lines = text.count("\n") + 3
    for problem in front.problems:
        assert problem.code in CODES
        assert 1 <= problem.line <= lines + 1


@settings(deadline=None)
@given(TEXT.map(str.encode) | st.binary())
@example(b"---\n---")
@example(b"---\ntitle: \xff\n---\n")
def test_any_bytes_as_a_file_give_a_document(data: bytes) -> None:
    for whole in (data, b"---\n" + data + b"\n---\n", b"---\ntitle: A\n---\n" + data):
        for problem in document(whole).problems:
            assert problem.code in CODES
            assert problem.path == "pages/about.md"
            assert problem.line >= 1
