"""Model libraries for mismatch: random terms drawn by the model files themselves, or laid open to be given.

Three states: `drawn` keeps the files' own AGAUSS terms with their switch on (the judge); `given` adds to each random
parameter p a subcircuit parameter `d_<p>`, zero by default and in the parameter's own unit, with the switch off;
`off` is nominal. ngspice draws a random parameter anew at every use, and repeats its seeds within a second: numbers
drawn elsewhere and given are the way to know what was drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from analoom.cells.model.circuit import Mos
from analoom.flows.files.outputs import write_whole
from analoom.flows.netlists.flat_lines import NO_BULK
from analoom.flows.netlists.model_variants import Size, with_variants, without_comments
from analoom.flows.netlists.models import cache_dir, trimmed_library
from analoom.pdk.corners import corner
from analoom.pdk.devices import DRAWN_MOS, MIM_M3, MIM_M4, MosDevice, ResDevice
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.mismatch.binned import bin_text, bins_file, parameter_files
from analoom.pdk.mismatch.binned_cap import binned_cap_file, wire_parameter_files
from analoom.pdk.mismatch.binned_resistor import binned_resistor_files
from analoom.pdk.mismatch.terms import checked_model

State = Literal["drawn", "given", "off"]

_FORMAT = "1"
_DEVICE_LINE = re.compile(r"^(m\S+\s+d\s+g\s+s\s+b\s.*)$", re.M | re.I)
_RANDOM = re.compile(r"(\w+) ?= ?\{([^{}]*AGAUSS[^{}]*)\}")


def mismatch_library(sizes: Iterable[Size], model: str, state: State, process: str = "tt", bulk: bool = True) -> Path:
    """A file to `.include` with the models of `sizes`, in `state`, at the corner `process`; without `bulk`, for
    operating points of many transistors, these have no bulk resistances (see `netlists.flat_lines`). Raises InputError,
    for the binned models off tt too, and ToolError."""
    if checked_model(model) == "binned" and process != "tt":
        raise InputError(f"the binned models are read at tt alone, not at {process}", field="corner")
    wanted = tuple(sorted(set(sizes)))
    mos = {d.model: d for d in DRAWN_MOS.values()}
    base = trimmed_library(wanted if model == "continuous" else (), corner(process), mismatch=state == "drawn")
    if model == "continuous" and state != "given" and bulk:
        return base
    text = base.read_text()
    if model == "binned":
        text += _binned([s for s in wanted if s.model in mos], mos)
        text += _binned_caps([s for s in wanted if s.model not in mos])
    text = _opened(text, model) if state == "given" else text
    return _kept(text if bulk else _DEVICE_LINE.sub(rf"\1 {NO_BULK}", text))


def resistor_library(device: ResDevice, w_um: float, model: str) -> Path:
    """A file to `.include` with the models of a poly resistor that draw by themselves, in a family. Raises InputError
    for a width that the family lacks."""
    if checked_model(model) == "continuous":
        return trimmed_library((Size(device.model),), corner("tt"), mismatch=True)
    base = trimmed_library((), corner("tt"), mismatch=True).read_text()
    tables = [_parameters_only(file) for file in wire_parameter_files()]
    own = [_without_includes(file) for file in binned_resistor_files(device, w_um)]
    return _kept("\n".join([base, *tables, *own, ""]))


def line_with_shifts(device: Mos, shifts: dict[str, float]) -> str:
    """A transistor's netlist line with its random parameters given, in their own units."""
    return with_variants(device.spice()) + "".join(f" d_{p}={value:.10g}" for p, value in shifts.items())


def _binned(sizes: Sequence[Size], mos: dict[str, MosDevice]) -> str:
    """The transistors and their parameters from the per-size files."""
    files = dict.fromkeys(file for d in sorted({s.model for s in sizes}) for file in parameter_files(mos[d]))
    return "\n".join(
        [*(_without_includes(file) for file in files), *(_variant(size, mos[size.model]) for size in sizes), ""]
    )


def _binned_caps(sizes: Sequence[Size]) -> str:
    """The capacitors and the wires' parameters they need."""
    if not sizes:
        return ""
    known = {MIM_M3.model: MIM_M3, MIM_M4.model: MIM_M4}
    if missing := [size.model for size in sizes if size.model not in known]:
        raise ToolError(f"the binned models hold no mismatch of {missing[0]}", field="model")
    files = (*wire_parameter_files(), *(binned_cap_file(known[size.model]) for size in sizes))
    return "\n".join([*(_without_includes(file) for file in files), ""])


def _kept(text: str) -> Path:
    """The file of a text, written when it is not there."""
    path = cache_dir() / f"mismatch_{hashlib.sha256((_FORMAT + text).encode()).hexdigest()[:20]}.spice"
    if not path.exists():
        write_whole(path, text)
    return path


def _parameters_only(file: Path) -> str:
    """A parameter file without its models and subcircuits, of which others hold some of the same name."""
    text = re.sub(r"^\.subckt\b.*?^\.ends.*?$", "", _without_includes(file), flags=re.M | re.S | re.I)
    return re.sub(r"^\.model\b.*(?:\n\+.*)*", "", text, flags=re.M | re.I)


def _without_includes(file: Path) -> str:
    """A parameter file by itself: what it includes is given beside it."""
    text = without_comments(file.read_text().replace("\r", ""))
    return "\n".join(line for line in text.splitlines() if not line.lower().startswith(".inc"))


def _variant(size: Size, device: MosDevice) -> str:
    """One size's subcircuit with the model card of its bin inside."""
    head = re.split(r"^(?=\.subckt)", bins_file(device).read_text(), flags=re.M)
    mine = next(part for part in head if re.match(rf"\.subckt\s+{size.model}\s", part))
    head_text = without_comments(re.split(r"^(?=\.model )", mine, flags=re.M)[0])
    card = without_comments(bin_text(device, size.w_um, size.l_um, size.nf))
    return "\n".join(
        [re.sub(rf"\b{size.model}\b(?=\s+d\s+g\s+s\s+b)", size.variant, head_text, count=1), card, ".ends"]
    )


def _opened(library: str, model: str) -> str:
    """Random parameters take `d_<name>`; the subcircuit declares them."""
    parts = re.split(r"^(?=\.subckt)", library, flags=re.M)
    return "".join([parts[0], *(_opened_subcircuit(part, model) for part in parts[1:])])


def _opened_subcircuit(text: str, model: str) -> str:
    if "fet" not in text.split(maxsplit=2)[1]:
        return text
    names: list[str] = []

    def opened(found: re.Match[str]) -> str:
        names.append(found.group(1))
        return f"{found.group(1)} = {{{found.group(2)}+d_{found.group(1)}}}"

    if model == "continuous":
        text, count = re.subn(r"delvto ?= ?\{([^{}]*)\}", r"delvto = {\1+d_delvto}", text)
        names = ["delvto"] * count
    else:
        text = _RANDOM.sub(opened, text)
    if not names:
        raise ToolError("a transistor's model draws nothing", field="models")
    declared = " ".join(f"d_{name}=0" for name in dict.fromkeys(names))
    return re.sub(r"^(\.param\s+l\s*=)", rf".param {declared}\n\1", text, count=1, flags=re.M)
