"""The published copy of a picture: no wider than needed, and without the camera's notes."""

import io
import warnings
from contextlib import suppress
from functools import partial

from showcase.pages.outputs import CannotMakeError, File
from showcase.site.model import PictureFile
from showcase.site.pictures import unreadable


def picture_output(picture: PictureFile, source: str) -> File:
    """Return the output that holds a picture's published copy."""
    key = f"picture 3 {picture.digest} {picture.width}x{picture.height}"
    return File(picture.address, key, partial(_made, picture, source), source)


def _made(picture: PictureFile, source: str) -> bytes:
    try:
        return published(picture)
    except (OSError, ValueError, SyntaxError) as error:  # whole in its header, broken further on
        raise CannotMakeError(unreadable(source, str(error))) from None


def published(picture: PictureFile) -> bytes:
    """Return the picture encoded anew: upright, at its published size, without any metadata."""
    from PIL import Image, ImageCms, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured already
        opened = Image.open(picture.file)
    with opened as image:
        form = "JPEG" if image.format == "MPO" else image.format
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
        if form == "JPEG":
            upright = upright.convert("RGB")
        elif upright.mode == "P" or "transparency" in upright.info:
            upright = upright.convert("RGBA")
        copy = upright.resize((picture.width, picture.height), Image.Resampling.LANCZOS)
        bare = Image.new(copy.mode, copy.size)
        bare.paste(copy)
        data = io.BytesIO()
        bare.save(data, format=form, quality=82, optimize=True)
        return data.getvalue()
