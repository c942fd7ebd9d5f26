"""Draws the pictures of the READMEs whose spec or geometry changed: `make gallery`.

`out/gallery/drawn.json` says of each picture what it was drawn of: the spec, and a hash of the shapes of the cell.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import klayout.db as kdb

from analoom import build, mismatch
from analoom.cells.model.cell import Cell
from analoom.flows.export.pattern_picture import write_pattern
from analoom.flows.export.picture import few_colours, write_picture
from analoom.flows.handover.tinytapeout.assignment import assignment
from analoom.flows.handover.tinytapeout.receiver import plan_of
from analoom.flows.handover.tinytapeout.settings import TinyTapeoutSettings
from analoom.flows.mismatch_sizes import mismatch_sizes, parse_sizes
from analoom.generators.shuttle.tile import tiny_tapeout_tile

FOLDER = Path(__file__).parent.parent.parent / "out" / "gallery"
DRAWN = "drawn.json"
MOST, MOST_BYTES = 26, 1_000_000
LAYOUT_PX, SMALL_PX = 900, 450
COLOURS = {"continuous": "#0072b2", "binned": "#d55e00"}
FRONT_SIDES = (1, 1.5, 2, 3, 4, 6, 8)
"""Sides of the unit capacitor, um."""
CONVERTER = {"weights": [1, 1, 2, 4, 8, 16]}
"""Of five bits."""
OWN_SIGMA = {"k_vth": 0.005}
"""V um of one transistor, as the front page gives it."""
SIZES = "8x8,16x16,32x32,64x64"


@dataclass(frozen=True)
class Picture:
    """What is drawn of a cell: its layout, the pattern of its units, or a plot of what its spec decides."""

    name: str
    cell: str
    spec: Mapping[str, Any]
    draw: Callable[[Cell, Path], object]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def drawn_of(self) -> dict[str, Any]:
        """The key: the picture is out of date when this differs."""
        found = {"cell": self.cell, "spec": dict(self.spec), "shapes": shapes_hash(build(self.cell, dict(self.spec)))}
        return found | ({"settings": dict(self.settings)} if self.settings else {})


def shapes_hash(cell: Cell) -> str:
    """A hash of the merged shapes of every layer, whatever hierarchy they stand in."""
    layout, found = cell.layout.layout(), hashlib.sha256()
    for info in sorted(layout.layer_infos(), key=lambda info: (info.layer, info.datatype)):
        region = kdb.Region(cell.layout.begin_shapes_rec(layout.layer(info))).merged()
        if not region.is_empty():
            found.update(f"{info.layer}/{info.datatype} {sorted(map(str, region.each()))}\n".encode())
    return found.hexdigest()[:16]


def layout_picture(cell: Cell, path: Path, width_px: int = LAYOUT_PX) -> None:
    """The layout, without labels."""
    with tempfile.TemporaryDirectory() as folder:
        write_picture(cell.write(Path(folder) / "cell.gds"), path, width_px=width_px, labels=False)
    few_colours(path)


def tile_picture(cell: Cell, path: Path) -> None:
    """The cell in its tile of Tiny Tapeout."""
    settings = TinyTapeoutSettings(top="tt_um_gallery")
    layout_picture(tiny_tapeout_tile(cell, plan_of(cell, settings, assignment(cell, settings))).cell, path)


def small_picture(cell: Cell, path: Path) -> None:
    """The layout of a cell of few shapes."""
    layout_picture(cell, path, SMALL_PX)


def pattern_picture(cell: Cell, path: Path) -> None:
    """Who sits where."""
    write_pattern(cell, path)
    few_colours(path)


def front(cell: Cell, path: Path) -> None:
    """Area against mismatch of a capacitor array, by the side of its unit, both families."""
    arrays = [build("cap_array", {**CONVERTER, "unit": {"w": side}}) for side in FRONT_SIDES]
    sigmas = {model: [mismatch(array, model).metrics["dnl"].sigma for array in arrays] for model in COLOURS}
    axes = _plot([array.area_um2 for array in arrays], sigmas)
    axes.loglog()
    axes.xaxis.set_minor_formatter("")
    axes.set_xticks([500, 1000, 2000, 5000], ["500", "1000", "2000", "5000"])
    axes.set(xlabel="area of the drawn array (um²)", ylabel="sigma of the DNL (LSB)")
    for side, array, sigma in zip(FRONT_SIDES, arrays, sigmas["binned"], strict=True):
        axes.annotate(f"{side:g} um", (array.area_um2, sigma), xytext=(4, 5), textcoords="offset points", fontsize=8)
    _save(axes, path)


def sizes(cell: Cell, path: Path) -> None:
    """Gain error of a column over the size of the crossbar, of the front page's command, both families."""
    with tempfile.TemporaryDirectory() as folder:
        found = mismatch_sizes("crossbar", parse_sizes(SIZES), Path(folder), settings=OWN_SIGMA).to_json()["sizes"]
    sigmas = {m: [100 * size["families"][m]["column_gain_error"]["sigma"] for size in found] for m in COLOURS}
    axes = _plot([size["size"] for size in found], sigmas)
    axes.set(xlabel="rows x columns of the crossbar", ylabel="sigma of a column's gain (%)", ylim=(0, None))
    _save(axes, path)


def _plot(x: Sequence[Any], sigmas: Mapping[str, Sequence[float]]) -> Any:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    axes = plt.subplots(figsize=(6.4, 3.6), dpi=110)[1]
    for model, values in sigmas.items():
        axes.plot(x, values, "o-", ms=4, color=COLOURS[model], label=f"{model} models")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e0e3e7", which="both", lw=0.6)
    return axes


def _save(axes: Any, path: Path) -> None:
    axes.legend(frameon=False)
    axes.figure.savefig(path, bbox_inches="tight")
    few_colours(path)


PAIR = {"device": "nfet_01v8", "nf": 8, "w": 8, "pattern": "cross_quad", "well": "islands"}
MIRROR = {"ratios": [1, 2, 4, 8], "pattern": "centroid_2d", "rows": 3}
CHARGE_MAC = {"inputs": 2, "bits": 3, "outputs": 1}
RESISTORS = {"ratios": [1, 2, 4], "rows": 2}
LATCHES = {"rows": 4, "cols": 4}
PLACED_BY_ROWS = ("ota", "opamp", "comparator", "clocked_comparator", "weighted_sum", "current_dac", "bias", "ramp")
"""Blocks of a floorplan, with the sizes that they come with."""
PICTURES = (
    Picture("matched_pair", "matched_pair", PAIR, layout_picture),
    Picture("matched_pair_pattern", "matched_pair", PAIR, pattern_picture),
    Picture("current_mirror", "current_mirror", MIRROR, layout_picture),
    Picture("cap_array", "cap_array", CONVERTER, layout_picture),
    Picture("cap_array_pattern", "cap_array", CONVERTER, pattern_picture),
    Picture("cap_array_front", "cap_array", CONVERTER, front),
    Picture("tiny_tapeout", "charge_mac", {"inputs": 2}, tile_picture),
    Picture("synapse_2t1c", "synapse_2t1c", {}, layout_picture),
    Picture("crossbar", "crossbar", {"rows": 4, "cols": 4}, layout_picture),
    Picture("crossbar_sizes", "crossbar", {}, sizes, OWN_SIGMA),
    Picture("translinear", "translinear", {}, layout_picture),
    Picture("charge_mac", "charge_mac", CHARGE_MAC, layout_picture),
    *(Picture(name, name, {}, layout_picture) for name in PLACED_BY_ROWS),
    Picture("res_array", "res_array", RESISTORS, small_picture),
    Picture("latch_array", "latch_array", LATCHES, layout_picture),
    Picture("antenna_diode", "antenna_diode", {}, small_picture),
    Picture("current_synapse", "current_synapse", {}, layout_picture),
    Picture("current_network", "current_network", {}, layout_picture),
    Picture("pwm_cell", "pwm_cell", {}, layout_picture),
)


def out_of_date(pictures: Sequence[Picture] = PICTURES, folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """What each picture that is missing, or was drawn of something else, is to be drawn of."""
    kept = folder / DRAWN
    drawn = json.loads(kept.read_text()) if kept.exists() else {}
    wanted = {picture.name: picture.drawn_of() for picture in pictures}
    return {n: of for n, of in wanted.items() if drawn.get(n) != of or not (folder / f"{n}.png").exists()}


def draw(pictures: Sequence[Picture] = PICTURES, folder: Path = FOLDER) -> list[str]:
    """Draws those out of date and removes those that are no longer wanted; the names of the former."""
    folder.mkdir(parents=True, exist_ok=True)
    stale = out_of_date(pictures, folder)
    for picture in pictures:
        if picture.name in stale:
            picture.draw(build(picture.cell, dict(picture.spec)), folder / f"{picture.name}.png")
    names = {picture.name for picture in pictures}
    for old in folder.glob("*.png"):
        if old.stem not in names:
            old.unlink()
    drawn = {picture.name: picture.drawn_of() for picture in pictures}
    (folder / DRAWN).write_text(json.dumps(drawn, indent=1) + "\n")
    return list(stale)


if __name__ == "__main__":
    for name in draw():
        print(FOLDER / f"{name}.png")
