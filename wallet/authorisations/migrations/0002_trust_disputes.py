"""What customers say against late marks in their payment trust, and what was found."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from config.kernel import clock, ids


class Migration(migrations.Migration):
    dependencies = [("authorisations", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="TrustDispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.UUIDField(db_index=True)),
                ("grounds", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[(s, s) for s in ("OPEN", "UPHELD", "DISMISSED")],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=500)),
                ("opened_at", models.DateTimeField(default=clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "arrears",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trust_dispute",
                        to="authorisations.arrears",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(decided_at__isnull=True, state="OPEN")
                        | ~Q(state="OPEN") & Q(decided_at__isnull=False),
                        name="trust_dispute_decided_has_time",
                    )
                ],
            },
        ),
    ]
