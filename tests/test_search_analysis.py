"""Text to search terms: what a reader may type, and the same in Python as in the browser."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import ROOT

from showcase.search.analysis import UNSPACED, analyse

BROWSER = ROOT / "showcase" / "search" / "browser"

#: Text, its terms, and its terms as a query where they differ.
VECTORS: list[tuple[str, list[str], list[str] | None]] = [
    # Latin with every kind of mark, and letters that do not decompose
    ("Café CRÈME façade Ångström", ["cafe", "creme", "facade", "angstrom"], None),
    ("Größe Ørsted Łódź þing Đakovo", ["grosse", "orsted", "lodz", "thing", "dakovo"], None),
    ("Nguyễn Thị Ánh, Hồ Chí Minh", ["nguyen", "thi", "anh", "ho", "chi", "minh"], None),
    ("İstanbul ışık Şanlıurfa", ["istanbul", "isik", "sanliurfa"], None),
    ("Æsir œuvre ﬁnd ﬂow", ["aesir", "oeuvre", "find", "flow"], None),
    ("Azərbaycan Ɛdwoa Ŋkrumah Ɓaba", ["azerbaycan", "edwoa", "nkrumah", "baba"], None),
    # apostrophes divide and join
    ("Côte d’Ivoire", ["cote", "ivoire", "divoire"], ["cote", "ivoire"]),
    ("the teacher's club", ["the", "teacher", "teachers", "club"], ["the", "teacher", "club"]),
    ("Oʻzbekiston", ["zbekiston", "ozbekiston"], ["zbekiston"]),
    ("Sa'adah n'Djamena", ["sa", "adah", "saadah", "djamena", "ndjamena"],
     ["sa", "adah", "djamena"]),
    ("'quoted' o' '", ["quoted", "o"], None),
    ("a'b", ["ab"], ["ab"]),
    # digits, and what is no word
    ("Grade 4: 2,300 pupils (60 %)", ["grade", "4", "2", "300", "pupils", "60"], None),
    ("snake_case e-mail a/b", ["snake", "case", "e", "mail", "a", "b"], None),
    ("x² ½ ① Ⅳ ℃", ["x2", "1", "2", "1", "iv", "c"], None),
    # Greek and Cyrillic
    ("Ἀθῆναι ΔΆΣΚΑΛΟΣ δάσκαλος", ["αθηναι", "δασκαλοσ", "δασκαλοσ"], None),
    ("Ёлка и чай, Україна Ђорђе", ["елка", "и", "чаи", "украіна", "ђорђе"], None),
    # Arabic: forms of letters, tatweel, vowel signs, digits, the article
    ("المدرسة إلى أُمّـــي", ["مدرسه", "الي", "امي"], None),
    ("رُوَانْدَا ٢٠٢٤ ۲۰۲۴", ["رواندا", "2024", "2024"], None),
    ("آموزش کودکان ایرانی", ["اموزش", "كودكان", "ايراني"], None),
    ("ﻻ ﷲ", ["لا", "الله"], None),
    # Hebrew, Devanagari, Tamil, Ethiopic
    ("מוֹרֶה בְּיִשְׂרָאֵל", ["מורה", "בישראל"], None),
    ("हिन्दी शिक्षक १२", ["हनद", "शकषक", "12"], None),
    ("தமிழ்", ["தமழ"], None),
    ("ትምህርት ቤት", ["ትምህርት", "ቤት"], None),
    # scripts without spaces: bigrams
    ("科学教育", ["科学", "学教", "教育"], None),
    ("学", ["学"], None),
    ("科学 STEM教育", ["科学", "stem", "教育"], None),
    ("ガラスのコップ", ["カラ", "ラス", "スの", "のコ", "コッ", "ッフ"], None),
    ("ｶﾞﾗｽ", ["カラ", "ラス"], None),
    ("ครูไทย", ["คร", "รไ", "ไท", "ทย"], None),
    ("ພາສາລາວ", ["ພາ", "າສ", "ສາ", "າລ", "ລາ", "າວ"], None),
    ("គ្រូ", ["គរ"], None),
    ("မြန်မာ", ["မန", "နမ"], None),
    # Hangul is found by its parts, so that a syllable may be unfinished
    ("한국", ["한국"], None),
    # emoji, joiners, combining sequences
    ("👩‍🏫 teacher 🇰🇪 1️⃣", ["teacher", "1"], None),
    ("e\u0301cole éco\u0302le", ["ecole", "ecole"], None),
    ("a\u200db co\u00adop", ["a", "b", "co", "op"], None),
    ("", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "terms", "query"), VECTORS, ids=lambda value: repr(value)[:30])
def test_a_text_becomes_the_terms_that_readers_type(
    text: str, terms: list[str], query: list[str] | None
) -> None:
    wanted = [unicodedata.normalize("NFKD", t) if "한국" in t else t for t in terms]
    assert analyse(text) == wanted
    assert analyse(text, query=True) == (wanted if query is None else query)


@pytest.fixture(scope="module")
def in_the_browser(tmp_path_factory: pytest.TempPathFactory) -> "Analyser":
    return Analyser(tmp_path_factory.mktemp("analysis"))


class Analyser:
    """Runs analysis.js, as it is published, over many texts at once in Node."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        assert node, "Node runs the browser's side of the analysis"
        shutil.copy(BROWSER / "analysis.js", folder / "analysis.mjs")
        (folder / "run.mjs").write_text(
            'import { readFileSync } from "fs"; import { analyse } from "./analysis.mjs";\n'
            'const texts = JSON.parse(readFileSync(0, "utf8"));\n'
            "console.log(JSON.stringify(texts.map((t) => [analyse(t), analyse(t, true)])));\n"
        )
        self._command = [node, str(folder / "run.mjs")]

    def analyse(self, texts: list[str]) -> list[list[list[str]]]:
        run = subprocess.run(
            self._command, input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        return json.loads(run.stdout)


def both(texts: list[str]) -> list[list[list[str]]]:
    return [[analyse(text), analyse(text, query=True)] for text in texts]


def test_the_browser_makes_the_same_of_the_vectors(in_the_browser: Analyser) -> None:
    texts = [text for text, *_ in VECTORS]
    assert in_the_browser.analyse(texts) == both(texts)


def test_the_browser_makes_the_same_of_every_character(in_the_browser: Analyser) -> None:
    """Every character that this Python's Unicode knows: the browser's may know newer ones."""
    every = [chr(code) for code in range(0x110000)]
    texts = [f"a{c}b{c}" for c in every if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    assert len(texts) > 140_000
    found = in_the_browser.analyse(texts)
    wrong = [t for t, f, w in zip(texts, found, both(texts), strict=True) if f != w]
    assert wrong == []


KNOWN = st.characters(exclude_categories=("Cn", "Cs", "Co"))
#: Letters of the scripts that analysis treats in ways of their own, beside anything at all.
TELLING = st.sampled_from("aA'’ʻ-_ .ßøıİΣσςيىةالـَُ٢ابתּאが科学ーคูกၼ្한กé\u0301\u200d😀1٣x")


def test_the_browser_makes_the_same_of_any_text(in_the_browser: Analyser) -> None:
    texts: list[str] = []

    @settings(max_examples=10_000, deadline=None, database=None)
    @given(st.text(KNOWN | TELLING, max_size=24))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    assert len(texts) >= 10_000
    found = in_the_browser.analyse(texts)
    wrong = [t for t, f, w in zip(texts, found, both(texts), strict=True) if f != w]
    assert wrong == []


@given(st.text(KNOWN | TELLING))
def test_terms_are_what_they_would_be_as_texts_of_their_own(text: str) -> None:
    """What is stored is what is looked up: analysing a term gives that term."""
    for term in analyse(text):
        assert analyse(term) == [term] or (term.startswith("ال") and analyse(term) == [term[2:]])


def test_the_unspaced_scripts_are_the_ones_that_the_design_names() -> None:
    import re

    pattern = re.compile(f"[{UNSPACED}]")
    names = ("HIRAGANA LETTER A", "KATAKANA LETTER A", "CJK UNIFIED IDEOGRAPH-79D1",
             "THAI CHARACTER KO KAI", "LAO LETTER KO", "KHMER LETTER KA",
             "MYANMAR LETTER KA")  # fmt: skip
    assert all(pattern.match(unicodedata.lookup(name)) for name in names)
    others = ("HANGUL SYLLABLE GA", "ETHIOPIC SYLLABLE HA", "DEVANAGARI LETTER A")
    assert not any(pattern.match(unicodedata.lookup(name)) for name in others)
