"""Draws anew the committed references that differ from what is drawn: `python tests/conformance/draw_reference.py`.

To be run when a drawing changed on purpose; `git diff --stat` then tells which.
"""

from pathlib import Path

import klayout.db as kdb

from analoom.cells.model import registry
from analoom.pdk.layers import Layer, Marker

FOLDER = Path(__file__).parent / "reference"
EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]


def reference(name: str, k: int) -> Path:
    """The file of example `k` of the cell `name`."""
    return FOLDER / f"{name}_{k}.oas"


def differences(name: str, k: int) -> list[str]:
    """What is drawn otherwise than in the reference: the name, layers whose shapes or texts differ."""
    cell, layout = registry.build(name, registry.entries()[name].examples[k]), kdb.Layout()
    layout.read(str(reference(name, k)))
    found = [] if layout.top_cell().name == cell.name else [f"name {cell.name}"]
    for layer in (*Layer, *Marker):
        shapes, texts = _drawn(cell.layout, layer)
        wanted, names = _drawn(layout.top_cell(), layer)
        found += [layer.name] if not (shapes ^ wanted).is_empty() or texts != names else []
    return found


def _drawn(top: kdb.Cell, layer: Layer | Marker) -> tuple[kdb.Region, list[str]]:
    index = top.layout().layer(*layer.value)
    return kdb.Region(top.begin_shapes_rec(index)).merged(), sorted(map(str, kdb.Texts(top.begin_shapes_rec(index))))


def main() -> None:
    """Writes the references that are missing or differ, and removes those without an example."""
    FOLDER.mkdir(exist_ok=True)
    for old in set(FOLDER.glob("*.oas")) - {reference(name, k) for name, k in EXAMPLES}:
        old.unlink()
    for name, k in EXAMPLES:
        if not reference(name, k).exists() or differences(name, k):
            registry.build(name, registry.entries()[name].examples[k]).write(reference(name, k))


if __name__ == "__main__":
    main()
