"""Draws: two percent of what nobody would look at, drawn by chance for a look each week.

Owns draws and what was found. Promises: nobody picks what is drawn; each week is drawn once,
also after a time without a worker; a report found too low is back in the open list at once.
A recurring call draws, the desk looks, the page of figures says what was found.
"""
