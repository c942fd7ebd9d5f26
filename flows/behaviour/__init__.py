"""Systems of ideal blocks, by their equations: what a paper says of them, before any transistor.

`backprop` trains a network by continuous-time backpropagation; `backprop_deck` is the same as a netlist.
"""
