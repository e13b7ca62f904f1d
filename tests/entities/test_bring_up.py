"""Links and judgements of before the ledger, as the migration leaves them."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from tests.entities.linked import link_of, machine_says, some_reports

from tipline.insight.entities.judging import services
from tipline.insight.entities.judging.queries import cannot_link
from tipline.insight.entities.models import Link, NearApart

bring_up = import_module("tipline.insight.entities.migrations.0006_bring_judgements_up").bring_up


def test_what_was_judged_before_holds_as_if_it_were_judged_now(world):
    a, b, c, d = some_reports(world, 4)
    ana = world.actor("ana")
    machine_says(b, {a: ("automatic", ["account"])})
    machine_says(c, {a: ("proposed", ["email"])})
    machine_says(d, {b: ("proposed", ["email"])})
    services.judge(ana, link_of(a, c), "yes")
    services.judge(ana, link_of(a, c), "no")
    services.judge(ana, link_of(b, d), "unsure")
    wanted = list(Link.objects.order_by("pk").values("machine", "state", "judged", "apart"))
    near = set(NearApart.objects.values_list("report_id", flat=True))

    Link.objects.update(machine="proposed", judged=False, apart=False)
    NearApart.objects.all().delete()
    bring_up(apps, None)

    now = list(Link.objects.order_by("pk").values("machine", "state", "judged", "apart"))
    assert now == wanted
    assert set(NearApart.objects.values_list("report_id", flat=True)) == {a, b, c} <= near
    assert cannot_link(b, c) == link_of(a, c)
