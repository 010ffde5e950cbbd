"""Batches that were paid out before say what of them was taken by others until then."""

from typing import Any

from django.db import migrations
from django.db.models import F, Sum


def fill(apps: Any, schema_editor: Any) -> None:
    """Let a paid batch's netted sum be what its payouts left of it."""
    batches = apps.get_model("settlement", "SettlementBatch").objects.filter(state="PAID")
    payouts = apps.get_model("payouts", "Payout").objects.exclude(
        state__in=["RETURNED", "RECALLED"]
    )
    paid = dict(payouts.order_by().values_list("batch_id").annotate(total=Sum("amount_minor")))
    outs = batches.annotate(
        out=F("payable_minor")
        - F("aside_minor")
        - F("reserved_minor")
        + F("released_minor")
        + F("unreserved_minor")
    ).values_list("id", "out")
    for batch_id, out_minor in outs.iterator(chunk_size=2000):
        if out_minor > paid.get(batch_id, 0):
            batches.filter(id=batch_id).update(netted_minor=out_minor - paid.get(batch_id, 0))


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0003_messages_of_the_bank"),
        ("settlement", "0008_netted"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
