"""A macro as a project of Tiny Tapeout: assigned, wired into its tile, written and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.picture import write_picture
from analoom.flows.files.outputs import whole_file, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, failed, passed
from analoom.generators.shuttle.plan import GROUND, TilePlan
from analoom.generators.shuttle.tile import Tile, tiny_tapeout_tile
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.tiny_tapeout import TileFrame
from analoom.pdk.units import to_nm

from .assignment import Assignment, assignment
from .checks import check_tile
from .netlist import tile_spice
from .pin_kinds import size_that_fits
from .precheck import require_tools, run_precheck
from .project import info_fields, info_text, module_text, page_text, top_of
from .settings import TinyTapeoutSettings
from .tile_lef import tile_lef


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the project, and checks it as the shuttle would.

    Raises SpecError for a macro that does not fit the tile and for wires that cannot be had: before anything is drawn
    but for the latter.
    """
    assert isinstance(settings, TinyTapeoutSettings)
    tools = Path(settings.precheck) if settings.precheck else None
    if tools:
        require_tools(tools)
    given = assignment(cell, settings)
    plan = plan_of(cell, settings, given)
    _require_room(cell, plan)
    step("wiring")
    tile = tiny_tapeout_tile(cell, plan)
    _require_current(tile, settings)
    step("writing")
    files = _written(cell, settings, given, tile, folder)
    checks = check_tile(folder, settings.signoff, folder / "reports", step)
    checks |= {"analog_wires": _wires(tile, settings)}
    if tools:
        step("the shuttle's precheck")
        checks |= run_precheck(folder, tools, folder / "reports")
    return Written(files, checks)


def _require_room(cell: Cell, plan: TilePlan) -> None:
    """Raises SpecError, with a size that fits where one is known, for a macro that is too large or on banned metal."""
    try:
        plan.require_room(cell)
    except SpecError as error:
        remedy = error.remedy or size_that_fits(cell)
        raise SpecError(str(error.field), error.value, error.bound, error.rule, instead=remedy) from None


def plan_of(cell: Cell, settings: TinyTapeoutSettings, given: Assignment) -> TilePlan:
    """The tile of an assignment, with the settings' widths."""
    frame = TileFrame(settings.tile, settings.uses_3v3)
    analog = sorted({net for net in given.nets.values() if net.startswith("ua[")})
    supplies = {*given.nets.values(), GROUND} & set(frame.supplies)
    widths = dict.fromkeys(analog, to_nm("analog_width", settings.analog_width))
    widths = dict.fromkeys(sorted(supplies), to_nm("supply_width", settings.supply_width)) | widths
    most_ohm = dict.fromkeys(analog, settings.analog_ohm)
    return TilePlan(top_of(cell, settings), frame, given.nets, given.ties, widths, most_ohm, settings.fill)


def _require_current(tile: Tile, settings: TinyTapeoutSettings) -> None:
    for net, wire in tile.wires.items():
        if net.startswith("ua[") and wire.most_a < settings.analog_current:
            bound = f"at most {wire.most_a:.3g}, what the weakest wire or cut on {net} carries"
            raise SpecError("settings.analog_current", settings.analog_current, bound, "direct current at 90 degC")


def _wires(tile: Tile, settings: TinyTapeoutSettings) -> Check:
    """Width, resistance and current of the wires to analog pins, against what was asked."""
    analog = {net: wire for net, wire in sorted(tile.wires.items()) if net.startswith("ua[")}
    told = "; ".join(f"{net} {wire}" for net, wire in analog.items())
    worst = max((wire.ohm for wire in analog.values()), default=0.0)
    return (passed if worst <= settings.analog_ohm else failed)(told or "no analog pin")


def _written(cell: Cell, settings: TinyTapeoutSettings, given: Assignment, tile: Tile, folder: Path) -> dict[str, Path]:
    top, frame = tile.cell.name, tile.plan.frame
    files = {"gds": folder / "gds" / f"{top}.gds"}
    with whole_file(files["gds"]) as draft:
        tile.cell.write(draft)
    others = tile.cell.instances[1:]
    texts = {
        "lef": (folder / "lef" / f"{top}.lef", tile_lef(tile.cell, frame)),
        "verilog": (folder / "src" / "project.v", module_text(top, frame, settings.author)),
        "info": (folder / "info.yaml", info_text(info_fields(cell, settings, given))),
        "page": (folder / "docs" / "info.md", page_text(cell, settings, given, tile)),
        "spice": (folder / "spice" / f"{top}.spice", tile_spice(top, frame, cell, given, others)),
    }
    files |= {name: write_whole(path, text) for name, (path, text) in texts.items()}
    return {**files, "png": write_picture(files["gds"], folder / "docs" / f"{top}.png", labels=False)}


RECEIVER = Receiver(
    "tinytapeout",
    "a whole project of Tiny Tapeout (analog, 1x2 or 2x2 tiles): the macro wired into its tile, LEF, module, info.yaml",
    write,
    TinyTapeoutSettings,
)
