"""New files for editors: a story or a translation with its fields in place and blanks to fill."""

import datetime
import re
import unicodedata
from pathlib import Path
from typing import get_args

from showcase.content import front_matter
from showcase.content.fields import BLANK, KINDS, LEVELS, NEEDS, Kind, country_hint
from showcase.data.geography import countries
from showcase.diagnostics import SiteError, did_you_mean
from showcase.storage import write_atomically


def new_story(
    content: Path, title: str, country: str | None, kind: str | None, today: datetime.date
) -> Path:
    """Write a story's first draft and return its path; raises `SiteError` for wrong words."""
    if not country:
        raise SiteError("new story: say which country with --country, such as --country KE")
    code = country.upper()
    if code not in countries():
        raise SiteError(f"--country {country}: not a country code; {country_hint(country)}")
    if kind not in get_args(Kind):
        hint = did_you_mean(kind or "", KINDS) or "it is one of " + ", ".join(KINDS)
        raise SiteError(f"--kind {kind or ''}: {hint}")
    slug = slug_of(title)
    if not slug:
        raise SiteError(
            f"{title!r} has no letters a-z or digits for an address; name it in English"
        )
    stories = content / "stories"
    for name in (f"*/{slug}.md", f"*/{slug}/index.md"):
        for there in stories.glob(name):
            raise SiteError(f"{there} exists already; choose another title, or edit it")
    path = stories / code.lower() / f"{slug}.md"
    people = "people:\n  - name: …\n    role: …\n" if kind == "teacher" else ""
    text = f"""---
title: {_quoted(title)}
summary: …          # one or two sentences, at most 220 characters
country: {_quoted(code) if code == "NO" else code}
kind: {kind}
level: …            # {" ".join(LEVELS)}
topics: [{BLANK}]         # one to four slugs of topics.yml, the main one first
year: {today.year}          # the year the story is mainly about
published: {today.isoformat()}
institution:
  name: …
  place: …
{people}needs: []           # {" ".join(NEEDS)}
sources:
  - title: …
    url: …
    publisher: …
---

## The challenge

## What they did

## What changed

## Try it yourself

::: try-it
- …
:::
"""
    return _written(path, text)


def new_translation(content: Path, original: Path, language: str | None) -> Path:
    """Write the frame of an entry's translation beside it and return its path.

    Raises `SiteError` when there is nothing to translate or the language is not named.
    """
    if not language:
        raise SiteError(
            "new translation: say which language with --language, such as --language fr"
        )
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", language):
        raise SiteError(f"--language {language}: not a language code such as fr")
    known = _languages(content)
    if known and language not in known[1:]:
        raise SiteError(
            f"--language {language}: "
            + (
                "the originals are written in it"
                if language == known[0]
                else f"site.yml does not list it; its languages are {', '.join(known)}"
            )
        )
    source = original if original.is_file() else content / original
    if not source.is_file():
        names = [p.relative_to(content).as_posix() for p in content.rglob("*.md")]
        hint = did_you_mean(str(original), names)
        raise SiteError(f"there is no file {original}; {hint or 'name the original entry'}")
    if source.name.count(".") != 1:
        raise SiteError(f"{original} is a translation itself; name the original")
    from showcase.content.parse import parse

    data = source.read_bytes()
    whole = data.decode("utf-8-sig", errors="replace")
    parts = front_matter.split(whole.replace("\r\n", "\n").replace("\r", "\n"))
    if parts is None:
        raise SiteError(f"{original} has no front matter; mend it first (check says how)")
    fields = front_matter.parse(parts[0]).values
    document = parse(data, source.name, "pages", source.stem, "", True)
    summary = f"summary: …          # {fields['summary']}\n" if fields.get("summary") else ""
    text = (
        f"---\ntitle: …            # {fields.get('title', '')}\n{summary}"
        f"translates: {_quoted(document.text_digest)}\n---\n\n{parts[1].lstrip()}"
    )
    return _written(source.with_name(f"{source.stem}.{language}.md"), text)


def _languages(content: Path) -> list[str]:
    """Return the languages of site.yml, the default one first; none when it cannot be read."""
    try:
        text = (content / "site.yml").read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    languages = front_matter.parse(text).values.get("languages")
    return [str(code) for code in languages] if isinstance(languages, list) else []


def slug_of(title: str) -> str:
    """Return the address of a title: at most eight of its words, in letters a-z and digits."""
    spelt = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    bare = "".join(letter for letter in spelt if not unicodedata.combining(letter))
    words: list[str] = re.findall(r"[a-z0-9]+", bare.replace("'", ""))
    return "-".join(words[:8])


_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "’": "'"})


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(path: Path, text: str) -> Path:
    if path.exists():
        raise SiteError(f"{path} exists already; choose another title, or edit it")
    write_atomically(path, text.encode())
    return path
