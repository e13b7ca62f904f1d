"""What words in free text hint at: reading, the open lexicon, and finding. All of it pure.

Owns no table. Promises: bounded work whatever is sent, quotes that are the text's own words,
nothing counted twice. ``triage/rules_cues.py`` is the way in; ``docs/reference/lexicon.md``
says how the word lists are written.
"""
