"""The root's sealed key may be sealed anew; everything else of a certificate stays.

The old trigger refused every update; the one that refuses the other columns is made after
the migrations, as all of them are.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "certificates_certificate"


def drop_trigger(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f'DROP TRIGGER IF EXISTS saoma_kept_update ON "{TABLE}"')
    else:
        editor.execute(f'DROP TRIGGER IF EXISTS "saoma_kept_update_{TABLE}"')


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_certificate_tables")]

    operations = [migrations.RunPython(drop_trigger, drop_trigger)]
