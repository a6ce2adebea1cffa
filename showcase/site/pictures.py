"""Pictures of content/: which ones are shown, and whether they can be."""

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

from showcase.diagnostics import Diagnostic
from showcase.site.model import PictureFile
from showcase.site.picture_cache import NOTHING_KEPT, PictureCache
from showcase.storage import digest_of

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST = 1200  # pixels; a picture twice as wide as the text column serves dense screens
#: Stands in every picture's address. Raise it when encoding makes other bytes of the same file:
#: browsers keep what an address gave them.
_ENCODING = b"5"
_MOST_BYTES = 30_000_000  # a camera's largest JPEG; told from the file's size, without reading it
_MOST_PIXELS = 100_000_000  # beyond this a small file may fill the memory


_Measures = tuple[Literal["JPEG", "PNG"], int, int]


def load_pictures(
    root: Path, paths: Iterable[str], kept: PictureCache = NOTHING_KEPT
) -> tuple[Mapping[str, PictureFile], list[Diagnostic]]:
    """Return the picture files at `paths`, relative to the content folder, and their problems.

    A picture that `kept` knows is not opened.
    """
    found: dict[str, PictureFile] = {}
    problems: list[Diagnostic] = []
    for path in sorted(set(paths)):
        try:
            size = (root / path).stat().st_size
            if size > _MOST_BYTES:
                hint = f"at most {_MOST_BYTES:,} fit; save it again, {WIDEST} pixels wide"
                problems.append(
                    Diagnostic("too-large", f"the picture has {size:,} bytes", path, hint=hint)
                )
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Pillow's limit and its doubts: the limit is ours
                found[path] = _measured(root / path, kept)
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


def _measured(file: Path, kept: PictureCache) -> PictureFile:
    data = file.read_bytes()
    digest = digest_of(_ENCODING, data)[:12]
    known = kept.get(digest)
    measures = msgspec.msgpack.decode(known, type=_Measures) if known else _measures(file)
    if not known:
        kept.keep(digest, msgspec.msgpack.encode(measures))
    form, width, height = measures
    scale = min(1.0, WIDEST / width)
    return PictureFile(
        file, digest, form, round(width * scale), max(1, round(height * scale)), kept
    )


def _measures(file: Path) -> _Measures:
    """Return the form of a picture's fallback, and its width and height as it is seen."""
    from PIL import Image, UnidentifiedImageError  # most builds show no new picture

    try:
        opened = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
    except Image.DecompressionBombError:
        raise ValueError(f"it has more than {_MOST_PIXELS:,} pixels") from None
    except UnidentifiedImageError:
        raise ValueError("its bytes are not those of a JPEG, PNG or WebP picture") from None
    with opened as image:
        width, height = image.size
        if width * height > _MOST_PIXELS:
            raise ValueError(f"it has {width} × {height} pixels")
        orientation = image.getexif().get(0x0112, 1)
        if orientation in (5, 6, 7, 8):  # stored lying on its side
            width, height = height, width
        if orientation in range(2, 9):  # Pillow turns it and writes the camera's notes anew
            try:
                image.getexif().tobytes()
            except Exception:  # its writer fails in many ways on notes that are not what they say
                raise ValueError("the camera's notes in it are damaged") from None
        return _fallback(image), width, height


def _fallback(image: "Image") -> Literal["JPEG", "PNG"]:
    """Return the form that every browser knows: JPEG for what came from a camera."""
    if image.format == "PNG" or (image.format == "WEBP" and image.mode == "RGBA"):
        return "PNG"
    return "JPEG"  # MPO too, which many phones write: a JPEG with pictures behind the first
