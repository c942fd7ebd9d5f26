"""Images scaled to a network's inputs: a network of fewer inputs gets the means of squares of pixels."""

from __future__ import annotations

from dataclasses import replace
from math import isqrt

from .dataset import Array, Dataset

SIDE = 28
"""Images of so many pixels across and down are scaled; others are taken as they are."""


def fitted(data: Dataset, inputs: int) -> Dataset:
    """The set with images of `inputs` pixels: where it is of 28 x 28 images and `inputs` a smaller square whose side
    goes into 28, each pixel the mean of the square that it stands for. Any other set is given as it is."""
    side = isqrt(inputs)
    if data.image != (SIDE, SIDE) or side * side != inputs or side >= SIDE or not side or SIDE % side:
        return data
    by = SIDE // side
    said = f"{SIDE} x {SIDE} pixels to {side} x {side}: means of {by} x {by}"
    scaled = replace(data, x_train=_means(data.x_train, by), x_test=_means(data.x_test, by), scaled=said)
    return scaled.with_image(side, side)


def _means(x: Array, by: int) -> Array:
    """Means (points, pixels) of squares of `by` x `by` pixels of images `x` (points, SIDE * SIDE)."""
    side = SIDE // by
    return x.reshape(len(x), side, by, side, by).mean(axis=(2, 4)).reshape(len(x), side * side)
