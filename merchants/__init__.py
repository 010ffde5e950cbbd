"""Merchants: onboarding, acceptance, settlement and the gateway."""
