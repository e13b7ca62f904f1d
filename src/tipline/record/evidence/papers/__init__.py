"""Papers that open files: warrants, consents, exigencies, from the application to their end.

Owns openings, the files that they name, and every change of their state. Promises: only what is
granted, names the file, belongs to the asker and has not ended opens anything; states only move
forward, each move is kept with who made it and why; two people at once make one move. Agencies
record theirs and supervisors those of the house, through their desks; the gate reads them.
"""
