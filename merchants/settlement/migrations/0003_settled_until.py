"""Write down with each merchant until when it is settled, from its batches."""

from django.db import migrations

SETTLED = """
    UPDATE onboarding_merchant SET settled_until = (
        SELECT max(batch.closes_at) FROM settlement_settlementbatch batch
        WHERE batch.merchant_id = onboarding_merchant.id
        AND batch.state NOT IN ('OPEN', 'CUT_OFF'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0002_splits_in_batches"),
        ("onboarding", "0003_credit_and_settled_until"),
    ]

    operations = [migrations.RunSQL(SETTLED, migrations.RunSQL.noop)]
