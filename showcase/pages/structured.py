"""What a page says to search engines: schema.org statements as JSON-LD."""

from collections.abc import Mapping, Sequence

from showcase.content.fields import StoryFields
from showcase.pages.context import Context
from showcase.pages.views import Link
from showcase.search.shards import as_json
from showcase.site.model import Version

Thing = Mapping[str, object]


def data_block(*things: Thing) -> str:
    """Return the text of a data block for an HTML page, in which no text can end the block."""
    said = {"@context": "https://schema.org", "@graph": things}
    return as_json(said).decode().replace("<", "\\u003c")


def article(context: Context, version: Version[StoryFields], url: str, image: str) -> Thing:
    """Return a story as an article; `image` is the address of its picture, or ""."""
    fields = version.fields
    place = {"@type": "Place", "name": context.language.territory(fields.country)}
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
        "about": [context.topic_link(context.topics[slug][1]).label for slug in fields.topics],
        "citation": [source.url for source in fields.sources],
        **({"image": context.absolute(image)} if image else {}),
    }


def breadcrumbs(context: Context, crumbs: Sequence[Link]) -> Thing:
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


def dataset(context: Context, name: str, description: str, files: Sequence[Link]) -> Thing:
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


def _publisher(context: Context) -> Thing:
    return {
        "@type": "Organization",
        "name": context.chrome.site_title,
        "url": context.absolute(context.chrome.home),
    }
