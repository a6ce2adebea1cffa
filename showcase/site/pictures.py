"""Pictures of content/: which ones are shown, and whether they can be."""

import warnings
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType

from showcase.diagnostics import Diagnostic
from showcase.site.model import PictureFile

WIDEST = 1600  # pixels; a picture twice as wide as the text column serves dense screens
_MOST_BYTES = 30_000_000  # a camera's largest JPEG; told from the file's size, without reading it
_MOST_PIXELS = 100_000_000  # beyond this a small file may fill the memory


def load_pictures(
    root: Path, paths: Iterable[str]
) -> tuple[Mapping[str, PictureFile], list[Diagnostic]]:
    """Return the picture files at `paths`, relative to the content folder, and their problems."""
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
        assert image.format
        # MPO is what many phones write: a JPEG with further pictures behind the first.
        suffix = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp"}[image.format]
    scale = min(1.0, WIDEST / width)
    address = f"pictures/{digest}.{suffix}"
    return PictureFile(file, digest, address, round(width * scale), max(1, round(height * scale)))
