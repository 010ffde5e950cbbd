"""Subjects have aliases, by which logs, approvals and events know them."""

import uuid

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def draw(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Draw an alias for everybody."""
    subjects = apps.get_model("health_subjects", "Subject").objects
    for subject_id in subjects.values_list("id", flat=True).iterator(chunk_size=2000):
        subjects.filter(id=subject_id).update(alias=uuid.uuid4())


class Migration(migrations.Migration):
    """Additive: what was written before goes on naming ids, and is still read."""

    dependencies = (("health_subjects", "0005_pseudonyms_are_proven"),)
    operations = [
        migrations.AddField(
            model_name="subject",
            name="alias",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="subject",
            name="alias",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
