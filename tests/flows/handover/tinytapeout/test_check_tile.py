"""The checks of a project of Tiny Tapeout pass on one of ours, and each finds what is broken for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.handover.record import Check
from analoom.flows.handover.run import export_cell
from analoom.flows.handover.tinytapeout.checks import FINDERS, check_tile, finding
from analoom.flows.handover.tinytapeout.folder import project_folder
from analoom.flows.handover.tinytapeout.lef_reader import read_lef
from analoom.pdk.errors import InputError

TOP = "tt_um_twin"
Break = Callable[[Path], None]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crossbar of one synapse in a tile without fill."""
    folder = tmp_path_factory.mktemp("tile") / "project"
    settings = {"top": TOP, "author": "Ada", "fill": False, "signoff": "fast"}
    report = export_cell(build("crossbar", {"rows": 1, "cols": 1}), "tinytapeout", folder, settings)
    assert report.clean, {name: check for name, check in report.checks.items() if check.state != "passed"}
    return folder


def checks_of(project: Path, place: Path, break_it: Break) -> dict[str, Check]:
    twin = place / "twin"
    shutil.copytree(project, twin)
    break_it(twin)
    return check_tile(twin, "fast", place)


def check_of(name: str, project: Path, place: Path, break_it: Break) -> Check:
    """That of one name alone, where it needs no engine."""
    if name not in FINDERS:
        return checks_of(project, place, break_it)[name]
    shutil.copytree(project, place / "twin")
    break_it(place / "twin")
    return finding(project_folder(place / "twin"), name)


def words(path: str, old: str, new: str, times: int = 1) -> Break:
    """Other words in a text file."""

    def change(folder: Path) -> None:
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new, times))

    return change


def layout(change: Callable[[kdb.Layout, kdb.Cell], None]) -> Break:
    """Other shapes in the layout."""

    def changed(folder: Path) -> None:
        gds, held = folder / "gds" / f"{TOP}.gds", kdb.Layout()
        held.read(str(gds))
        change(held, held.cell(TOP))
        held.write(str(gds))

    return changed


def drawn(layer: tuple[int, int], *box: int) -> Break:
    return layout(lambda held, top: top.shapes(held.layer(*layer)).insert(kdb.Box(*box)))


def without(layer: tuple[int, int]) -> Break:
    return layout(lambda held, top: [cell.shapes(held.layer(*layer)).clear() for cell in held.each_cell()])


def renamed(old: str, new: str) -> Break:
    """A cell by another name; the first that is not the top for ""."""

    def change(held: kdb.Layout, top: kdb.Cell) -> None:
        cell = held.cell(old) if old else next(one for one in held.each_cell() if one.name != TOP)
        held.rename_cell(cell.cell_index(), new)

    return layout(change)


def pins_below(held: kdb.Layout, top: kdb.Cell) -> None:
    """The pin shapes in a cell of their own, which the shuttle does not look into."""
    below, layer = held.create_cell("pins"), held.layer(71, 16)
    below.shapes(layer).insert(top.shapes(layer))
    top.shapes(layer).clear()
    top.insert(kdb.CellInstArray(below.cell_index(), kdb.Trans()))


def near_urpm(apart_nm: int) -> Break:
    def change(held: kdb.Layout, top: kdb.Cell) -> None:
        top.shapes(held.layer(64, 20)).insert(kdb.Box(10_000, 10_000, 14_000, 14_000))
        top.shapes(held.layer(79, 20)).insert(kdb.Box(14_000 + apart_nm, 10_000, 18_000, 14_000))

    return layout(change)


LEF, GDS_MET4 = f"lef/{TOP}.lef", (71, 20)
BROKEN: list[tuple[str, Break, str]] = [
    ("top_cell", renamed(TOP, "tt_um_other"), "top cells are"),
    ("top_cell", drawn((72, 20), 0, 0, 2000, 2000), "met5"),
    ("top_cell", without((235, 4)), "no boundary"),
    ("pins_lef", words(LEF, "RECT 151.810 0.000", "RECT 151.815 0.000"), "pin ua[0]"),
    ("pins_lef", words(LEF, "LAYER met4", "LAYER met3"), "met3"),
    ("pins_lef", words(LEF, "RECT 1.000 5.000 3.000 220.760", "RECT 1.000 5.000 2.000 220.760"), "1 um wide"),
    ("pins_lef", words(LEF, "RECT 1.000 5.000 3.000 220.760", "RECT 1.000 11.000 3.000 220.760"), "10 um"),
    ("pins_lef", words(LEF, "SIZE 161.000", "SIZE 161.005"), "161005"),
    ("pins_lef", words(LEF, "SIZE 161.000", "SIZE 161.0"), "three decimals"),
    ("pins_lef", words(LEF, "PIN ua[7]", "PIN ua[8]"), "ua[8]"),
    ("pins_lef", words(LEF, "RECT 4.000 5.000 6.000", "RECT 3.000 5.000 6.000"), "meet"),
    ("pins_gds", layout(pins_below), "no shape on met4.pin"),
    ("boundary", drawn((68, 20), -2000, 0, 0, 2000), "boundary"),
    ("supplies", words(LEF, "USE GROUND", "USE SIGNAL"), "VGND is USE SIGNAL"),
    ("supplies", words("src/project.v", "VDPWR", "VDD"), "no VDPWR"),
    ("supplies", words("src/project.v", "VGND,", "VGND,\n    input  wire       VAPWR,"), "uses_3v3"),
    ("layers", drawn((200, 7), 0, 0, 2000, 2000), "200/7"),
    ("cell_names", renamed("", "a#b"), "a#b"),
    ("urpm_nwell", near_urpm(695), "700 nm"),
    ("analog_pins", words("info.yaml", "analog_pins: 3", "analog_pins: 4"), "ua[3]"),
    ("analog_pins", words("info.yaml", "ua[0]: wbl0", "ua[0]: ''"), "ua[0]"),
    ("analog_pins", drawn(GDS_MET4, 55_210, 1_100, 56_110, 2_000), "ua[5]"),
    ("module", words("src/project.v", "ena,", "enable,"), "ena"),
    ("module", words("src/project.v", f"module {TOP}", "module other"), "other"),
    ("module", words("src/project.v", ");", "); wire a = b;"), "empty module"),
    ("info_yaml", words("info.yaml", "yaml_version: 6", "yaml_version: 5"), "yaml_version"),
    ("info_yaml", words("info.yaml", "author: Ada", "author: ''"), "author"),
    ("info_yaml", words("info.yaml", "  uio[7]: ''\n", ""), "uio[7]"),
    ("page", words("docs/info.md", "## How to test", "Explain how to use your project"), "Explain"),
    ("drc_fast", drawn((68, 20), 20_000, 20_000, 20_100, 30_000), "m1"),
    ("lvs_fast", without((70, 44)), ""),
    ("lvs_fast", words(f"spice/{TOP}.spice", "Rtie0 uo_out[0] VGND 0\n", ""), ""),
]


@pytest.mark.parametrize(
    ("name", "break_it", "said"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_check_finds_its_broken_twin(name: str, break_it: Break, said: str, project: Path, tmp_path: Path) -> None:
    found = check_of(name, project, tmp_path, break_it)
    assert found.state == "failed"
    assert said in found.detail


def test_every_check_of_ours_has_a_broken_twin() -> None:
    assert set(FINDERS) <= {name for name, *_ in BROKEN}


def test_wells_at_the_least_distance_pass(project: Path, tmp_path: Path) -> None:
    assert check_of("urpm_nwell", project, tmp_path, near_urpm(700)).state == "passed"


def test_without_a_netlist_nothing_is_compared(project: Path, tmp_path: Path) -> None:
    found = checks_of(project, tmp_path, lambda folder: (folder / f"spice/{TOP}.spice").unlink())["lvs_fast"]
    assert found.state == "not run"


@pytest.mark.parametrize("content", [None, b"", b"no layout", bytes.fromhex("000600020258") + bytes(40)])
def test_a_layout_that_is_none_is_told_and_nothing_is_clean(
    content: bytes | None, project: Path, tmp_path: Path
) -> None:
    def change(folder: Path) -> None:
        gds = folder / "gds" / f"{TOP}.gds"
        gds.unlink()
        if content is not None:
            gds.write_bytes(content)

    found = checks_of(project, tmp_path, change)
    assert found["top_cell"].state == "failed"
    assert {found[name].state for name in found if name.startswith(("drc_", "lvs_"))} == {"not run"}


def test_two_top_cells_are_told(project: Path, tmp_path: Path) -> None:
    found = checks_of(project, tmp_path, layout(lambda held, top: held.create_cell("other").name))
    assert "other" in found["top_cell"].detail
    assert found["drc_fast"].state == "not run"


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "project: {top_module: ../x}"])
def test_a_folder_without_a_project_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "info.yaml").write_text(text)
    with pytest.raises(InputError):
        check_tile(tmp_path, "fast").values()


def test_numbers_that_the_shuttle_misreads_are_refused() -> None:
    with pytest.raises(InputError, match="three decimals"):
        read_lef("MACRO a\n  SIZE 5.5 BY 6.000 ;\nEND a\n", "a")
