"""The master keys in service: made, taken into use, let go.

Owns the verbs over the key file and the wrapping anew of every data key (foundation keeps the
keys themselves). Promises: a rotation needs no restart and loses nothing, whenever it is cut
off; a key is let go only when no data key needs it, which the database itself makes sure of;
the ledger says who did what, by the names of keys, never by the keys. Called by the command
line, by the administrators' desk (to look) and by the pipeline (as a job).
"""
