"""Where results go and layouts come from: output folders, provenance, applications, layout files, tables.

Nothing here knows what a result means.
"""
