"""Identifiers and the links between reports that share them.

Owns identifiers (normalised, each with its role), links and judgements on links. Promises:
roles never merge; a victim's identifier never links by itself; only exact, scoped identifiers
of suspects link automatically and stay visibly automatic; everything else is a proposal that
counts for nothing until a person judges it; judgements are added, never changed. A stranger
to matching. The pipeline and the desk call; triage reads.
"""
