"""A day of Ana's, over HTTP, from the queue to done and back."""

from __future__ import annotations

import copy
import re

import pytest
from tests.personas import DOCUMENT
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture
from tests.portals_desk.test_queue import numbers

from tipline.ground.accounts.queries import agencies
from tipline.ground.audit.queries import entries_for
from tipline.ground.foundation.worker import run_ready

pytestmark = pytest.mark.django_db


def test_ana_works_a_report(client, world, filed):
    kite = picture(1)
    first = filed(files=[(kite, VIEWED)]).pk
    second = copy.deepcopy(DOCUMENT)
    second["incidentSummary"]["escalateToHighPriority"] = "They meet tomorrow."
    urgent = filed(esp="quillnet", document=second, files=[(kite, UNSEEN)]).pk

    # She signs in and comes to the queue; the urgent one is on top.
    signed = client.post("/login/", {"username": "ana", "password": "correct horse battery"})
    assert signed["Location"] == "/desk/"
    queue = client.get("/desk/").content.decode()
    assert numbers(queue)[0] == urgent

    # The key c presses this button of the pane.
    pane = queue[queue.index('id="pane"') :]
    claim = re.search(
        r'action="([^"]+/claim)"[^>]*>(?:(?!</form>).)*data-key="c"', pane, re.DOTALL
    )[1]
    client.post(claim, {"back": "/desk/"})
    assert "You have it." in client.get("/desk/").content.decode()

    # She opens the report, and labels its file: one press.
    page = client.get(f"/desk/reports/{urgent}/").content.decode()
    label = re.search(r'formaction="([^"]+/labels/production/set)"', page)[1]
    client.post(label)
    run_ready("the worker")

    # The label shows on the exact copy in the other report.
    other = client.get(f"/desk/reports/{first}/").content.decode()
    shown = other[other.index('id="files"') : other.index('id="links"')]
    assert re.search(r"Signs of production <span class=\"tag tag-analyst", shown)

    # The two share an account: she judges the link.
    judge = re.search(r'action="([^"]+/judge)"', page)[1]
    client.post(judge, {"verdict": "yes", "note": "Same account."})
    assert "confirmed, counts" in client.get(f"/desk/reports/{urgent}/").content.decode()

    # One more agency should have it.
    texas = next(row.pk for row, _facts in agencies() if row.name == "Texas ICAC")
    client.post(f"/desk/reports/{urgent}/referrals", {"agency": texas, "why": "They meet there."})
    assert "They meet there." in client.get(f"/desk/reports/{urgent}/").content.decode()

    # Done, next; and with z she takes it back.
    answer = client.post(f"/desk/reports/{urgent}/done", {"back": "/desk/"})
    after = client.get(answer["Location"]).content.decode()
    assert numbers(after) == [first]
    undo = re.search(r'id="undo".*?action="([^"]+)"', after, re.DOTALL)[1]
    client.post(undo)
    assert numbers(client.get("/desk/").content.decode()) == [urgent, first]

    verbs = [one["verb"] for one in entries_for(world.actor("ana"), f"report:{urgent}")][::-1]
    assert verbs[verbs.index("queue.claimed") :] == [
        "queue.claimed",
        "report.read",
        "label.set",
        "label.change-told",
        "link.judged",
        "referral.made",
        "queue.done",
        "queue.reopened",
    ]
