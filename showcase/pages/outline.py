"""All that a site says but for the words of its texts.

Most edits change words alone, which stand on the page of their text and on no other. A page whose
words and outline stay is known to be current without its view.
"""

from collections.abc import Mapping
from importlib.metadata import version

import msgspec

from showcase.languages import Language
from showcase.site.model import Site
from showcase.storage import code_digest, digest_of

_CODE = ("config", "content", "data", "languages", "pages", "search", "site", "storage")
_LIBRARIES = ("babel", "markdown-it-py", "msgspec")


def outline_of(site: Site, languages: Mapping[str, Language]) -> str:
    """Return the digest of all that pages are made from, but for templates and words of texts."""
    documents = sorted(
        # A translation is measured against the words of its original.
        (v.document.path, v.document.outline, v.document.text_digest * (len(entry.versions) > 1))
        for entry in site.by_key.values()
        for v in entry.versions.values()
    )
    pictures = sorted((path, found.digest) for path, found in site.pictures.items())
    catalogues = [languages[code].catalogue_digest for code in site.languages]
    code = [code_digest(*_CODE), *map(version, _LIBRARIES)]
    shared = repr([site.config, site.languages, site.today, site.topics, catalogues, code])
    return digest_of(shared.encode(), msgspec.msgpack.encode([documents, pictures]))
