"""The files of an analog project beside its layout: Verilog of the wrapper, modes of the pads, the precheck's LVS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from analoom.cells.model.cell import Cell
from analoom.flows.export.port_names import ports_of
from analoom.flows.export.verilog_stub import escape
from analoom.pdk.shuttle.caravan_frame import SUPPLIES, WRAPPER, port_names

WISHBONE = ("wb_clk_i", "wb_rst_i", "wbs_stb_i", "wbs_cyc_i", "wbs_we_i", "wbs_sel_i", "wbs_dat_i", "wbs_adr_i")
INPUTS = (*WISHBONE, "la_data_in", "la_oenb", "io_in", "io_in_3v3", "user_clock2")
OUTPUTS = ("wbs_ack_o", "wbs_dat_o", "la_data_out", "io_out", "io_oeb", "user_irq")
"""Directions of the wrapper's ports; all others go both ways. Source: efabless/caravel_user_project_analog,
verilog/rtl/user_analog_project_wrapper.v."""

ANALOG_MODE, IDLE_MODE = "GPIO_MODE_USER_STD_ANALOG", "GPIO_MODE_MGMT_STD_INPUT_NOPULL"
PADS = (*range(5, 14), *range(25, 38))
"""Pads with a mode of their own. Source: the precheck's gpio_defines, for analog projects."""
FIRST_ANALOG, PAST_ANALOG_PADS, SKIPPED = 7, 14, 11
BUS = re.compile(r"(\w+)\[(\d+)\]")


def wrapper_verilog(macro: Cell, nets: Mapping[str, str]) -> str:
    """The wrapper with the macro in it, its ports by bus."""
    ports = list(_ports())
    supplies = [f"  inout {name}," for name in SUPPLIES]
    signals = [f"  {_way(name)} {_range(width)}{name}" for name, width in ports if name not in SUPPLIES]
    head = [f"module {WRAPPER} (", "`ifdef USE_POWER_PINS", *supplies, "`endif", ",\n".join(signals), ");"]
    return "\n".join(
        ["`default_nettype none", *head, *_instance(macro, nets), "endmodule", "`default_nettype wire", ""]
    )


def user_defines(nets: Mapping[str, str]) -> str:
    """The mode of each pad at power-up: analog for those in use, plain inputs of the management for the others."""
    used = {pad for net in nets.values() if (pad := pad_of(net)) is not None}
    lines = [f"`define USER_CONFIG_GPIO_{pad}_INIT `{ANALOG_MODE if pad in used else IDLE_MODE}" for pad in PADS]
    modes = [f"`define {ANALOG_MODE} 13'h000a", f"`define {IDLE_MODE} 13'h0403"]
    return "\n".join(["`ifndef __USER_DEFINES_H", "`define __USER_DEFINES_H", *modes, *lines, "`endif", ""])


def pad_of(net: str) -> int | None:
    """The pad of a bare GPIO, by its number on the chip; None for other pins. Source: as of the directions."""
    found = BUS.fullmatch(net)
    if found is None or found[1] not in ("gpio_analog", "gpio_noesd"):
        return None
    gpio = int(found[2]) + FIRST_ANALOG
    return gpio if gpio < PAST_ANALOG_PADS else gpio + SKIPPED


def lvs_config() -> dict[str, object]:
    """What the precheck's LVS compares. Source: be_checks of the precheck package, lvs_config of the analog wrapper."""
    empty = (
        "EXTRACT_FLATGLOB",
        "EXTRACT_ABSTRACT",
        "EXTRACT_CREATE_SUBCUT",
        "LVS_FLATTEN",
        "LVS_NOFLATTEN",
        "LVS_IGNORE",
    )
    return {
        "STD_CELL_LIBRARY": "sky130_fd_sc_hd",
        "INCLUDE_CONFIGS": ["$LVS_ROOT/tech/$PDK/lvs_config.base.json"],
        "TOP_SOURCE": WRAPPER,
        "TOP_LAYOUT": "$TOP_SOURCE",
        **{key: [""] for key in empty},
        "LVS_SPICE_FILES": [f"$UPRJ_ROOT/netgen/{WRAPPER}.spice"],
        "LVS_VERILOG_FILES": [""],
        "LAYOUT_FILE": f"$UPRJ_ROOT/gds/{WRAPPER}.gds",
    }


def _ports() -> Iterator[tuple[str, int]]:
    """Buses with their width, 0 for a single wire."""
    widths: dict[str, int] = {}
    for name in port_names():
        found = BUS.fullmatch(name)
        base = found[1] if found else name
        widths[base] = max(widths.get(base, 0), int(found[2]) + 1 if found else 0)
    yield from widths.items()


def _way(name: str) -> str:
    return "input" if name in INPUTS else "output" if name in OUTPUTS else "inout"


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width else ""


def _instance(macro: Cell, nets: Mapping[str, str]) -> Iterator[str]:
    ports = ports_of(macro)
    signals = [f"    .{escape(port.name)}({nets[port.name]})" for port in ports if not port.is_supply]
    supplies = [f"    .{escape(port.name)}({nets[port.name]})," for port in ports if port.is_supply]
    guarded = ["`ifdef USE_POWER_PINS", *supplies, "`endif"] if supplies and signals else []
    yield f"  {escape(macro.name)} macro ("
    yield from guarded
    yield ",\n".join(signals) if signals else "\n".join(supplies).rstrip(",")
    yield "  );"
