"""Payments declared to a customs office, for goods that cross a border."""
