"""What is sent and what is really so: the pure plan.

Owns the report and file documents and the truth. Promises: no network, no clock, no state;
report ``i`` of a plan can be worked out without the others; pictures are drawn only when
their bytes are asked for.
"""
