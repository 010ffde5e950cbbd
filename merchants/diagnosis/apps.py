"""Registers the diagnosis slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class DiagnosisConfig(AppConfig):
    """What is wrong with a signature, and why."""

    name = "merchants.diagnosis"
    label = "diagnosis"
    slice = Slice(urls="", tags={"tools": "Explaining a signature."})
