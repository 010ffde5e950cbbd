"""Shapes of the certificates API."""

from rest_framework import serializers

from merchants.certificates.rules import LONGEST_REQUEST


class TrioSerializer(serializers.Serializer[object]):
    """What a client in certificate mode is set up with."""

    app_sn = serializers.CharField()
    app_pem = serializers.CharField()
    gateway_sn = serializers.CharField()
    gateway_pem = serializers.CharField()
    roots_sn = serializers.CharField()
    roots_pem = serializers.CharField()


class AppCertificateRequestSerializer(serializers.Serializer[object]):
    """A signing request (PEM) or a public key."""

    request = serializers.CharField(max_length=LONGEST_REQUEST, trim_whitespace=True)
