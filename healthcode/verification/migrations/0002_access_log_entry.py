"""The entry of a person's access log is called so; its table keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Names in Python alone."""

    dependencies = [("health_verification", "0001_tables")]

    operations = [
        migrations.RenameModel("Look", "AccessLogEntry"),
        migrations.AlterField(
            "AccessLogEntry",
            "subject",
            models.ForeignKey(
                on_delete=models.CASCADE, related_name="access_log", to="health_subjects.subject"
            ),
        ),
    ]
