"""The table of whose public key is whose."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health_decisions", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="PartyKey",
            fields=[
                ("fingerprint", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("party", models.CharField(max_length=120)),
                ("free_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={"db_table": "health_party_key"},
        ),
    ]
