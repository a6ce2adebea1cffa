"""The parts of showcase import one way, down the order of the pipeline; only two know Jinja."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import showcase

ROOT = Path(showcase.__file__).parent

#: From the bottom up. A part imports parts of lower rows, of its own row only itself.
ORDER = (
    {"diagnostics", "storage", "parallel", "stages", "data"},
    {"content"},
    {"config"},
    {"languages", "site"},
    {"search"},
    {"pages"},
    {"render"},
    {"publish"},
    {"build"},
    {"preview", "scaffold", "catalogues"},
    {"cli"},
    {"__main__"},
)
ROW = {part: row for row, parts in enumerate(ORDER) for part in parts}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(source: str) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it the statement stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written whole"
            assert node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def parts_imported(source: str) -> set[str]:
    """The parts of showcase that a module imports; its version is nobody's part."""
    names = {name.split(".")[1] for name in imported(source) if name.startswith("showcase.")}
    return names - {"__version__"}


def test_every_part_has_its_place_in_the_order() -> None:
    assert {part_of(path) for path in MODULES} == set(ROW)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_the_order(path: Path) -> None:
    part = part_of(path)
    wrong = {
        other
        for other in parts_imported(path.read_text(encoding="utf-8"))
        if other != part and ROW[other] >= ROW[part]
    }
    # What is in one row may lean on the row's foundations: problems and places to keep things.
    if ROW[part] == 0:
        wrong -= {"diagnostics", "storage"} - {part}
    assert not wrong, f"{name_of(path)} imports {sorted(wrong)} from above or beside it"


def test_only_rendering_and_the_build_know_jinja() -> None:
    knowing = {
        part_of(path)
        for path in MODULES
        if any(
            name.split(".")[0] == "jinja2" for name in imported(path.read_text(encoding="utf-8"))
        )
    }
    assert "render" in knowing
    assert knowing <= {"render", "build"}


def test_no_part_imports_another_in_a_circle() -> None:
    uses = {
        part: set().union(
            *(parts_imported(p.read_text(encoding="utf-8")) for p in MODULES if part_of(p) == part)
        )
        - {part}
        for part in ROW
    }
    while uses:
        free = {part for part, needed in uses.items() if not needed & uses.keys()}
        assert free, f"in a circle: {sorted(uses)}"
        for part in free:
            del uses[part]
