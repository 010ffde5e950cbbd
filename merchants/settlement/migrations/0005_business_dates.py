"""Give what was paid before the business date of its merchant's cut-off hour.

The ledger's entries keep the date they were posted with: they are never changed.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wallet.business_days import business_date

AT_ONCE = 1000


def fix_dates(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the cut-off hour of payments and agreements, and the dates that it moves."""
    database = schema_editor.connection.alias
    merchants = apps.get_model("onboarding", "Merchant").objects.using(database)
    payments = apps.get_model("payments", "Payment").objects.using(database)
    refunds = apps.get_model("payments", "Refund").objects.using(database)
    agreements = apps.get_model("agreements", "Agreement").objects.using(database)
    for merchant in merchants.exclude(cutoff_hour=0).iterator():
        hour = merchant.cutoff_hour
        agreements.filter(payee_id=merchant.id).update(payee_cutoff_hour=hour)
        payments.filter(payee_id=merchant.id).update(payee_cutoff_hour=hour)
        _move(payments.filter(payee_id=merchant.id, paid_at__isnull=False), "paid_at", merchant)
        _move(refunds.filter(payee_id=merchant.id), "created_at", merchant)


def _move(rows, moment, merchant):  # type: ignore[no-untyped-def]
    moved = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        on = business_date(
            getattr(row, moment), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour
        )
        if row.business_date != on:
            row.business_date = on
            moved.append(row)
        if len(moved) >= AT_ONCE:
            rows.model.objects.using(rows.db).bulk_update(moved, ["business_date"])
            moved.clear()
    if moved:
        rows.model.objects.using(rows.db).bulk_update(moved, ["business_date"])


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0004_sums_kept_back"),
        ("onboarding", "0004_how_persons_are_named"),
        ("payments", "0007_cut_off_hours"),
        ("agreements", "0002_cut_off_hours"),
    ]

    operations = [migrations.RunPython(fix_dates, migrations.RunPython.noop, elidable=True)]
