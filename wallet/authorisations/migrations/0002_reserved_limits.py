"""What open authorisations hold counts against the limits of the payer's person."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def reserve(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add up what is held and vouched for, by person."""
    usages = apps.get_model("accounts", "LimitUsage")
    users = apps.get_model("accounts", "WalletUser")
    still_open = apps.get_model("authorisations", "Authorisation").objects.filter(
        status="AUTHORISED", payer_id__isnull=False
    )
    for row in still_open.iterator(1_000):
        person_id = users.objects.values_list("person_id", flat=True).get(id=row.payer_id)
        usages.objects.filter(person_id=person_id).update(
            reserved_minor=F("reserved_minor") + row.held_minor + row.waived_minor
        )


class Migration(migrations.Migration):
    dependencies = [
        ("authorisations", "0001_authorisation_tables"),
        ("accounts", "0004_limits_of_persons"),
    ]

    operations = [
        migrations.RunPython(reserve, migrations.RunPython.noop),
    ]
