"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbench", "0001_tables")]

    operations = [
        migrations.RemoveIndex("gatewaycall", "call_of_app"),
        migrations.RenameField("gatewaycall", "app_id", "app_number"),
        migrations.AddIndex(
            "gatewaycall", models.Index(fields=["app_number", "-id"], name="call_of_app")
        ),
    ]
