"""Cells of a user's own in Python: imported, loaded by path, defined anew, and known to other processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from own_cells import PAD, write_pad

from analoom.cells.model import registry


def script(folder: Path, code: str, *words: str) -> str:
    """What a script in `folder`, a file of its own, prints."""
    (folder / "script.py").write_text(code)
    command = [sys.executable, "script.py", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_module_of_ours_registers_under_its_own_name_and_is_found_by_it() -> None:
    for name, entry in registry.entries().items():
        if entry.ours:
            assert entry.module.rpartition(".")[2] == name


@pytest.mark.slow
def test_a_cell_is_found_by_importing_its_module_alone(tmp_path: Path) -> None:
    code = """
import sys
from analoom import build
build("mosfet")
assert "analoom.cells.fingers.mosfet" in sys.modules and "analoom.generators.crossbar.crossbar" not in sys.modules
build("crossbar", rows=1, cols=1, synapse="synapse_cs")
assert "analoom.cells.synapse.synapse_cs" in sys.modules and "analoom.cells.synapse.synapse_2t1c" not in sys.modules
assert "analoom.generators.charge_mac.charge_mac" not in sys.modules
"""
    script(tmp_path, code)


def test_a_plain_import_registers_and_a_load_of_the_same_file_changes_nothing(tmp_path: Path) -> None:
    write_pad(tmp_path)
    code = """
import my_cells
from analoom import build, entry
from analoom.cells import load_cells
before = entry("probe_pad")
assert load_cells("my_cells.py") is my_cells and entry("probe_pad") is before
assert build("probe_pad", size=10).area_um2 == 100
"""
    script(tmp_path, code)


@pytest.mark.slow
def test_a_load_and_then_an_import_of_the_same_file_keep_the_first(tmp_path: Path) -> None:
    write_pad(tmp_path)
    code = """
from analoom import entry
from analoom.cells import load_cells
first = load_cells("my_cells.py")
import my_cells
assert my_cells is not first and entry("probe_pad").spec_type is first.ProbePadSpec
assert my_cells.probe_pad(first.ProbePadSpec(size=10)).area_um2 == 100
"""
    script(tmp_path, code)


@pytest.mark.slow
def test_a_cell_defined_anew_in_a_notebook_takes_the_place_of_the_old_one() -> None:
    """Two definitions in one `__main__` without a file, as a cell of a notebook that is run again."""
    code = """
import sys
text = sys.stdin.read()
exec(compile(text, "<cell 1>", "exec"), globals())
from analoom import build, mismatch
from analoom.cells.model.cell_files import handed_on
from analoom.pdk import InputError
old = build("probe_pad")
exec(compile(text.replace("20.0", "30.0"), "<cell 2>", "exec"), globals())
new = build("probe_pad")
assert (old.area_um2, new.area_um2, new.name) == (400, 900, "probe_pad"), (old.area_um2, new.area_um2)
assert handed_on("mosfet") == []
try:
    handed_on("probe_pad")
except InputError as error:
    assert "stands in no file" in error.message
else:
    raise SystemExit("not refused")
"""
    done = subprocess.run([sys.executable, "-c", code], input=PAD, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_spec_crosses_to_another_process_that_loads_the_file(tmp_path: Path) -> None:
    write_pad(tmp_path)
    load = "import pickle\nfrom analoom.cells import load_cells\nmodule = load_cells('my_cells.py')\n"
    script(tmp_path, load + "open('spec', 'wb').write(pickle.dumps(module.ProbePadSpec(size=7)))")
    script(tmp_path, load + "assert pickle.load(open('spec', 'rb')) == module.ProbePadSpec(size=7)")
    with pytest.raises(AssertionError, match="ModuleNotFoundError: No module named 'analoom_cells_"):
        script(tmp_path, "import pickle\npickle.load(open('spec', 'rb'))")


@pytest.mark.slow
def test_the_code_version_is_of_the_files_content_and_of_what_they_import_beside_them(tmp_path: Path) -> None:
    write_pad(tmp_path)
    (tmp_path / "my_parts.py").write_text("WIDE = 1\n")
    code = """
import sys
from analoom.cells import load_cells
from analoom.flows.files.code_version import code_version
plain = code_version()
load_cells(sys.argv[1])
print(plain, code_version())
"""
    (tmp_path / "more.py").write_text("import my_parts\n" + PAD)
    plain, first = script(tmp_path, code, "my_cells.py").split()
    assert first != plain and script(tmp_path, code, "my_cells.py").split() == [plain, first]
    (tmp_path / "my_cells.py").write_text(PAD + "# another word\n")
    assert script(tmp_path, code, "my_cells.py").split()[1] not in (plain, first)
    before = script(tmp_path, code, "more.py").split()[1]
    (tmp_path / "my_parts.py").write_text("WIDE = 2\n")
    assert script(tmp_path, code, "more.py").split()[1] != before


@pytest.mark.slow
def test_an_error_of_a_users_code_keeps_its_cause(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("1 / 0\n")
    code = """
from analoom.cells import load_cells
from analoom.pdk import InputError
try:
    load_cells("bad.py")
except InputError as error:
    assert isinstance(error.__cause__, ZeroDivisionError) and error.field == "cells"
open("bad.py", "w").write("mended = True\\n")
assert load_cells("bad.py").mended
"""
    script(tmp_path, code)


@pytest.mark.slow
def test_a_file_that_was_imported_is_handed_on(tmp_path: Path) -> None:
    write_pad(tmp_path)
    code = "import my_cells\nfrom analoom.cells.model.cell_files import handed_on\nprint(*handed_on('mosfet'))"
    assert script(tmp_path, code).split() == [str(tmp_path / "my_cells.py")]
