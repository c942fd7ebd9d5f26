"""SKY130's layers as gdsfactory names and colours them, from analoom's own tables."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import gdsfactory as gf
import kfactory as kf
from gdsfactory.technology import LayerViews

from analoom.flows.export.looks import write_layer_properties
from analoom.pdk.layers import REMARKS, Layer, Marker


def _layers() -> type[gf.LayerEnum]:
    numbers: dict[str, tuple[int, int]] = {layer.name: layer.value for layer in (*Layer, *Marker)}
    numbers["LABEL_INSTANCE"] = REMARKS
    infos = {name: kf.kdb.LayerInfo(number, datatype, name) for name, (number, datatype) in numbers.items()}
    return kf.layer.layerenum_from_dict(kf.LayerInfos(**infos), "LAYERS", gf.kcl.layout)


LAYERS = _layers()
"""`LAYERS.MET1` and all others by the names of `analoom.pdk.layers`; gdsfactory names instances on `LABEL_INSTANCE`."""


@cache
def layer_views() -> LayerViews:
    """Colours and patterns, as in the `layers.lyp` of every results folder."""
    with tempfile.TemporaryDirectory() as folder:
        return LayerViews.from_lyp(write_layer_properties(Path(folder)))
