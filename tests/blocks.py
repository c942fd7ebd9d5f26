"""Cells that take seconds to draw or to check, by name."""

BLOCKS = frozenset(
    (
        *("ota", "opamp", "follower", "comparator", "clocked_comparator", "weighted_sum"),
        *("current_dac", "bias", "ptat_bias", "ramp", "latch_array", "res_array", "translinear"),
        *("charge_mac", "current_layer", "current_network", "pwm_tile", "pwm_network", "backprop_network"),
    )
)
"""Tests given one of these are left out of the quick set (`conftest`), campaigns over them are for `make test-full`."""
