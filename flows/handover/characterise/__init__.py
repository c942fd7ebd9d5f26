"""For CACE: a datasheet with testbenches of a cell, which give the figures that `analoom sim` gives."""
