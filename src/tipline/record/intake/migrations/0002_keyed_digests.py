"""Digests of what the public told are keyed now: see ``rules.body_digest``."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tipline.ground.foundation import sealing
from tipline.ground.foundation.keys import open_data_key
from tipline.record.intake.rules import body_digest

PUBLIC_DOORS = ("public", "phone")


def rekey(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("intake", "Submission").objects.using(editor.connection.alias)
    public = rows.filter(door__in=PUBLIC_DOORS)
    told = public.filter(key__isnull=False, key__destroyed_at__isnull=True)
    keyed = [_rekey(rows, pk) for pk in list(told.values_list("pk", flat=True))]
    # A form that was sent twice is kept once: the second row has the digest of the first.
    copies = rows.filter(door__in=PUBLIC_DOORS, answer="duplicate", report__isnull=False)
    for copy in list(copies.values_list("pk", "report_id")):
        first = rows.filter(report_id=copy[1], answer="opened", pk__in=keyed).first()
        rows.filter(pk=copy[0]).update(sha256=first.sha256 if first else "")
        keyed.append(copy[0])
    # What has been destroyed is compared with nothing any more.
    for pk in set(public.values_list("pk", flat=True)) - set(keyed):
        rows.filter(pk=pk).update(sha256="")


def _rekey(rows: Any, pk: int) -> int:
    row = rows.select_related("key").get(pk=pk)
    key = open_data_key(row.key)
    raw = sealing.unseal(bytes(row.raw), key)
    rows.filter(pk=pk).update(sha256=body_digest(row.door, raw, key))
    return pk


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
