"""The report of a cell: one HTML page that opens offline, its plots, and figures in few words.

Made from the JSON of the steps.
"""
