"""An analog project for chipIgnite: the macro in `user_analog_project_wrapper`, checked as the precheck would.

Not checked here, as it needs the whole Caravel or the precheck's own container: oeb, spikes by its own binary, and the
comparison with caravel's own empty wrapper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.port_names import Port, ports_of
from analoom.flows.export.verilog_stub import write_verilog
from analoom.flows.files.application import NO_WATCH
from analoom.flows.files.layout_source import of_file
from analoom.flows.files.outputs import make_folder, write_json, write_layout, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, checks_of, failed, passed
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.signoff import layout_checks
from analoom.flows.signoff.engine_checks import engine_checks
from analoom.flows.signoff.subject import Subject
from analoom.generators.shuttle.analog_area import WrapperPlan, analog_wrapper
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.caravan_frame import ANALOG_GPIOS, ANALOG_PADS, SUPPLIES, WRAPPER

from .frame_check import outside_unchanged
from .project import BUS, PADS, lvs_config, user_defines, wrapper_verilog

PLACES = [*(f"gpio_analog[{k}]" for k in range(ANALOG_GPIOS)), *(f"io_analog[{k}]" for k in range(ANALOG_PADS))]
"""Given to pins in this order where nothing else is asked for."""
ANALOG = ("gpio_analog", "gpio_noesd", "io_analog", "io_clamp_high", "io_clamp_low")
OWN = ("one_top", "cell_names", "layers", "boundary", "pin_labels")


class ChipigniteSettings(Spec):
    """Where the macro's pins go, and how wide its wires are."""

    pins: dict[str, str] = Field({}, description="pin of the wrapper by pin of the cell; the others follow in order")
    power: str = Field("vccd1", description="supply of the power pins: vccd1, vccd2 (1.8 V), vdda1, vdda2 (3.3 V)")
    ground: str = Field("vssd1", description="ground of the ground pins: vssd1, vssd2, vssa1, vssa2")
    width: float = Field(2.0, ge=0.8, le=10.0, description="width of signal wires", json_schema_extra={"unit": "um"})
    supply_width: float = Field(
        10.0, ge=2.0, le=20.0, description="width of supply wires", json_schema_extra={"unit": "um"}
    )


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the project and checks its layout by every engine."""
    assert isinstance(settings, ChipigniteSettings)
    nets = assigned(ports_of(cell), settings)
    step("drawing")
    wrapper = analog_wrapper(cell, plan_of(cell, nets, settings))
    files = _written(cell, wrapper, nets, folder)
    subject = Subject(files["gds"], of_file(files["gds"]), Reference((files["spice"],)), WRAPPER, {}, True)
    found = {name: getattr(layout_checks, name)(subject) for name in OWN}
    for name, run in engine_checks().items():
        step(name)
        found[name] = run(subject, make_folder(folder / "checks" / name), NO_WATCH)
    own = {"outside": outside_unchanged(files["gds"]), "gpio_defines": _modes(files["user_defines"])}
    return Written(files, {**checks_of(found), **own})


def assigned(ports: tuple[Port, ...], settings: ChipigniteSettings) -> dict[str, str]:
    """The wrapper's pin of each port. Raises SpecError for a pin that is not analog, and where they run out."""
    for field, use in (("power", "power"), ("ground", "ground")):
        if SUPPLIES.get(getattr(settings, field)) != use:
            known = ", ".join(name for name, kind in SUPPLIES.items() if kind == use)
            raise SpecError(field, getattr(settings, field), f"one of {known}", WRAPPER)
    supplies = {"power": settings.power, "ground": settings.ground}
    names = [port.name for port in ports if not port.is_supply]
    for port, pin in settings.pins.items():
        _require(port, pin, names)
    free = [pin for pin in PLACES if pin not in settings.pins.values()]
    left = [name for name in names if name not in settings.pins]
    if len(left) > len(free):
        raise SpecError("name", len(names), f"a cell of at most {len(PLACES)} signal pins", WRAPPER)
    given = {**settings.pins, **dict(zip(left, free, strict=False))}
    return {port.name: supplies[port.use] if port.is_supply else given[port.name] for port in ports}


def _require(port: str, pin: str, names: list[str]) -> None:
    if port not in names:
        raise SpecError(f"pins.{port}", pin, f"of a signal pin of the cell: {', '.join(names)}", WRAPPER)
    found = BUS.fullmatch(pin)
    if found is None or found[1] not in ANALOG:
        raise SpecError(f"pins.{port}", pin, f"a bit of {', '.join(ANALOG)}", WRAPPER)


def plan_of(cell: Cell, nets: Mapping[str, str], settings: ChipigniteSettings) -> WrapperPlan:
    """The wrapper's plan: nets that meet gates alone get a diode."""
    inputs = [nets[port.name] for port in ports_of(cell) if port.direction == "input"]
    widths = (_nm(settings.width), _nm(settings.supply_width))
    return WrapperPlan(nets, inputs, (settings.power, settings.ground), *widths)


def _nm(width_um: float) -> int:
    """An even number of grid steps: wires lie about their middle."""
    return round(width_um * 100) * 10


def _written(cell: Cell, wrapper: Cell, nets: Mapping[str, str], folder: Path) -> dict[str, Path]:
    files = {"gds": write_layout(wrapper, folder / "gds" / f"{WRAPPER}.gds")}
    files["spice"] = write_whole(folder / "netgen" / f"{WRAPPER}.spice", wrapper.spice())
    rtl = folder / "verilog" / "rtl"
    files["verilog"] = write_whole(rtl / f"{WRAPPER}.v", wrapper_verilog(cell, nets))
    files["stub"] = write_verilog(cell, rtl / f"{cell.name}.v")
    files["user_defines"] = write_whole(rtl / "user_defines.v", user_defines(nets))
    files["lvs_config"] = write_json(folder / "lvs" / WRAPPER / "lvs_config.json", lvs_config())
    files["pins"] = write_json(folder / "pins.json", dict(nets))
    return files


def _modes(path: Path) -> Check:
    """Every pad has a mode."""
    text = path.read_text()
    bare = [pad for pad in PADS if f"USER_CONFIG_GPIO_{pad}_INIT `GPIO_MODE_" not in text]
    return failed(f"pads without a mode: {', '.join(map(str, bare))}") if bare else passed(f"{len(PADS)} pads")


RECEIVER = Receiver(
    "chipignite",
    "an analog project: the macro wired in user_analog_project_wrapper, with netlist, Verilog and LVS set-up",
    write,
    ChipigniteSettings,
)
