"""What a network can be compiled to: one record a target."""
