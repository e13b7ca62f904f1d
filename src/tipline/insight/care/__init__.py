"""Care for the people who look.

Owns looks (who saw what, when, for how long), wishes, limits and breaks, and makes the pictures
that people are shown. Promises: a picture is small, grey, blurred and silent until a person asks
for more with a reason; each look is counted for the one who looked, and nobody is ranked by it;
what somebody does not want to see is not offered to them; a limit stops looking and nothing
else. Desks and the studio call it before and after each look.
"""
