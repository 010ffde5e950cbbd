"""Codes that prove a phone, and numbers that are free again when an account is closed."""

from django.db import migrations, models

import config.kernel.clock
import config.kernel.ids
import wallet.accounts.values


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_limits_of_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneCode",
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
                ("phone", models.CharField(max_length=16)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            (
                                wallet.accounts.values.CodePurpose["REGISTER"],
                                wallet.accounts.values.CodePurpose["REGISTER"],
                            ),
                            (
                                wallet.accounts.values.CodePurpose["PROVE"],
                                wallet.accounts.values.CodePurpose["PROVE"],
                            ),
                            (
                                wallet.accounts.values.CodePurpose["RESET"],
                                wallet.accounts.values.CodePurpose["RESET"],
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SmsMessage",
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
                ("phone", models.CharField(max_length=16)),
                ("text", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name="walletuser",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="walletuser",
            name="phone_proven_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="walletuser",
            name="phone",
            field=models.CharField(db_index=True, max_length=16),
        ),
        migrations.AddConstraint(
            model_name="walletuser",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "CLOSED"), _negated=True),
                fields=("phone",),
                name="user_one_open_per_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonecode",
            constraint=models.UniqueConstraint(fields=("phone", "purpose"), name="phone_code_one"),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(fields=["phone", "created_at"], name="sms_of_phone"),
        ),
    ]
