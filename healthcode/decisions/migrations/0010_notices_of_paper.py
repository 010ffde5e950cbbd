"""People are told of codes on paper."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels alone: the column is untouched."""

    dependencies = [
        ("health_decisions", "0009_register"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("COLOUR_CHANGED", "COLOUR_CHANGED"),
                    ("CHECKIN_MISSED", "CHECKIN_MISSED"),
                    ("OVERRIDE_SET", "OVERRIDE_SET"),
                    ("OVERRIDE_ENDED", "OVERRIDE_ENDED"),
                    ("CORRECTION_DECIDED", "CORRECTION_DECIDED"),
                    ("GUARDIANSHIP", "GUARDIANSHIP"),
                    ("TRACED", "TRACED"),
                    ("PAPER_ISSUED", "PAPER_ISSUED"),
                    ("PAPER_REVOKED", "PAPER_REVOKED"),
                ],
                max_length=20,
            ),
        ),
    ]
