"""`tipline bench matching`: everything within 31 of 256 bits, beside other exact searches.

One process, one thread, rounds in turn, thread CPU time, medians: so what the machine's other
work costs falls on all alike. Ours is asked as the product asks it, through an index over a
table in SQLite, and looks for what other processes have committed before each answer.
"""
