"""From weights to a chip: a trained network mapped, drawn, signed off, and judged on dies that it is trained for."""
