"""Every word of the interface is translated in every catalogue, and nothing else is in it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from sites import ROOT

THEME = ROOT / "themes" / "default"
CATALOGUES = sorted(THEME.glob("locales/*.po"))
IN_CODE = {"text": None, "t": None, "plural": (1, 2), "forms": (1, 2), "n": (1, 2)}
IN_TEMPLATES = {"_": None, "ngettext": (1, 2)}
MARK = re.compile(r"%\((\w+)\)s")

Words = str | tuple[str, str]


def messages_of(paths: Iterable[Path], method: str, keywords: dict[str, object]) -> Iterator[Words]:
    for path in paths:
        with path.open("rb") as file:
            for _, words, *_ in extract(method, file, keywords=keywords):  # type: ignore[arg-type]
                yield words


@pytest.fixture(scope="module")
def wanted() -> set[Words]:
    """The messages of the page makers and of the theme's templates; a pair has a plural."""
    code = (ROOT / "showcase" / "pages").glob("*.py")
    templates = [path for path in THEME.rglob("*") if path.suffix in (".html", ".xml", ".txt")]
    found = set(messages_of(code, "python", IN_CODE))
    return found | set(messages_of(templates, "jinja2.ext:babel_extract", IN_TEMPLATES))


def opened(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def words_of(message: Message) -> Words:
    return tuple(message.id) if message.pluralizable else message.id  # type: ignore[return-value]


def test_messages_are_found_in_code_and_templates(wanted: set[Words]) -> None:
    assert {("%(number)s story", "%(number)s stories"), "Teacher", "Skip to the text"} <= wanted


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
class TestCatalogue:
    def test_holds_every_message_and_no_other(self, path: Path, wanted: set[Words]) -> None:
        found = {words_of(message) for message in entries(opened(path))}
        # gettext keeps a message under its singular: one with a plural serves without it too.
        served = found | {words[0] for words in found if isinstance(words, tuple)}
        assert sorted(map(str, wanted - served)) == [], "not in the catalogue"
        assert sorted(map(str, found - wanted)) == [], "in the catalogue, but nobody says it"

    def test_leaves_no_message_without_a_translation(self, path: Path) -> None:
        empty = [m.id for m in entries(opened(path)) if not all(forms(m)) or m.fuzzy]
        assert empty == []

    def test_keeps_the_marks_of_every_message(self, path: Path) -> None:
        wrong = []
        for message in entries(opened(path)):
            ids = message.id if message.pluralizable else (message.id,)
            marks = {mark for text in ids for mark in MARK.findall(text)}
            # A form that stands for one number only, such as a dual, need not write it.
            needed = marks - {"number"} if message.pluralizable else marks
            for form in forms(message):
                found = set(MARK.findall(form))
                if not needed <= found <= marks:
                    wrong.append((message.id, form))
                if marks:
                    assert form % dict.fromkeys(marks, "")  # a bare % would stop a build
        assert wrong == []

    def test_writes_the_number_in_the_form_for_many(self, path: Path) -> None:
        catalogue = opened(path)
        bare = [
            message.id
            for message in entries(catalogue)
            if message.pluralizable
            and "%(number)s" in message.id[1]
            and "%(number)s" not in forms(message)[form_of(catalogue, 15)]
        ]
        assert bare == []

    def test_has_as_many_plural_forms_as_its_language(self, path: Path) -> None:
        catalogue = opened(path)
        plurals = [message for message in entries(catalogue) if message.pluralizable]
        assert plurals
        assert {len(forms(message)) for message in plurals} == {catalogue.num_plurals}
        if path.stem == "ar":
            assert catalogue.num_plurals == 6

    def test_counts_as_cldr_does(self, path: Path) -> None:
        catalogue = opened(path)
        rule = Locale.parse(path.stem, sep="-").plural_form
        pairs = {(rule(number), form_of(catalogue, number)) for number in range(1000)}
        assert len({category for category, _ in pairs}) == len(pairs), pairs
        assert len({form for _, form in pairs}) == len(pairs), pairs


def form_of(catalogue: Catalog, number: int) -> int:
    """Which form the catalogue's own rule takes for a number."""
    rule = catalogue.plural_expr.strip("()")
    # C's `a ? b : c` nested to the right, as the rules of all catalogues are written.
    while "?" in rule:
        condition, _, rest = rule.partition("?")
        chosen, _, rule = rest.partition(":")
        if evaluated(condition, number):
            return int(chosen)
    return int(evaluated(rule, number))


def evaluated(expression: str, number: int) -> int:
    source = expression.replace("&&", " and ").replace("||", " or ").strip()
    assert re.fullmatch(r"[n0-9\s%<>=!()andor]*", source), source
    return int(eval(source, {"__builtins__": {}}, {"n": number}))
