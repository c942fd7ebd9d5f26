"""Where results go and layouts come from: output folders, provenance, applications, layout files, tables, quantities.

Nothing here knows what a result means.
"""
