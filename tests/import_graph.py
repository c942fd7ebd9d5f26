"""Which of our modules imports which, read from their text: at the top, inside functions, for types, through a folder.

A module stands under its full name, a folder's `__init__` under the folder's. The room of a module is its folder.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Graph = Mapping[str, frozenset[str]]
"""By module, the modules that it imports."""


@dataclass(frozen=True)
class Module:
    """A module's text, and whether it is the `__init__` of its folder."""

    text: str
    is_folder: bool = False

    def room(self, name: str) -> str:
        return name if self.is_folder else name.rpartition(".")[0]


def modules_of(root: Path, package_dir: Mapping[str, str]) -> dict[str, Module]:
    """Every module below the folders of `package_dir`, as setuptools names them: package by folder."""
    packages = {root / folder: package for package, folder in package_dir.items()}
    found: dict[str, Module] = {}
    for path in sorted({path for folder in packages for path in folder.rglob("*.py")}):
        top = next(parent for parent in path.parents if parent in packages)
        parts = path.relative_to(top).with_suffix("").parts
        is_folder = parts[-1] == "__init__"
        found[".".join([packages[top], *(parts[:-1] if is_folder else parts)])] = Module(path.read_text(), is_folder)
    return found


def graph_of(modules: Mapping[str, Module]) -> Graph:
    """The modules that each one imports. Raises ImportError for one of ours that there is not."""
    return {name: imports_of(name, modules) for name in modules}


def imports_of(own: str, modules: Mapping[str, Module]) -> frozenset[str]:
    """The modules that one imports. Raises ImportError for one of ours that there is not."""
    return frozenset(_imports(own, modules))


def _imports(own: str, modules: Mapping[str, Module]) -> Iterator[str]:
    for node in ast.walk(ast.parse(modules[own].text)):
        if isinstance(node, ast.Import):
            yield from (_known(alias.name, own, modules) for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, own, modules[own].room(own))
            for alias in node.names if _is_ours(base) else ():
                inside = f"{base}.{alias.name}"
                yield inside if inside in modules else _known(base, own, modules)


def _base(node: ast.ImportFrom, own: str, room: str) -> str:
    """The full name of what stands after `from`."""
    if not node.level:
        return node.module or ""
    above = room.split(".")[: len(room.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_ours(name: str) -> bool:
    return name.split(".")[0] == "analoom"


def _known(name: str, own: str, modules: Mapping[str, Module]) -> str:
    if name not in modules:
        raise ImportError(f"{own} imports {name}, which there is not")
    return name


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules that reach each other (the strongly connected components of more than one; Tarjan, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(here: str) -> None:
        index[here] = low[here] = len(index)
        path.append(here)
        for there in sorted(graph[here]):
            if there not in index:
                visit(there)
            if there in path:
                low[here] = min(low[here], low[there])
        if low[here] == index[here]:
            group = path[path.index(here) :]
            del path[path.index(here) :]
            found.extend([sorted(group)] if len(group) > 1 else [])

    for name in graph:
        if name not in index:
            visit(name)
    return found


def upward(graph: Graph, modules: Mapping[str, Module], order: Sequence[str]) -> list[str]:
    """`importer -> imported` for each import of a room that stands later in `order`."""
    place = {room: k for k, room in enumerate(order)}
    rooms = {name: module.room(name) for name, module in modules.items()}
    return [
        f"{name} -> {other}"
        for name, others in graph.items()
        for other in sorted(others)
        if place[rooms[other]] > place[rooms[name]]
    ]
