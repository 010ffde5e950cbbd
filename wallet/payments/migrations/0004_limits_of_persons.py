"""The day's sums move to the payer's person, and are judged where they are locked."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SUMS = ("day_no_pin_minor", "day_pin_minor", "day_offline_minor", "day_static_minor")


def move_sums(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What has been paid today counts on."""
    usages = apps.get_model("accounts", "LimitUsage")
    persons = dict(apps.get_model("accounts", "WalletUser").objects.values_list("id", "person_id"))
    for activity in apps.get_model("payments", "PayerActivity").objects.iterator(1_000):
        if activity.payer_id in persons:
            usages.objects.filter(person_id=persons[activity.payer_id]).update(
                day=activity.day, **{name: getattr(activity, name) for name in SUMS}
            )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_debits"),
        ("accounts", "0004_limits_of_persons"),
    ]

    operations = [
        migrations.RunPython(move_sums, migrations.RunPython.noop),
    ]
