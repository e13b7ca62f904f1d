"""The made-up world: where people live, who they are, which companies report them.

Owns the tables and the proportions; their source is the developers' domain reference
(section numbers stand beside the figures). Called by the planning.
"""
