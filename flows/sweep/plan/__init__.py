"""What a sweep is to do: axes, the job and its file, and the points of its grid by name.

The ready jobs lie in `jobs/`. Nothing here draws.
"""
