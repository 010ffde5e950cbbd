"""Every wallet has a person; the sums of wallets go."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from config.kernel.migration_sql import run_sql_file

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_people_of_wallets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="walletuser",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wallets",
                to="accounts.person",
            ),
        ),
        migrations.DeleteModel(name="OutgoingTotal"),
        run_sql_file(HERE / "usage_room.sql", HERE / "usage_room_undo.sql", vendor="postgresql"),
    ]
