"""Files of cells as a user of analoom would have them: a pad, a transistor and a synapse of one's own."""

from __future__ import annotations

import re
from pathlib import Path

from pages import ROOT, python_of

(PAD,) = (code for code in python_of("cells/README.md") if "@register" in code)
"""`my_cells.py` of the page on cells: registers `probe_pad`."""


def copied(source: str, name: str, own_name: str) -> str:
    """The text of one of analoom's cells as it would stand outside, under a name of its own."""
    text = (ROOT / source).read_text()
    package = "analoom." + ".".join(Path(source).parts[:-1])
    text = re.sub(r"^from \.(\w+)", rf"from {package}.\1", text, flags=re.MULTILINE)
    return text.replace(f"def {name}(", f"def {own_name}(").replace(f'"{name}"', f'"{own_name}"')


def write_pad(folder: Path, name: str = "my_cells.py") -> Path:
    (folder / name).write_text(PAD)
    return folder / name


def write_fet(folder: Path) -> Path:
    """`my_fet`, drawn as `mosfet` is."""
    (folder / "my_fets.py").write_text(copied("cells/fingers/mosfet.py", "mosfet", "my_fet"))
    return folder / "my_fets.py"


def write_synapse(folder: Path) -> Path:
    """`my_synapse`, drawn as `synapse_cs` is."""
    (folder / "my_synapses.py").write_text(copied("cells/synapse/synapse_cs.py", "synapse_cs", "my_synapse"))
    return folder / "my_synapses.py"
