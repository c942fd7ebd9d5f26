"""The Pdk for gdsfactory: SKY130's layers, wires, vias and heights, and every registered cell."""

from __future__ import annotations

from functools import cache, partial

import gdsfactory as gf

from analoom.cells.model.registry import entries
from analoom.pdk.layers import CUTS

from .components import component_function
from .heights import layer_stack
from .layer_map import LAYERS, layer_views
from .transitions import transitions
from .wires import METAL_ROUTING, wires

FROM_GDSFACTORY = (gf.components.straight, gf.components.wire_corner, gf.components.rectangle)
"""What gdsfactory's routers draw with."""


@cache
def pdk() -> gf.Pdk:
    """The Pdk: `pdk().activate()`, then `gf.get_component("matched_pair", w=4)`."""
    routes = partial(gf.routing.route_bundle_electrical, cross_section=METAL_ROUTING)
    vias = transitions()
    return gf.Pdk(
        name="analoom_sky130",
        cells={
            **{part.__name__: part for part in FROM_GDSFACTORY},
            **{via.__name__: via for via in vias.values()},
            **{name: component_function(entry) for name, entry in entries().items()},
        },
        cross_sections=wires(),
        layers=LAYERS,
        layer_views=layer_views(),
        layer_stack=layer_stack(),
        layer_transitions=vias,
        connectivity=[(low.name, cut.name, high.name) for cut, (low, high) in CUTS.items()],
        routing_strategies={"route_bundle": routes, "route_bundle_electrical": routes},
    )
