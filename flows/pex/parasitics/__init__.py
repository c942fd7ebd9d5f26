"""What an extraction found: the record of it, and its text as SPICE and SPEF.

Nothing here extracts.
"""
