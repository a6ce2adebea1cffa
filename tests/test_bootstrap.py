"""`python3 build.py` from a fresh clone: `.venv` is made once, and what is missing is said.

build.py is run as a file, in a folder of its own. In place of the `venv` module stands one that
makes a pretended Python, which notes what it was asked to do: nothing is installed, nothing is
fetched.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sites import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a shell script")

REQUIREMENTS = """\
click==8 --hash=sha256:00
# --- for the tests only ---
pytest==9 --hash=sha256:11
# --- for the benchmarks only ---
psutil==7 --hash=sha256:22
"""

VENV = """\
import os, sys, pathlib
if os.environ.get("VENV_SAYS"):
    print(os.environ["VENV_SAYS"])
    sys.exit(1)
folder = pathlib.Path(sys.argv[-1])
(folder / "bin").mkdir(parents=True)
python = folder / "bin/python"
python.write_text(os.environ["PRETENDED"])
python.chmod(0o755)
with open(os.environ["NOTES"], "a") as notes:
    print("venv", file=notes)
"""

PRETENDED = """\
#!/bin/sh
echo "$@" >> "$NOTES"
case "$*" in
  *"-m pip "*)
    for last; do :; done
    cat "$last" >> "$NOTES"
    if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS" >&2; exit 1; fi ;;
  *) echo "ran $PYTHONPATH" ;;
esac
"""


@dataclass
class Clone:
    """A fresh clone: build.py and the requirements, without any package."""

    folder: Path
    stubs: Path

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def require(self, requirements: str) -> None:
        (self.folder / "showcase").mkdir(exist_ok=True)
        (self.folder / "showcase/requirements.txt").write_text(requirements)

    def run(self, *arguments: str, **says: str) -> subprocess.CompletedProcess[str]:
        """Run `build.py` with a Python that sees none of the packages of this one."""
        return self.python(str(self.folder / "build.py"), *arguments, **says)

    def python(self, *arguments: str, **says: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.stubs),
            "NOTES": str(self.stubs / "notes"),
            "PRETENDED": PRETENDED,
            **says,
        }
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            env=environment, cwd=self.stubs, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def notes(self) -> str:
        """Return what was done since the last look."""
        notes = self.stubs / "notes"
        text = notes.read_text() if notes.exists() else ""
        notes.unlink(missing_ok=True)
        return text


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    found = Clone(tmp_path / "a clone", tmp_path / "stubs")
    found.folder.mkdir()
    shutil.copy(ROOT / "build.py", found.folder)
    found.require(REQUIREMENTS)
    (found.stubs / "venv").mkdir(parents=True)
    (found.stubs / "venv/__init__.py").touch()
    (found.stubs / "venv/__main__.py").write_text(VENV)
    return found


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a run that was refused; work that began before may be announced."""
    assert done.returncode == 2
    assert done.stdout == ""
    *announced, line = done.stderr.splitlines()
    assert all(text.startswith(("Making", "Installing")) for text in announced), done.stderr
    assert line.startswith("error: ")
    return line


def test_the_first_command_makes_everything_ready_and_runs(clone: Clone) -> None:
    done = clone.run("check", "--strict")
    assert done.returncode == 0
    assert done.stdout == f"ran {clone.folder}\n"
    notes = clone.notes()
    assert notes.startswith("venv\n")
    assert "--require-hashes" in notes
    assert notes.endswith("-m showcase check --strict\n")


def test_a_build_does_not_install_what_only_tests_need(clone: Clone) -> None:
    clone.run("check")
    notes = clone.notes()
    assert "click==8" in notes
    assert "pytest==9" not in notes
    assert "psutil==7" not in notes


def test_the_second_command_starts_at_once(clone: Clone) -> None:
    clone.run("check")
    clone.notes()
    done = clone.run("build")
    assert clone.notes() == "-m showcase build\n"
    assert done.stderr == ""


def test_build_is_the_command_when_none_is_named(clone: Clone) -> None:
    clone.run()
    assert clone.notes().endswith("-m showcase\n")


def test_the_tests_add_their_packages_to_what_is_there(clone: Clone) -> None:
    clone.run("check")
    clone.notes()
    clone.run("test", "-k", "links")
    notes = clone.notes()
    assert "venv" not in notes.splitlines()
    assert "pytest==9" in notes
    assert notes.endswith("-m showcase test -k links\n")
    for command in ("test", "check"):
        clone.run(command)
        assert clone.notes() == f"-m showcase {command}\n"


def test_only_the_benchmarks_install_what_they_measure_against(clone: Clone) -> None:
    clone.run("test")
    assert "psutil==7" not in clone.notes()
    clone.run("bench", "search")
    notes = clone.notes()
    assert "venv" not in notes.splitlines()
    assert "psutil==7" in notes
    assert notes.endswith("-m showcase bench search\n")
    for command in ("bench", "test", "check"):
        clone.run(command)
        assert clone.notes() == f"-m showcase {command}\n"


def test_a_fresh_clone_can_run_its_tests_first(clone: Clone) -> None:
    clone.run("test")
    notes = clone.notes()
    assert "click==8" in notes
    assert "pytest==9" in notes


def test_new_requirements_make_the_environment_anew(clone: Clone) -> None:
    clone.run("check")
    clone.notes()
    (clone.venv / "of an older package").touch()
    clone.require(REQUIREMENTS.replace("click==8", "click==9"))
    clone.run("check")
    assert "click==9" in clone.notes()
    assert not (clone.venv / "of an older package").exists()


def test_new_requirements_of_the_tests_leave_a_build_alone(clone: Clone) -> None:
    clone.run("test")
    clone.run("check")
    clone.notes()
    clone.require(REQUIREMENTS.replace("pytest==9", "pytest==10"))
    clone.run("check")
    assert clone.notes() == "-m showcase check\n"
    clone.run("test")
    assert "pytest==10" in clone.notes()


def test_a_clone_that_was_moved_is_made_ready_again(clone: Clone) -> None:
    """The scripts of an environment hold its path."""
    clone.run("check")
    clone.notes()
    clone.folder = clone.folder.rename(clone.folder.with_name("moved"))
    clone.run("check")
    assert clone.notes().startswith("venv\n")


def test_a_half_made_environment_is_thrown_away(clone: Clone) -> None:
    (clone.venv / "bin").mkdir(parents=True)
    (clone.venv / "bin/python").write_text("#!/bin/sh\nexit 9\n")
    (clone.venv / "left behind").touch()
    done = clone.run("check")
    assert done.returncode == 0
    assert not (clone.venv / "left behind").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Clone) -> None:
    clone.run("check")
    (clone.venv / "bin/python").unlink()
    clone.notes()
    assert clone.run("check").returncode == 0
    assert clone.notes().startswith("venv\n")


@pytest.mark.parametrize(
    "says",
    [
        "The virtual environment was not created successfully because ensurepip is not available.",
        "python3: No module named venv",
    ],
)
def test_a_python_without_venv_names_the_package_that_has_it(clone: Clone, says: str) -> None:
    # Debian's Python says the first, on the standard output; one without the module the second.
    (clone.stubs / "venv/__main__.py").write_text(
        f"import sys\nsys.exit({says!r})" if "module" in says else VENV
    )
    line = refusal(clone.run("check", VENV_SAYS=says))
    assert "venv" in line
    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in line
    assert not clone.venv.exists()


def test_another_failure_of_venv_is_said_with_its_reason(clone: Clone) -> None:
    line = refusal(clone.run("check", VENV_SAYS="Error: no space left on the disk\n\n"))
    assert line.endswith("Error: no space left on the disk")
    assert not clone.venv.exists()


OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/
ERROR: Could not find a version that satisfies the requirement click==8
ERROR: No matching distribution found for click==8"""


def test_without_a_network_it_says_to_connect_once(clone: Clone) -> None:
    line = refusal(clone.run("check", PIP_SAYS=OFFLINE))
    assert "connect to the network" in line
    assert "run the command again" in line


def test_a_package_that_is_not_the_pinned_one_is_refused_with_the_reason(clone: Clone) -> None:
    line = refusal(clone.run("check", PIP_SAYS="Collecting\nERROR: THESE PACKAGES DO NOT MATCH"))
    assert line.endswith("ERROR: THESE PACKAGES DO NOT MATCH")


def test_after_a_failed_installation_the_next_run_begins_anew(clone: Clone) -> None:
    clone.run("check", PIP_SAYS=OFFLINE)
    clone.notes()
    done = clone.run("check")
    assert done.returncode == 0
    notes = clone.notes()
    assert notes.startswith("venv\n")
    assert notes.endswith("-m showcase check\n")


def test_a_failed_installation_for_the_tests_leaves_builds_working(clone: Clone) -> None:
    clone.run("check")
    assert refusal(clone.run("test", PIP_SAYS=OFFLINE))
    clone.notes()
    assert clone.run("check", PIP_SAYS=OFFLINE).returncode == 0


def test_an_installed_package_is_used_as_it_is(clone: Clone) -> None:
    (clone.stubs / "showcase-1.dist-info").mkdir()
    (clone.stubs / "showcase-1.dist-info/METADATA").write_text("Name: showcase\nVersion: 1\n")
    (clone.folder / "showcase/cli.py").write_text("def main():\n    print('the installed one')\n")
    done = clone.run("check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "the installed one\n", "")
    assert not clone.venv.exists()


def test_an_old_python_is_told_what_is_needed(clone: Clone) -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 2); sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    line = refusal(clone.python("-c", code, str(clone.folder / "build.py"), "check"))
    assert "3.11 or newer is needed, this is 3.9.2" in line
    assert clone.notes() == ""


def test_an_old_python_can_read_the_file_that_says_so() -> None:
    ast.parse((ROOT / "build.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_pinned_requirements_have_three_parts_and_a_hash_for_each() -> None:
    text = (ROOT / "showcase/requirements.txt").read_text(encoding="utf-8")
    run, tests, benchmarks = re.split("# --- for the (?:tests|benchmarks) only ---", text)
    for name, part in (("jinja2", run), ("pytest", tests), ("psutil", benchmarks)):
        assert [f"\n{name}==" in other for other in (run, tests, benchmarks)].count(True) == 1
        assert f"\n{name}==" in part
    for part in (run, tests, benchmarks):
        lines = part.replace("\\\n", " ").splitlines()
        pinned = [line for line in lines if line.strip() and not line.strip().startswith("#")]
        assert pinned
        assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
