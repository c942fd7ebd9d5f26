"""Tiles one behind the other as a network of layers: its dies by the solver, and what is measured of them."""
