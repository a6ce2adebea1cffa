#!/usr/bin/env python3
"""The whole interface: `python3 build.py COMMAND` from a fresh clone with Python 3.11 or newer.

The first run makes `.venv` beside this file and installs the pinned requirements into it; later
runs start at once. Where the package is installed already, that is used and nothing is installed.
This file needs nothing but Python itself.
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
REQUIREMENTS = ROOT / "showcase" / "requirements.txt"
#: Where the second and the third part of the requirements begin.
FURTHER_PARTS = ("# --- for the tests only ---", "# --- for the benchmarks only ---")
PARTS_NEEDED = {"test": 2, "bench": 3}


def main() -> None:
    """Run the command in an environment that has what it needs."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file must run before anything is checked
        found = ".".join(map(str, sys.version_info[:3]))
        stop(f"Python 3.11 or newer is needed, this is {found}: run build.py with a newer one.")
    if is_installed():
        sys.path.insert(0, str(ROOT))
        from showcase.cli import main as run

        run()
        return
    python = prepared_environment(PARTS_NEEDED.get("".join(sys.argv[1:2]), 1))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIRTUAL_ENV": str(VENV)}
    command = [str(python), "-m", "showcase", *sys.argv[1:]]
    if os.name == "nt":  # execve would detach from the console there
        sys.exit(subprocess.call(command, env=environment))
    os.execve(python, command, environment)


def is_installed() -> bool:
    """Say whether this Python has showcase installed, as an activated environment or CI may."""
    try:
        importlib.metadata.distribution("showcase")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def prepared_environment(needed: int) -> Path:
    """Return the Python of `.venv`, with what the first `needed` parts of the requirements name.

    It is made and filled first where it is missing or out of date.
    """
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    parts = requirement_parts()[:needed]
    wanted = [stamp_of(part) for part in parts]
    installed = STAMP.read_text().split() if STAMP.is_file() and python.exists() else []
    if installed[:needed] == wanted:
        return python
    if installed[:1] != wanted[:1]:
        say("Making .venv; this happens once.")
        make_environment(python)
    others = ("", " and those of the tests", ", those of the tests and of the benchmarks")
    say(f"Installing the pinned packages{others[needed - 1]}.")
    install(python, "".join(parts))
    STAMP.write_text("\n".join(wanted))
    return python


def requirement_parts() -> list[str]:
    """Return the requirements of every command, of the tests, and of the benchmarks."""
    parts = [REQUIREMENTS.read_text(encoding="utf-8")]
    for marker in FURTHER_PARTS:
        before, _, after = parts.pop().partition(marker)
        parts += [before, after]
    return parts


def stamp_of(requirements: str) -> str:
    """Return what marks an environment as filled: the requirements and the Python they are for."""
    text = f"{sys.version_info[:2]} {ROOT} {requirements.strip()}"
    return hashlib.sha256(text.encode()).hexdigest()


def make_environment(python: Path) -> None:
    """Make `.venv` anew; a half-made one from a run that was stopped is thrown away."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not python.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout + made.stderr or "No module named venv" in made.stderr:
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            stop(f"This Python has no venv module: install it (Debian: apt install {package}).")
        stop(f".venv could not be made: {last_line(made.stderr or made.stdout)}")


def install(python: Path, requirements: str) -> None:
    """Install pinned packages, each checked against its hash."""
    chosen = VENV / "requirements.txt"
    chosen.write_text(requirements, encoding="utf-8")
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "--requirement", str(chosen)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        if any(word in done.stderr for word in ("NewConnectionError", "No matching distribution")):
            stop(
                "The packages could not be fetched: connect to the network (or set up a mirror "
                "for pip) and run the command again; afterwards no network is needed."
            )
        stop(f"The packages could not be installed: {last_line(done.stderr)}")


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason given")


def say(text: str) -> None:
    """Say what takes long, apart from the output of the command."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> None:
    """Say in one line what is missing, and end with the status for a wrong use."""
    say(f"error: {text}")
    sys.exit(2)


if __name__ == "__main__":
    main()
