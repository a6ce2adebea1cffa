"""A site of any number of stories whose words behave as those of real stories do.

Made from the English stories that ship with the site, and a seed:

- Running text is an order-2 Markov chain over their bodies and summaries, titles an order-1 chain
  over theirs. Before the chains learn, a story's own people, institution, place and country give
  way to marks; what is generated has the new story's names in their place, as often as real
  stories do.
- The shipped stories hold some 9,000 different words, too few for a large site: vocabulary grows
  with the square root of the text or faster (Heaps). So one in twenty of the longer words is
  drawn from a tail of further words with a Zipf-Mandelbrot distribution. They are made letter by
  letter with a trigram model of the shipped vocabulary, so that they look like words, share
  prefixes with words, and some lie one edit from another. Bodies of 1,000
  stories hold 17,000 different words, those of 10,000 60,000.
- People, institutions and places are shipped names taken apart and put together anew; most of
  their words are made by a trigram model of the shipped names, so that most names are rare.
- Countries follow a Zipf-Mandelbrot distribution; kinds, levels, topics, subjects and years the
  shipped frequencies. Bodies have about 470 words under the four usual headings.

The same seed and the same shipped stories give the same bytes; fewer stories are the first of more.
"""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from showcase.content.fields import english_names

SHIPPED = Path(__file__).resolve().parents[2] / "content"

SITE = """title: {title}
tagline: {tagline}
base_url: https://example.org/
languages: [en]
licence: CC BY 4.0
licence_url: https://creativecommons.org/licenses/by/4.0/
social_cards: false
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a story is about: what somebody may remember of it and type."""

    slug: str
    title: str
    country: str
    place: str = ""
    people: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def write_corpus(folder: Path, stories: int, seed: int = 1) -> list[Subject]:
    """Write `folder`/content with `stories` stories; return what each is about.

    The same list is written to `folder`/subjects.json, beside the content.
    """
    content = folder / "content"
    maker = _Maker(_shipped_stories(), Random(seed))
    subjects = [maker.write_story(content) for _ in range(stories)]
    write_settings(content)
    listed = json.dumps([asdict(subject) for subject in subjects], ensure_ascii=False, indent=0)
    (folder / "subjects.json").write_text(listed + "\n", encoding="utf-8")
    return subjects


def write_shipped(folder: Path) -> list[Subject]:
    """Write `folder`/content with the shipped stories in English only, likewise."""
    subjects = []
    for path in _english_files():
        copy = folder / path.relative_to(SHIPPED.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        # Programmes and partners are not copied; a story keeps their names out of its facts.
        fields, body = _parts(path)
        fields.pop("programmes", None)
        fields.pop("inspired_by", None)
        named = [entry for entry in fields.pop("partners", []) if "partner" not in entry]
        fields |= {"partners": named} if named else {}
        body = re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", body)
        copy.write_text(f"---\n{_yaml(fields)}---\n{body}", encoding="utf-8")
        subjects.append(_subject(path.stem, fields))
    write_settings(folder / "content")
    return subjects


def write_settings(content: Path) -> None:
    """Write site.yml for English alone, and the shipped topics."""
    shipped = yaml.safe_load((SHIPPED / "site.yml").read_text(encoding="utf-8"))
    texts = {name: shipped[name]["en"] for name in ("title", "tagline")}
    content.mkdir(parents=True, exist_ok=True)
    (content / "site.yml").write_text(SITE.format(**texts), encoding="utf-8")
    (content / "topics.yml").write_bytes((SHIPPED / "topics.yml").read_bytes())


def topic_names() -> dict[str, str]:
    """Return the English name of every topic by its slug."""
    topics = yaml.safe_load((SHIPPED / "topics.yml").read_text(encoding="utf-8"))
    return {topic["slug"]: topic["name"]["en"] for topic in topics}


# --- the shipped stories


def _english_files() -> list[Path]:
    return sorted(path for path in SHIPPED.glob("stories/*/*.md") if "." not in path.stem)


def _parts(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.load(head, yaml.CSafeLoader), body


def _shipped_stories() -> list[tuple[dict[str, Any], str]]:
    return [_parts(path) for path in _english_files()]


def _subject(slug: str, fields: dict[str, Any]) -> Subject:
    return Subject(
        slug=slug,
        title=fields["title"],
        country=fields["country"],
        place=fields["institution"].get("place", ""),
        people=tuple(person["name"] for person in fields.get("people", ())),
        topics=tuple(fields["topics"]),
    )


def _yaml(fields: dict[str, Any]) -> str:
    return yaml.dump(fields, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)


_english_names = cache(english_names)


# --- names give way to marks before the chains learn

PERSON, FAMILY, INSTITUTION, PLACE, COUNTRY = (
    "⟨person⟩",
    "⟨family⟩",
    "⟨school⟩",
    "⟨place⟩",
    "⟨land⟩",
)
_MARKS = re.compile("⟨[a-z]+⟩")


def _marked(text: str, fields: dict[str, Any]) -> str:
    """Return the text with the names of its own story as marks."""
    institution = fields["institution"]
    names = {institution["name"]: INSTITUTION, _english_names()[fields["country"]]: COUNTRY}
    for person in fields.get("people", ()):
        names[person["name"]] = PERSON
        names[person["name"].split()[-1]] = FAMILY
    for part in institution.get("place", "").split(", "):
        names.setdefault(part, PLACE)
    names.pop("", None)
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"
    return re.sub(pattern, lambda found: names[found[0]], text)


def _sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence of Markdown, without its markup."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    plain = re.sub(r"[*_`<>\[\]|#]", "", plain)
    return [words for line in re.split(r"(?<=[.?!])\s+|\n", plain) if (words := line.split())]


# --- chains of words and of letters


class _Chain:
    """A Markov chain over words: what follows the last `order` ones."""

    def __init__(self, sentences: Iterable[Sequence[str]], order: int) -> None:
        # What may follow a state: each word beside what may follow then.
        following: dict[tuple[str, ...], list[tuple[str, Any]]] = defaultdict(list)
        for sentence in sentences:
            state = ("",) * order
            for word in (*sentence, ""):
                after = (*state[1:], word)
                following[state].append((word, following[after]))
                state = after
        self.start = following[("",) * order]

    def sentence(self, random: Random, most: int = 60) -> list[str]:
        """Return a sentence, cut off after `most` words."""
        words: list[str] = []
        choices, chance = self.start, random.random
        while len(words) < most:
            word, choices = choices[int(chance() * len(choices))]
            if not word:
                break
            words.append(word)
        return words


class _Letters:
    """New words, each once, from a letter-trigram model of given ones."""

    def __init__(self, words: Iterable[str], random: Random) -> None:
        known = sorted(set(words))
        self.chain = _Chain(known, order=2)
        self.random = random
        self.made = set(known)

    def word(self, least: int = 4, most: int = 12) -> str:
        """Return a word that is neither known nor made before."""
        while True:
            word = "".join(self.chain.sentence(self.random, most + 1))
            if least <= len(word) <= most and word not in self.made:
                self.made.add(word)
                return word


class _Tail:
    """Words of Zipf-Mandelbrot frequency: the one of rank r as often as 1 / (r + SHIFT)."""

    SHIFT, RANKS = 1_500, 45_000

    def __init__(self, letters: _Letters, random: Random) -> None:
        self.letters, self.random = letters, random
        self.words: dict[int, str] = {}

    def word(self) -> str:
        rank = int(self.SHIFT * (1 + self.RANKS / self.SHIFT) ** self.random.random())
        if rank not in self.words:
            self.words[rank] = self.letters.word()
        return self.words[rank]


# --- names


class _Names:
    """People, institutions and places: shipped ones recombined, and new ones."""

    NEW = 0.6

    def __init__(self, stories: Sequence[dict[str, Any]], random: Random) -> None:
        self.random = random
        people = [
            person["name"].split() for fields in stories for person in fields.get("people", ())
        ]
        people = [name for name in people if len(name) > 1 and all(map(_is_name, name))]
        self.given = [name[0] for name in people]
        self.family = [name[-1] for name in people]
        self.institutions = [fields["institution"]["name"].split() for fields in stories]
        counts = Counter(word for name in self.institutions for word in set(name))
        self.usual = {word for word, count in counts.items() if count > 2}
        rare = [word for name in self.institutions for word in name if self._is_rare(word)]
        self.rare = sorted(set(rare))
        self.letters = _Letters((*self.given, *self.family, *self.rare), random)
        self.places: dict[str, list[str]] = defaultdict(list)
        for fields in stories:
            place = fields["institution"].get("place", "").split(", ")[0]
            if place == _english_names()[fields["country"]]:
                continue
            if _is_name(place) and place not in self.places[fields["country"]]:
                self.places[fields["country"]].append(place)

    def person(self) -> str:
        return f"{self._one(self.given, 0.3)} {self._one(self.family, self.NEW)}"

    def institution(self) -> str:
        parts = self.random.choice(self.institutions)
        return " ".join(
            self._one(self.rare, self.NEW) if self._is_rare(word) else word for word in parts
        )

    def place(self, country: str) -> str:
        """Return a place of the country: one that has stories already, or a new one."""
        known = self.places[country]
        if not known or self.random.random() < 0.25:
            known.append(self.letters.word())
        return self.random.choice(known)

    def _one(self, known: Sequence[str], new: float) -> str:
        return self.letters.word() if self.random.random() < new else self.random.choice(known)

    def _is_rare(self, word: str) -> bool:
        return _is_name(word) and word not in self.usual


def _is_name(word: str) -> bool:
    return word.isalpha() and word[:1].isupper() and word[1:].islower() and len(word) > 3


# --- stories


@dataclass(slots=True)
class _Maker:
    """Writes one story after the other."""

    shipped: list[tuple[dict[str, Any], str]]
    random: Random
    slugs: set[str] = field(default_factory=set)
    fields: list[dict[str, Any]] = field(init=False)
    names: _Names = field(init=False)
    prose: _Chain = field(init=False)
    advice: _Chain = field(init=False)
    titles: _Chain = field(init=False)
    tail: _Tail = field(init=False)
    words: list[str] = field(init=False)
    lands: dict[str, float] = field(init=False)

    # Words of each section; its last sentence runs over.
    SECTIONS = (("The challenge", 75), ("What they did", 160), ("What changed", 75))
    ADVICE = ("Try it yourself", 40)

    def __post_init__(self) -> None:
        self.fields = [fields for fields, _ in self.shipped]
        self.names = _Names(self.fields, self.random)
        prose, advice, titles = [], [], []
        for fields, body in self.shipped:
            marked = _marked(f"{fields['summary']}\n{body}", fields)
            lines = [line for line in marked.split("\n") if not line.startswith((":::", "#"))]
            prose += _sentences("\n".join(line for line in lines if not line.startswith("- ")))
            advice += _sentences("\n".join(line[2:] for line in lines if line.startswith("- ")))
            titles.append(_marked(fields["title"], fields).split())
        self.prose, self.advice = _Chain(prose, 2), _Chain(advice, 2)
        self.titles = _Chain(titles, 1)
        self.words = [word for sentence in prose for word in sentence if _is_plain(word)]
        self.tail = _Tail(_Letters(self.words, self.random), self.random)
        lands = sorted({fields["country"] for fields in self.fields})
        self.random.shuffle(lands)
        self.lands = {land: 1 / (rank + 20) for rank, land in enumerate(lands)}

    def write_story(self, content: Path) -> Subject:
        """Write the next story and return what it is about."""
        fields = self._facts()
        body = self._body(fields)
        slug = self._slug(fields["title"])
        path = content / "stories" / fields["country"].lower() / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{_front_matter(fields)}---\n\n{body}", encoding="utf-8")
        return _subject(slug, fields)

    def _facts(self) -> dict[str, Any]:
        random, like = self.random, self.random.choice(self.fields)
        country = random.choices(list(self.lands), list(self.lands.values()))[0]
        fields: dict[str, Any] = {
            "title": "",
            "summary": "",
            "country": country,
            # From one shipped story, so that a university is not a primary school.
            **{name: like[name] for name in ("kind", "level", "topics", "needs", "year")},
            "published": f"2026-{random.randint(1, 10):02}-{random.randint(1, 28):02}",
            "institution": {
                "name": self.names.institution(),
                "place": self.names.place(country),
            },
        }
        # Its topics from several stories: any two may meet.
        topics = [*like["topics"], *random.choice(self.fields)["topics"]]
        fields["topics"] = sorted(set(random.sample(topics, len(like["topics"]))))
        people = random.choices((0, 1, 2), (16, 66, 18))[0]
        role = like.get("people", [{}])[0].get("role", "Teacher")
        if people:
            names = [{"name": self.names.person(), "role": role} for _ in range(people)]
            fields["people"] = names
        if "subjects" in like:
            fields["subjects"] = like["subjects"]
        if random.random() < 0.4:
            fields["partners"] = [{"name": self.names.institution(), "gave": ["training"]}]
        fields["title"] = self._title(fields)
        fields["summary"] = self._summary(fields)
        fields["sources"] = [self._source(fields, n) for n in range(random.randint(1, 5))]
        if random.random() < 0.5:
            fields["outcomes"] = [
                {
                    "measure": " ".join(self._sentence(self.prose, fields)[:12]).rstrip(".,;:"),
                    "value": str(random.randint(2, 5000)),
                    "source": 1,
                }
            ]
        return fields

    def _source(self, fields: dict[str, Any], number: int) -> dict[str, str]:
        year, month = int(fields["year"]), self.random.randint(1, 12)
        return {
            "title": " ".join(self._sentence(self.prose, fields)[:9]).rstrip(".,;:"),
            "url": f"https://example.org/{self.random.getrandbits(40):x}/{number}",
            "publisher": self.names.institution(),
            "date": f"{year}-{month:02}",
        }

    def _title(self, fields: dict[str, Any]) -> str:
        """Return a title of 6 to 10 words, some of which no other title need have."""
        while True:
            words = self.titles.sentence(self.random, 11)
            words = self._filled([self._rarer(word) for word in words], fields)
            title = " ".join(words)
            if 6 <= len(title.split()) <= 10 and len(title) <= 90:
                return title[0].upper() + title[1:]

    def _rarer(self, word: str) -> str:
        chance = self.random.random()
        if not _is_plain(word) or chance > 0.4:
            return word
        return self.tail.word() if chance < 0.1 else self.random.choice(self.words)

    def _summary(self, fields: dict[str, Any]) -> str:
        while True:
            text = " ".join(self._running_text(self.prose, fields, 24))
            if len(text) <= 220:
                return text

    def _body(self, fields: dict[str, Any]) -> str:
        parts = []
        for heading, words in self.SECTIONS:
            half = words // 2
            paragraphs = [
                " ".join(self._running_text(self.prose, fields, n)) for n in (half, words - half)
            ]
            parts += [f"## {heading}", *paragraphs]
        heading, words = self.ADVICE
        items = [" ".join(self._running_text(self.advice, fields, words // 4)) for _ in range(4)]
        listed = "\n".join(f"- {item}" for item in items)
        return "\n\n".join((*parts, f"## {heading}", f"::: try-it\n{listed}\n:::")) + "\n"

    def _running_text(self, chain: _Chain, fields: dict[str, Any], least: int) -> list[str]:
        words: list[str] = []
        while len(words) < least:
            words += self._sentence(chain, fields)
        return words

    def _sentence(self, chain: _Chain, fields: dict[str, Any]) -> list[str]:
        chance = self.random.random
        words = [
            self._from_tail(word) if chance() < 0.05 else word
            for word in chain.sentence(self.random)
        ]
        return self._filled(words, fields)

    def _from_tail(self, word: str) -> str:
        bare = word.rstrip(".,;:?!")
        return self.tail.word() + word[len(bare) :] if _is_plain(bare) else word

    def _filled(self, words: list[str], fields: dict[str, Any]) -> list[str]:
        """Put the story's own names where the marks stand."""
        if not any("⟨" in word for word in words):
            return words
        people = fields.get("people") or [{"name": self.names.person()}]
        institution = fields["institution"]
        names: dict[str, Callable[[], str]] = {
            PERSON: lambda: people[0]["name"],
            FAMILY: lambda: self.random.choice(people)["name"].split()[-1],
            INSTITUTION: lambda: institution["name"],
            PLACE: lambda: institution["place"],
            COUNTRY: lambda: _english_names()[fields["country"]],
        }
        return [_MARKS.sub(lambda found: names[found[0]](), word) for word in words]

    def _slug(self, title: str) -> str:
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z0-9]+", plain)
        base = slug = "-".join(words[:8])
        number = 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        self.slugs.add(slug)
        return slug


def _is_plain(word: str) -> bool:
    """Say whether a word carries meaning and is no name: one that another could stand for."""
    return len(word) > 4 and word.isalpha() and word.islower()


def _front_matter(fields: dict[str, Any]) -> str:
    """Return the fields as YAML with one field a line: JSON is YAML, and fast to write."""
    lines = [f"{name}: {_value(value)}\n" for name, value in fields.items()]
    return "".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}|[a-z-]+|\d{4}-\d\d-\d\d", value):
        return '"NO"' if value == "NO" else value
    return json.dumps(value, ensure_ascii=False)
