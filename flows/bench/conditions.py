"""The conditions that the models hold for."""

from __future__ import annotations

from analoom.pdk.errors import InputError

COLDEST_DEGC, HOTTEST_DEGC = -40.0, 125.0


def checked_temp(temp_degc: float) -> float:
    """The temperature, where the models hold. Raises InputError outside."""
    if not COLDEST_DEGC <= temp_degc <= HOTTEST_DEGC:
        bounds = f"{COLDEST_DEGC:g} to {HOTTEST_DEGC:g} degC"
        nearest_degc = min(max(temp_degc, COLDEST_DEGC), HOTTEST_DEGC) if temp_degc == temp_degc else 27.0
        said = f"temp = {temp_degc:g}: must be {bounds}, where the models hold"
        raise InputError(said, field="temp", remedy=f"--temp {nearest_degc:g}")
    return temp_degc
