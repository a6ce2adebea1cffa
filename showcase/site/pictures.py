"""Pictures of content/: which ones are shown, and whether they can be."""

import warnings
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType

from showcase.diagnostics import Diagnostic
from showcase.site.model import PictureFile

WIDEST = 1600  # pixels; a picture twice as wide as the text column serves dense screens
_MOST_PIXELS = 100_000_000  # beyond this a small file may fill the memory


def load_pictures(
    root: Path, paths: Iterable[str]
) -> tuple[Mapping[str, PictureFile], list[Diagnostic]]:
    """Return the picture files at `paths`, relative to the content folder, and their problems."""
    found: dict[str, PictureFile] = {}
    problems: list[Diagnostic] = []
    for path in sorted(set(paths)):
        try:
            found[path] = _measured(root / path)
        except (OSError, ValueError, SyntaxError) as error:
            problems.append(unreadable(path, str(error).replace(str(root), "content")))
    return MappingProxyType(found), problems


def unreadable(path: str, reason: str) -> Diagnostic:
    """Return the problem of the picture at `path`, relative to the content folder."""
    return Diagnostic(
        "unreadable-picture",
        f"the picture cannot be used: {reason}",
        path,
        hint="save it again as JPEG, PNG or WebP",
    )


def _measured(file: Path) -> PictureFile:
    from PIL import Image, UnidentifiedImageError  # most sites' builds show no new picture

    digest = blake2b(file.read_bytes(), digest_size=6).hexdigest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is ours
        try:
            opened = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
        except Image.DecompressionBombError:
            raise ValueError(f"it has more than {_MOST_PIXELS:,} pixels") from None
        except UnidentifiedImageError:
            raise ValueError("its bytes are not those of a picture") from None
    with opened as image:
        width, height = image.size
        if width * height > _MOST_PIXELS:
            raise ValueError(f"it has {width} × {height} pixels")
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # stored lying on its side
            width, height = height, width
        assert image.format
        # MPO is what many phones write: a JPEG with further pictures behind the first.
        suffix = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp"}[image.format]
    scale = min(1.0, WIDEST / width)
    address = f"pictures/{digest}.{suffix}"
    return PictureFile(file, digest, address, round(width * scale), max(1, round(height * scale)))
