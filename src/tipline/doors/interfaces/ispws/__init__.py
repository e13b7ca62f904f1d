"""The ESP Reporting API on the wire: seven endpoints in shapes that real clients parse, a check.

Owns nothing: it authenticates, parses, calls intake and answers. Promises: HTTP 200 with a
code for every application outcome, 401 for wrong credentials, 5xx only for faults; elements
in schema order; ``reportId`` always present; file ids that survive JavaScript. The check is
ours: it answers in JSON and keeps nothing. Called by ESPs.
"""
