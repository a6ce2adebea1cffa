"""Published pictures: in three formats and several widths, without the camera's notes."""

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from showcase.pages.outputs import CannotMakeError, File
from showcase.pages.views import Picture, PictureFormat
from showcase.site.model import PictureFile
from showcase.site.pictures import unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDTHS = (480, 800)  # pixels; the widest copy comes on top of these
_NOTICED = 0.8  # of the next width: a copy less narrow than that would save little
_SUFFIXES = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "png"}
_TYPES = {"AVIF": "image/avif", "WEBP": "image/webp", "JPEG": "image/jpeg", "PNG": "image/png"}

Form = Literal["AVIF", "WEBP", "JPEG", "PNG"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A published copy of a picture: its format, its size in pixels, and where it goes."""

    picture: PictureFile
    form: Form
    width: int
    height: int

    @property
    def address(self) -> str:
        """Where the copy goes in the output folder."""
        return f"pictures/{self.picture.digest}-{self.width}.{_SUFFIXES[self.form]}"


def copies(picture: PictureFile) -> dict[Form, tuple[Copy, ...]]:
    """Return the copies of a picture in each format, best format and narrowest copy first."""
    widths = [w for w in _WIDTHS if w < picture.width * _NOTICED] + [picture.width]
    forms: tuple[Form, ...] = ("AVIF", "WEBP", picture.form)
    return {
        form: tuple(
            Copy(picture, form, width, max(1, round(picture.height * width / picture.width)))
            for width in widths
        )
        for form in forms
    }


def shown(picture: PictureFile, base_path: str, alt: str, credit: str = "") -> Picture:
    """Return a picture as a page below `base_path` shows it."""
    made = copies(picture)
    formats = tuple(
        PictureFormat(_TYPES[form], tuple(f"{base_path}{x.address} {x.width}w" for x in found))
        for form, found in made.items()
    )
    url = base_path + made[picture.form][-1].address
    return Picture(url, picture.width, picture.height, formats, alt, credit)


def picture_outputs(picture: PictureFile, source: str) -> Iterator[File]:
    """Yield the outputs that hold a picture's copies; `source` is its path in content/."""
    for found in copies(picture).values():
        for copy in found:
            key = f"{copy.address} pillow {version('pillow')}"
            yield File(copy.address, key, partial(_made, copy, source), source)


def _made(copy: Copy, source: str) -> bytes:
    kept, name = copy.picture.kept, copy.address.rpartition("/")[2]
    try:
        return kept.get(name) or kept.keep(name, encoded(copy))
    except (OSError, ValueError, SyntaxError) as error:  # whole in its header, broken further on
        raise CannotMakeError(unreadable(source, str(error))) from None


def encoded(copy: Copy) -> bytes:
    """Return the bytes of a copy: upright, at its size, in sRGB, without any metadata."""
    from PIL import Image

    upright = _upright(copy.picture)
    few_colours = upright.mode == "P"
    if copy.picture.form == "JPEG":
        upright = upright.convert("RGB")
    elif upright.mode == "P" or "transparency" in upright.info:
        upright = upright.convert("RGBA")
    if copy.form in ("AVIF", "WEBP") and upright.mode not in ("RGB", "RGBA"):
        upright = upright.convert("RGBA" if "A" in upright.mode else "RGB")
    resized = upright.resize((copy.width, copy.height), Image.Resampling.LANCZOS)
    bare = Image.new(resized.mode, resized.size)
    bare.paste(resized)
    if copy.form == "PNG" and few_colours:
        bare = bare.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return min((_saved(bare, copy.form, way) for way in _ways(copy)), key=len)


def _ways(copy: Copy) -> Iterator[dict[str, object]]:
    """Yield encoder settings to try. What is drawn, thus a PNG, has edges that must stay sharp."""
    drawn = copy.picture.form == "PNG"
    if copy.form == "AVIF":  # with more threads than one, its bytes would depend on the machine
        sharp = "4:4:4" if drawn else "4:2:0"
        yield {"quality": 60, "speed": 8, "subsampling": sharp, "max_threads": 1}
    elif copy.form == "WEBP":
        yield {"quality": 80}
        if drawn:
            yield {"lossless": True}
    else:
        yield {"quality": 82, "optimize": True}


def _saved(image: "Image", form: Form, options: dict[str, object]) -> bytes:
    data = io.BytesIO()
    image.save(data, format=form, **options)
    return data.getvalue()


def _upright(picture: PictureFile) -> "Image":
    from PIL import Image, ImageCms, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured already
        opened = Image.open(picture.file)
    with opened as image:
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        if profile:  # goes with the metadata, so the colours must mean what a screen assumes
            target = ImageCms.createProfile("sRGB")
            mode = "RGBA" if upright.mode in ("RGBA", "LA", "P") else "RGB"
            # A profile may be broken, or fit another kind of picture: then the colours stay.
            with suppress(ImageCms.PyCMSError, OSError):
                wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
                upright = (
                    ImageCms.profileToProfile(upright, wide, target, outputMode=mode) or upright
                )
        return upright
