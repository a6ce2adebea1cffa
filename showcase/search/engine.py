"""The browser's side of search as one classic script, made from the modules of `browser/`.

A classic script, because a module is not loaded from a file: the exported site is read from one.
"""

import re
from importlib.resources import files

from rjsmin import jsmin

#: In the order of their imports; each may use the names of those before it.
MODULES = ("analysis.js", "postings.js", "words.js", "query.js", "engine.js")


def engine() -> bytes:
    """Return the script; it sets `globalThis.showcaseSearch`, whose `open` gives an engine."""
    folder = files(__package__).joinpath("browser")
    sources = [folder.joinpath(name).read_text(encoding="utf-8") for name in MODULES]
    code = "".join(_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources)
    return minified(f"(() => {{{code}globalThis.showcaseSearch = {{ open }};}})();").encode()


def minified(script: str) -> str:
    """Return a script without comments and needless blanks."""
    return str(jsmin(script)) + "\n"


_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|class|const)", re.MULTILINE)
