"""The comparison of two netlists, and its differences in words with their places.

Opens, shorts, swapped pins, wrong sizes, floating wells.
"""
