"""Text to search terms; `browser/analysis.js` does the very same, held to it by shared vectors.

Compatibility decomposition (Unicode NFKD), marks stripped, lower case, then letters that do not
decompose are mapped. Scripts written without spaces become overlapping bigrams.
"""

import re
import unicodedata
from functools import cache

#: Letters to what they are sought as. Apostrophes of all kinds become one; tatweel vanishes.
LETTERS = {
    "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɖ": "d",
    "ƙ": "k", "ƴ": "y", "ƒ": "f", "ʋ": "v", "ɣ": "g", "ς": "σ",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": "",
    "’": "'", "‘": "'", "ʻ": "'", "ʼ": "'", "ʽ": "'", "`": "'",
    **{chr(zero + n): str(n) for zero in (0x660, 0x6F0, 0x966) for n in range(10)},
}  # fmt: skip

#: Han with its iteration mark, kana, Thai, Lao, Myanmar, Khmer.
UNSPACED = (
    "々〇\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)

_ASCII_WORD = re.compile(r"[a-z0-9']+")
_SPACED_WORD = re.compile(r"(?:[^\W_]|')+")
_WORD = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\W_]|')+")
_FIRST_UNSPACED = "\u0e00"
_ARTICLE = re.compile("^ال(?=[^\\W_]{3})")


def folded(text: str) -> str:
    """Return text as it is compared: without marks, in lower case, letters mapped."""
    if text.isascii():
        return text.lower().replace("`", "'")
    bare = unicodedata.normalize("NFKD", text)
    for mark in filter(_is_mark, set(bare)):
        bare = bare.replace(mark, "")
    lower = bare.lower()
    for letter in LETTERS.keys() & set(lower):
        lower = lower.replace(letter, LETTERS[letter])
    return lower


def analyse(text: str, query: bool = False) -> list[str]:
    """Return the terms of a text in order.

    An apostrophe divides a word and joins it: `d'Ivoire` gives `ivoire` and `divoire`, so that
    either is found; as a query it gives `ivoire` alone. The Arabic article is left off.
    """
    terms: list[str] = []
    text = folded(text)
    if text.isascii():
        words = _ASCII_WORD.findall(text)
        if "'" not in text:
            return words
    else:
        words = (_SPACED_WORD if max(text) < _FIRST_UNSPACED else _WORD).findall(text)
    for word in words:
        if "'" in word:
            terms += _parted(word, query)
        elif word.isascii():
            terms.append(word)
        elif _is_unspaced(word[0]):
            terms += [word[n : n + 2] for n in range(max(1, len(word) - 1))]
        else:
            terms.append(_ARTICLE.sub("", word) if word[0] == "ا" else word)
    return terms


def _parted(word: str, query: bool) -> list[str]:
    parts = [part for part in word.split("'") if part]
    long = [part for part in parts if len(part) > 1]
    if len(parts) < 2:
        return parts
    return long if query and long else [*long, "".join(parts)]


@cache
def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


@cache
def _is_unspaced(character: str) -> bool:
    return re.match(f"[{UNSPACED}]", character) is not None
