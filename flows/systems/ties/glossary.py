"""What the metrics of antenna diodes and taps mean."""

from __future__ import annotations

from analoom.flows.bench.glossary import Glossary, Meaning

DIODE: Glossary = {
    "c_c": Meaning("F", "capacitance that the diode adds to its net, at the voltage v"),
    "c_c_0": Meaning("F", "capacitance that the diode adds to its net, at 0 V"),
    "i_leak": Meaning("A", "current from the net, by the model: without the generation silicon adds"),
    "antenna_li1": Meaning("", "li1 sidewall that the net may have by its gate area, other diffusion not counted"),
    "antenna_met1": Meaning("", "sidewall of each metal that the net may have by its gate area, likewise"),
}
TAP: Glossary = {
    "contacts_vdd": Meaning("", "contacts of the n-well's tap"),
    "contacts_vss": Meaning("", "contacts of the substrate's tap"),
    "c_well": Meaning("F", "junction of the drawn n-well to the substrate, at zero bias"),
}
