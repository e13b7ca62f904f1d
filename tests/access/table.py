"""Who gets what at every address: one row of ``table.txt`` for each route, method and object.

Columns are the people of the tests (see ``tests/personas.py``): nobody is signed in; Ana the
analyst, Sofia the supervisor, Adam the administrator; Enzo of the ESP Harborline and Qadir of
Quillnet; Ines of California, Tomas of Texas, Fay of the federal queue; Sam is an analyst who
was suspended while signed in; h-api and q-api are the machine accounts of the two ESPs.

Objects (see ``house.py``): ``ca`` is a report of Harborline at California's desk, ``tx`` one of
Quillnet at Texas', ``fed`` one of Harborline in the federal queue; ``open-h`` and ``open-q``
are reports that Harborline and Quillnet have not finished; ``pub-ca`` and ``pub-tx`` are of the
public, sealed, at California's and Texas' desk; ``dull`` is one of Quillnet that is
folded in a bundle and was drawn for a look; ``ca-kid``, ``tx-kid`` and ``open-kid`` are a child
in the file of ``ca``, ``tx`` and ``open-h``; ``look-a`` and ``look-s`` are blind looks that Ana
and Sofia hold, ``differ`` is one that waits for a senior; ``blind`` is a second look at a
link that Ana holds, ``merge`` one at a large merge of Sam's, ``roles``
a value in two roles; ``esp`` and ``agency`` are organisations;
``view-a`` and ``view-s`` are views that Ana and Sofia keep, ``act`` is a batch act of Ana's,
``shift`` her hand-over; ``policy`` is a version of the triage policy that Silas, another
supervisor, proposed; ``table`` one of the gate's table, ``model`` one of the link model;
``paper`` is a warrant of the house that names a file of ``ca``;
``list`` is a foreign list with an entry that is set aside, ``own`` one of
ours with content that waits for more people, ``own-o`` content of ``open-h`` there;
``shared`` is one for members of the exchange, ``member`` one of these; ``-`` is none.

Cells: the status; ``in`` leads to the sign-in page; ``=5001`` is the reporting API's own code
in an answer of status 200. ``GET`` stands for ``HEAD`` too, but at the API; ``any`` is every
method. A route that is not here, or a
method that a route takes and that is not here, fails the suite. So does a row without a route.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Its rows.
TABLE = Path(__file__).with_name("table.txt").read_text(encoding="utf-8")


_MACHINES = {"h-api": "harborline", "q-api": "quillnet"}


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    object: str
    expected: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.route} {self.method} {self.object}"


def rows() -> list[Row]:
    """The table, line by line; comments and blank lines are for people."""
    lines = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    heading, *body = lines
    personas = [_MACHINES.get(name, name) for name in heading[3:]]
    made = []
    for cells in body:
        assert len(cells) == len(heading), f"this row has another number of cells: {cells}"
        made.append(Row(*cells[:3], dict(zip(personas, cells[3:], strict=True))))
    return made


#: Views that check something else than Django's token against forged forms, and what.
CSRF_EXEMPT = {
    "ispws-status": "Basic authentication",
    "ispws-xsd": "Basic authentication",
    "ispws-submit": "Basic authentication",
    "ispws-upload": "Basic authentication",
    "ispws-fileinfo": "Basic authentication",
    "ispws-finish": "Basic authentication",
    "ispws-retract": "Basic authentication",
    "ispws-check": "Basic authentication; nothing is changed",
    "ispws-unknown": "Basic authentication",
    "hashes-status": "Basic authentication",
    "hashes-members": "Basic authentication",
    "hashes-entries": "Basic authentication",
    "hashes-reasons": "Basic authentication",
    "hashes-categorizations": "Basic authentication",
    "hashes-large": "Basic authentication",
    "hashes-feedback": "Basic authentication",
    "hashes-feedback-old": "Basic authentication",
    "hashes-unknown": "Basic authentication",
    "esp:upload": "a token in the address, of the person, the session and the report",
}
