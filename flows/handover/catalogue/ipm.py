"""A cell as IPM's tarball `<version>.tar.gz`: layout, abstract, netlist, black box, datasheet, catalogue's facts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.lef import lef_text
from analoom.flows.export.picture import write_picture
from analoom.flows.export.port_names import ports_of
from analoom.flows.export.verilog_stub import verilog_text
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.handover.layout.masks import regions_of, unlike
from analoom.flows.handover.record import Check, Receiver, Written, failed, passed
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import AnaloomError

from .facts import REQUIRED, IpmSettings, facts_of
from .pages import EMPTY, SECTIONS, datasheet_pdf, readme_text
from .tarball import files_in, write_tarball

LEAST_WORDS = 100


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the tarball, which is read back."""
    assert isinstance(settings, IpmSettings)
    step("packing")
    path = write_tarball(folder / f"{settings.version}.tar.gz", package_of(cell, settings))
    return Written({"tarball": path}, checks_of(cell, path, step))


def package_of(cell: Cell, settings: IpmSettings) -> dict[str, bytes]:
    """The files by their paths in the tarball."""
    facts, ports, name = facts_of(cell, settings), ports_of(cell), cell.name
    with tempfile.TemporaryDirectory() as place:
        gds = cell.write(Path(place) / f"{name}.gds")
        layout, sheet = gds.read_bytes(), datasheet_pdf(facts, ports, write_picture(gds, Path(place) / "layout.png"))
    words = {
        f"{name}.json": json.dumps(facts, indent=2) + "\n",
        f"{name}.yaml": yaml.safe_dump({"info": facts}, sort_keys=False),
        "README.md": readme_text(facts, ports, cell.spec.model_dump(mode="json"), settings.tapeouts),
        f"layout/lef/{name}.lef": lef_text(cell),
        f"hdl/gl/{name}.v": verilog_text(cell),
        f"spice/{name}.spice": cell.spice(),
        **{f"{where}/README.md": f"{why}\n" for where, why in EMPTY.items()},
    }
    held = {path: text.encode() for path, text in words.items()}
    return {**held, f"layout/gds/{name}.gds": layout, "doc/datasheet.pdf": sheet}


def checks_of(cell: Cell, path: Path, step: Callable[[str], None]) -> dict[str, Check]:
    """What IPM would look at, and whether layout and netlist in the tarball are those of the cell."""
    files = files_in(path)
    found = {"facts": _facts(cell, files), "contents": _contents(cell, files)}
    step("comparing layout and netlist")
    with tempfile.TemporaryDirectory() as place:
        return {**found, "layout": _layout(cell, files, Path(place)), "lvs": _lvs(cell, files, Path(place))}


def _facts(cell: Cell, files: Mapping[str, bytes]) -> Check:
    """Every field, in both forms, and the name."""
    try:
        forms = [
            json.loads(files[f"{cell.name}.json"]),
            yaml.safe_load(files[f"{cell.name}.yaml"])["info"],
        ]
    except (KeyError, ValueError, yaml.YAMLError) as error:
        return failed(f"no {cell.name}.json or .yaml that can be read: {error}")
    missing = sorted({field for form in forms for field in REQUIRED if not form.get(field)})
    if missing or forms[0] != forms[1] or forms[0]["name"] != cell.name:
        return failed(
            f"missing: {', '.join(missing)}" if missing else "the JSON and YAML forms differ, or the name does"
        )
    return passed(f"{len(REQUIRED)} fields in {cell.name}.json and {cell.name}.yaml")


def _contents(cell: Cell, files: Mapping[str, bytes]) -> Check:
    """Files and folders, and the sections of the README."""
    name = cell.name
    wanted = [f"layout/gds/{name}.gds", f"layout/lef/{name}.lef", f"hdl/gl/{name}.v", f"spice/{name}.spice"]
    wanted += ["doc/datasheet.pdf", "README.md", *(f"{where}/README.md" for where in EMPTY)]
    readme = files.get("README.md", b"").decode(errors="replace")
    wrong = [path for path in wanted if not files.get(path)]
    wrong += [f"section {one}" for one in SECTIONS if f"\n## {one}\n" not in readme]
    wrong += [] if len(readme.split()) >= LEAST_WORDS else [f"{LEAST_WORDS} words in README.md"]
    if not files.get("doc/datasheet.pdf", b"").startswith(b"%PDF-"):
        wrong.append("a PDF as doc/datasheet.pdf")
    return failed(f"missing: {', '.join(wrong)}") if wrong else passed(f"{len(files)} files, {len(SECTIONS)} sections")


def _layout(cell: Cell, files: Mapping[str, bytes], work: Path) -> Check:
    """The XOR of every layer."""
    try:
        source = of_file(_unpacked(files, f"layout/gds/{cell.name}.gds", work), cell.name)
    except (AnaloomError, KeyError) as error:
        return failed(f"no layout that can be read: {error}")
    drawn, packed = regions_of(of_cell(cell)), regions_of(source)
    wrong = unlike(drawn, packed)
    full = sum(not region.is_empty() for region in drawn.values())
    return failed(f"not as drawn: {', '.join(wrong)}") if wrong else passed(f"{full} layers as drawn")


def _lvs(cell: Cell, files: Mapping[str, bytes], work: Path) -> Check:
    try:
        source = of_file(_unpacked(files, f"layout/gds/{cell.name}.gds", work), cell.name)
        report = run_lvs(source, files[f"spice/{cell.name}.spice"].decode(), cell.circuit.name, work)
    except (AnaloomError, KeyError) as error:
        return failed(f"layout and netlist cannot be compared: {error}")
    return (passed if report.clean else failed)(report.engines["fast"].summary())


def _unpacked(files: Mapping[str, bytes], path: str, work: Path) -> Path:
    place = work / Path(path).name
    place.write_bytes(files[path])
    return place


RECEIVER = Receiver(
    "ipm", "tarball for ChipFoundry's IP catalogue, with the facts that it asks for", write, IpmSettings
)
