"""What trains a crossbar in place, drawn in shared rows and wells: clamp, nudge, amplifier, update.

Each block serves one column or one weight of a crossbar whose rows and columns rest at half the supply.
"""
