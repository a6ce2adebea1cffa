"""What a page says to search engines: schema.org statements as JSON-LD."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from showcase.content.fields import EventFields, Question, StoryFields
from showcase.pages.views import Link
from showcase.search.shards import as_json
from showcase.site.model import Version

if TYPE_CHECKING:  # which puts the statements on pages
    from showcase.pages.context import Context

Thing = Mapping[str, object]


def data_block(*things: Thing) -> str:
    """Return the text of a data block for an HTML page, in which no text can end the block.

    It is "" when there is nothing to say.
    """
    if not things:
        return ""
    said = {"@context": "https://schema.org", "@graph": things}
    return as_json(said).decode().replace("<", "\\u003c")


def article(context: "Context", version: Version[StoryFields], url: str, image: str) -> Thing:
    """Return a story as an article; `image` is the address of its picture, or ""."""
    fields = version.fields
    place = {"@type": "Place", "name": context.language.territory(fields.country)}
    people = [
        {"@type": "Person", "name": person.name, **_given(jobTitle=person.role)}
        for person in fields.people
    ]
    return {
        "@type": "Article",
        "headline": fields.title,
        "description": fields.summary,
        "url": url,
        "inLanguage": version.language,
        "datePublished": fields.published.isoformat(),
        "dateModified": (fields.updated or fields.published).isoformat(),
        "publisher": _publisher(context),
        "license": context.chrome.licence.url,
        "contentLocation": place,
        "about": [*people, _institution(fields)],
        "keywords": [context.topic_link(context.topics[slug][1]).label for slug in fields.topics],
        "citation": [source.url for source in fields.sources],
        **_given(image=image),
    }


def _institution(fields: StoryFields) -> Thing:
    institution = fields.institution
    return {
        "@type": "EducationalOrganization",
        "name": institution.name,
        "address": {
            "@type": "PostalAddress",
            **_given(addressLocality=institution.place),
            "addressCountry": fields.country,
        },
        **_given(url=institution.url),
    }


def event(context: "Context", fields: EventFields, url: str) -> Thing:
    """Return an event with its days and where it is held."""
    places: list[Thing] = []
    if fields.place or fields.country:
        country = context.language.territory(fields.country) if fields.country else ""
        name = ", ".join(filter(None, (fields.place, country)))
        address = {
            "@type": "PostalAddress",
            **_given(addressLocality=fields.place, addressCountry=fields.country),
        }
        places.append({"@type": "Place", "name": name, "address": address})
    if fields.online:
        places.append({"@type": "VirtualLocation", "url": fields.url or url})
    mode = ("Offline", "Online", "Mixed")[fields.online + (fields.online and len(places) > 1)]
    return {
        "@type": "Event",
        "name": fields.title,
        "description": fields.summary,
        "url": url,
        "startDate": fields.starts.isoformat(),
        "endDate": (fields.ends or fields.starts).isoformat(),
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        **_given(location=places, sameAs=fields.url),
    }


def questions(asked: Sequence[Question]) -> Thing:
    """Return frequent questions with their answers."""
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": one.question,
                "acceptedAnswer": {"@type": "Answer", "text": one.answer},
            }
            for one in asked
        ],
    }


def breadcrumbs(context: "Context", crumbs: Sequence[Link]) -> Thing:
    """Return the way to a page, from the front page down."""
    home = Link(context.chrome.site_title, context.chrome.home)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": link.label,
                "item": context.absolute(link.url),
            }
            for position, link in enumerate((home, *crumbs), 1)
        ],
    }


def dataset(context: "Context", name: str, description: str, files: Sequence[Link]) -> Thing:
    """Return the open data as a dataset with its files."""
    formats = {
        "json": "application/json",
        "csv": "text/csv",
        "geojson": "application/geo+json",
    }
    return {
        "@type": "Dataset",
        "name": f"{context.chrome.site_title}: {name}",
        "description": description,
        "license": context.chrome.licence.url,
        "creator": _publisher(context),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": context.absolute(file.url),
                "encodingFormat": formats[file.label.rpartition(".")[2]],
            }
            for file in files
        ],
    }


def _given(**properties: object) -> Thing:
    """Return the properties that have a value."""
    return {name: value for name, value in properties.items() if value}


def _publisher(context: "Context") -> Thing:
    return {
        "@type": "Organization",
        "name": context.chrome.site_title,
        "url": context.absolute(context.chrome.home),
    }
