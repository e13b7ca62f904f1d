"""What people judge of a report: its urgency, its disposition, its level.

Owns judgements, one row per word of a person, added and never deleted. Promises: unconfirmed
urgent stays urgent until a person refutes exactly the signals that stand, with a reason; where
the ESP escalated or self-harm is cited nothing follows until another person seconds it; a
signal that comes later makes the report urgent again; withdrawing restores what was before.
The desk calls the services; gathering reads what is in force.
"""
