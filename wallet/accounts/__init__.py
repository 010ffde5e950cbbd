"""Customers: login, PIN, devices, tiers, top-up, withdrawal."""
