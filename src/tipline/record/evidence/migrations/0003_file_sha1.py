from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_vault_checks'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='evidencefile',
            index=models.Index(fields=['sha1'], name='file_sha1'),
        ),
    ]
