"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("splits", "0001_tables")]

    operations = [
        migrations.RenameField("split", "app_id", "app_number"),
    ]
