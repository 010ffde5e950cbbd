"""A split bill may be closed by its requester."""

from django.db import migrations, models

from wallet.sharing.values import SplitState


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_sharing_tables")]

    operations = [
        migrations.AlterField(
            "splitbill",
            "state",
            models.CharField(
                choices=[(state, state) for state in SplitState],
                default=SplitState.OPEN,
                max_length=9,
            ),
        ),
    ]
