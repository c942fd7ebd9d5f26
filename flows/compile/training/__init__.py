"""Training with quantised weights: straight-through rounding, Adam, restarts, and every die with gains of its own."""
