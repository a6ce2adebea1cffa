"""The ledger of an output folder: which files are ours, under which key, with which bytes."""

import os
import re
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from showcase import storage
from showcase.diagnostics import SiteError

FOLDER = ".showcase"
NOTES = ("inputs", "outline")  # all that the site was made from, and all but words of texts
_VERSION = "ledger 2"
_CLAIMS_VERSION = "claims 1"
#: In addresses, one a line: what could lead out of the output folder, or into our own in it.
_UNSAFE = re.compile(
    rf"^(?:/|{re.escape(FOLDER)}(?:/|$))|(?:^|/)\.{{0,2}}(?:/|$)|[\\\0]", re.MULTILINE
)


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A published file: the key and digest of its bytes, its size, and when it was written.

    `basis` stands for what a page was made from; it is "" for files that no template makes.
    """

    key: str
    digest: str
    size: int
    modified: int
    basis: str = ""


Ledger = dict[str, Record]

_UNKNOWN = Record("", "", -1, 0)  # ours, but of no known bytes: never current, never intact


def load(out: Path) -> Ledger | None:
    """Return the ledger of an output folder; None when it has none that can be trusted."""
    return read(out / FOLDER / "ledger")


def read(file: Path) -> Ledger | None:
    """Return the ledger that a file holds; None when it cannot be trusted."""
    entries = storage.load_as(Ledger, file, _VERSION)
    return entries if entries is not None and are_safe(entries) else None


def write(file: Path, ledger: Mapping[str, Record]) -> None:
    """Write a ledger to a file, for `read`."""
    storage.save(file, _VERSION, msgspec.msgpack.encode(ledger))


def owned(out: Path) -> Ledger | None:
    """Return the ledger with all that an earlier build may have written beside it.

    A cut-off build may have lost its journal, and a ledger may be damaged: what was claimed then
    still tells our files from those of others. None when neither is there.
    """
    known, claims = load(out), read_claims(out / FOLDER / "claims")
    if known is None and claims is None:
        return None
    return dict.fromkeys(claims or (), _UNKNOWN) | (known or {})


def claim(file: Path, addresses: Iterable[str]) -> None:
    """Write down in a file which addresses are ours, or are about to be."""
    addresses = sorted(addresses)
    if storage.load_as(list[str], file, _CLAIMS_VERSION) != addresses:
        storage.save(file, _CLAIMS_VERSION, msgspec.msgpack.encode(addresses))


def read_claims(file: Path) -> list[str] | None:
    """Return the addresses that `claim` wrote down; None when they cannot be trusted."""
    addresses = storage.load_as(list[str], file, _CLAIMS_VERSION)
    return addresses if addresses is not None and are_safe(addresses) else None


def are_safe(addresses: Collection[str]) -> bool:
    """Say whether addresses stay in the output folder, and out of ours inside it."""
    return not addresses or not _UNSAFE.search("\n".join(addresses))


def note(out: Path, name: str, value: str) -> None:
    """Note what the folder was made from; good for the ledger as it stands now."""
    with suppress(OSError):  # the site is published by now; not knowing this costs time alone
        storage.save(out / FOLDER / name, _VERSION, f"{value} {_seal(out)}".encode())


def forget_notes(out: Path) -> None:
    """Withdraw the notes: the folder is about to change."""
    for name in NOTES:
        (out / FOLDER / name).unlink(missing_ok=True)


def _is_noted(out: Path, name: str, value: str) -> bool:
    noted = storage.load(out / FOLDER / name, _VERSION)
    return noted is not None and bytes(noted) == f"{value} {_seal(out)}".encode()


def rests_on(out: Path, known: Ledger, outline: str) -> bool:
    """Say whether a folder was made from all this but for words of texts, every file intact."""
    intact = (is_intact(out, *entry) for entry in known.items())
    return _is_noted(out, "outline", outline) and all(intact)


def bytes_of(out: Path, known: Ledger, addresses: Iterable[str]) -> dict[str, bytes] | None:
    """Return the bytes of published files; None when one is not there as it was written."""
    found: dict[str, bytes] = {}
    for address in addresses:
        try:
            found[address] = (out / address).read_bytes()
        except OSError:
            return None
        if address not in known or storage.digest_of(found[address]) != known[address].digest:
            return None
    return found


def made_from(out: Path, inputs: str) -> Ledger | None:
    """Return the ledger of a folder made from exactly these inputs, every file still intact.

    None when anything differs, a move is pending, or it cannot be known.
    """
    if not _is_noted(out, "inputs", inputs) or (out / FOLDER / "journal").exists():
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


@dataclass(frozen=True, slots=True)
class Published:
    """What an output folder has; `seen` says that every file has been found intact already."""

    out: Path
    known: Ledger
    seen: bool = False

    def is_current(self, address: str, key: str) -> bool:
        """Say whether what is published at an address is what the key would make again."""
        record = self.known.get(address)
        return record is not None and record.key == key and self._is_intact(address, record)

    def key_on(self, address: str, basis: str) -> str:
        """Return the key of what is published at an address if it rests on a basis, else ""."""
        record = self.known.get(address)
        if record is None or record.basis != basis or not self._is_intact(address, record):
            return ""
        return record.key

    def _is_intact(self, address: str, record: Record) -> bool:
        return self.seen or is_intact(self.out, address, record)


def is_intact(out: Path, address: str, record: Record) -> bool:
    """Say whether a published file is still as it was written; a link to such a file is not."""
    place = os.path.join(out, address)
    try:
        found = os.lstat(place)
        if not stat.S_ISREG(found.st_mode):
            return False
        if (found.st_size, found.st_mtime_ns) == (record.size, record.modified):
            return True
        with open(place, "rb") as file:
            return storage.digest_of(file.read()) == record.digest
    except OSError:
        return False


def must_be_ours(out: Path, known: Ledger | None) -> None:
    """Raise `SiteError` when a folder holds files, and none are `known` to be ours."""
    others = sorted(p.name for p in out.iterdir() if p.name != FOLDER) if out.is_dir() else []
    if others and known is None:
        raise SiteError(
            f"{out} holds files that showcase did not write ({others[0]}, …); choose "
            "another --out, or say --adopt to build into it and leave the other files alone"
        )


@contextmanager
def locked(out: Path, adopt: bool) -> Iterator[None]:
    """Hold the output folder for one build.

    Raises `SiteError` when another build holds it, or when it is not ours and `adopt` is not set;
    an `OSError` raised inside says afterwards what has become of the site.
    """
    folder = out / FOLDER
    if not adopt and not folder.exists():
        must_be_ours(out, None)
    for place in (folder, folder / "lock", folder / "staging"):
        if place.is_symlink():
            raise SiteError(f"{place} is a symbolic link, which may lead anywhere; remove it")
    try:
        if not out.exists():
            out.mkdir(parents=True)
            out.chmod(0o755)
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("a") as file:
            try:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SiteError(
                    f"another build is writing {out}; wait until it has finished"
                ) from None
            except (ImportError, OSError):  # no advisory locks on this system, or this file system
                pass
            try:
                yield
            except BaseException:
                if not (folder / "journal").exists():  # else the next start needs what is staged
                    shutil.rmtree(folder / "staging", ignore_errors=True)
                raise
    except OSError as error:
        pending = (folder / "journal").exists()
        state = "is half way to the new site" if pending else "is as it was"
        what = f"{error.strerror or error}; {out} {state}: mend that and build again"
        raise OSError(error.errno, what, error.filename or str(out)) from error
