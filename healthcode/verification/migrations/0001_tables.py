"""The tables of healthcode.verification."""

from pathlib import Path

from django.db import migrations, models

from config.kernel import clock, ids
from config.kernel.migration_sql import run_sql_file

SQL = Path(__file__).parent / "sql"


ID = models.UUIDField(default=ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    replaces = [
        ("health_verification", "0001_venue_tables"),
        ("health_verification", "0002_offline_verdicts"),
        ("health_verification", "0003_identity_checks"),
        ("health_verification", "0004_presence_and_policies"),
        ("health_verification", "0005_shows_and_lookups"),
        ("health_verification", "0006_registered_readers"),
    ]

    initial = True

    dependencies = [("health_decisions", "0001_tables"), ("health_subjects", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="VenuePolicy",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=64, unique=True)),
                (
                    "admits",
                    models.JSONField(
                        default=list, help_text='colours, as ["GREEN"]; none = nobody'
                    ),
                ),
                ("max_test_age_h", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "test_age_by_colour",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='hours for one colour, as {"YELLOW": 24}',
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={"verbose_name_plural": "venue policies", "db_table": "health_venue_policy"},
        ),
        migrations.CreateModel(
            name="Venue",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=64)),
                ("region", models.CharField(max_length=6)),
                ("address", models.CharField(blank=True, max_length=128)),
                ("code_version", models.PositiveIntegerField(default=1, editable=False)),
                ("code_nonce", models.CharField(editable=False, max_length=16)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=models.PROTECT, to="health_verification.venuepolicy"
                    ),
                ),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="how many may be inside at once; empty for any number",
                        null=True,
                    ),
                ),
                ("former_nonce", models.CharField(blank=True, editable=False, max_length=16)),
                ("former_until", models.DateTimeField(editable=False, null=True)),
                ("rotate_at", models.DateTimeField(db_index=True, editable=False, null=True)),
                (
                    "rotate_every_min",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="for codes on a screen; empty for posters", null=True
                    ),
                ),
                (
                    "closes_at",
                    models.TimeField(
                        blank=True,
                        help_text="when everybody has left, by the clock on the wall",
                        null=True,
                    ),
                ),
            ],
            options={"db_table": "health_venue"},
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("VERIFIED", "VERIFIED"),
                            ("CHECKED_IN", "CHECKED_IN"),
                            ("GRANTED", "GRANTED"),
                            ("TRACED", "TRACED"),
                            ("READ_BY_OPERATOR", "READ_BY_OPERATOR"),
                        ],
                        max_length=20,
                    ),
                ),
                ("by", models.CharField(max_length=128)),
                ("outcome", models.CharField(max_length=16)),
                ("colour", models.CharField(blank=True, max_length=8)),
                ("facts", models.JSONField(default=dict)),
                ("delete_after", models.DateTimeField(db_index=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="looks", to="health_subjects.subject"
                    ),
                ),
            ],
            options={"db_table": "health_look", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                ("id", ID),
                ("label", models.CharField(max_length=40)),
                ("secret_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now, editable=False)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="terminals",
                        to="health_verification.venue",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("GATE", "GATE"), ("PHONE", "PHONE")], default="GATE", max_length=5
                    ),
                ),
                (
                    "public_key",
                    models.BinaryField(help_text="P-256 point, compressed, 33 bytes", null=True),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        editable=False,
                        help_text="that it identifies people by their cards",
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="terminal",
                        to="health_decisions.sourceregistration",
                    ),
                ),
            ],
            options={"db_table": "health_terminal"},
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ADMITTED", "ADMITTED"),
                            ("POLICY", "POLICY"),
                            ("ID_CHECK", "ID_CHECK"),
                            ("UNREADABLE", "UNREADABLE"),
                            ("FORGED", "FORGED"),
                            ("EXPIRED", "EXPIRED"),
                            ("NOT_YET_VALID", "NOT_YET_VALID"),
                            ("REPLAYED", "REPLAYED"),
                            ("REVOKED", "REVOKED"),
                            ("SUPERSEDED", "SUPERSEDED"),
                            ("NOT_PROVEN", "NOT_PROVEN"),
                            ("SPECIMEN", "SPECIMEN"),
                            ("FULL", "FULL"),
                            ("UNREGISTERED", "UNREGISTERED"),
                            ("STALE", "STALE"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("colour", models.CharField(blank=True, max_length=8)),
                ("forget_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, to="health_subjects.subject"
                    ),
                ),
                (
                    "terminal",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, to="health_verification.terminal"
                    ),
                ),
                ("offline", models.BooleanField(default=False)),
                ("policy_version", models.PositiveIntegerField(null=True)),
                (
                    "lookup",
                    models.BooleanField(
                        default=False, help_text="by a typed number, without a code"
                    ),
                ),
            ],
            options={"db_table": "health_verification", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField()),
                (
                    "direction",
                    models.CharField(choices=[("IN", "IN"), ("OUT", "OUT")], max_length=3),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("SELF", "SELF"),
                            ("COMPANION", "COMPANION"),
                            ("TERMINAL", "TERMINAL"),
                            ("STAFF", "STAFF"),
                            ("CARD", "CARD"),
                        ],
                        max_length=9,
                    ),
                ),
                ("colour", models.CharField(max_length=8)),
                ("delete_after", models.DateTimeField(db_index=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="checkins",
                        to="health_subjects.subject",
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="checkins",
                        to="health_verification.venue",
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("CLAIMED", "CLAIMED"),
                            ("SHOWN", "SHOWN"),
                            ("IDENTIFIED", "IDENTIFIED"),
                        ],
                        default="CLAIMED",
                        max_length=10,
                    ),
                ),
                (
                    "denied_at",
                    models.DateTimeField(
                        editable=False, help_text="when the person said: I was not there", null=True
                    ),
                ),
            ],
            options={
                "db_table": "health_checkin",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["venue", "at"], name="health_checkin_at"),
                    models.Index(fields=["at"], name="health_checkin_by_time"),
                    models.Index(fields=["subject", "at"], name="health_checkin_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method__in", ["SELF", "COMPANION"]), _negated=True),
                            ("presence", "CLAIMED"),
                            _connector="OR",
                        ),
                        name="health_own_scan_proves_nothing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Inside",
            fields=[
                ("id", ID),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("CLAIMED", "CLAIMED"),
                            ("SHOWN", "SHOWN"),
                            ("IDENTIFIED", "IDENTIFIED"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("forget_at", models.DateTimeField(db_index=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="whereabouts",
                        to="health_subjects.subject",
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="visitors",
                        to="health_verification.venue",
                    ),
                ),
            ],
            options={
                "db_table": "health_inside",
                "constraints": [
                    models.UniqueConstraint(fields=("venue", "subject"), name="health_inside_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", ID),
                ("version", models.PositiveIntegerField()),
                ("terms", models.JSONField()),
                ("valid_from", models.DateTimeField(default=clock.now, editable=False)),
                ("made_by", models.CharField(max_length=160)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="versions",
                        to="health_verification.venuepolicy",
                    ),
                ),
            ],
            options={
                "db_table": "health_policy_version",
                "ordering": ("-version",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "version"), name="health_one_policy_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TerminalInvite",
            fields=[
                ("id", ID),
                (
                    "mode",
                    models.CharField(choices=[("GATE", "GATE"), ("PHONE", "PHONE")], max_length=5),
                ),
                ("label", models.CharField(max_length=40)),
                ("word_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_by", models.CharField(max_length=160)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "terminal",
                    models.OneToOneField(
                        null=True, on_delete=models.CASCADE, to="health_verification.terminal"
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(on_delete=models.CASCADE, to="health_verification.venue"),
                ),
            ],
            options={"db_table": "health_terminal_invite"},
        ),
        migrations.CreateModel(
            name="Shown",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("forget_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "health_shown"},
        ),
        run_sql_file(SQL / "shown_unlogged.postgresql.sql", vendor="postgresql"),
    ]
