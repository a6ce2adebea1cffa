"""What the plan is made of: an `Output` for every file of the published site."""

from collections.abc import Callable
from dataclasses import dataclass

from showcase.diagnostics import Diagnostic
from showcase.pages.views import View


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in its language, and in which others.

    `path` is below the language's home. `versions` are the languages that have this very page, all
    when None; the switcher leads to `elsewhere` in the others. A page that is `indexed` stands in
    the sitemap, with the day `modified` when that is known.
    """

    path: str
    versions: tuple[str, ...] | None = None
    elsewhere: str = ""
    indexed: bool = True
    modified: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A file that a template makes from a view.

    `address` is the file's path in the output folder; `source` the content file to blame for it.
    The view is made when it is needed, so that workers make the views of the pages they render.
    It rests on the site's outline, and on the words of one text if the page has any: `text` is the
    text's digest then.
    """

    address: str
    template: str
    language: str
    place: Place
    make: Callable[[], View]
    source: str = ""
    text: str = ""

    @property
    def view(self) -> View:
        """The page's view, made anew."""
        return self.make()


@dataclass(frozen=True, slots=True)
class File:
    """A file made without a template: `make()` gives its bytes, `key` stands for them."""

    address: str
    key: str
    make: Callable[[], bytes]
    source: str = ""


Output = Page | File


class CannotMakeError(Exception):
    """What `make` raises when the content keeps it from making the file; `problem` says why."""

    def __init__(self, problem: Diagnostic) -> None:
        super().__init__(problem.message)
        self.problem = problem
