"""What shuttles ask of a design: frames of pins, supplies, banned metal, layers that they know."""
