"""The foundry's 437 high-density standard cells: fast flags what an official engine flags.

A bare cell has no taps in it: LU.2, LU.3 and nwell.4 are true of it, and Magic says so too. Four tap cells have
implants below nsd.10a and psd.10b until their neighbours in a row complete them; neither engine looks at such areas.
"""

from collections import defaultdict

import klayout.db as kdb
import pytest
from drc_cases import PITCH
from drc_slots import deck_findings, magic_findings, says

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.files.layout_source import of_file, of_layout
from analoom.pdk import rules
from analoom.pdk.install import standard_cells_dir
from analoom.pdk.layers import Marker
from analoom.pdk.rule_names import DECK_ALSO

RULES = [rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)]
UNTAPPED = {"LU.2", "LU.3", "nwell.4"}
"""What is true of any standard cell on its own that holds no tap."""
SMALL_IMPLANTS = {
    f"sky130_fd_sc_hd__{name}": {"nsd.10a", "psd.10b"} for name in ("tap_1", "tapvgnd_1", "tapvgnd2_1", "tapvpwrvgnd_1")
}


def cell_files():
    return sorted(standard_cells_dir("sky130_fd_sc_hd").glob("*/*.gds"))


def file_of(name):
    (path,) = [path for path in cell_files() if path.stem == f"sky130_fd_sc_hd__{name}"]
    return path


def without_marker(source, marker):
    source.layout.clear_layer(source.index(marker))
    return source


@pytest.mark.parametrize(
    ("name", "expected", "unmarked"),
    [
        ("inv_1", UNTAPPED, {"licon.11"}),
        ("dfxtp_1", UNTAPPED, {"licon.11", "difftap.2"}),
        ("diode_2", {"nwell.4"}, set()),
        ("fill_1", {"nwell.4"}, set()),
        ("tapvpwrvgnd_1", {"nsd.10a", "psd.10b"}, set()),
    ],
)
def test_a_standard_cell_breaks_more_rules_without_its_marker(name, expected, unmarked, tmp_path):
    assert set(check_fast(of_file(file_of(name)), tmp_path).violations) == expected
    bare = without_marker(of_file(file_of(name)), Marker.STDCELL)
    assert set(check_fast(bare, tmp_path).violations) == expected | unmarked


def test_a_diode_without_its_marker_is_diffusion_far_from_a_tap(tmp_path):
    bare = without_marker(of_file(file_of("diode_2")), Marker.DIODE)
    assert set(check_fast(bare, tmp_path).violations) == {"LU.2", "nwell.4"}


@pytest.fixture(scope="module")
def library():
    """All cells in one flat layout, in the slots of `drc_cases.slot_of`."""
    layout = kdb.Layout()
    top = layout.create_cell("library")
    for slot, path in enumerate(cell_files()):
        source = of_file(path)
        cell = layout.create_cell(path.stem)
        cell.copy_tree(source.top)
        centre = cell.bbox().center()
        x, y = slot % 16 * PITCH - centre.x // 5 * 5, slot // 16 * PITCH - centre.y // 5 * 5
        top.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans(x, y)))
    top.flatten(True)
    return of_layout(layout, top)


def by_cell(found, rules_of):
    """{cell: rule ids} of an engine's findings by slot."""
    names, told = [path.stem for path in cell_files()], defaultdict(set)
    for what, slots in found.items():
        for slot in slots:
            told[names[slot]] |= rules_of(what)
    return told


def rules_of_category(category):
    return {rule.id for rule in RULES if rule.deck == category} or {DECK_ALSO[category]}


def rules_of_text(text):
    return {rule.id for rule in RULES if rule.magic and says(rule, text)}


@pytest.mark.full
@pytest.mark.tools
def test_fast_flags_what_the_deck_or_magic_flag_and_the_small_implants(library, tmp_path):
    fast = {path.stem: set(check_fast(of_file(path), tmp_path).violations) for path in cell_files()}
    reports = run_drc(library, ["klayout", "magic"], tmp_path).engines
    assert len(fast) == 437 and all(engine.state == "violations" for engine in reports.values())
    deck = by_cell(deck_findings(reports["klayout"].report), rules_of_category)
    magic = by_cell(magic_findings(reports["magic"].report), rules_of_text)
    for name, broken in fast.items():
        assert broken == deck[name] | magic[name] | SMALL_IMPLANTS.get(name, set()), name
