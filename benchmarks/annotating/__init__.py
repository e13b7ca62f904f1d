"""`tipline bench annotating`: a stream of files in the shape of 2023 through the house and studio.

Each file arrives in a report of its own and goes through every stage; simulated analysts work the
studio's queue empty after each round, and then the second looks that this asked for. Counted is
how often a person was shown something, and why the rest was shown to nobody.
"""
