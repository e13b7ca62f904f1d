"""The pages of the link model: proposed by one supervisor, tried, published by another."""

from __future__ import annotations

import csv
import io

import pytest
from tests.entities.models_made_up import model_file, taught
from tests.entities.related import about
from tests.personas import file_report

from tipline.ground.foundation import worker
from tipline.pipeline import stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def silas(signed_in):
    return signed_in("silas")


def html(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_model_from_proposal_to_going_back(world, sofia, silas, ana):
    for name in ("one", "two"):
        stages.run(file_report(world, document=about(name, screenName="kestrel_of_the_north")).pk)
    assert ana.get("/desk/link-model/").status_code == 404
    assert "Nothing was published here yet" in html(sofia.get("/desk/link-model/"))
    wrong = model_file(model=taught("screen_name", "same_at_service", 0.001)).decode()
    refused = sofia.post("/desk/link-model/propose/", {"content": wrong})
    assert refused.status_code == 422
    assert "which is nearer" in refused.content.decode()

    new = model_file("2", model=taught("screen_name", "same_at_service", 0.2), least=40.0).decode()
    at = sofia.post("/desk/link-model/propose/", {"content": new})["Location"]
    said = html(sofia.get(at))
    assert "In bits: screen name" in said
    assert "Same screen name" in said
    assert "pic-shifts" in said
    assert "bits that a pair needs by that" in said
    assert silas.post(f"{at}publish", {"reason": "why"}).status_code == 409

    sofia.post(f"{at}try")
    worker.run_ready("one")
    said = html(sofia.get(at))
    assert "Of 1 that wait 1 proposal goes; among what 2 reports meet 0 pairs become one." in said
    assert "Waiting for a person" in said
    assert "no proposal" in said
    rows = list(csv.reader(io.StringIO(sofia.get(f"{at}pairs.csv").content.decode())))
    assert len(rows) == 2

    assert "New links are made by it" in html(
        silas.post(f"{at}publish", {"reason": "why"}, follow=True)
    )
    said = html(sofia.get("/desk/link-model/"))
    assert "In force: <bdi>made-up@2</bdi>" in said
    assert "./tipline links again makes them anew" in said
    assert "In bits" in html(sofia.get(at)) or "It is the policy in force" in html(sofia.get(at))

    back = {"reason": "A drill.", "seen": said.split('name="seen" value="')[1].split('"')[0]}
    assert "The model before is back" in html(
        sofia.post("/desk/link-model/take-back", back, follow=True)
    )
