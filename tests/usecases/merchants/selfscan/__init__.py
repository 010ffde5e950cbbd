"""Scan and go, on real databases."""
