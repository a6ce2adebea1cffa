"""The published copy of a picture: no wider than needed, and without the camera's notes."""

import io
from functools import partial

from showcase.pages.outputs import File
from showcase.site.model import PictureFile


def picture_output(picture: PictureFile, source: str) -> File:
    """Return the output that holds a picture's published copy."""
    key = f"picture 1 {picture.digest} {picture.width}x{picture.height}"
    return File(picture.address, key, partial(published, picture), source)


def published(picture: PictureFile) -> bytes:
    """Return the picture encoded anew: upright, at its published size, without any metadata."""
    from PIL import Image, ImageOps

    with Image.open(picture.file) as image:
        form = image.format
        upright = ImageOps.exif_transpose(image)
        if form == "JPEG":
            upright = upright.convert("RGB")
        copy = upright.resize((picture.width, picture.height), Image.Resampling.LANCZOS)
        bare = Image.new(copy.mode, copy.size)
        if copy.mode == "P":
            copy = copy.convert("RGBA")
            bare = Image.new("RGBA", copy.size)
        bare.paste(copy)
        data = io.BytesIO()
        bare.save(data, format=form, quality=82, optimize=True)
        return data.getvalue()
