"""What requests are about, how often it was changed, and who made whom an operator."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.kernel.clock


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0002_votes_name_the_maker"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OperatorSponsor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[("CREATED", "CREATED"), ("PROMOTED", "PROMOTED")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField(default=config.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="TargetVersion",
            fields=[
                ("target", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="target",
            field=models.CharField(default="", max_length=128),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="target_version",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="approvalrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "PENDING"), models.Q(("target", ""), _negated=True)),
                fields=("action", "target"),
                name="approvals_one_pending",
            ),
        ),
        migrations.AddField(
            model_name="operatorsponsor",
            name="operator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sponsors",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="operatorsponsor",
            name="sponsor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="operatorsponsor",
            index=models.Index(fields=["operator", "sponsor"], name="approvals_sponsored"),
        ),
    ]
