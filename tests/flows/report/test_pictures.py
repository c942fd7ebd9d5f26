"""Pictures of measurements: where panels lie, what is drawn in them; they stand in the page for single curves."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.image import imread

from analoom.flows.bench.picture import Line, Panel, Picture
from analoom.flows.report.pictures import SHADE, png_of
from analoom.flows.report.plots import curve_plots

X = np.linspace(0.0, 10.0, 11)


def pixels(*panels: Panel) -> np.ndarray:
    """Red, green, blue, 0 to 255."""
    return np.round(imread(io.BytesIO(png_of(Picture("a run", panels))))[..., :3] * 255).astype(int)


def count(image: np.ndarray, colour: str) -> int:
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return int((image == wanted).all(axis=-1).sum())


def panel(**more: object) -> Panel:
    return Panel("a", "time (s)", "y (V)", (Line(X, X**2, "y"),), **more)  # type: ignore[arg-type]


def test_two_narrow_panels_share_a_row_and_a_wide_one_has_its_own() -> None:
    one, two, wide = pixels(panel()), pixels(panel(), panel()), pixels(panel(), panel(), panel(wide=True))
    assert one.shape == two.shape and one.shape[1] == 1430, "11 in of 130 dots"
    assert wide.shape[0] - two.shape[0] == 299, "2.3 in more"
    assert pixels(panel(), panel(wide=True), panel()).shape[0] - two.shape[0] == 2 * 299


def test_spans_are_shaded_by_their_share_of_the_axis() -> None:
    none, third, all_of_it = (pixels(panel(wide=True, shaded=s)) for s in ((), ((0.0, 3.0),), ((0.0, 10.0),)))
    assert count(none, SHADE) == 0
    assert 0.25 < count(third, SHADE) / count(all_of_it, SHADE) < 0.35


def test_a_picture_stands_for_the_curves_of_its_view(tmp_path) -> None:
    csv, png = tmp_path / "y.csv", tmp_path / "run.png"
    csv.write_text('"t (s)","y (V)"\n0,0\n1,1\n')
    png.write_bytes(png_of(Picture("a run", (panel(),))))
    plain = {"files": {"y": str(csv)}}
    assert list(curve_plots({"schematic": plain})) == ["y"]
    assert curve_plots({"schematic": {"files": {"y": str(csv), "run_png": str(png)}}}) == {}
