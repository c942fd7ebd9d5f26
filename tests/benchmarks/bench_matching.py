"""Speed and evidence of matched cells: capacitor arrays drawn, checked and extracted, their patterns' metrics, INL and
DNL by source of error; pairs and mirrors by pattern, sharing and well.

    python tests/benchmarks/bench_matching.py [--units 1024 4096] [--klt PATH] [--only transistors]

`--klt` names the `klt` executable of klayout-tools in an environment of its own; its row of 1.9 um units is then drawn
in the same run. Prints markdown.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from analoom.cells import registry
from analoom.flows.cap_balance import balance
from analoom.flows.code_levels import code_levels, inl_lsb
from analoom.flows.drc import drc_cell
from analoom.flows.gradient import gradient_report, tilted, units_of
from analoom.flows.layout_source import of_cell
from analoom.flows.lvs import lvs_cell
from analoom.flows.mismatch_capacitor import CapacitorStatistics
from analoom.flows.pex import extract

GRADIENT_FRAC_UM = 1e-4
PATTERNS = ("optimised", "dispersed", "spiral", "chessboard", "block_chessboard")


def binary(units):
    """1, 1, 2, 4, ... with `units` in all, a power of two."""
    return [1, *(2**k for k in range(units.bit_length() - 1))]


def timed(step):
    started = time.perf_counter()
    return step(), time.perf_counter() - started


def speed(units, folder):
    cell, draw_s = timed(lambda: registry.build("cap_array", {"weights": binary(units)}))
    drc, drc_s = timed(lambda: drc_cell(cell, folder))
    lvs, lvs_s = timed(lambda: lvs_cell(cell, folder))
    _, pex_s = timed(lambda: extract(of_cell(cell), workdir=folder))
    verdict = f"{'clean' if drc.clean else 'NOT CLEAN'}, {'match' if lvs.clean else 'NO MATCH'}"
    total = draw_s + drc_s + lvs_s + pex_s
    print(f"| {units} | {draw_s:.2f} | {drc_s:.2f} | {lvs_s:.2f} | {pex_s:.2f} | {total:.2f} | {verdict} |")


def klt_speed(klt, pdk, units, folder):
    params = {"num": units, "plate_w_um": 1.9, "plate_h_um": 1.9, "spacing_um": 1.5}
    argv = [klt, "gen", "cap_array", "--params", json.dumps(params), "--pdk", "sky130A", "-o", str(folder / "klt.gds")]
    argv += ["--pdk-root", pdk] if pdk else []
    done, seconds = timed(lambda: subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False))
    said = "one row, no wires, no ring" if done.returncode == 0 else (done.stderr or done.stdout).strip()[:120]
    print(f"| {units} (klt gen) | {seconds:.2f} | | | | | {said} |")


def patterns(units):
    for pattern in PATTERNS:
        cell = registry.build("cap_array", {"weights": binary(units), "pattern": pattern})
        found = gradient_report(cell.match_groups[0], GRADIENT_FRAC_UM, 0.9, binary(units))
        correlation = "-" if found.correlation is None else f"{found.correlation:.4f}"
        print(
            f"| {units} | {pattern} | {found.worst_centroid_um:.2f} | {found.bowl_um2:.0f} | {correlation} "
            f"| {found.max_ratio_mismatch:.2e} | {found.inl_lsb:.2e} | {found.dnl_lsb:.2e} |"
        )


def worst(levels, c_f, ideal):
    inl = inl_lsb(levels, c_f, ideal)
    return np.abs(inl).max(), np.abs(np.diff(inl, axis=-1)).max()


def errors_by_source(units, folder):
    """Random: 3 sigma of the worst code; gradient: worst direction; routing: from extraction, before and after."""
    weights = binary(units)
    found = balance(registry.build("cap_array", {"weights": weights}), folder)
    ideal, levels = np.array(weights, dtype=float), code_levels(np.array(weights))
    closed = CapacitorStatistics(found.cell).closed()
    print(f"| random, 3 sigma | {3 * closed['inl'].sigma:.4f} | {3 * closed['dnl'].sigma:.4f} |")
    places = units_of(found.cell.match_groups[0])
    slopes = tilted(places, GRADIENT_FRAC_UM) / places.areas
    worst_all = np.array(worst(levels, slopes * ideal, ideal))
    print(f"| gradient {GRADIENT_FRAC_UM:g}/um | {worst_all[0]:.4f} | {worst_all[1]:.4f} |")
    for name, wires_f in (("routing before", found.before_f), ("routing after", found.after_f)):
        inl, dnl = worst(levels, (found.unit_f * ideal + wires_f)[None], ideal)
        print(f"| {name} | {inl:.5f} | {dnl:.5f} |")
    rng = np.random.default_rng(1)
    sigma = CapacitorStatistics(found.cell).nominal
    drawn = rng.normal(sigma[0], sigma[1], (500, len(weights))) / found.unit_f
    mixed = drawn * slopes[rng.integers(len(slopes), size=500)] + found.after_f / found.unit_f
    inl = inl_lsb(levels, mixed, ideal)
    peaks = [np.percentile(np.abs(v).max(axis=-1), 99.7) for v in (inl, np.diff(inl, axis=-1))]
    print(f"| all together, 99.7 % of 500 | {peaks[0]:.4f} | {peaks[1]:.4f} |")
    print(f"\nimbalance in thousandths of a unit, before: {np.round(found.excess_before * 1e3, 2).tolist()}")
    print(
        f"after: {np.round(found.excess_after * 1e3, 2).tolist()} ({found.rounds} rounds, balanced: {found.balanced})"
    )
    print(f"bound if extraction errs by 10 %: {np.round(found.bound * 1e3, 2).tolist()}")


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
        f"| {cell.kind.value} | {spec.pattern} | {spec.sharing} | {spec.well} | {box.width() / 1e3:.2f} x "
        f"{box.height() / 1e3:.2f} | {notes['area_um2']:.1f} | {100 * notes['gate_area_frac']:.1f} | "
        f"{notes.get('area_by_common', 1):.2f} | {notes['centroid_residual_um']:.3f} | {spreads or '-'} |"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="+", default=[1024, 4096])
    parser.add_argument("--patterns", type=int, nargs="+", default=[64, 256, 1024, 4096])
    parser.add_argument("--converter", type=int, default=1024)
    parser.add_argument("--only", choices=["transistors"])
    parser.add_argument("--klt")
    parser.add_argument("--klt-pdk", help="folder that holds sky130A/libs.tech and libs.ref: klt asks that they exist")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| kind | pattern | sharing | well | um | area um2 | gates % | by common | centroid um | spread of C % |")
        print("|" + "---|" * 10)
        transistors(folder)
        if given.only:
            return
        print("\n| units | draw s | DRC s | LVS s | extract s | total s | |\n|---|---|---|---|---|---|---|")
        for units in given.units:
            speed(units, folder)
            if given.klt:
                klt_speed(given.klt, given.klt_pdk, units, folder)
        print("\n| units | pattern | centroid um | bowl um2 | L | M | INL LSB | DNL LSB |")
        print("|---|---|---|---|---|---|---|---|")
        for units in given.patterns:
            patterns(units)
        print("\n| error | INL LSB | DNL LSB |\n|---|---|---|")
        errors_by_source(given.converter, folder)


if __name__ == "__main__":
    main()
