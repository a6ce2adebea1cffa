"""topics.yml: the vocabulary that stories are filed under."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from showcase.content.front_matter import parse
from showcase.content.own_files import own_text
from showcase.content.validation import validated
from showcase.diagnostics import Diagnostic
from showcase.site.model import Topic

TOPICS_FILE = "topics.yml"


def load_topics(
    content: Path, languages: Sequence[str]
) -> tuple[tuple[Topic, ...], list[Diagnostic]]:
    """Return the topics in the order of the file, and the file's problems."""
    try:
        text, problem = own_text(content, TOPICS_FILE)
    except FileNotFoundError:
        hint = "list each topic with its slug, name and description"
        return (), [Diagnostic("missing-file", "the site has no topics", TOPICS_FILE, hint=hint)]
    if problem:
        return (), [problem]
    front = parse(text, rows=True)
    topics, problems = (
        (None, list(front.problems)) if front.problems else validated(tuple[Topic, ...], front)
    )
    seen: dict[str, int] = {}
    for position, topic in enumerate(topics or ()):
        place = front.place_of((position, "slug"))
        assert place  # a topic without a slug is none
        if topic.slug in seen:
            problems.append(
                Diagnostic("duplicate-entry", f"the topic {topic.slug!r} stands a second time", "",
                           place.line, place.column, place.length,
                           f"it is first on line {seen[topic.slug]}")
            )  # fmt: skip
        seen.setdefault(topic.slug, place.line)
        for language in languages:
            if not {language, ""} & topic.name.keys():
                problems.append(
                    Diagnostic("missing-field", f"{topic.slug!r} has no name in {language!r}", "",
                               place.line, place.column, place.length,
                               f"add {language}: … under name", "warning")
                )  # fmt: skip
    return topics or (), [replace(problem, path=TOPICS_FILE) for problem in problems]
