"""How to cite a story: as BibTeX and as RIS, the two formats that reference managers read."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation says; `site` is publisher and, in place of persons, author.

    `day` is that of the text: when it was last changed, or published.
    """

    slug: str
    title: str
    site: str
    day: datetime.date
    url: str
    language: str


def bibtex(reference: Reference) -> str:
    """Return the reference as a BibTeX entry; letters stay as they are, in UTF-8.

    Double braces keep capitals, and an organisation from being taken for first and last name.
    """
    fields = {
        "author": f"{{{_tex(reference.site)}}}",
        "title": f"{{{_tex(reference.title)}}}",
        "year": str(reference.day.year),
        "month": str(reference.day.month),
        "url": reference.url,
        "langid": reference.language,
    }
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{reference.slug},\n{rows}\n}}"


def ris(reference: Reference) -> str:
    """Return the reference as a RIS record of an electronic source, a line for each field."""
    rows = (
        ("TY", "ELEC"),
        ("AU", reference.site),
        ("TI", reference.title),
        ("PB", reference.site),
        ("PY", str(reference.day.year)),
        ("DA", f"{reference.day:%Y/%m/%d}"),
        ("LA", reference.language),
        ("UR", reference.url),
        ("ER", ""),
    )
    return "\n".join(f"{tag}  - {_one_line(value)}" for tag, value in rows)


#: What TeX would take for a command. A brace is spelt out, since BibTeX counts it even escaped.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)


def _tex(text: str) -> str:
    return _one_line(text).translate(_TEX)


def _one_line(text: str) -> str:
    return " ".join(text.split())
