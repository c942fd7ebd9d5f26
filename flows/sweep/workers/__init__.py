"""Who measures the points of a sweep: local processes or a Dask cluster, with a store of what is done.

No point is measured twice.
"""
