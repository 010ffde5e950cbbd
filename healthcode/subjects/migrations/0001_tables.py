"""The tables of healthcode.subjects."""

import uuid

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("health_subjects", "0001_subject_tables"),
        ("health_subjects", "0002_guardianships"),
        ("health_subjects", "0003_the_end"),
        ("health_subjects", "0004_proven_identities"),
        ("health_subjects", "0005_pseudonyms_are_proven"),
        ("health_subjects", "0006_aliases"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", ID),
                ("holder_ref", models.CharField(max_length=64, null=True, unique=True)),
                ("pseudonym", models.CharField(max_length=64, null=True, unique=True)),
                ("sealed_identity", models.BinaryField(null=True)),
                ("region", models.CharField(default="330100", max_length=6)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "ACTIVE"), ("ERASED", "ERASED")],
                        default="ACTIVE",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "claim_ref",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "identity_proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SIMULATED", "SIMULATED"),
                            ("EARLIER", "EARLIER"),
                            ("WALLET", "WALLET"),
                            ("CLAIM_CODE", "CLAIM_CODE"),
                            ("DESK", "DESK"),
                        ],
                        max_length=10,
                    ),
                ),
                ("alias", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ],
            options={
                "db_table": "health_subject",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "ACTIVE"),
                            models.Q(
                                ("birth_year__isnull", True),
                                ("claim_ref", ""),
                                ("holder_ref__isnull", True),
                                ("pseudonym__isnull", True),
                                ("sealed_identity__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="health_erased_subject_is_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pseudonym__isnull", True),
                            models.Q(("identity_proof", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="health_pseudonym_is_proven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", ID),
                (
                    "relation",
                    models.CharField(
                        choices=[("CHILD", "CHILD"), ("PARENT", "PARENT"), ("WARD", "WARD")],
                        max_length=8,
                    ),
                ),
                ("approved_by", models.CharField(blank=True, max_length=150)),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("valid_until", models.DateTimeField()),
                (
                    "dependent",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="guardians",
                        to="health_subjects.subject",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="wards", to="health_subjects.subject"
                    ),
                ),
                ("claim_ref", models.CharField(blank=True, editable=False, max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=160)),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("HOUSEHOLD_REGISTER", "HOUSEHOLD_REGISTER"),
                            ("BIRTH_CERTIFICATE", "BIRTH_CERTIFICATE"),
                            ("COURT_ORDER", "COURT_ORDER"),
                            ("POWER_OF_ATTORNEY", "POWER_OF_ATTORNEY"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("proposed_by", models.CharField(blank=True, max_length=150)),
                ("sealed_claim", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "REQUESTED"),
                            ("AWAITING_CONSENT", "AWAITING_CONSENT"),
                            ("ACTIVE", "ACTIVE"),
                            ("REFUSED", "REFUSED"),
                            ("ENDED", "ENDED"),
                            ("EXPIRED", "EXPIRED"),
                        ],
                        default="REQUESTED",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "db_table": "health_guardianship",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("guardian", models.F("dependent")), _negated=True),
                        name="health_nobody_guards_themselves",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ("REQUESTED", "AWAITING_CONSENT", "ACTIVE"))
                        ),
                        fields=("guardian", "dependent"),
                        name="health_one_open_guardianship_a_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "REQUESTED")),
                        fields=("guardian", "claim_ref"),
                        name="health_one_claim_a_guardian",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["ACTIVE", "AWAITING_CONSENT"]), _negated=True),
                            models.Q(
                                ("dependent__isnull", False),
                                ("sealed_claim__isnull", True),
                                models.Q(("approved_by", ""), _negated=True),
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="health_guardianship_by_two",
                    ),
                ],
                "permissions": (("approve_guardianship", "Can approve a guardianship"),),
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", ID),
                ("public_key", models.BinaryField(help_text="P-256 point, compressed, 33 bytes")),
                ("label", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="devices",
                        to="health_subjects.subject",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        help_text="the guardian whose phone it is; empty for one's own",
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="devices_for_others",
                        to="health_subjects.subject",
                    ),
                ),
            ],
            options={
                "db_table": "health_device",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "public_key"), name="health_one_device_a_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("ended_at", models.DateTimeField()),
                ("report", models.JSONField()),
            ],
            options={
                "db_table": "health_programme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="health_one_programme"
                    )
                ],
            },
        ),
    ]
