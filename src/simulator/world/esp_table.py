"""The invented senders. Each stands in the place of one real sender of 2023, for its share only.

Reports of 2023 from the domain reference, section 12 [ESP23]: the named senders (the two
accounts of one company as one), then 223 more that share the remaining 165,731 reports,
140 of them with fewer than 100 each. Names, practices and addresses are invented and say
nothing about any company.
"""

from __future__ import annotations

from typing import NamedTuple

TAIL_REPORTS = 165_731
TAIL_SENDERS = 223
TAIL_SMALL = 140


class Row(NamedTuple):
    """A sender: name, reports of 2023, kind of service, client style and practices."""

    name: str
    reports: int
    kind: str
    client: str
    viewed: str
    times: str
    notice: str


# viewed: person | twin | machine | unknown; times: zoned | utc | local | unknown
SENDERS: tuple[Row, ...] = (
    Row("Harborline", 17_838_422, "social", "fetch", "person", "zoned", "delay"),
    Row("Lumenroll", 11_430_007, "social", "quoted", "twin", "zoned", "delay"),
    Row("Ostrelle", 1_470_958, "storage", "go", "person", "zoned", "never"),
    Row("Pigeonwick", 1_389_618, "messaging", "service", "unknown", "zoned", "unknown"),
    Row("Chirrowell", 870_503, "social", "ruby", "machine", "utc", "tells"),
    Row("Flitterpane", 713_055, "messaging", "fetch", "person", "zoned", "never"),
    Row("Loopandra", 590_376, "video", "indented", "person", "local", "delay"),
    Row("Parlorquay", 339_412, "messaging", "service", "person", "zoned", "never"),
    Row("Threadmoor", 290_141, "forum", "go", "unknown", "zoned", "tells"),
    Row("Wanderbooth", 188_102, "messaging", "parallel", "machine", "unknown", "unknown"),
    Row("Casementa", 139_265, "storage", "quoted", "person", "zoned", "delay"),
    Row("Lanternet Hotlines", 106_526, "hotline", "indented", "person", "zoned", "never"),
    Row("Picquarry", 58_957, "social", "parallel", "twin", "utc", "unknown"),
    Row("Boxhollow", 54_045, "storage", "ruby", "person", "zoned", "tells"),
    Row("Corkmeadow", 52_356, "social", "fetch", "person", "zoned", "delay"),
    Row("Unshare Desk", 48_253, "hotline", "quoted", "unknown", "zoned", "never"),
    Row("Emberwink", 45_073, "messaging", "service", "person", "zoned", "delay"),
    Row("Pupilgate", 41_387, "school", "quoted", "machine", "local", "unknown"),
    Row("Carrierloft", 37_097, "carrier", "ruby", "twin", "utc", "never"),
    Row("Shelfalbum", 25_497, "storage", "go", "person", "zoned", "delay"),
    Row("Inkbramble", 19_335, "forum", "parallel", "person", "zoned", "tells"),
    Row("Tappling", 17_394, "messaging", "indented", "unknown", "unknown", "unknown"),
    Row("Blockmirth", 13_316, "gaming", "service", "person", "zoned", "delay"),
)
MERGED_TAIL = Row("Small Hosts Pool", 0, "forum", "parallel", "unknown", "unknown", "unknown")

TAIL_KINDS = ("forum", "messaging", "storage", "gaming", "video", "p2p", "mail")
TAIL_CLIENTS = ("quoted", "fetch", "go", "indented", "service", "ruby", "parallel")
