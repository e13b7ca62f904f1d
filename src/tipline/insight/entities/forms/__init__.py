"""Normal forms of identifiers, a module for each kind.

Each takes what was written and gives a :class:`~.rules_form.Form`: a value that equals another
exactly where both mean the same thing, or why there is none. Promises: no text, of whatever
length or script, makes one fail; normalising a normal form changes nothing. Looser forms, by
which values are compared and never joined, stand beside (``skeleton``, ``mailbox``).
"""
