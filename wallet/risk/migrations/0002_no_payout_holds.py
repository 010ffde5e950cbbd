"""Holds on payouts are kept by who pays payees out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_tables")]

    operations = [migrations.DeleteModel(name="PayoutHold")]
