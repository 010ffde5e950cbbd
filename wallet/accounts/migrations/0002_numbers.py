"""A number that people and protocols see is called a number; an id is a row's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]

    operations = [
        migrations.RemoveConstraint("walletuser", "user_id_16_digits"),
        migrations.RenameField("walletuser", "user_id", "user_number"),
        migrations.AddConstraint(
            "walletuser",
            models.CheckConstraint(
                name="user_number_16_digits", condition=models.Q(user_number__regex=r"^\d{16}$")
            ),
        ),
    ]
