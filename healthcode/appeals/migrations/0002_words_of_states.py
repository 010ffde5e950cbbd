"""States are shown in the words that people use; what is stored stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels alone: the column is untouched."""

    dependencies = (("health_appeals", "0001_appeal_tables"),)
    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="state",
            field=models.CharField(
                choices=[
                    ("OPEN", "open"),
                    ("UNDER_REVIEW", "under review"),
                    ("UPHELD", "dismissed"),
                    ("OVERTURNED", "granted"),
                ],
                default="OPEN",
                max_length=12,
            ),
        ),
    ]
