"""Of a member of the public who reported, a country and a state are left: the rest is sealed."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PUBLIC_DOORS = ("public", "phone")


def coarsen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("enrichment", "Whereabouts").objects.using(editor.connection.alias)
    public = rows.filter(report__door__in=PUBLIC_DOORS)
    for number in list(public.values_list("pk", flat=True)):
        row = rows.get(pk=number)
        rows.filter(pk=number).update(evidence=[_coarse(piece) for piece in row.evidence])


def _coarse(piece: dict[str, Any]) -> dict[str, Any]:
    if piece["role"] != "reporter":
        return piece
    place = piece["place"]
    return {**piece, "value": "", "place": place and {**place, "county": "", "city": ""}}


class Migration(migrations.Migration):
    dependencies = [("enrichment", "0001_initial")]
    operations = [migrations.RunPython(coarsen, migrations.RunPython.noop)]
