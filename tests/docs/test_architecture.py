"""The house: few rooms, few floors, no circle, and each room entered by its face.

What is measured are the imports as they stand in the source, also those inside of functions; imports for types alone
don't run, so that they make no floor and no circle.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "evigraph"
ROOMS, FLOORS, LINES = 20, 10, 250

pytestmark = pytest.mark.checkout


@cache
def modules() -> dict[str, Path]:
    """Every module below the package by its dotted name, `__init__` under the name of its package."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        found[name.removesuffix("__init__").removesuffix(".")] = path
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """What a module imports when it runs: `room.module` or `room.module.name`, without the package's own name."""
    found = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.ImportFrom) and (child.module or "").partition(".")[0] == "evigraph":
                base = (child.module or "").removeprefix("evigraph").removeprefix(".")
                found.update(f"{base}.{alias.name}".removeprefix(".") for alias in child.names)
            visit(child)

    visit(ast.parse(modules()[name].read_text("utf-8")))
    return frozenset(found)


def module_of(name: str) -> str:
    """The module that an imported name comes from: itself, or the one that holds it."""
    while name not in modules():
        name = name.rpartition(".")[0]
    return name


def rooms() -> set[str]:
    """The modules and packages at the top."""
    return {name.partition(".")[0] for name in modules()} - {""}


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """One circle among the arrows, or nothing."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name) :]
        if name in done:
            return []
        done.add(name)
        return next((found for each in sorted(arrows[name]) if (found := follow(each, [*path, name]))), [])

    return next((found for name in sorted(arrows) if (found := follow(name, []))), [])


def between(part: int) -> dict[str, set[str]]:
    """Who imports whom, by the first parts of their names; a package and what lies in it count as one."""
    short = {name: ".".join(name.split(".")[:part]) for name in modules() if name}
    arrows: dict[str, set[str]] = {name: set() for name in short.values()}
    for name, own in short.items():
        arrows[own] |= {short[m] for each in imports(name) if (m := module_of(each)) and short[m] != own}
    return arrows


def test_there_are_few_rooms() -> None:
    """A newcomer can hold them in mind."""
    assert len(rooms()) <= ROOMS


def test_there_are_few_floors_and_no_circle() -> None:
    """A room stands above all that it imports."""
    arrows = between(1)
    assert circle(arrows) == []

    @cache
    def floor(name: str) -> int:
        return 1 + max((floor(each) for each in arrows[name]), default=0)

    assert max(floor(name) for name in arrows) <= FLOORS


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not inside of a package either; a package's face imports what it hands out, and its modules never the face."""
    exact = {name: {m for each in imports(name) if (m := module_of(each)) != name and m} for name in modules() if name}
    assert circle(exact) == []


def face(room: str) -> list[str]:
    """What a package names in `__all__`."""
    tree = ast.parse(modules()[room].read_text("utf-8"))
    lists = [n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "__all__"]
    return list(ast.literal_eval(lists[0])) if lists else []


def test_rooms_use_each_others_faces() -> None:
    """What a room doesn't name in `__all__` is its own affair."""
    wrong = []
    for name in modules():
        for each in imports(name):
            room, *rest = each.split(".")
            if not rest or room == name.partition(".")[0] or modules()[room].name != "__init__.py":
                continue
            if rest[0] not in face(room):
                wrong.append(f"{name} imports {each}")
            inner = f"{room}.{rest[0]}"
            if len(rest) > 1 and inner in modules() and modules()[inner].name == "__init__.py":
                wrong += [] if rest[1] in face(inner) else [f"{name} imports {each}"]
    assert sorted(wrong) == []


def test_every_room_is_told_of() -> None:
    """The page on the house has a row for each room, and none for a room that isn't there."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert set(re.findall(r"(?m)^\| `(\w+?)(?:\.py|/)` \|", page)) == rooms()


def test_tests_mirror_the_rooms() -> None:
    """A test of a room lies in a folder of its name."""
    here = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and list(path.glob("test_*.py"))}
    packages = {name for name in rooms() if modules()[name].name == "__init__.py"}
    assert here - {"docs"} <= packages
    assert packages - here == set()


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_can_be_read_at_one_go(name: str) -> None:
    """So many lines at most."""
    assert len(modules()[name].read_text("utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("name", sorted(name for name in rooms() if modules()[name].name == "__init__.py"))
def test_a_face_does_what_its_example_shows(name: str) -> None:
    """The lines in the docstring of a package run."""
    failed, _ = doctest.testmod(importlib.import_module(f"evigraph.{name}"))
    assert not failed
