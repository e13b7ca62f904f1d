"""Populations: latent cases, and what senders make of them.

Owns a generative model that is written down once and used twice: :mod:`drawing` draws reports
from it, :mod:`posterior` turns it round and says how likely each case is, given what was sent.
Promises: what is sent is a function of the values drawn, never of the case itself; the values
are independent of each other given case and sender, so the posterior is exact; the same seed
gives the same reports in every process. All words are tame, and no text describes abuse.
Called by :mod:`simulator.planning.plan` (over HTTP, as every plan) and by the benchmarks.
"""
