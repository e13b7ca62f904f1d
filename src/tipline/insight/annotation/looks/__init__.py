"""Second looks: another person labels the same content without knowing what the first said.

Owns looks, answers and settlements. Promises: who is asked has said nothing of the content and
has not read what others said; what was said stays hidden from whoever holds a look until they
answer; a disagreement is settled by a third person with a reason, by new statements. Labels ask
for looks as they are written; the desk answers and settles; figures read the agreement.
"""
