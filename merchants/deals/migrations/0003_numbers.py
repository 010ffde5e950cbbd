"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_change_plan")]

    operations = [
        migrations.RenameField("offer", "app_id", "app_number"),
    ]
