"""How the wires of a weighted sum are reduced for its post-layout view."""

from __future__ import annotations

from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions

WIRING = Wiring(direct=RcOptions(min_c_f=1e-18, min_r_ohm=1.0, up_to_hz=1e8))
"""As amplifiers': resistances of ohms act on direct currents of uA, capacitances alone on what moves."""
