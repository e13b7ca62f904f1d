"""Report numbers start at nine digits, as the field knows them."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FIRST = 100_000_001


def start(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('reports_report', 'number'), %s, false)",
                [FIRST],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'reports_report'")
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('reports_report', %s)",
                [FIRST - 1],
            )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(start, migrations.RunPython.noop)]
