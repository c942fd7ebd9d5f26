"""A macro as a project of Tiny Tapeout: assigned, wired into its tile, written and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.picture import write_picture
from analoom.flows.files.outputs import write_layout, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, failed, passed
from analoom.generators.shuttle.fill import gate_um2
from analoom.generators.shuttle.plan import GROUND, TilePlan
from analoom.generators.shuttle.tile import Tile, tiny_tapeout_tile
from analoom.generators.shuttle.wire_facts import WireFacts
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.tiny_tapeout import TileFrame
from analoom.pdk.units import to_nm

from .assignment import Assignment, assignment
from .checks import check_tile
from .measured import measured_wires, worst_by_net
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
    gds = write_layout(tile.cell, folder / "gds" / f"{tile.cell.name}.gds")
    ohm = worst_by_net(measured_wires(tile, gds))
    files = {"gds": gds, **_written(cell, settings, given, tile, ohm, folder)}
    checks = check_tile(folder, settings.signoff, folder / "reports", step)
    checks |= {"analog_wires": _analog(tile, ohm, settings), "supply_wires": _supplies(tile, ohm, settings)}
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


def _analog(tile: Tile, ohm: Mapping[str, float], settings: TinyTapeoutSettings) -> Check:
    """Length, width, resistance and current of the wires to analog pins, against what was asked."""
    nets = [net for net in sorted(ohm) if net.startswith("ua[")]
    wires = [tile.wires[net] for net in nets]
    told = [f"{net} {_words(wire)}, {ohm[net]:.3g} ohm" for net, wire in zip(nets, wires, strict=True)]
    check = passed if max((ohm[net] for net in nets), default=0.0) <= settings.analog_ohm else failed
    return check("; ".join(told) or "no analog pin")


def _words(wire: WireFacts) -> str:
    return f"{wire.length_um:g} um, {wire.width_um:g} um wide or more, {wire.most_a * 1e3:.3g} mA"


def _supplies(tile: Tile, ohm: Mapping[str, float], settings: TinyTapeoutSettings) -> Check:
    """Resistance from the middle of each strap to the macro, and what fills the tile between the supplies."""
    nets = [net for net in tile.plan.frame.supplies if net in ohm]
    filled = f"{gate_um2(tile.cell.instances):g} um2 of gates between the supplies"
    told = "; ".join([*(f"{net} {ohm[net]:.3g} ohm" for net in nets), filled])
    return (passed if max((ohm[net] for net in nets), default=0.0) <= settings.supply_ohm else failed)(told)


def _written(
    cell: Cell,
    settings: TinyTapeoutSettings,
    given: Assignment,
    tile: Tile,
    ohm: Mapping[str, float],
    folder: Path,
) -> dict[str, Path]:
    top, frame = tile.cell.name, tile.plan.frame
    others = tile.cell.instances[1:]
    texts = {
        "lef": (folder / "lef" / f"{top}.lef", tile_lef(tile.cell, frame)),
        "verilog": (folder / "src" / "project.v", module_text(top, frame, settings.author)),
        "info": (folder / "info.yaml", info_text(info_fields(cell, settings, given))),
        "page": (folder / "docs" / "info.md", page_text(cell, given, tile, ohm)),
        "spice": (folder / "spice" / f"{top}.spice", tile_spice(top, frame, cell, given, others)),
    }
    files = {name: write_whole(path, text) for name, (path, text) in texts.items()}
    png = write_picture(folder / "gds" / f"{top}.gds", folder / "docs" / f"{top}.png", labels=False)
    return {**files, "png": png}


RECEIVER = Receiver(
    "tinytapeout",
    "a whole project of Tiny Tapeout (analog, 1x2 or 2x2 tiles): the macro wired into its tile, LEF, module, info.yaml",
    write,
    TinyTapeoutSettings,
)
