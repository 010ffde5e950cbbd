"""Risk cases' holds on payouts stand beside the operators' in one table."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def carry_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the risk slice's holds of merchants; people are not paid out, their holds did nothing."""
    merchants = set(apps.get_model("onboarding", "Merchant").objects.values_list("id", flat=True))
    holds = apps.get_model("terms", "PayoutHold").objects
    rows = apps.get_model("risk", "PayoutHold").objects.select_related("case")
    for row in rows.filter(payee_id__in=merchants):
        holds.create(
            id=row.id,
            merchant_id=row.payee_id,
            case_id=row.case_id,
            reason=row.case.summary[:200],
            placed_by="system:risk",
            placed_at=row.since,
            lifted_by="system:risk" if row.released_at else "",
            lifted_at=row.released_at,
        )


class Migration(migrations.Migration):
    dependencies = [("terms", "0001_settlement_terms"), ("risk", "0001_tables")]
    run_before = [("risk", "0002_no_payout_holds")]

    operations = [
        migrations.AddField(
            model_name="payouthold",
            name="case_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="payouthold", name="payout_hold_one_live"),
        migrations.AddConstraint(
            model_name="payouthold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case_id__isnull", True), ("lifted_at__isnull", True)),
                fields=("merchant",),
                name="payout_hold_one_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="payouthold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("merchant", "case_id"),
                name="payout_hold_once_a_case",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
