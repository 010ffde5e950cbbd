"""A right that nothing asks for any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0004_how_persons_are_named"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="merchant",
            options={"ordering": ("id",)},
        ),
    ]
