"""What the mismatch analysis of a capacitor cell is asked."""

from __future__ import annotations

from analoom.flows.statistics.settings import AnalysisSettings


class CapacitorAnalysis(AnalysisSettings):
    """Nothing more: capacitors have no operating point."""
