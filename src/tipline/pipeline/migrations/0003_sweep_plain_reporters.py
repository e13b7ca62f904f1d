"""Sealed rows are written anew, so that their plain forms of before do not stay on the disk.

An update leaves the old row in free room of its page (SQLite) or beside the new one
(PostgreSQL). Only a store that had something to seal is swept; it takes as long as reading and
writing these tables. PostgreSQL's log of writes and earlier backups are out of our reach.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SWEEPS = {
    "sqlite": (
        "PRAGMA temp_store=FILE",  # as large as the database: not for memory, and all sealed now
        "VACUUM",
        "PRAGMA temp_store=MEMORY",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ),
    "postgresql": (
        "VACUUM (FULL) reports_reportdocument",
        "VACUUM (FULL) intake_submission",
        "VACUUM (FULL) entities_identifier",
        "VACUUM (FULL) enrichment_whereabouts",
        "VACUUM (FULL) pipeline_stagerun",
    ),
}


def sweep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    sealed = apps.get_model("reports", "SealedReporter").objects.using(editor.connection.alias)
    if not sealed.exists():
        return
    with editor.connection.cursor() as cursor:
        for words in SWEEPS[editor.connection.vendor]:
            cursor.execute(words)


class Migration(migrations.Migration):
    atomic = False  # VACUUM runs in no transaction
    dependencies = [
        ("pipeline", "0002_sealed_inputs"),
        ("reports", "0004_seal_reporters"),
        ("intake", "0002_keyed_digests"),
        ("entities", "0002_no_public_reporters"),
        ("enrichment", "0002_coarse_reporters"),
    ]
    operations = [migrations.RunPython(sweep, migrations.RunPython.noop)]
