from __future__ import annotations

from typing import Any

from django.db import migrations, models


def bring_up(apps: Any, _schema_editor: Any) -> None:
    """What the new columns say of links and judgements that are there already."""
    link, judgement, near = (
        apps.get_model("entities", name) for name in ("Link", "Judgement", "NearApart")
    )
    link.objects.filter(state="automatic").update(machine="automatic")
    rows = judgement.objects.order_by("pk").values_list("link_id", "verdict")
    newest: dict[int, str] = dict(rows.iterator())
    ends: set[int] = set()
    for key, verdict in newest.items():
        row = link.objects.get(pk=key)
        row.judged, row.apart = True, verdict == "no"
        row.save(update_fields=["judged", "apart"])
        ends |= {row.low_id, row.high_id} if row.apart else set()
    counted = link.objects.filter(state__in=["automatic", "confirmed"])
    found: set[int] = set()
    edge = ends
    while edge:
        found |= edge
        beside = counted.filter(models.Q(low__in=edge) | models.Q(high__in=edge))
        pairs = beside.values_list("low_id", "high_id")
        edge = {number for pair in pairs for number in pair} - found
    near.objects.bulk_create([near(report_id=number) for number in sorted(found)])


class Migration(migrations.Migration):

    dependencies = [("entities", "0005_judging")]

    operations = [migrations.RunPython(bring_up, migrations.RunPython.noop)]
