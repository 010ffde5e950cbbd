"""Registers the certificates slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Slice, Table


class CertificatesConfig(AppConfig):
    """Certificates for clients that know keys only inside them."""

    name = "merchants.certificates"
    label = "certificates"
    slice = Slice(
        tables=(Table(Area.MERCHANTS, "Certificates", "workspace_premium", "Certificate"),),
        viewers=("auditor", "merchant_ops"),
        urls="",
        enum_names={"CertificateKind": "values.CertificateKind"},
    )
