"""Whom the code is about: pseudonymous subjects, their devices, guardians."""
