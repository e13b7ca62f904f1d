"""Where a report goes: evidence of place to the agencies responsible.

Owns referrals: each hand-over of a report to an agency, with its reasons and answer.
Promises: every assessed report is made available to someone; different places mean all
their agencies; the ordered evidence is kept as reasons; a hand-over is acknowledged or
visibly waits. The pipeline routes; an analyst may add an agency; cases read.
"""
