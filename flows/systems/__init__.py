"""One room a kind of system: its bench, settings, statistics, error budget.

A cell names its system by the room's name.
"""
