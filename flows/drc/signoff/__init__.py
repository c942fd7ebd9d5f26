"""The official engines: the shuttle's KLayout deck, Magic, the precheck's own checks, antenna ratios.

Each runs an application and reads its log.
"""
