"""What is not ours in an output folder stays as it is, whatever is built there."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from mishaps import CHANGES, a_deletion, a_renaming, an_edit, bare_site, differing, few_countries
from sites import Run, everything_in, published, put, run

from showcase import storage
from showcase.publish.ledger import FOLDER

OTHERS = {
    "CNAME": "atlas.example.org\n",
    ".nojekyll": "",
    ".well-known/security.txt": "Contact: mailto:security@example.org\n",
    "google1a2b3c4d.html": "google-site-verification: google1a2b3c4d.html",
    "stories/second/notes.txt": "beside a page of ours",
    "stories/own/index.html": "a page in a folder of ours",
}


@pytest.fixture(scope="module", autouse=True)
def _small_world() -> Iterator[None]:
    with few_countries():
        yield


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was built."""
    root = bare_site(tmp_path / "site")
    assert run(root, "build").status == 0
    return root


def test_files_of_others_outlive_every_change(site: Path) -> None:
    out = site / "public"
    for path, text in OTHERS.items():
        put(out / path, text)
    before = {path: (out / path).stat().st_mtime_ns for path in OTHERS}
    for change in (*CHANGES, lambda root: shutil.rmtree(root / ".cache")):
        change(site)
        for options in ([], ["--clean"], ["--language", "en"], ["--adopt"]):
            assert run(site, "build", *options).status == 0
    assert {path: (out / path).read_text() for path in OTHERS} == OTHERS
    assert {path: (out / path).stat().st_mtime_ns for path in OTHERS} == before
    assert not (out / "stories/second/index.html").exists()


def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    root = bare_site(tmp_path / "site")
    put(root / "public/letters/to-my-aunt.txt", "Dear aunt,")
    put(root / "public/index.html", "my own page")
    before = everything_in(root / "public")
    refused = run(root, "build")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        f"error: {root}/public holds files that showcase did not write (index.html, …); choose "
        "another --out, or say --adopt to build into it and leave the other files alone\n"
    )
    assert everything_in(root / "public") == before


def test_a_folder_that_is_adopted_keeps_what_else_it_holds(tmp_path: Path) -> None:
    root = bare_site(tmp_path / "site")
    for path, text in OTHERS.items():
        put(root / "public" / path, text)
    assert run(root, "build", "--adopt").status == 0
    a_deletion(root)
    assert run(root, "build").status == 0, "it is ours from now on"
    out = root / "public"
    assert {path: (out / path).read_text() for path in OTHERS} == OTHERS


@pytest.mark.parametrize("there", ["another page", "folder", "dangling link", "link"])
def test_what_stands_at_a_new_address_is_refused_by_name(site: Path, there: str) -> None:
    place = site / "public/stories/third-renamed/index.html"
    place.parent.mkdir()
    if there == "folder":
        put(place / "kept.txt", "mine")
    elif there == "another page":
        put(place, "mine")
    else:
        target = put(site / "elsewhere.html", "mine")
        place.symlink_to(target if there == "link" else site / "nowhere")
    before = everything_in(site / "public")
    a_renaming(site)
    refused = run(site, "build")
    assert refused.status == 2
    assert refused.err == (
        f"error: {place} is in the way: showcase did not write it and will not overwrite it; "
        f"move it away{'' if there == 'folder' else ', or say --adopt'}\n"
    )
    assert everything_in(site / "public") == before
    assert run(site, "build", "--adopt").status == (2 if there == "folder" else 0)


# --- links that lead out


def moved_out(place: Path) -> Path:
    """Move a folder elsewhere and leave a link to it; return where it is now."""
    elsewhere = place.parents[2] / "elsewhere"
    shutil.move(place, elsewhere)
    place.symlink_to(elsewhere, target_is_directory=True)
    return elsewhere


@pytest.mark.parametrize("option", [[], ["--adopt"], ["--clean"]])
def test_nothing_is_written_through_a_link_to_another_folder(site: Path, option: list[str]) -> None:
    elsewhere = moved_out(site / "public/stories")
    before = everything_in(elsewhere)
    an_edit(site)
    refused = run(site, "build", *option)
    assert refused.status == 2
    assert refused.err == (
        f"error: {site}/public/stories is in the way: the site needs a folder there, and follows "
        "no link; move it away\n"
    )
    assert everything_in(elsewhere) == before
    (site / "public/stories").unlink()
    assert run(site, "build").status == 0
    assert (site / "public/stories/second/index.html").exists()


def test_nothing_is_removed_through_a_link_to_another_folder(site: Path) -> None:
    elsewhere = moved_out(site / "public/stories/second")
    before = everything_in(elsewhere)
    a_deletion(site)
    assert run(site, "build").status == 0
    assert everything_in(elsewhere) == before


def test_a_page_that_became_a_link_is_a_page_again(site: Path) -> None:
    page = site / "public/stories/second/index.html"
    elsewhere = put(site / "elsewhere.html", page.read_bytes())
    page.unlink()
    page.symlink_to(elsewhere)
    an_edit(site)
    before = elsewhere.read_bytes()
    assert run(site, "build").status == 0
    assert elsewhere.read_bytes() == before
    assert not page.is_symlink()


@pytest.mark.parametrize("name", ["", "lock", "staging"])
def test_the_books_are_not_kept_through_a_link(site: Path, name: str) -> None:
    place = site / "public" / FOLDER / name
    elsewhere = site / "elsewhere"
    if place.exists():
        shutil.move(place, elsewhere)
    place.symlink_to(elsewhere)
    before = everything_in(elsewhere) if elsewhere.is_dir() else {}
    an_edit(site)
    refused = run(site, "build")
    assert refused.status == 2
    assert refused.err == (
        f"error: {place} is a symbolic link, which may lead anywhere; remove it\n"
    )
    assert (everything_in(elsewhere) if elsewhere.is_dir() else {}) == before


def test_the_output_folder_itself_may_be_a_link(site: Path) -> None:
    elsewhere = site / "elsewhere"
    shutil.move(site / "public", elsewhere)
    (site / "public").symlink_to(elsewhere)
    an_edit(site)
    a_renaming(site)
    assert run(site, "build").status == 0
    assert (elsewhere / "stories/third-renamed/index.html").exists()
    assert not (elsewhere / "stories/third").exists()


# --- books that lie


OUTSIDE = ["../precious.txt", "stories/../../precious.txt", "{root}/precious.txt", "..\\precious"]


@pytest.mark.parametrize("address", [*OUTSIDE, f"{FOLDER}/lock", f"{FOLDER}/ledger", "", "a//b"])
@pytest.mark.parametrize("book", ["ledger", "claims", "journal"])
def test_books_that_name_a_file_outside_the_site_are_not_believed(
    site: Path, book: str, address: str
) -> None:
    precious = put(site / "precious.txt", "do not lose me")
    address = address.format(root=site)
    folder = site / "public" / FOLDER
    sound = storage.load(folder / "ledger", "ledger 2")
    assert sound
    entries = msgspec.msgpack.decode(sound)
    entry = ["key", storage.digest_of(b"staged"), 6, 1]
    if book == "ledger":
        storage.save(
            folder / "ledger", "ledger 2", msgspec.msgpack.encode(entries | {address: entry})
        )
    elif book == "claims":
        claims = sorted([*entries, address])
        storage.save(folder / "claims", "claims 1", msgspec.msgpack.encode(claims))
    else:
        put(folder / "staging/1", "staged")
        storage.save(
            folder / "staging/ledger",
            "ledger 2",
            msgspec.msgpack.encode(entries | {address: entry}),
        )
        journal = ([("1", address)], [address])
        storage.save(folder / "journal", "journal 2", msgspec.msgpack.encode(journal))
    an_edit(site)
    ended = run(site, "build")
    assert ended.status == 0, ended.err
    assert precious.read_text() == "do not lose me"
    assert (folder / "lock").exists()
    assert differing(published(site / "public"), clean(site)) == []


def clean(site: Path) -> dict[str, bytes]:
    assert run(site, "build", "--out", "anew", "--clean").status == 0
    return published(site / "anew")


# --- who may read it


@pytest.mark.parametrize("mask", [0o077, 0o027, 0o002, 0o000])
def test_a_web_server_may_read_what_is_published(tmp_path: Path, mask: int) -> None:
    root = bare_site(tmp_path / "site")
    ended = masked(mask, lambda: run(root, "build"))
    assert ended.status == 0
    out = root / "public"
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in [out, *out.rglob("*")]
        if FOLDER not in path.parts
    }
    assert modes == {(True, 0o755), (False, 0o644)}


def masked(mask: int, act: Callable[[], Run]) -> Run:
    before = os.umask(mask)
    try:
        return act()
    finally:
        os.umask(before)
