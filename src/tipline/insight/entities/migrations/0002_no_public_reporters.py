"""A member of the public who reported has no identifiers here: they are sealed."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PUBLIC_DOORS = ("public", "phone")


def forget(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("entities", "Identifier").objects.using(editor.connection.alias)
    rows.filter(role="reporter", report__door__in=PUBLIC_DOORS).delete()


class Migration(migrations.Migration):
    dependencies = [("entities", "0001_initial")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
