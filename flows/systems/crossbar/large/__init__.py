"""Arrays beyond ngspice, and what the drawn lines do to any array, all on the array solver.

IR drop, settling, smaller corners of an array, batches of reads.
"""
