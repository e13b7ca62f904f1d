"""Identifiers in free text, and the standing text of a sender, which is no word about anybody.

Mining reads what somebody wrote about a report and proposes what may be an identifier; each is
marked as mined for ever. A line that a sender puts into its reports about many different
accounts is standing text: it is recognised by its digest, folded away on pages, never mined.
"""
