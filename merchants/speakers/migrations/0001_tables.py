"""The tables of merchants.speakers."""

from django.db import migrations, models

from config.kernel import clock, ids

ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [("speakers", "0001_speaker_tables"), ("speakers", "0002_forgetting")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Speaker",
            fields=[
                ("id", ID),
                ("user_id", models.UUIDField()),
                ("serial", models.CharField(max_length=64)),
                ("public_key", models.TextField()),
                ("agreement_id", models.UUIDField()),
                ("daily_minor", models.BigIntegerField()),
                ("day", models.DateField(null=True)),
                ("day_minor", models.BigIntegerField(db_default=0, default=0)),
                ("bound_at", models.DateTimeField(default=clock.now)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user_id", "serial"),
                        name="speaker_bound_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_minor__gte", 0), ("day_minor__lte", models.F("daily_minor"))
                        ),
                        name="speaker_within_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoiceOrder",
            fields=[
                ("id", ID),
                ("payee_id", models.UUIDField()),
                ("request_no", models.CharField(max_length=64)),
                ("reference", models.CharField(max_length=64, unique=True)),
                ("subject", models.CharField(max_length=128)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "voice",
                    models.CharField(
                        choices=[("ADULT", "ADULT"), ("CHILD", "CHILD"), ("UNKNOWN", "UNKNOWN")],
                        max_length=7,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("AGREEMENT", "AGREEMENT"), ("PHONE", "PHONE")], max_length=9
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=64)),
                ("spoken_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="orders", to="speakers.speaker"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("speaker", "request_no"), name="voice_order_once_a_request"
                    )
                ],
                "indexes": [models.Index(fields=["expires_at"], name="voice_order_ends")],
            },
        ),
    ]
