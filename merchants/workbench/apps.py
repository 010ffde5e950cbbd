"""Registers the workbench slice with Django."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The request log and fault switches of developers."""

    name = "merchants.workbench"
    label = "workbench"
    default_auto_field = "django.db.models.BigAutoField"
