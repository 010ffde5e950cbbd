"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.RenameField("merchant", "merchant_id", "merchant_number"),
        migrations.RenameField("app", "app_id", "app_number"),
    ]
