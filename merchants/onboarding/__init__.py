"""Merchant, store, till, app and keys."""
