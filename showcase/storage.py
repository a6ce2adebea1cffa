"""Files that are ours alone: written whole or not at all, and trusted only when unharmed."""

import os
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind")

_DAY = 86_400  # seconds
_SEAL = 16  # bytes of the digest that guards the payload


def write_atomically(path: Path, *parts: bytes) -> None:
    """Put bytes at `path` such that a reader, or a crash, sees the old file or the new one.

    Raises `OSError` that names `path` when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sweep(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _sweep(path: Path) -> None:
    """Remove what killed processes left beside a file; of what is young, the writer may live."""
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _DAY:
                left.unlink()


def save(path: Path, version: str, payload: bytes) -> None:
    """Keep `payload` under a version and a digest, for `load`."""
    write_atomically(path, f"showcase {version}\n".encode(), _seal(payload), payload)


def load(path: Path, version: str) -> memoryview | None:
    """Return what `save` kept, or None when it is missing, damaged or of another version."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    header = f"showcase {version}\n".encode()
    payload = memoryview(data)[len(header) + _SEAL :]
    seal = data[len(header) : len(header) + _SEAL]
    return payload if data.startswith(header) and _seal(payload) == seal else None


def _seal(payload: bytes | memoryview) -> bytes:
    return sha256(payload).digest()[:_SEAL]  # which processors have instructions for


def load_as(kind: type[Kind], path: Path, version: str) -> Kind | None:
    """Return the value of a type that `save` kept as MessagePack; None when it is not there."""
    payload = load(path, version)
    try:
        return None if payload is None else msgspec.msgpack.decode(payload, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # sealed, but not by this code
        return None


def digest_of(*parts: bytes) -> str:
    """Return the digest of byte strings in order, as 32 hexadecimal digits."""
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()[:32]


#: Size, times of the last change to bytes and to the file itself (nanoseconds), and inode.
Signature = tuple[int, int, int, int]

_TICK = 50_000_000  # nanoseconds; file systems tell times in steps of up to 10 ms


def signature(found: os.stat_result, now: int) -> Signature | None:
    """Return what changes whenever a file does, at the time `now`, in nanoseconds.

    The time of the file itself is set by the system alone, so a file put back with its old time has
    another signature. A file changed at this very moment may change again within one step of the
    clock: it has none.
    """
    if found.st_ctime_ns > now - _TICK:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def tree_signature(now: int, *roots: Path) -> str | None:
    """Return a digest of the paths and signatures of all files below folders.

    Hidden files count too, compiled Python does not. None when a file has just been changed, or is
    a link: what it leads to may change unseen.
    """
    parts: list[bytes] = []
    for root in roots:
        folders = [str(root)]
        for folder in folders:
            try:
                items = sorted(os.scandir(folder), key=lambda item: item.name)
            except OSError:
                continue
            for item in items:
                if item.is_symlink():
                    return None
                if item.is_dir():
                    if item.name != "__pycache__":
                        folders.append(item.path)
                    continue
                seen = signature(item.stat(), now)
                if seen is None:
                    return None
                parts.append(f"{item.path} {seen}".encode(errors="surrogateescape"))
    return digest_of(*parts)


def code_digest(*modules: str) -> str:
    """Return the digest of showcase's modules and packages, data included, named by their path."""
    root = Path(__file__).parent
    sources: list[Path] = []
    for module in modules:
        place = root / module
        if place.is_dir():
            sources += sorted(file for file in place.iterdir() if file.is_file())
        else:
            sources.append(place.with_suffix(".py"))
    return digest_of(*(source.read_bytes() for source in sources))
