"""A read of a crossbar: what is asked of it, its metrics, and its errors against another read.

The bench on ngspice and the array solver share them.
"""
