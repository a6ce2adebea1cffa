"""The ledger of an output folder: which files are ours, under which key, with which bytes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from showcase import storage
from showcase.diagnostics import SiteError

FOLDER = ".showcase"
_VERSION = "ledger 1"


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A published file: the key and digest of its bytes, its size, and when it was written."""

    key: str
    digest: str
    size: int
    modified: int


Ledger = dict[str, Record]


def load(out: Path) -> Ledger | None:
    """Return the ledger of an output folder; None when it has none that can be trusted."""
    payload = storage.load(out / FOLDER / "ledger", _VERSION)
    if payload is None:
        return None
    try:
        return msgspec.msgpack.decode(payload, type=Ledger)
    except msgspec.MsgspecError:
        return None


def save(out: Path, ledger: Ledger) -> None:
    """Write the ledger of an output folder."""
    storage.save(out / FOLDER / "ledger", _VERSION, msgspec.msgpack.encode(ledger))


def note_inputs(out: Path, inputs: str) -> None:
    """Note from which inputs the folder was made; good for the ledger as it stands now."""
    storage.save(out / FOLDER / "inputs", _VERSION, f"{inputs} {_seal(out)}".encode())


def made_from(out: Path, inputs: str) -> Ledger | None:
    """Return the ledger of a folder made from exactly these inputs, every file still intact.

    None when anything differs, a move is pending, or it cannot be known.
    """
    noted = storage.load(out / FOLDER / "inputs", _VERSION)
    if noted != f"{inputs} {_seal(out)}".encode() or (out / FOLDER / "journal").exists():
        return None
    known = load(out)
    if known is None or not all(is_intact(out, *entry) for entry in known.items()):
        return None
    return known


def _seal(out: Path) -> str:
    """Return what stands for the ledger's own bytes: a later one has another seal."""
    try:
        return storage.digest_of((out / FOLDER / "ledger").read_bytes())
    except OSError:
        return ""


def is_current(out: Path, known: Ledger, address: str, key: str) -> bool:
    """Say whether what is published at an address is what the key would make again."""
    record = known.get(address)
    return record is not None and record.key == key and is_intact(out, address, record)


def is_intact(out: Path, address: str, record: Record) -> bool:
    """Say whether a published file is still as it was written."""
    try:
        found = os.stat(out / address)
    except OSError:
        return False
    if (found.st_size, found.st_mtime_ns) == (record.size, record.modified):
        return True
    try:
        return storage.digest_of((out / address).read_bytes()) == record.digest
    except OSError:
        return False


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the output folder for one build; raises `SiteError` when another build holds it."""
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # no advisory locks on this system
            pass
        except OSError:
            raise SiteError(f"another build is writing {out}; wait until it has finished") from None
        yield
