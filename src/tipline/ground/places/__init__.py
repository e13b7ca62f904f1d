"""Address, phone, ZIP -> place, each with its trust.

Owns the vendored geography (address ranges, area codes; `data/NOTICE` says whose it is),
the names of the US states and the federal circuits.
Promises: pure functions of their arguments; nothing is fetched; malformed input gives no
place and never raises; reserved addresses have no place; what the source cannot know stays
empty; every place names its source, its month or version, and how far it can be trusted.
Called by triage (is there a place at all?), routing (which agency?), the legal gate (which
circuit?) and every page that shows a place, which must also show
`attribution.attribution_of(place)`.
"""
