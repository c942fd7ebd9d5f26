"""One point of a sweep drawn and measured: what is asked of it, its columns, its picture.

Tasks and results are plain JSON.
"""
