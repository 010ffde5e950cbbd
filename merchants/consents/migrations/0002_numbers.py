"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_tables")]

    operations = [
        migrations.RemoveConstraint("shownopenid", "shown_open_id_once"),
        migrations.RenameField("shownopenid", "app_id", "app_number"),
        migrations.AddConstraint(
            "shownopenid",
            models.UniqueConstraint(fields=["app_number", "user_id"], name="shown_open_id_once"),
        ),
    ]
