"""The tables of merchants.consents."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("consents", "0001_consent_tables"),
        ("consents", "0002_shown_open_ids"),
        ("consents", "0003_certifications"),
        ("consents", "0004_history_purpose"),
    ]

    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", ID),
                (
                    "kind",
                    models.CharField(
                        choices=[("CITIZEN", "CITIZEN"), ("MERCHANT", "MERCHANT")], max_length=8
                    ),
                ),
                ("user_id", models.UUIDField(db_index=True)),
                ("open_id", models.CharField(blank=True, max_length=64)),
                ("scopes", models.CharField(blank=True, max_length=64)),
                ("granted_at", models.DateTimeField(default=clock.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="grants", to="onboarding.app"
                    ),
                ),
                (
                    "subject_app",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="mandates",
                        to="onboarding.app",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(blank=True, db_default="", default="", max_length=128),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "CITIZEN")),
                        fields=("app", "user_id"),
                        name="grant_of_citizen_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "MERCHANT")),
                        fields=("app", "subject_app"),
                        name="grant_of_merchant_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("open_id", ""), _negated=True),
                        fields=("open_id",),
                        name="grant_open_id_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "CITIZEN"), ("subject_app__isnull", True)),
                            models.Q(("kind", "MERCHANT"), ("subject_app__isnull", False)),
                            _connector="OR",
                        ),
                        name="grant_has_its_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantCode",
            fields=[
                ("id", ID),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("scopes", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="codes", to="consents.grant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantToken",
            fields=[
                ("id", ID),
                ("access_hash", models.CharField(max_length=64, unique=True)),
                ("refresh_hash", models.CharField(max_length=64, unique=True)),
                ("scopes", models.CharField(blank=True, max_length=64)),
                ("issued_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("refresh_expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="tokens", to="consents.grantcode"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="tokens", to="consents.grant"
                    ),
                ),
            ],
            options={"ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="ReturnAddress",
            fields=[
                ("id", ID),
                ("url", models.CharField(max_length=255)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="return_addresses",
                        to="onboarding.app",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("app", "url"), name="return_address_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShownOpenId",
            fields=[
                ("open_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("app_id", models.CharField(max_length=16)),
                ("user_id", models.UUIDField()),
                ("shown_at", models.DateTimeField(default=clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("app_id", "user_id"), name="shown_open_id_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Certification",
            fields=[
                ("id", ID),
                ("reference", models.CharField(max_length=64)),
                ("certify_id", models.CharField(max_length=36, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("facts_digest", models.CharField(max_length=64)),
                ("identity_digest", models.CharField(max_length=64)),
                ("return_url", models.CharField(blank=True, max_length=512)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "WAITING"),
                            ("PASSED", "PASSED"),
                            ("FAILED", "FAILED"),
                        ],
                        default="WAITING",
                        max_length=7,
                    ),
                ),
                ("user_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "app",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="certifications", to="onboarding.app"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("app", "reference"), name="certification_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "WAITING")),
                            models.Q(
                                models.Q(("state", "WAITING"), _negated=True),
                                ("ended_at__isnull", False),
                                ("name", ""),
                            ),
                            _connector="OR",
                        ),
                        name="certification_ended_has_time",
                    ),
                ],
            },
        ),
    ]
