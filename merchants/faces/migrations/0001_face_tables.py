"""The tables of merchants.faces."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("onboarding", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="FaceEnrolment",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("subject", models.CharField(max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "Active"), ("WITHDRAWN", "Withdrawn")],
                        default="ACTIVE",
                        max_length=9,
                    ),
                ),
                ("enrolled_at", models.DateTimeField(default=clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ACTIVE")),
                        fields=("user_id",),
                        name="face_enrolled_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FaceTerminal",
            fields=[
                ("id", ID),
                ("serial", models.CharField(max_length=64, unique=True)),
                ("vendor", models.CharField(max_length=64)),
                ("public_key", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("CERTIFIED", "Certified"),
                            ("REVOKED", "Revoked"),
                        ],
                        default="PENDING",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("state_changed_at", models.DateTimeField(default=clock.now)),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="face_terminals",
                        to="onboarding.store",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "permissions": (("certify_faceterminal", "Can certify and revoke face terminals"),),
            },
        ),
        migrations.CreateModel(
            name="FaceSession",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=32, unique=True)),
                ("nonce", models.CharField(max_length=32)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "terminal",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="sessions", to="faces.faceterminal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FaceToken",
            fields=[
                ("id", ID),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("on_phone", models.BooleanField(default=False)),
                ("issued_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, max_length=64)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="tokens", to="faces.faceenrolment"
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="token", to="faces.facesession"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reference", ""), ("used_at__isnull", True)),
                            models.Q(
                                ("used_at__isnull", False),
                                models.Q(("reference", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="face_token_used_for_something",
                    )
                ]
            },
        ),
    ]
