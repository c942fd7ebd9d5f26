"""Cells of a user's own, in files: `load_cells("my_cells.py")` imports one, `handed_on` names those a worker needs."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from analoom.pdk.errors import InputError

from .discovery import installed
from .foreign_code import CellsCode
from .registry import registered

_LOADING: list[Path] = []


def load_cells(path: str | Path) -> ModuleType:
    """Imports a file of cells; one that is imported already, by whatever name, is not imported again.

    Its module is named by its path, so that another process that loads the file knows its classes by the same name.
    Raises InputError for a file that is not there, and with file and line for one that fails.
    """
    file = Path(path).resolve()
    if not file.is_file():
        why = "it is a folder" if file.is_dir() else "there is no such file"
        raise InputError(f"cannot read the cells of {path}: {why}", field="cells", remedy="--cells FILE.py")
    return _imported(file) or _import(file)


def is_loading() -> bool:
    """Whether a file of cells is being imported right now."""
    return bool(_LOADING)


def handed_on(name: str) -> list[str]:
    """The files that another process must load to draw the cell `name` and whatever cells it may hold.

    Packages with entry points are not among them: the other process finds these by itself. Raises InputError for a
    cell that stands in no file, as in a notebook.
    """
    packages = {point.module.partition(".")[0] for point in installed()}
    own = [e for e in registered().values() if not e.ours and e.module.partition(".")[0] not in packages]
    for entry in own:
        if entry.name == name and not Path(entry.origin).is_file():
            words = f"{name} stands in no file: another process cannot draw it"
            raise InputError(words, field="cells", remedy="put it into a file of its own and import that")
    return sorted({entry.origin for entry in own if Path(entry.origin).is_file()})


def foreign_sources() -> dict[str, str]:
    """The text of the files of registered cells that are not analoom's, and of those beside them that they import."""
    found: dict[str, str] = {}
    for entry in registered().values():
        if not entry.ours:
            _read(Path(entry.origin), found)
    return found


def _read(file: Path, found: dict[str, str]) -> None:
    if str(file) not in found and file.is_file():
        text = found[str(file)] = file.read_text(errors="replace")
        for name in _imports(text):
            _read(file.parent / f"{name}.py", found)


def _imports(text: str) -> Iterator[str]:
    """The first names of what a module's text imports; nothing for a text that is no Python."""
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name in (getattr(node, "module", None), *(alias.name for alias in node.names)):
                    yield (name or "").partition(".")[0]


def _imported(file: Path) -> ModuleType | None:
    for module in list(sys.modules.values()):
        held = getattr(module, "__file__", None)
        if held and Path(held).name == file.name and Path(held).resolve() == file:
            return module
    return None


def _import(file: Path) -> ModuleType:
    name = f"analoom_cells_{hashlib.sha256(str(file).encode()).hexdigest()[:10]}_{file.stem}"
    spec = importlib.util.spec_from_loader(name, SourceFileLoader(name, str(file)))
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    sys.path += [folder for folder in [str(file.parent)] if folder not in sys.path]  # for modules beside the file
    _LOADING.append(file)
    try:
        with CellsCode(str(file)):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        _LOADING.remove(file)
    return module
