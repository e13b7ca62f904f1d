"""Each machine account gets a key of its own, so that master keys can change under it.

Until now the key of all of them was derived from the master key. What is there goes on with
that one, wrapped like any data key: the secrets that were handed out stay good.
"""

from __future__ import annotations

import hashlib
import hmac

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tipline.ground.foundation import clock
from tipline.ground.foundation.keys import ring, wrap_data_key


def keep_keys(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    credentials = apps.get_model("accounts", "EspCredential").objects.using(editor.connection.alias)
    waiting = list(credentials.filter(key__isnull=True).values_list("pk", flat=True))
    if not waiting:
        return
    data_keys = apps.get_model("foundation", "DataKey").objects.using(editor.connection.alias)
    masters = apps.get_model("foundation", "MasterKey").objects.using(editor.connection.alias)
    keys, now = ring(), clock.now()
    oldest = (keys.current, *keys.older)[-1]  # there was one only; this is it
    plain = hmac.new(oldest.secret, b"esp-credentials", hashlib.sha256).digest()
    masters.get_or_create(ident=oldest.ident, defaults={"first_used_at": now})
    for pk in waiting:
        wrapped = wrap_data_key(plain, oldest)
        key = data_keys.create(wrapped=wrapped, master_id=oldest.ident, created_at=now)
        credentials.filter(pk=pk).update(key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("foundation", "0002_master_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="espcredential",
            name="key",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation.datakey",
            ),
        ),
        migrations.RunPython(keep_keys, migrations.RunPython.noop),
    ]
