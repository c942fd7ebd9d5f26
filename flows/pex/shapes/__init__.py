"""Drawn shapes as conductors with nets: merged boxes by level, and the names that labels give.

Capacitance and resistance are both extracted from these.
"""
