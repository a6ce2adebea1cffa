"""Pictures as they were measured and encoded: encoding is the slowest work of a build."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from showcase import storage


@dataclass(frozen=True, slots=True)
class PictureCache:
    """A folder of what was made from pictures, by name; without a folder nothing is kept."""

    folder: Path | None = None
    reads: bool = True
    writes: bool = True

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name; None when missing, damaged or made by other code."""
        if self.folder is None or not self.reads:
            return None
        found = storage.load(self.folder / name, _code_version())
        return None if found is None else bytes(found)

    def keep(self, name: str, data: bytes) -> bytes:
        """Keep what was made, and return it."""
        if self.folder is not None and self.writes:
            storage.save(self.folder / name, _code_version(), data)
        return data


#: For whoever makes everything anew.
NOTHING_KEPT = PictureCache()


@cache
def _code_version() -> str:
    code = storage.code_digest("site/pictures", "pages/pictures", "storage")
    return f"{code} pillow {version('pillow')}"
