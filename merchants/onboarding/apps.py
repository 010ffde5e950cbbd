"""Registers the onboarding slice with Django."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """The merchants, stores, tills, apps and keys."""

    name = "merchants.onboarding"
    label = "onboarding"
    default_auto_field = "django.db.models.BigAutoField"
