"""Published pictures: upright, no wider than needed, and nothing of the camera's in them."""

import io
import re
import shutil
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from sites import GOLDEN, ROOT, put, settings_for
from sites import published as files_of

from showcase.build import Result, build
from showcase.pages.outputs import CannotMakeError
from showcase.pages.pictures import Copy, Form, copies, encoded, picture_outputs
from showcase.site.model import PictureFile
from showcase.site.pictures import load_pictures

SECRETS = (b"Exif", b"GPS", b"Camera Maker", b"xmpmeta", b"secret", b"Photoshop")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>'
STORY = """---
title: A story with a picture
summary: It shows a picture.
country: KE
kind: school
level: primary
topics: [access-to-technology]
year: 2020
published: 2026-01-01
{extra}institution:
  name: A school
sources:
  - title: Source
    url: https://example.org/
    publisher: The Paper
---

## What it shows

![What it shows](picture.jpg)
"""


def camera_notes(orientation: int = 1) -> Image.Exif:
    """What a phone writes: its maker, the day, the place, and which way up it was held."""
    notes = Image.Exif()
    notes[0x010F] = "Camera Maker"
    notes[0x0112] = orientation
    notes[0x0132] = "2022:11:03 10:00:00"
    notes[0x8825] = {1: "N", 2: (34.0, 9.0, 9.0), 3: "E", 4: (77.0, 34.0, 37.0)}
    return notes


def two_colours(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    return image.convert(mode)


def encoded_as(image: Image.Image, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, format=form, **options)
    return data.getvalue()


def measured(folder: Path, data: bytes, name: str = "picture.jpg") -> PictureFile:
    put(folder / name, data)
    found, problems = load_pictures(folder, [name])
    assert problems == []
    return found[name]


def widest(picture: PictureFile, form: Form | None = None) -> bytes:
    """The widest published copy of a picture, in the form that every browser knows if not said."""
    return encoded(copies(picture)[form or picture.form][-1])


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_nothing_of_the_camera_is_published(tmp_path: Path) -> None:
    comments = PngImagePlugin.PngInfo()
    comments.add_text("Comment", "secret")
    comments.add_itxt("XML:com.adobe.xmp", XMP.decode())
    sources = {
        "JPEG": encoded_as(two_colours(60, 40), "JPEG", exif=camera_notes(), xmp=XMP,
                        comment=b"secret", icc_profile=b"secret" * 40),
        "PNG": encoded_as(two_colours(60, 40), "PNG", exif=camera_notes(), pnginfo=comments),
        "WEBP": encoded_as(two_colours(60, 40), "WEBP", exif=camera_notes(), xmp=XMP),
    }  # fmt: skip
    for data in sources.values():
        assert any(secret in data for secret in SECRETS), "the picture has nothing to hide"
        for output in picture_outputs(measured(tmp_path, data), "picture.jpg"):
            copy = output.make()
            image = opened(copy)
            assert [secret for secret in SECRETS if secret in copy] == []
            assert dict(image.getexif()) == {}
            notes = {"exif", "xmp", "comment", "icc_profile", "Comment"}
            assert image.info.keys() & notes == set()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_whichever_way_the_camera_was_held(
    tmp_path: Path, orientation: int
) -> None:
    upright = two_colours(60, 40)
    turns = {  # what undoes the turn that the note asks for
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    data = encoded_as(stored, "JPEG", exif=camera_notes(orientation), quality=95)
    picture = measured(tmp_path, data)
    assert (picture.width, picture.height) == (60, 40)
    for form in copies(picture):
        image = opened(widest(picture, form))
        assert image.size == (60, 40)
        red, blue = image.getpixel((5, 20)), image.getpixel((55, 20))
        assert isinstance(red, tuple)
        assert isinstance(blue, tuple)
        assert red[0] > 150 > red[2]
        assert blue[2] > 150 > blue[0]


def test_a_wide_picture_is_made_1200_wide_and_keeps_its_shape(tmp_path: Path) -> None:
    picture = measured(tmp_path, encoded_as(two_colours(4000, 1000), "JPEG"))
    assert (picture.width, picture.height) == (1200, 300)
    assert opened(widest(picture)).size == (1200, 300)


def test_a_wide_picture_held_upright_counts_as_it_is_seen(tmp_path: Path) -> None:
    data = encoded_as(two_colours(4000, 1000), "JPEG", exif=camera_notes(6))
    picture = measured(tmp_path, data)
    assert (picture.width, picture.height) == (1000, 4000)


def test_a_picture_30000_pixels_wide_is_made_1200_wide(tmp_path: Path) -> None:
    picture = measured(tmp_path, encoded_as(two_colours(30_000, 300), "PNG"))
    assert opened(widest(picture)).size == (1200, 12)


@pytest.mark.parametrize(("form", "fallback"), [("PNG", "png"), ("WEBP", "jpg"), ("JPEG", "jpg")])
@pytest.mark.parametrize("name", ["picture.jpg", "picture.png", "picture.webp"])
def test_a_picture_with_the_wrong_suffix_is_published_with_the_right_ones(
    tmp_path: Path, form: str, fallback: str, name: str
) -> None:
    outputs = list(
        picture_outputs(measured(tmp_path, encoded_as(two_colours(60, 40), form), name), name)
    )
    assert [output.address.rpartition(".")[2] for output in outputs] == ["avif", "webp", fallback]
    kinds = {"avif": "AVIF", "webp": "WEBP", "png": "PNG", "jpg": "JPEG"}
    for output in outputs:
        assert opened(output.make()).format == kinds[output.address.rpartition(".")[2]]


@pytest.mark.parametrize(
    ("width", "widths"),
    [(300, [300]), (500, [500]), (700, [480, 700]), (900, [480, 900]), (5000, [480, 800, 1200])],
)
def test_a_picture_comes_in_widths_none_larger_than_itself(
    tmp_path: Path, width: int, widths: list[int]
) -> None:
    picture = measured(tmp_path, encoded_as(two_colours(width, 100), "JPEG"))
    for found in copies(picture).values():
        assert [copy.width for copy in found] == widths
        assert [opened(encoded(copy)).width for copy in found] == widths


def test_a_see_through_webp_stays_see_through_for_every_browser(tmp_path: Path) -> None:
    image = two_colours(60, 40, "RGBA")
    image.putalpha(0)
    picture = measured(tmp_path, encoded_as(image, "WEBP"))
    for form in copies(picture):
        corner = opened(widest(picture, form)).convert("RGBA").getpixel((5, 5))
        assert isinstance(corner, tuple)
        assert corner[3] == 0


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    picture = measured(tmp_path, encoded_as(two_colours(900, 600), "JPEG"))
    outputs = list(picture_outputs(picture, "picture.jpg"))
    assert [output.make() for output in outputs] == [output.make() for output in outputs]


def test_a_small_picture_keeps_its_size(tmp_path: Path) -> None:
    picture = measured(tmp_path, encoded_as(two_colours(30, 20), "PNG"), "picture.png")
    assert opened(widest(picture)).size == (30, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_published(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (2000, 10)) if mode in ("PA", "I;16") else two_colours(2000, 10, mode)
    if mode == "PA":
        image = image.convert("P")
    picture = measured(tmp_path, encoded_as(image, "PNG"), "picture.png")
    assert [opened(widest(picture, form)).size for form in copies(picture)] == [(1200, 6)] * 3


def test_a_see_through_colour_stays_see_through(tmp_path: Path) -> None:
    data = encoded_as(two_colours(60, 40), "PNG", transparency=(200, 30, 30))
    image = opened(widest(measured(tmp_path, data, "picture.png"))).convert("RGBA")
    left, right = image.getpixel((5, 5)), image.getpixel((55, 5))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[3], right[3]) == (0, 255)


def test_a_drawing_in_few_colours_is_published_in_few(tmp_path: Path) -> None:
    data = encoded_as(two_colours(2000, 40, "P"), "PNG")
    for copy in copies(measured(tmp_path, data, "picture.png"))["PNG"]:
        assert opened(encoded(copy)).mode == "P"


def test_the_first_picture_of_a_phones_file_of_several_is_shown(tmp_path: Path) -> None:
    data = encoded_as(
        two_colours(60, 40), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))]
    )
    picture = measured(tmp_path, data)
    assert picture.form == "JPEG"
    assert opened(widest(picture)).size == (60, 40)
    assert opened(widest(picture)).getpixel((5, 5)) != (0, 0, 0)


# --- what cannot be shown


def png_that_claims(width: int, height: int) -> bytes:
    """A file of a hundred bytes that says it holds a picture of any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def build_with(
    folder: Path,
    picture: bytes,
    *others: tuple[str, str | bytes],
    dry: bool = False,
    themes: Path = GOLDEN / "themes",
) -> Result:
    """Build a small site with one more story, which shows `picture`."""
    site = GOLDEN / "sub-path" / "content"
    for name in ("site.yml", "topics.yml"):
        put(folder / "content" / name, (site / name).read_bytes())
    put(folder / "content/stories/ke/shown/index.md", STORY.format(extra=""))
    put(folder / "content/stories/ke/shown/picture.jpg", picture)
    for name, data in others:
        put(folder / "content" / name, data)
    theme = "default" if themes == ROOT / "themes" else None
    return build(settings_for(folder / "content", folder, themes=themes, theme=theme), dry=dry)


def pictures_of(folder: Path) -> set[str]:
    """The published pictures, by their addresses up to the format."""
    names = files_of(folder / "public")
    return {name.rpartition(".")[0] for name in names if name.startswith("pictures/")}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        pytest.param(b"", "its bytes are not", id="empty"),
        pytest.param(b"not a picture at all", "its bytes are not", id="text"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "its bytes are not", id="svg"),
        pytest.param(b"GIF89a\x01\0\x01\0\0\0\0;", "its bytes are not", id="another-format"),
        pytest.param(encoded_as(two_colours(600, 400), "JPEG")[:900], "truncated", id="cut-off"),
        pytest.param(png_that_claims(20, 20), "cannot be used", id="without-its-pixels"),
        pytest.param(png_that_claims(10_001, 10_000), "10001 × 10000 pixels", id="too-big"),
        pytest.param(png_that_claims(100_000, 100_000), "100,000,000 pixels", id="a-bomb"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_so_and_nothing_is_published(
    tmp_path: Path, picture: bytes, reason: str
) -> None:
    result = build_with(tmp_path, picture)
    assert [(p.code, p.path, p.severity) for p in result.problems] == [
        ("unreadable-picture", "stories/ke/shown/picture.jpg", "error")
    ]
    assert reason in result.problems[0].message
    assert result.problems[0].hint == "save it again as JPEG, PNG or WebP"
    assert str(tmp_path) not in result.problems[0].message
    assert result.changes is None
    assert files_of(tmp_path / "public") == {}


def test_damaged_notes_of_a_camera_are_a_problem(tmp_path: Path) -> None:
    """Pillow writes the notes of a picture that it turns, and fails on a name that is a number."""
    data = encoded_as(two_colours(60, 40), "JPEG", exif=camera_notes(6))
    assert data.count(b"\x01\x0f\0\x02") == 1  # the maker's name is a text
    put(tmp_path / "picture.jpg", data.replace(b"\x01\x0f\0\x02", b"\x01\x0f\0\x05"))
    found, (problem,) = load_pictures(tmp_path, ["picture.jpg"])
    assert found == {}
    assert problem.code == "unreadable-picture"
    assert problem.message == "the picture cannot be used: the camera's notes in it are damaged"


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@settings(max_examples=max(300, settings().max_examples), deadline=None)
@given(st.data())
def test_a_damaged_picture_is_published_or_refused(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    whole = encoded_as(two_colours(60, 40), form, exif=camera_notes(6))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)) | st.just(len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    with TemporaryDirectory() as folder:
        put(Path(folder) / "picture.jpg", damaged)
        found, problems = load_pictures(Path(folder), ["picture.jpg"])
        assert [problem.code for problem in problems] == ["unreadable-picture"] * (not found)
        for picture in found.values():
            with suppress(CannotMakeError):
                for output in picture_outputs(picture, "picture.jpg"):
                    opened(output.make())


def test_the_same_picture_beside_two_stories_is_published_once(tmp_path: Path) -> None:
    data = encoded_as(two_colours(60, 40), "JPEG")
    other = STORY.format(extra="").replace("A story", "Another story")
    result = build_with(
        tmp_path,
        data,
        ("stories/ke/other/index.md", other),
        ("stories/ke/other/picture.jpg", data),
    )
    assert result.problems == ()
    assert len(pictures_of(tmp_path)) == 1


@pytest.mark.parametrize("extra", ["draft: yes\n", "expires: 2026-05-01\n"])
def test_a_picture_of_a_story_that_is_held_back_is_not_published(
    tmp_path: Path, extra: str
) -> None:
    text = STORY.format(extra=extra).replace("A story", "Another story")
    other = encoded_as(two_colours(30, 20), "JPEG")
    result = build_with(
        tmp_path,
        encoded_as(two_colours(60, 40), "JPEG"),
        ("stories/ke/other/index.md", text),
        ("stories/ke/other/picture.jpg", other),
    )
    assert result.problems == ()
    (name,) = pictures_of(tmp_path)
    assert name.endswith("-60")


def test_a_picture_beside_a_story_that_does_not_show_it_is_not_published(tmp_path: Path) -> None:
    build_with(
        tmp_path,
        encoded_as(two_colours(60, 40), "JPEG"),
        ("stories/ke/shown/spare.jpg", encoded_as(two_colours(30, 20), "JPEG")),
    )
    assert len(pictures_of(tmp_path)) == 1


# --- what is kept


def encodings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of copies that are encoded from here on."""
    done: list[str] = []

    def noted(copy: Copy) -> bytes:
        done.append(copy.address)
        return encoded(copy)

    monkeypatch.setattr("showcase.pages.pictures.encoded", noted)
    return done


def test_pictures_are_not_encoded_again_when_the_published_site_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = encoded_as(two_colours(600, 400), "JPEG")
    build_with(tmp_path, picture)
    first = files_of(tmp_path / "public")
    shutil.rmtree(tmp_path / "public")
    done = encodings(monkeypatch)
    build_with(tmp_path, picture)
    assert done == []
    assert files_of(tmp_path / "public") == first


@pytest.mark.parametrize("harm", ["cut off", "emptied", "deleted"])
def test_a_damaged_copy_that_was_kept_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    picture = encoded_as(two_colours(700, 400), "JPEG")
    build_with(tmp_path, picture)
    first = files_of(tmp_path / "public")
    shutil.rmtree(tmp_path / "public")
    for file in (tmp_path / ".cache" / "pictures").iterdir():
        data = file.read_bytes()
        if harm == "deleted":
            file.unlink()
        else:
            file.write_bytes(data[: len(data) // 2 if harm == "cut off" else 0])
    done = encodings(monkeypatch)
    build_with(tmp_path, picture)
    assert len(done) == 6
    assert files_of(tmp_path / "public") == first


def test_a_check_keeps_nothing(tmp_path: Path) -> None:
    picture = encoded_as(two_colours(60, 40), "JPEG")
    build_with(tmp_path, picture, dry=True)
    assert not (tmp_path / ".cache").exists()
    build_with(tmp_path, picture)
    assert (tmp_path / ".cache" / "pictures").exists()


def test_every_copy_that_a_page_offers_is_published(tmp_path: Path) -> None:
    build_with(tmp_path, encoded_as(two_colours(2000, 400), "JPEG"), themes=ROOT / "themes")
    page = (tmp_path / "public/stories/shown/index.html").read_text(encoding="utf-8")
    offered = {
        address.split()[0].removeprefix("/atlas/")
        for candidates in re.findall(r'srcset="([^"]+)"', page)
        for address in candidates.split(", ")
    }
    found = {name for name in files_of(tmp_path / "public") if name.startswith("pictures/")}
    assert offered == found
    assert len(found) == 9


def test_a_browser_that_shall_save_data_is_offered_the_narrowest_copy(tmp_path: Path) -> None:
    build_with(tmp_path, encoded_as(two_colours(2000, 400), "JPEG"), themes=ROOT / "themes")
    page = (tmp_path / "public/stories/shown/index.html").read_text(encoding="utf-8")
    first = re.search(r"<picture><source ([^>]*)>", page)
    assert first
    assert 'media="(prefers-reduced-data: reduce)"' in first[1]
    assert re.search(r'srcset="[^ ]+-480\.avif 480w"', first[1])


def test_only_a_cover_is_fetched_at_once(tmp_path: Path) -> None:
    cover = "cover: {image: picture.jpg, alt: A thing, consent: yes}\n"
    text = STORY.format(extra=cover)
    picture = encoded_as(two_colours(600, 400), "JPEG")
    build_with(tmp_path, picture, ("stories/ke/shown/index.md", text), themes=ROOT / "themes")
    page = (tmp_path / "public/stories/shown/index.html").read_text(encoding="utf-8")
    images = re.findall(r"<img [^>]*>", page)
    assert ["lazy" in image for image in images] == [False, True]
    assert ['fetchpriority="high"' in image for image in images] == [True, False]
