"""Registers the health_passes slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import HEALTH, Area, Slice, Table


class HealthPassesConfig(AppConfig):
    """The health code: passes."""

    name = "healthcode.passes"
    label = "health_passes"
    verbose_name = "health passes"
    slice = Slice(
        tables=(
            Table(Area.HEALTH, "Passes", "qr_code_2", "Pass"),
            Table(Area.HEALTH, "Code grants", "handshake", "CodeGrant"),
            Table(Area.HEALTH, "Signing keys", "vpn_key", "SigningKey"),
            Table(Area.HEALTH, "Region agreements", "handshake", "RegionAgreement"),
            Table(Area.HEALTH, "Trusted issuers", "verified_user", "TrustedIssuer"),
        ),
        viewers=HEALTH,
        rights={"add_pass": ("health_officer",)},
        urls="api/v1/health/",
    )
