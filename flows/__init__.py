"""What is done with a cell: checks, extraction, simulation, mismatch, reports. Nothing here draws."""
