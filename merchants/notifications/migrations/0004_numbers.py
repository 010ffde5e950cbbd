"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_vacuum_sooner")]

    operations = [
        migrations.RenameField("notification", "app_id", "app_number"),
    ]
