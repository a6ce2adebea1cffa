"""The words of the interface for the fixed vocabularies of the content model."""

from collections.abc import Mapping
from functools import cache

from showcase.content.fields import Kind, Level
from showcase.languages import Language

#: Folder of each kind's door and each level's list.
KIND_PATHS: Mapping[Kind, str] = {
    "teacher": "teachers/",
    "school": "schools/",
    "faculty": "faculties/",
}


@cache
def kind_label(language: Language, kind: Kind) -> str:
    """Return the word for one story's kind."""
    t = language.text
    return {"teacher": t("Teacher"), "school": t("School"), "faculty": t("Faculty")}[kind]


@cache
def kinds_label(language: Language, kind: Kind) -> str:
    """Return the word for all stories of a kind."""
    t = language.text
    return {"teacher": t("Teachers"), "school": t("Schools"), "faculty": t("Faculties")}[kind]


def kind_description(language: Language, kind: Kind) -> str:
    """Return a sentence that says what stands behind a door."""
    t = language.text
    return {
        "teacher": t("One person and a class: what they tried, and what came of it."),
        "school": t("Whole schools that work in another way, and how they run."),
        "faculty": t("University and college teams that changed how a subject is taught."),
    }[kind]


@cache
def level_label(language: Language, level: Level) -> str:
    """Return the name of a level of education."""
    t = language.text
    return {
        "early-years": t("Early years"),
        "primary": t("Primary"),
        "secondary": t("Secondary"),
        "vocational": t("Vocational"),
        "higher": t("Higher education"),
        "teacher-education": t("Teacher education"),
        "all-through": t("All ages"),
        "non-formal": t("Outside school"),
    }[level]


@cache
def need_label(language: Language, need: str) -> str:
    """Return what a class must have, in words."""
    t = language.text
    return {
        "nothing": t("Nothing beyond a class and a teacher"),
        "print": t("Paper or print"),
        "electricity": t("Electricity"),
        "phone": t("A phone"),
        "one-computer": t("One computer"),
        "a-device-each": t("A device for each learner"),
        "internet": t("An internet connection"),
    }[need]


@cache
def gift_label(language: Language, gift: str) -> str:
    """Return a kind of support in words."""
    t = language.text
    return {
        "devices": t("devices"),
        "software": t("software"),
        "connectivity": t("connectivity"),
        "training": t("training"),
        "funding": t("funding"),
        "curriculum": t("curriculum"),
        "mentoring": t("mentoring"),
        "internships": t("internships"),
        "space": t("space"),
    }[gift]


def sort_label(language: Language, sort: str) -> str:
    """Return what sort of organisation a partner is."""
    t = language.text
    return {
        "company": t("Company"),
        "association": t("Association"),
        "foundation": t("Foundation"),
        "public-body": t("Public body"),
        "ngo": t("Non-governmental organisation"),
    }[sort]


def collection_label(language: Language, collection: str) -> str:
    """Return the name of a collection."""
    t = language.text
    return {
        "stories": t("Stories"),
        "programmes": t("Programmes"),
        "partners": t("Partners"),
        "events": t("Events"),
        "guides": t("Guides"),
    }[collection]


def collection_description(language: Language, collection: str) -> str:
    """Return a sentence that says what a collection holds."""
    t = language.text
    return {
        "programmes": t("Summits, initiatives and consortia that stories belong to."),
        "partners": t("Organisations that work with schools, and what they give."),
        "events": t("Summits, forums and workshops."),
        "guides": t("Longer advice, drawn from the stories and their sources."),
    }[collection]


def letter_label(language: Language, letter: str) -> str:
    """Return the letter of a compass point as the language's maps print it."""
    # Translators: the compass point on a map, one letter where the language has one.
    t = language.text
    return {"N": t("N"), "S": t("S"), "E": t("E"), "W": t("W")}[letter]


def label_of_hole(language: Language, name: str) -> str:
    """Return the label that a container of a body bears."""
    t = language.text
    return {"note": t("Note"), "try-it": t("Suggestions from the editors")}[name]
