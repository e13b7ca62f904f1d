"""Learning points for danger from what people found. It proposes; two people publish.

Owns no table. Promises: the direction of a sign never turns and no sign is lost; a closure
that speaks of evidence is no answer, so that it lowers nothing; few answers move little, none
move nothing; caps, bounds, bands and tests of the policy stay as they are; without enough
answers nothing is proposed and a sentence says what is missing. The command line calls it.
"""
