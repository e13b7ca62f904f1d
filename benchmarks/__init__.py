"""Benchmarks: measured side by side with peers in one run, told as ratios.

Owns no claim that was not measured: each benchmark prints its table, what it reached of what
was to be reached, and the machine. Called by ``./tipline bench NAME`` and, small, by the tests.
"""
