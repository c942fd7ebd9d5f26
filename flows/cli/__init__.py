"""The command line: one module a group of commands, each a thin layer over the Python API.

The entry point is `executable.main`; nothing exists here alone.
"""
