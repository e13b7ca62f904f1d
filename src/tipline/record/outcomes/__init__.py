"""What became of a report: what agencies answer.

Owns outcomes, one row per answer, added and never changed. Promises: an answer comes from
the closed list of the field's feedback form; an ESP learns of it in sum, and per report only
when the agency released it. Cases write through here; triage, statistics and ESPs read.
"""
