"""What everything stands on: clock, ids, actors, errors, reasons, jobs, events, XML, policy, store.

Owns no noun of the field. Promises: times are aware, writes are durable when they return,
a job exists exactly when the change that asked for it does. Called by every room.
"""
