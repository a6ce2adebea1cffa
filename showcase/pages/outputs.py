"""What the plan is made of: an `Output` for every file of the published site."""

from collections.abc import Callable
from dataclasses import dataclass

from showcase.diagnostics import Diagnostic
from showcase.pages.views import View


@dataclass(frozen=True, slots=True)
class Page:
    """A file that a template makes from a view.

    `address` is the file's path in the output folder; `source` the content file to blame for it.
    """

    address: str
    template: str
    language: str
    view: View
    source: str = ""


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
