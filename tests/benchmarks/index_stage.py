"""The search stage of a build alone, in a process of its own: `python -m … CONTENT OUT JOBS`.

The site is read and assembled first; only then does the clock start. The stage is all that search
adds to a build: its cache read, the index made or brought up to date, the cache written, the files
made, and those written that were not there. Prints the moments of its start and its end.
"""

import datetime
import json
import sys
import time
from pathlib import Path

from showcase.config import Settings, load_config
from showcase.content.read import DocumentCache, read
from showcase.languages import load_languages
from showcase.pages.context import Context
from showcase.pages.outputs import File
from showcase.pages.search import facet_file, piece_files, search_pages
from showcase.render.theme import load_theme
from showcase.search.index import IndexCache, index
from showcase.site.assemble import assemble
from showcase.site.topics import load_topics


def main(content: Path, out: Path, jobs: int) -> None:
    """Measure the stage for a content folder; files and caches go into `out`."""
    themes = content.parent / "themes"
    settings = Settings(
        content=content, themes=themes, out=out, cache=out / ".cache",
        today=datetime.date(2026, 11, 22), jobs=jobs,
    )  # fmt: skip
    config = load_config(settings)
    languages = load_languages(config.languages, load_theme(themes, config.theme).locales)
    documents = DocumentCache.open(settings.cache, clean=False)
    found = read(content, config.languages, documents, jobs)
    documents.save()
    topics, _ = load_topics(content, config.languages)
    site, _ = assemble(settings, found, config, topics)
    every = tuple(languages[code] for code in site.languages)
    contexts = [Context(site, language, every) for language in every]

    started = time.monotonic()
    cache = IndexCache.open(settings.cache, clean=False)
    words = index(site, languages, cache, jobs)
    cache.save()
    pieces, facets = piece_files(words), facet_file(site, words)
    files = [*pieces.files, facets.file]
    for context in contexts:
        found_pages = search_pages(context, words, pieces, facets)
        files += [one for one in found_pages if isinstance(one, File)]
    written = sum(_written(out / file.address, file.make()) for file in files)
    moments = {"start": started, "end": time.monotonic(), "files": len(files), "written": written}
    print(json.dumps(moments))


def _written(path: Path, data: bytes) -> bool:
    """Write a file unless it is there with the same bytes."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
