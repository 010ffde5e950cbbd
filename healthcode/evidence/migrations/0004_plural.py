"""Say what several are called: the panel made "evidences" of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("health_evidence", "0003_who_approved_an_area")]

    operations = [
        migrations.AlterModelOptions(
            "Evidence",
            options={"ordering": ("-id",), "verbose_name_plural": "pieces of evidence"},
        ),
    ]
