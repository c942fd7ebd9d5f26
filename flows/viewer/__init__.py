"""A layout to look at in a page: shapes and solids as data, and the scripts that draw them in two and three dimensions.

Nothing is fetched; names from a layout stay data and never become part of the page.
"""
