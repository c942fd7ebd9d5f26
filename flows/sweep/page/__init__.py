"""The page of a sweep: figures, pictures of points, one HTML file that opens offline.

Made from the table alone.
"""
