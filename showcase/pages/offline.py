"""Reading offline: the page of what is kept on the device, and the service worker that keeps it.

What the worker does is the theme's (`assets/worker.js`); `sw.js` only says what this site has. Its
bytes change when an asset of the shell does and at no other build: browsers install it just then.
"""

from collections.abc import Iterator, Sequence

from showcase.pages.context import Context
from showcase.pages.outputs import Page, Place
from showcase.pages.views import OfflineView, WorkerView


def offline_pages(contexts: Sequence[Context]) -> Iterator[Page]:
    """Yield the offline page of every language, and the worker of a site that may have one."""
    for context in contexts:
        yield context.page(Place("offline/"), "offline.html", _offline)
    first = contexts[0]
    if first.chrome.worker:
        pages = tuple(context.chrome.offline.url for context in contexts)
        yield first.page(Place("sw.js", (), indexed=False), "sw.js", _worker, pages)


def _worker(context: Context, place: Place, pages: tuple[str, ...]) -> WorkerView:
    return WorkerView(**context.frame(place, "", ""), pages=pages)


def _offline(context: Context, place: Place) -> OfflineView:
    t = context.language.text
    heading = t("Reading offline")
    intro = t(
        "The pages that you read stay on this device, and so do the countries that you choose "
        "to keep. They open without a connection; the search then knows only what it has "
        "loaded before."
    )
    return OfflineView(**context.frame(place, heading, intro), heading=heading, intro=intro)
