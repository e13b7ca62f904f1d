"""What arrived, by which door, with which outcome: the books.

Owns submissions (each attempt to open a report), refused calls and the verbs of a report's
arrival: submit, receive a file, its details, finish, retract, expire. Promises: whatever is
acknowledged is durable; whatever is retried with the same key has one effect; what is
refused is kept too; per door and day received = accepted + duplicate + refused + expired +
retracted + open. Every door calls these services and no other way leads to a report.
"""
