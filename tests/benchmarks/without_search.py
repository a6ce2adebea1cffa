"""`showcase` with an index of no stories: a build's pages and feeds, without the work of search."""

import dataclasses
from typing import Any

import showcase.build as pipeline
from showcase.cli import main
from showcase.search.index import Index
from showcase.site.model import Site

_index = pipeline.index


def _of_no_stories(site: Site, *rest: Any) -> Index:
    return _index(dataclasses.replace(site, stories=()), *rest)


if __name__ == "__main__":
    pipeline.index = _of_no_stories
    main()
