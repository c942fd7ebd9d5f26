"""DRC and LVS of many layout files: found in folders, checked two at a time, one report.

A file that cannot be read keeps no other from being checked.
"""

FILES_AT_ONCE = 2
"""When nothing else is said."""
