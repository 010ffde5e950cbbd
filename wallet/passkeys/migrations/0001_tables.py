"""The tables of wallet.passkeys."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("passkeys", "0001_passkey_tables"), ("passkeys", "0002_forgetting")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("label", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("ACTIVE", "ACTIVE"),
                            ("SUSPENDED", "SUSPENDED"),
                            ("REVOKED", "REVOKED"),
                        ],
                        default="PENDING",
                        max_length=9,
                    ),
                ),
                ("challenge", models.CharField(max_length=64)),
                ("credential", models.CharField(max_length=1400, null=True)),
                ("public_key", models.BinaryField(default=bytes)),
                ("sign_count", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["user_id", "-created_at"], name="passkey_of_user"),
                    models.Index(
                        condition=models.Q(("state", "PENDING")),
                        fields=["expires_at"],
                        name="passkey_pending_ends",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("credential",), name="passkey_one_per_credential"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PENDING")),
                        fields=("user_id",),
                        name="passkey_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["PENDING", "ACTIVE", "SUSPENDED", "REVOKED"])
                        ),
                        name="passkey_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credential__isnull", False),
                            ("state__in", ["PENDING", "REVOKED"]),
                            _connector="OR",
                        ),
                        name="passkey_active_has_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PasskeyChallenge",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        choices=[("PAYMENT", "PAYMENT"), ("HOLD", "HOLD")], max_length=7
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("nonce", models.CharField(max_length=43)),
                ("transaction", models.TextField()),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "passkey",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, to="passkeys.passkey"),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "key"), name="passkey_challenge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passkey__isnull", True), ("used_at__isnull", True)),
                            models.Q(("passkey__isnull", False), ("used_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="passkey_challenge_used_by",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=["expires_at"],
                        name="passkey_challenge_unused",
                    )
                ],
            },
        ),
    ]
