"""Values that are a suspect's in one report and a victim's or an intended recipient's in another.

Owns role conflicts and what seniors answer. Promises: such a value links nothing and merges no
roles; it is told on every report that has it; a senior says what it is, with a note, and answers
are added, never changed. The reading of identifiers calls ``services``, the desk both.
"""
