"""The rule engine in process: rule tables, derived layers and the checks they name.

`engine` runs them; `first_look` and `bottom_up` are for large arrays.
"""
