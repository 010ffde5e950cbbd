"""Merchant programs of the scenarios: each a few lines on the gateway or the public API alone."""
