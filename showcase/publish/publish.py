"""The fifth stage: staged bytes to the output folder, in one journalled step.

The intended moves are written down first. A kill at any instant leaves whole files and, once the
journal is there, all that the next start needs to finish.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from showcase import storage
from showcase.diagnostics import SiteError
from showcase.publish import ledger
from showcase.publish.ledger import FOLDER, Ledger, Record
from showcase.render.render import Staged

_VERSION = "journal 1"


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build did to the output folder: addresses written and removed, number unchanged."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


class _Journal(msgspec.Struct, frozen=True):
    moves: list[tuple[str, str]]
    removals: list[str]
    ledger: Ledger


def prepare(out: Path, adopt: bool) -> tuple[Ledger, Path]:
    """Return the folder's ledger and an empty staging folder, after finishing a cut-off build.

    Raises `SiteError` when the folder holds something that is not ours and `adopt` is not set.
    """
    folder = out / FOLDER
    journal = _read_journal(out)
    if journal:
        _apply(out, journal)
    known = ledger.load(out)
    if known is None:
        others = [p.name for p in out.iterdir() if p.name != FOLDER] if out.is_dir() else []
        if others and not adopt:
            raise SiteError(
                f"{out} holds files that showcase did not write ({sorted(others)[0]}, …); choose "
                "another --out, or say --adopt to build into it and leave the other files alone"
            )
        known = {}
    staging = folder / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return known, staging


def publish(
    out: Path,
    staging: Path,
    staged: Sequence[Staged],
    keys: Mapping[str, str],
    known: Ledger,
    adopt: bool,
) -> Changes:
    """Move what is staged into place, remove what the site no longer has, and note both.

    `keys` has the key of every output of the site; files of `known` at other addresses are
    removed. Files that are not ours are never touched: `SiteError` names one that is in the way.
    """
    entries = {address: known[address] for address in keys if address in known}
    moves = []
    for one in staged:
        file = staging / one.name
        found = file.stat()
        before = known.get(one.address)
        if before and before.digest == one.digest and ledger.is_intact(out, one.address, before):
            entries[one.address] = Record(one.key, before.digest, before.size, before.modified)
            continue
        if before is None and not adopt:
            _refuse_foreign(out, one)
        moves.append((one.name, one.address))
        entries[one.address] = Record(one.key, one.digest, found.st_size, found.st_mtime_ns)
    removals = sorted(known.keys() - keys.keys())
    if moves or removals or entries != known:
        journal = _Journal(moves, removals, entries)
        storage.save(out / FOLDER / "journal", _VERSION, msgspec.msgpack.encode(journal))
        _apply(out, journal)
    shutil.rmtree(staging, ignore_errors=True)
    written = tuple(address for _, address in moves)
    return Changes(written, tuple(removals), len(keys) - len(written))


def _read_journal(out: Path) -> _Journal | None:
    payload = storage.load(out / FOLDER / "journal", _VERSION)
    if payload is None:
        return None
    try:
        return msgspec.msgpack.decode(payload, type=_Journal)
    except msgspec.MsgspecError:
        return None


def _apply(out: Path, journal: _Journal) -> None:
    """Do what the journal says; what was done before a cut is skipped."""
    for address in journal.removals:
        (out / address).unlink(missing_ok=True)
    _remove_empty_folders(out, journal.removals)
    staging = out / FOLDER / "staging"
    for folder in sorted({(out / address).parent for _, address in journal.moves}):
        folder.mkdir(parents=True, exist_ok=True)
    for name, address in journal.moves:
        if (staging / name).exists():
            os.replace(staging / name, out / address)
    ledger.save(out, journal.ledger)
    (out / FOLDER / "journal").unlink(missing_ok=True)


def _remove_empty_folders(out: Path, addresses: Iterable[str]) -> None:
    for address in addresses:
        folder = (out / address).parent
        while folder != out and out in folder.parents:
            try:
                folder.rmdir()
            except OSError:  # not empty, or gone already
                break
            folder = folder.parent


def _refuse_foreign(out: Path, one: Staged) -> None:
    place = out / one.address
    is_same = place.is_file() and storage.digest_of(place.read_bytes()) == one.digest
    if place.exists() and not is_same:
        raise SiteError(
            f"{place} is in the way: showcase did not write it and will not overwrite it; "
            "move it away, or say --adopt"
        )
