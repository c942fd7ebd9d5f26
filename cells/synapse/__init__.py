"""The synapses: 2T1C and common-source, and the storage they share.

Tiles that abut into crossbars.
"""
