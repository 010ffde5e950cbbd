"""A notification may be about more than a payment: its subject has its own name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_notification_tables")]

    operations = [
        migrations.RemoveConstraint("notification", "notification_sequence_once"),
        migrations.RenameField("notification", "payment_id", "subject_id"),
        migrations.AlterField(
            "notification", "trade_no", models.CharField(max_length=32, blank=True)
        ),
        migrations.AlterField(
            "notification", "out_trade_no", models.CharField(max_length=64, blank=True)
        ),
        migrations.AddConstraint(
            "notification",
            models.UniqueConstraint(
                name="notification_sequence_once", fields=("subject_id", "sequence")
            ),
        ),
    ]
