"""Migrations of the limits."""
