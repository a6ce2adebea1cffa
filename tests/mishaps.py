"""A site that builds in a tenth of a second, and builds of it to which something happens.

A build runs in a child that is forked from the tests' own process, where everything is loaded
already; what happens to it there is counted in its file-system operations, so that a number names
the same instant every time.
"""

import contextlib
import errno
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sites import GOLDEN, TODAY, put
from test_incremental import SITE as STORIES
from test_incremental import edit

from showcase.cli import main
from showcase.data import geography

FEW = frozenset(["BR", "DE", "FR", "IN", "JP", "KE", "TZ", "UG"])

# --- the site

TEMPLATES = sorted(path.name for path in (GOLDEN / "themes" / "golden" / "templates").iterdir())

#: A theme whose pages say all that they are given, and little more.
BARE_THEME: Mapping[str, str] = {
    "theme.yml": "title: Bare\n",
    "assets/base.css": "p { margin: 0 }\n",
    **{f"templates/{name}": "{{ asset('style.css') }} {{ page }}\n" for name in TEMPLATES},
    "locales/fr.po": 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n',
}
FILES: Mapping[str, str] = {
    **{f"content/{path}": text.replace("golden", "bare") for path, text in STORIES.items()},
    "content/stories/ke/first.fr.md": "---\ntitle: Le premier\n---\n\n## Le défi\n\nRien.\n",
    **{f"themes/bare/{path}": text for path, text in BARE_THEME.items()},
}


def bare_site(root: Path) -> Path:
    """Write the site into a folder and return it."""
    for path, text in FILES.items():
        put(root / path, text)
    site = root / "content" / "site.yml"
    site.write_text(site.read_text().replace("[en]", "[en, fr]"))
    return root


@contextlib.contextmanager
def few_countries() -> Iterator[None]:
    """Let the world have eight countries, so that a site has some eighty files, not six hundred."""
    whole = geography._read

    def read(name: str) -> dict[str, Any]:
        rows = whole(name)
        if name == "countries.json":
            return {
                code: {**row, "neighbours": [x for x in row["neighbours"] if x in FEW]}
                for code, row in rows.items()
                if code in FEW
            }
        if name == "map.json":
            kept = {
                part: {code: shape for code, shape in rows[part].items() if code in FEW}
                for part in ("shapes", "dots")
            }
            return {**rows, **kept}
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geography, "_read", read)
        forget()
        yield
    forget()


def forget() -> None:
    """Empty all that the program remembers within a process."""
    for name, module in list(sys.modules.items()):
        if name.startswith("showcase"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def differing(found: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    """Return the names of what is not the same in two trees."""
    names = sorted(found.keys() | expected.keys())
    return [name for name in names if found.get(name) != expected.get(name)]


# --- what editors do to it


def an_edit(root: Path) -> None:
    edit(root / "content/stories/ug/second.md", "title: The second", "title: Another second")
    edit(root / "content/stories/ke/third.md", "Nothing was", "Little was")


def a_deletion(root: Path) -> None:
    (root / "content/stories/ug/second.md").unlink()
    first = root / "content/stories/ke/first.md"
    edit(first, " See [the second](../ug/second.md#the-challenge).", "")


def a_renaming(root: Path) -> None:
    third = root / "content/stories/ke/third.md"
    third.rename(third.with_name("third-renamed.md"))


def a_change_of_the_theme(root: Path) -> None:
    edit(root / "themes/bare/assets/base.css", "margin: 0", "margin: 1px")
    edit(root / "themes/bare/templates/story.html", "{{ page }}", "<b>{{ page }}</b>")


CHANGES = (an_edit, a_deletion, a_renaming, a_change_of_the_theme)

# --- builds in a process of their own


@dataclass(frozen=True)
class Ended:
    """How a build ended: its exit status, or minus the signal; what it said; what it did."""

    status: int
    err: str
    operations: tuple[str, ...]


def build_of(root: Path, *options: str) -> Callable[[], None]:
    """Return the command that builds a site, for `in_child`."""
    arguments = ["build", "--content", str(root / "content"), "--now", TODAY.isoformat(), *options]
    return lambda: main(arguments)


@dataclass(frozen=True)
class Started:
    """A child, and the end of a pipe where all it says arrives."""

    number: int
    said: int


def start(act: Callable[[], None], before: Callable[[], object] | None = None) -> Started:
    """Begin `act` in a child, after `before` there."""
    reader, writer = os.pipe()  # not a file: how large those may grow is one of the mishaps
    child = os.fork()
    if child:
        os.close(writer)
        return Started(child, reader)
    status = 99
    try:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        sys.stdout = sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        try:
            if before:
                before()
            act()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 98
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def wait(root: Path, child: Started) -> Ended:
    """Return how a child ended."""
    status = os.waitstatus_to_exitcode(os.waitpid(child.number, 0)[1])
    os.set_blocking(child.said, False)  # processes of its own may still hold the other end
    said = ""
    with contextlib.suppress(BlockingIOError):
        said = os.read(child.said, 60_000).decode()
    os.close(child.said)
    operations = root / "operations"
    done = operations.read_text().splitlines() if operations.exists() else []
    operations.unlink(missing_ok=True)
    return Ended(status, said, tuple(done))


def in_child(
    root: Path, act: Callable[[], None], before: Callable[[], object] | None = None
) -> Ended:
    """Run `act` in a child, after `before` there."""
    return wait(root, start(act, before))


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGING = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")


def at_each_operation(root: Path, then: Callable[[int, str, str], None]) -> None:
    """Call `then` just before each change of a file below a folder, for as long as we live.

    It is told the operation's number in its process, what it is, and the path.
    """
    count, ours, busy = 0, f"{root}{os.sep}", False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count, busy
        if busy or not (event in CHANGING or (event == "open" and arguments[2] & WRITING)):
            return
        if not isinstance(arguments[0], str | os.PathLike):
            return
        path = os.fspath(arguments[0])
        if event == "os.remove" and os.path.dirname(path) == "":  # by the folder's descriptor
            path = ours + "public/.showcase/staging/" + path
        if path.startswith(ours) and os.path.basename(path) != "operations":
            busy = True
            try:
                then(count, event, path)
            finally:
                busy = False
            count += 1

    sys.addaudithook(hook)


def named(root: Path, event: str, path: str) -> str:
    """Name an operation: what is done, and to which path, whichever process does it."""
    return f"{event} {re.sub(r'[.][0-9]+[.]tmp$', '.tmp', os.path.relpath(path, root))}"


def noting(root: Path) -> Callable[[], None]:
    """Write down every operation."""

    def note(number: int, event: str, path: str) -> None:
        with open(root / "operations", "a", encoding="utf-8") as file:
            file.write(named(root, event, path) + "\n")

    return lambda: at_each_operation(root, note)


def killed_at(root: Path, operations: Sequence[str], instant: int) -> Callable[[], None]:
    """Kill the build at one of its operations; what was about to be written is half there.

    Which process comes to an operation, and as its how many-eth, is another matter every time: it
    is known by what it does.
    """
    meant = operations[instant]
    before = operations[:instant].count(meant)

    def begin() -> None:
        builder = os.getpid()

        def kill(number: int, event: str, path: str) -> None:
            nonlocal before
            if named(root, event, path) != meant:
                return
            if before:
                before -= 1
                return
            if event == "open" and not path.endswith("lock"):
                with open(path, "wb") as file:
                    file.write(b"half")
            os.kill(builder, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

        at_each_operation(root, kill)

    return begin


def stopped_at(root: Path, instant: int) -> Callable[[], None]:
    """Hold the process at an operation until it is told to go on."""

    def stop(number: int, event: str, path: str) -> None:
        if number == instant:
            os.kill(os.getpid(), signal.SIGSTOP)

    return lambda: at_each_operation(root, stop)


def full_disk_from(root: Path, instant: int) -> Callable[[], None]:
    """Let everything that needs room fail from an operation on; moving and removing needs none."""

    def refuse(number: int, event: str, path: str) -> None:
        if number >= instant and event in ("open", "os.mkdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    return lambda: at_each_operation(root, refuse)


def files_of_at_most(size: int) -> Callable[[], None]:
    """Let no file grow beyond a number of bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_privileges() -> None:
    """Let permissions count for the process, should it run as root."""
    if os.geteuid() != 0:
        return
    import ctypes

    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capset")
