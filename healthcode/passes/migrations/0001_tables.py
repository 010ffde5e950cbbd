"""The tables of healthcode.passes, and the look-up behind every scan on PostgreSQL."""

from pathlib import Path

from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("health_passes", "0001_pass_tables"),
        ("health_passes", "0002_trusted_issuers"),
        ("health_passes", "0003_pass_state"),
        ("health_passes", "0004_signer_certificates"),
        ("health_passes", "0005_region_agreements"),
        ("health_passes", "0006_roots_and_denied"),
        ("health_passes", "0007_registered_issuers"),
        ("health_passes", "0008_revoked_certificates"),
    ]

    initial = True

    dependencies = [("health_decisions", "0001_tables"), ("health_subjects", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="CodeGrant",
            fields=[
                ("id", ID),
                ("app", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=128)),
                ("granted_at", models.DateTimeField(default=clock.now, editable=False)),
                ("valid_until", models.DateTimeField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="grants",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={"db_table": "health_code_grant"},
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", ID),
                ("kid", models.CharField(help_text="hex of 8 bytes", max_length=16, unique=True)),
                ("public_jwk", models.JSONField()),
                ("sealed_private_key", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "PENDING"),
                            ("ACTIVE", "ACTIVE"),
                            ("VERIFY_ONLY", "VERIFY_ONLY"),
                            ("DESTROYED", "DESTROYED"),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("retired_at", models.DateTimeField(null=True)),
                ("activated_at", models.DateTimeField(null=True)),
                (
                    "certificate",
                    models.TextField(blank=True, help_text="of our document signer, base64 DER"),
                ),
            ],
            options={
                "db_table": "health_signing_key",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACTIVE")),
                        fields=("state",),
                        name="health_one_active_signing_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "DESTROYED"), _negated=True),
                            ("sealed_private_key__isnull", True),
                            _connector="OR",
                        ),
                        name="health_destroyed_key_has_no_private_half",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pass",
            fields=[
                ("id", ID),
                ("cti_hash", models.CharField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("APP", "APP"),
                            ("PAPER", "PAPER"),
                            ("PROXY", "PROXY"),
                            ("SPECIMEN", "SPECIMEN"),
                        ],
                        max_length=8,
                    ),
                ),
                ("colour", models.CharField(max_length=8)),
                ("kid", models.CharField(max_length=16)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_decisions.decision"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_subjects.device"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_passes.codegrant"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="passes",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={
                "db_table": "health_pass",
                "indexes": [models.Index(fields=["subject", "expires_at"], name="health_pass_of")],
            },
        ),
        migrations.CreateModel(
            name="TrustedIssuer",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=80, unique=True)),
                ("certificate", models.TextField(blank=True)),
                ("jwks", models.JSONField(blank=True, null=True)),
                ("did_document", models.JSONField(blank=True, null=True)),
                (
                    "registration",
                    models.OneToOneField(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="issuer",
                        to="health_decisions.sourceregistration",
                    ),
                ),
            ],
            options={"db_table": "health_trusted_issuer"},
        ),
        migrations.CreateModel(
            name="RegionAgreement",
            fields=[
                ("id", ID),
                (
                    "issuer",
                    models.CharField(help_text="as it stands in their passes", max_length=32),
                ),
                ("name", models.CharField(max_length=80)),
                ("jwks", models.JSONField(default=list)),
                ("colours", models.JSONField(default=dict, help_text="their colour to ours")),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("maker", models.CharField(max_length=150)),
                ("checkers", models.JSONField(default=list)),
                ("approval_id", models.UUIDField(unique=True)),
            ],
            options={
                "db_table": "health_region_agreement",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                        name="health_agreement_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeniedPass",
            fields=[
                ("cti_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "health_denied_pass"},
        ),
        migrations.CreateModel(
            name="RootKey",
            fields=[
                ("id", ID),
                (
                    "kid",
                    models.CharField(
                        help_text="the key's own thumbprint", max_length=43, unique=True
                    ),
                ),
                ("public_jwk", models.JSONField()),
                ("sealed_private_key", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "ACTIVE"), ("DESTROYED", "DESTROYED")],
                        default="ACTIVE",
                        max_length=12,
                    ),
                ),
                (
                    "endorsement",
                    models.TextField(
                        blank=True, help_text="JWS of the root before, about this one"
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "health_root_key",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACTIVE")),
                        fields=("state",),
                        name="health_one_root_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "ACTIVE"),
                            ("sealed_private_key__isnull", True),
                            _connector="OR",
                        ),
                        name="health_destroyed_root_signs_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevokedCertificate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("kid", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=64)),
                ("before", models.PositiveBigIntegerField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="revoked",
                        to="health_passes.trustedissuer",
                    ),
                ),
            ],
            options={
                "db_table": "health_revoked_certificate",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "kind", "kid", "name"), name="health_revoked_once"
                    )
                ],
            },
        ),
        run_sql_file(
            SQL / "pass_state.postgresql.sql",
            SQL / "pass_state.postgresql.reverse.sql",
            vendor="postgresql",
        ),
    ]
