"""Valuations of the positions in other currencies; what is open already is planned, too."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from config.kernel import clock, ids


def plan(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let each currency in which accounts are open be valued as soon as the jobs run."""
    positions = apps.get_model("ledger", "Account").objects.filter(code__startswith="fx:position:")
    for currency in positions.exclude(currency="CNY").values_list("currency", flat=True):
        apps.get_model("exchange", "FxValuation").objects.create(
            currency=currency, day=clock.house_day(), due_at=clock.now()
        )


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_tables"), ("ledger", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="FxValuation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("due_at", models.DateTimeField(null=True)),
                ("open_minor", models.BigIntegerField(default=0)),
                ("taken_minor", models.BigIntegerField(default=0)),
                ("rate_micro", models.BigIntegerField(default=0)),
                ("gain_minor", models.BigIntegerField(default=0)),
                ("change_minor", models.BigIntegerField(default=0)),
                ("journal_id", models.UUIDField(null=True)),
                ("valued_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-day", "currency"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("currency", "day"), name="fx_valuation_once_a_day"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=("currency",),
                        name="fx_valuation_one_waits",
                    ),
                ],
            },
        ),
        migrations.RunPython(plan, migrations.RunPython.noop),
    ]
