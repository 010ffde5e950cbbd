"""A right that nothing asks for any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0006_settlement_terms"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="settlementbatch",
            options={
                "ordering": ("-business_date", "-id"),
                "verbose_name": "settlement batch",
                "verbose_name_plural": "settlement batches",
            },
        ),
    ]
