"""The vault's check: the store against the rows that name its objects, both ways.

Objects that no row names are swept once two checks a day apart have seen them; rows whose
bytes are missing or do not open are findings, which stand until a check finds the bytes again
or the report is destroyed. Promises: constant memory, small steps that go on where they were
cut off, nothing deleted that an upload under way is about to name, nothing missing that is
silently dropped. Called by the pipeline (daily), the administrators' desk and the command line.
"""
