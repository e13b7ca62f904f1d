"""What the link model's levels are worth, learned from the store's own subjects without labels.

Splink (the extra ``train``) finds m by expectation maximisation over our own ladders; u of what is
the same follows from how often values occur, u of what is only alike from pairs drawn at random.
What too little was seen of keeps the value of the model in force. The result is a model file that
our reader checks; two people publish it, or nobody does. See decision 34.
"""
