"""The fifth stage: staged bytes to the output folder, in one journalled step.

What is about to be ours is claimed first, then the new ledger is staged beside the new files, then
the intended moves are written down. From there on every step is a move or a removal, which needs no
room on the disk; a kill at any instant leaves whole files and all that the next start needs to
finish.
"""

import errno
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import structs

from showcase import storage
from showcase.diagnostics import SiteError
from showcase.publish import ledger
from showcase.publish.ledger import FOLDER, Ledger, Record
from showcase.render.render import Rendered, Staged

_VERSION = "journal 2"
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755  # whoever builds: a web server must be able to read them

_Moves = list[tuple[str, str]]  # from a name in the staging folder to an address


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build did to the output folder: addresses written and removed, number unchanged."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


class _Journal(msgspec.Struct, frozen=True, array_like=True):
    moves: _Moves
    removals: list[str]


def prepare(out: Path, adopt: bool) -> tuple[Ledger, Path]:
    """Return the folder's ledger and an empty staging folder, after finishing a cut-off build.

    Raises `SiteError` when the folder holds something that is not ours and `adopt` is not set.
    """
    _complete(out)
    known = ledger.owned(out)
    if not adopt:
        ledger.must_be_ours(out, known)
    staging = out / FOLDER / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return known or {}, staging


def publish(
    out: Path, staging: Path, made: Rendered, standing: Ledger, known: Ledger, adopt: bool
) -> Changes:
    """Move what is staged into place, remove what the site no longer has, and note both.

    What was made and what is `standing` are the whole site: other files of `known` are removed.
    Files that are not ours are never touched: `SiteError` names one that is in the way.
    """
    keys, bases = made.keys, made.bases
    entries = standing | {
        address: structs.replace(known[address], basis=bases.get(address, ""))
        for address in keys
        if address in known
    }
    new: _Moves = []
    replaced: _Moves = []
    for one in made.staged:
        file = os.path.join(staging, one.name)
        found = os.stat(file)
        before = known.get(one.address)
        if before and before.digest == one.digest and ledger.is_intact(out, one.address, before):
            basis = bases.get(one.address, "")
            entries[one.address] = structs.replace(before, key=one.key, basis=basis)
            continue
        stands = _must_be_free(out, one, is_ours=before is not None or adopt)
        if stat.S_IMODE(found.st_mode) != _FILE_MODE:
            os.chmod(file, _FILE_MODE)
        (replaced if stands else new).append((one.name, one.address))
        entries[one.address] = Record(
            one.key, one.digest, found.st_size, found.st_mtime_ns, bases.get(one.address, "")
        )
    moves = new + replaced  # new addresses before old ones lead there
    removals = sorted(known.keys() - entries.keys())
    if moves or removals or entries != known:
        folders = _folders_above(address for _, address in moves)
        _must_be_folders(out, folders)
        _must_be_writable(out, [*folders, *_folders_above(removals)])
        ledger.forget_notes(out)
        ledger.claim(out / FOLDER / "claims", known.keys() | entries.keys())
        _make(out, folders)
        ledger.write(staging / "ledger", entries)
        if removals:
            ledger.claim(staging / "claims", entries)
        journal = msgspec.msgpack.encode(_Journal(moves, removals))
        storage.save(out / FOLDER / "journal", _VERSION, journal)
        _apply(out, moves, removals)
    shutil.rmtree(staging, ignore_errors=True)
    written = tuple(address for _, address in moves)
    return Changes(written, tuple(removals), len(entries) - len(written))


def _complete(out: Path) -> None:
    """Finish what a cut-off build had begun to publish, as far as it is still there and unharmed.

    What is not is found out of place by the build that follows, and made again.
    """
    journal = storage.load_as(_Journal, out / FOLDER / "journal", _VERSION)
    entries = ledger.read(out / FOLDER / "staging" / "ledger")
    if journal is not None and entries is not None and ledger.are_safe(journal.removals):
        moves = [move for move in journal.moves if _is_sound(out, move, entries)]
        ours = ledger.owned(out)
        removals = sorted(set(journal.removals if ours is None else ours) - entries.keys())
        folders = _folders_above(address for _, address in moves)
        _must_be_folders(out, folders)
        _make(out, folders)
        _apply(out, moves, removals)
    else:  # no journal, or its last step is done, or it is damaged
        (out / FOLDER / "journal").unlink(missing_ok=True)


def _is_sound(out: Path, move: tuple[str, str], entries: Ledger) -> bool:
    """Say whether a staged file waits whole: the disk may have lost what a journal promises."""
    name, address = move
    try:
        data = (out / FOLDER / "staging" / name).read_bytes() if name.isalnum() else b""
    except OSError:  # moved before the cut
        return False
    return address in entries and storage.digest_of(data) == entries[address].digest


def _apply(out: Path, moves: _Moves, removals: Sequence[str]) -> None:
    """Move files into place in the order given, and remove what has gone.

    The ledger comes last: once it is there, the journal has nothing more to say.
    """
    staging = out / FOLDER / "staging"
    for name, address in moves:
        os.replace(os.path.join(staging, name), os.path.join(out, address))
    places = [place for address in removals if _is_within(out, place := out / address)]
    for place in places:
        if place.is_symlink() or place.is_file():  # a folder there is somebody else's
            place.unlink()
    _remove_empty_folders(out, places)
    for name in ("ledger", "claims"):
        if (staging / name).exists():
            os.replace(staging / name, out / FOLDER / name)
    (out / FOLDER / "journal").unlink(missing_ok=True)


def _is_within(out: Path, place: Path) -> bool:
    """Say whether a place lies where its address says: a folder may have become a link."""
    folder = place.parent
    return folder.resolve() == out.resolve() / folder.relative_to(out)


def _remove_empty_folders(out: Path, places: Iterable[Path]) -> None:
    for place in places:
        folder = place.parent
        while folder != out:
            try:
                folder.rmdir()
            except OSError:  # not empty, or gone already
                break
            folder = folder.parent


def _folders_above(addresses: Iterable[str]) -> list[str]:
    """Return every folder that addresses lie in, outer ones first."""
    found: set[str] = set()
    for address in addresses:
        folder = address.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def _must_be_folders(out: Path, folders: Iterable[str]) -> None:
    """Raise `SiteError` where something else stands, a link above all: it may lead anywhere."""
    for folder in folders:
        place = os.path.join(out, folder)
        if os.path.lexists(place) and (os.path.islink(place) or not os.path.isdir(place)):
            raise SiteError(
                f"{place} is in the way: the site needs a folder there, and follows no link; "
                "move it away"
            )


def _must_be_writable(out: Path, folders: Iterable[str]) -> None:
    """Raise `PermissionError` for a folder that is not: nothing shall stop the moves half way."""
    for folder in ("", *folders):
        place = os.path.join(out, folder)
        if os.path.isdir(place) and not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)


def _make(out: Path, folders: Collection[str]) -> None:
    mask = os.umask(0o022)  # the only way to learn what it is
    os.umask(mask)
    for folder in folders:
        place = os.path.join(out, folder)
        try:
            os.mkdir(place)
        except FileExistsError:
            continue
        if mask != 0o022:
            inherited = stat.S_IMODE(os.stat(place).st_mode) & ~0o777
            os.chmod(place, inherited | _FOLDER_MODE)


def _must_be_free(out: Path, one: Staged, is_ours: bool) -> bool:
    """Say whether something stands at an output's address; `SiteError` when it is not ours."""
    place = os.path.join(out, one.address)
    try:
        mode = os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):  # the folders above are looked at later
        return False
    is_folder = stat.S_ISDIR(mode)
    is_same = (
        stat.S_ISREG(mode)
        and not is_ours
        and storage.digest_of(Path(place).read_bytes()) == one.digest
    )
    if is_folder or not (is_ours or is_same):
        raise SiteError(
            f"{place} is in the way: showcase did not write it and will not overwrite it; "
            "move it away" + ("" if is_folder else ", or say --adopt")
        )
    return True
