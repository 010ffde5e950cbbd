"""Agreements keep their payee's cut-off hour, for the business dates of their debits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_agreement_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="payee_cutoff_hour",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
