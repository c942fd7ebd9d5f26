"""Speed and evidence of matched cells: capacitor arrays drawn, checked and extracted, their patterns' metrics, INL and
DNL by source of error; pairs and mirrors by pattern, sharing and well.

    python tests/benchmarks/bench_matching.py [--units 1024 4096] [--klt PATH --klt-pdk FOLDER] [--only KIND]

`--klt` names the `klt` executable of klayout-tools in an environment of its own; as many units as a row of 2 um units
are then drawn and checked by it in the same run. Prints markdown; CPU seconds are those of this process alone.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.pex.extract import extract
from analoom.flows.statistics.area_use import area_use
from analoom.flows.statistics.drawn_placement import drawn_placement
from analoom.flows.statistics.gradient import gradient_report
from analoom.flows.systems.capacitor.balance import balance
from analoom.flows.systems.capacitor.converter_errors import converter_errors
from analoom.flows.systems.capacitor.wire_error import wires_to_top_f
from analoom.generators.matching.cost import placement_cost

GRADIENT_FRAC_UM, RHO_UNIT = 1e-4, 0.99
PATTERN_DRAWS, FAMILIES = 20_000, ("continuous", "binned")
PATTERNS = ("optimised", "dispersed", "spiral", "chessboard", "block_chessboard")


def binary(units):
    """1, 1, 2, 4, ... with `units` in all, a power of two."""
    return [1, *(2**k for k in range(units.bit_length() - 1))]


def timed(step):
    """(result, wall seconds, CPU seconds of this process and those it started)."""
    started, used = time.perf_counter(), cpu_s()
    return step(), time.perf_counter() - started, cpu_s() - used


def cpu_s():
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in usage)


def speed(units, folder):
    cell, *draw = timed(lambda: registry.build("cap_array", {"weights": binary(units)}))
    drc, *check = timed(lambda: drc_cell(cell, folder))
    lvs, *compare = timed(lambda: lvs_cell(cell, folder))
    _, *pex = timed(lambda: extract(of_cell(cell), workdir=folder))
    verdict = f"{'clean' if drc.clean else 'NOT CLEAN'}, {'match' if lvs.clean else 'NO MATCH'}"
    steps = [draw, check, compare, pex]
    words = [f"{wall:.2f} ({used:.2f})" for wall, used in [*steps, np.sum(steps, axis=0)]]
    print(f"| {units} | {' | '.join(words)} | {verdict} |", flush=True)


def klt_speed(klt, pdk, units, folder):
    """klt's row: the generator, and its own rule check of what it drew; it has no weights, wires, ring or centroid."""
    params, gds = {"num": units, "plate_w_um": 2.0, "plate_h_um": 2.0, "spacing_um": 1.5}, folder / "klt.gds"
    argv = [klt, "gen", "cap_array", "--params", json.dumps(params), "--pdk", "sky130A", "-o", str(gds)]
    drawn, *draw = timed(lambda: ran([*argv, "--format", "json", *(["--pdk-root", pdk] if pdk else [])]))
    if drawn.returncode:
        print(f"| {units} (klt) | - | - | - | - | - | {(drawn.stderr or drawn.stdout).strip()[:120]} |", flush=True)
        return
    checked, *check = timed(lambda: ran([klt, "drc", str(gds), "--deck", "sky130", "--format", "json"]))
    found = run_drc(of_file(gds), ("fast",), folder).clean
    said = f"a row, no wires; its DRC exits {checked.returncode}, ours {'clean' if found else 'NOT CLEAN'}"
    words = [f"{wall:.2f} ({used:.2f})" for wall, used in (draw, check)]
    print(f"| {units} (klt) | {' | '.join(words)} | - | - | - | {said} |", flush=True)


def ran(argv):
    return subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False)


def patterns(units):
    for pattern in PATTERNS:
        cell, _, draw_s = timed(lambda p=pattern: registry.build("cap_array", {"weights": binary(units), "pattern": p}))
        found = gradient_report(cell.match_groups[0], GRADIENT_FRAC_UM, RHO_UNIT, binary(units))
        cost, use, m = placement_cost(drawn_placement(cell)), area_use(cell), found.max_ratio_mismatch
        print(
            f"| {units} | {pattern} | {found.worst_centroid_um:.2f} | {found.bowl_um2:.0f} | {cost.quadratic:.4f} "
            f"| {found.correlation:.4f} | {m:.2e} | {found.inl_lsb:.2e} | {found.dnl_lsb:.2e} "
            f"| {cost.routing:.3f} | {cost.total:.3f} "
            f"| {use.efficiency:.3f} | {use.wiring_overhead:.1f} | {draw_s:.1f} |",
            flush=True,
        )


def pattern_errors(units, folder):
    """INL/DNL by the wires alone, and together with random errors and a gradient by either family of models."""
    weights = binary(units)
    for pattern in PATTERNS:
        cell, _, draw_s = timed(lambda p=pattern: registry.build("cap_array", {"weights": weights, "pattern": p}))
        wires_f = {"": wires_to_top_f(cell, [f"b{k}" for k in range(len(weights))], folder)}
        told = [converter_errors(cell, wires_f, model, draws=PATTERN_DRAWS).sources for model in FAMILIES]
        pairs = [told[0]["random"], told[0]["gradient"], told[0]["routing"], told[0]["together"]]
        pairs += [told[1]["random"], told[1]["together"]]
        print(
            f"| {units} | {pattern} | {' | '.join(f'{i:.5f} / {d:.5f}' for i, d in pairs)} | {draw_s:.2f} |", flush=True
        )


def errors_by_source(units, folder):
    """Before and after the balance of its wires, `units` in all."""
    weights = binary(units)
    found, wall_s, used_s = timed(lambda: balance(registry.build("cap_array", {"weights": weights}), folder))
    errors = converter_errors(
        found.cell,
        {"before": found.before_f, "after": found.after_f},
        settings={"gradient_frac_um": GRADIENT_FRAC_UM},
    )
    for name, (inl, dnl) in errors.sources.items():
        print(f"| {name} | {inl:.5f} | {dnl:.5f} |")
    print(f"\nrandom, together: 99.7 % of {errors.draws} draws are below; gradient {GRADIENT_FRAC_UM:g}/um")
    print(f"\nimbalance in thousandths of a unit, before: {np.round(found.excess_before * 1e3, 2).tolist()}")
    print(f"after: {np.round(found.excess_after * 1e3, 2).tolist()}, balanced: {found.balanced}")
    print(f"bound if extraction errs by 10 %: {np.round(found.bound * 1e3, 2).tolist()}")
    print(f"{found.rounds} rounds, {wall_s:.1f} s ({used_s:.1f} s CPU)")


TRANSISTORS = [("matched_pair", p, {"nf": 8, "w": 8.0}) for p in ("abba", "abab", "cross_quad", "centroid_2d")]
TRANSISTORS += [
    ("current_mirror", p, {"ratios": (2, 2, 4, 8)}) for p in ("centroid", "interdigitated", "cross_quad", "centroid_2d")
]
WELLS = {"matched_pair": ("common", "isolated", "islands"), "current_mirror": ("common", "isolated")}


def transistors(folder):
    """Area of the drawn cell, the gates' share of it, what is left of the centroid, and how alike extraction finds the
    wires of a pair: spread of C of d1 and d2, g1 and g2, s1 and s2."""
    for name, pattern, fields in TRANSISTORS:
        for sharing in ("shared", "separate"):
            for well in WELLS[name]:
                cell = registry.build(name, {**fields, "pattern": pattern, "sharing": sharing, "well": well})
                transistor_row(cell, folder)


def transistor_row(cell, folder):
    spec, notes, box = cell.spec, cell.notes, cell.bbox_nm
    nets = {n: c.total_f for n, c in extract(of_cell(cell), workdir=folder).nets.items()}
    pairs = [(a, b) for a, b in (("d1", "d2"), ("g1", "g2"), ("s1", "s2")) if {a, b} <= nets.keys()]
    spreads = ", ".join(f"{a[0]} {abs(nets[a] - nets[b]) / (nets[a] + nets[b]) * 200:.2f}" for a, b in pairs)
    print(
        f"| {cell.kind} | {spec.pattern} | {spec.sharing} | {spec.well} | {box.width() / 1e3:.2f} x "
        f"{box.height() / 1e3:.2f} | {notes['area_um2']:.1f} | {100 * notes['gate_area_frac']:.1f} | "
        f"{notes.get('area_by_common', 1):.2f} | {notes['centroid_residual_um']:.3f} | {spreads or '-'} |"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="+", default=[1024, 4096])
    parser.add_argument("--patterns", type=int, nargs="+", default=[64, 256, 1024, 4096])
    parser.add_argument("--converter", type=int, default=1024)
    parser.add_argument("--only", choices=["transistors", "patterns"])
    parser.add_argument("--klt")
    parser.add_argument("--klt-pdk", help="folder that holds sky130A/libs.tech and libs.ref: klt asks that they exist")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.only == "patterns":
            heads = "random | gradient | wires | together | random, binned | together, binned"
            print(f"INL / DNL, LSB\n\n| units | pattern | {heads} | draw CPU s |\n|{'---|' * 9}")
            for units in given.patterns:
                pattern_errors(units, folder)
            return
        print("| kind | pattern | sharing | well | um | area um2 | gates % | by common | centroid um | spread of C % |")
        print("|" + "---|" * 10)
        transistors(folder)
        if given.only:
            return
        print("\nwall s (CPU s)\n\n| units | draw | DRC | LVS | extract | total | |\n|---|---|---|---|---|---|---|")
        for units in given.units:
            speed(units, folder)
            if given.klt:
                klt_speed(given.klt, given.klt_pdk, units, folder)
        heads = "centre um | bowl um2 | quadratic | L | M | INL LSB | DNL LSB | routing | cost | area | wires | draw s"
        print(f"\n| units | pattern | {heads} |\n|{'---|' * 14}")
        for units in given.patterns:
            patterns(units)
        print("\n| error | INL LSB | DNL LSB |\n|---|---|---|")
        errors_by_source(given.converter, folder)


if __name__ == "__main__":
    main()
