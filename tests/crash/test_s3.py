"""The same promises over a bucket: nothing acknowledged is lost, what a kill leaves is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.crash.office import Office
from tests.crash.processes import Deployment, wait_until
from tests.crash.storm import RANDOM, Life, Plan
from tests.crash.test_kills import check, storm
from tests.s3 import Serving, serving

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
#: The points of the store itself.
WEB = [Life("store.written"), Life("store.renamed", 2)]
WORKER = [Life("destroy.deleted")]
#: The same again, with those beside them.
WEB_TWICE = [*WEB, Life("upload.before_commit"), Life(RANDOM)] * 2
WORKER_TWICE = [*WORKER, Life(RANDOM)] * 2


@pytest.fixture
def bucket(deployment: Deployment) -> Iterator[Serving]:
    with serving(deployment.folder / "bucket") as one:
        deployment.settings.update(one.environment)
        yield one


# A store does not know which database names its objects: the suite is content with one of them.
TWICE = pytest.param(
    WEB_TWICE, WORKER_TWICE, marks=[pytest.mark.both_databases, pytest.mark.proof], id="twice"
)


@pytest.mark.parametrize(("web", "worker"), [pytest.param(WEB, WORKER, id="once"), TWICE])
def test_a_storm_over_a_bucket(
    bucket: Serving, office: Office, web: list[Life], worker: list[Life]
) -> None:
    plan = Plan(web=web, worker=worker, answers=[])
    told = storm(office, plan, seed=3, most=600)
    check(told, plan.kills)
    assert not (office.deployment.home / "objects").exists()
    assert len(bucket.bucket.names()) >= told.findings["read_back"]


def die(deployment: Deployment, mebibytes: int, kill_at: str) -> None:
    with deployment.product("deposit", str(mebibytes), kill_at=kill_at) as process:
        wait_until(lambda: process.killed_at() != [], f"death at {kill_at}")


def test_what_a_kill_leaves_in_a_bucket_is_seen_by_nobody_or_named_by_no_row(
    bucket: Serving, deployment: Deployment
) -> None:
    die(deployment, 1, "store.written")
    assert (bucket.bucket.names(), bucket.bucket.uploads()) == ([], [])
    die(deployment, 20, "store.written")
    assert bucket.bucket.names() == []
    assert len(bucket.bucket.uploads()) == 1
    die(deployment, 20, "store.renamed")
    assert len(bucket.bucket.names()) == 1
    assert len(bucket.bucket.uploads()) == 1


def test_a_bucket_that_is_away_is_a_503_and_comes_back(
    bucket: Serving, office: Office, deployment: Deployment
) -> None:
    with deployment.web() as web:
        web.wait_until_ready(deployment)
        office.sender.send(office.planned(0), "finish", b"[synthetic]")
        bucket.stop()
        assert deployment.get("/readyz", patience=60)[0] == 503
        assert deployment.get("/healthz")[0] == 200
        bucket.start()
        wait_until(deployment.is_ready, "the store to be found again")
        office.sender.send(office.planned(4), "finish", b"[synthetic]")
        with deployment.worker():
            deployment.wait_until_done()
        web.terminate()
        assert web.code() == 0
        secret = bucket.environment["AWS_SECRET_ACCESS_KEY"]
        for log in deployment.logs.iterdir():
            assert secret not in log.read_text(errors="replace")
    assert office.findings()["lost"] == []
