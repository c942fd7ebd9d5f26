"""Netlists flattened, and the models cut from the installed library for the sizes in use.

Equal to the library to the last digit.
"""
