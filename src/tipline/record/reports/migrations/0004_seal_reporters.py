"""Members of the public who reported before this release are sealed, too.

There is no way back: without the table of what was sealed nobody would know who reported.
"""

from __future__ import annotations

import json

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tipline.ground.foundation import sealing
from tipline.ground.foundation.keys import open_data_key
from tipline.record.reports.rules_reporter import set_apart, without_quotes

PUBLIC_DOORS = ("public", "phone")


def seal(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    documents = apps.get_model("reports", "ReportDocument").objects.using(editor.connection.alias)
    sealed = apps.get_model("reports", "SealedReporter").objects.using(editor.connection.alias)
    # What was retracted or has expired is empty, and its key is gone.
    waiting = documents.filter(
        report__door__in=PUBLIC_DOORS, report__key__destroyed_at__isnull=True
    )
    for number in list(waiting.values_list("pk", flat=True)):
        row = documents.select_related("report__key").get(pk=number)
        apart = set_apart(row.document)
        if apart.identity:
            plain = json.dumps(apart.identity).encode()
            sealed.create(
                report_id=number,
                sealed=sealing.seal(plain, open_data_key(row.report.key)),
                at=row.report.opened_at,
            )
        documents.filter(pk=number).update(
            document=apart.document, warnings=without_quotes(row.warnings)
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_sealed_reporter")]
    operations = [migrations.RunPython(seal)]
