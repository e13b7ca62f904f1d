"""Two reports side by side: their subjects' values by kind, those that are alike beside each other.

It shows what a score rests on, value by value, with the ladders of the scorer; it scores nothing.
"""
