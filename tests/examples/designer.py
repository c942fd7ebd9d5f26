"""A designer scripts a mirror and a capacitor array: drawn, required clean and matching, and told what mismatch does.

python tests/examples/designer.py [FOLDER]
"""

import sys
from pathlib import Path

from analoom import build, build_files, drc_cell, lvs_cell, mismatch

work = Path(sys.argv[1] if len(sys.argv) > 1 else "out/examples/designer")
mirror = build("current_mirror", device="pfet_01v8", w=4, l=2, ratios=[1, 2, 4], pattern="centroid_2d", rows=2)
array = build("cap_array", weights=[1, 1, 2, 4, 8], unit={"w": 3})

for cell in (mirror, array):
    folder = work / cell.name
    files = build_files(cell, folder).files  # GDS, OASIS, LEF, SPICE, pictures
    drc_cell(cell, folder, ["fast"]).require_clean()  # "all" adds KLayout with the shuttle's deck, and Magic
    lvs_cell(cell, folder, ["fast"]).require_clean()
    print(f"{cell.name}: {cell.area_um2:.0f} um2, clean, matches; {files['gds']}")
    for family in ("continuous", "binned"):
        for name, spread in mismatch(cell, family).metrics.items():
            print(f"  {family:10}  {name:16} sigma {spread.sigma:.3g} {spread.unit}")
