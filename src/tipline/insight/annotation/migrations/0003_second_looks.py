from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("annotation", "0002_children_and_values"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("agreed", "Agreed"),
                            ("disputed", "Disputed"),
                            ("settled", "Settled"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("drawn", models.BooleanField(default=False)),
                ("for_list", models.BooleanField(default=False)),
                ("audit", models.BooleanField(default=False)),
                ("policy", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("before", models.JSONField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("settled", models.JSONField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(default="", max_length=1000)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "asked_at"], name="looks_by_state"),
                    models.Index(fields=["sha256", "-id"], name="looks_at_content"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(state__in=["waiting", "disputed"]),
                        fields=("sha256",),
                        name="one_open_look",
                    )
                ],
            },
        ),
    ]
