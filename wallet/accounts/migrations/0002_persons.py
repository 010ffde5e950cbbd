"""A person behind each wallet, and one row of limits a person."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_accounts_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("identity_digest", models.CharField(max_length=64, null=True, unique=True)),
                ("legal_name", models.CharField(blank=True, max_length=64)),
                ("verified_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="LimitUsage",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="accounts.person",
                    ),
                ),
                ("lifetime_minor", models.BigIntegerField(default=0)),
                ("year", models.PositiveSmallIntegerField(default=0)),
                ("year_minor", models.BigIntegerField(default=0)),
                ("reserved_minor", models.BigIntegerField(default=0)),
                ("day", models.DateField(default=datetime.date.min)),
                ("day_no_pin_minor", models.BigIntegerField(default=0)),
                ("day_pin_minor", models.BigIntegerField(default=0)),
                ("day_offline_minor", models.BigIntegerField(default=0)),
                ("day_static_minor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name="limitusage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day_no_pin_minor__gte", 0),
                    ("day_offline_minor__gte", 0),
                    ("day_pin_minor__gte", 0),
                    ("day_static_minor__gte", 0),
                    ("lifetime_minor__gte", 0),
                    ("reserved_minor__gte", 0),
                    ("year_minor__gte", 0),
                ),
                name="usage_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="walletuser",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wallets",
                to="accounts.person",
            ),
        ),
    ]
