"""Registers the workbench slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Slice, Table


class WorkbenchConfig(AppConfig):
    """The request log and fault switches of developers."""

    name = "merchants.workbench"
    label = "workbench"
    slice = Slice(
        tables=(Table(Area.MERCHANTS, "Equipment", "devices", "Equipment"),),
        viewers=("auditor", "teacher"),
    )
