"""Identities are proven or merely claimed; those that are there were taken before."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PROOFS = [
    ("SIMULATED", "SIMULATED"),
    ("EARLIER", "EARLIER"),
    ("WALLET", "WALLET"),
    ("CLAIM_CODE", "CLAIM_CODE"),
    ("DESK", "DESK"),
]


def mark_earlier(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of every identity that is there that nobody asked for its proof."""
    subjects = apps.get_model("health_subjects", "Subject")
    subjects.objects.filter(pseudonym__isnull=False).update(identity_proof="EARLIER")


class Migration(migrations.Migration):
    """Proof and claim of a subject's identity."""

    dependencies = (("health_subjects", "0003_the_end"),)
    operations = [
        migrations.AddField(
            model_name="subject",
            name="claim_ref",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="subject",
            name="identity_proof",
            field=models.CharField(blank=True, choices=PROOFS, max_length=10),
        ),
        migrations.RunPython(mark_earlier, migrations.RunPython.noop),
    ]
