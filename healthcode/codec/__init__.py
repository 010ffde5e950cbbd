"""Signed health certificates as strings: HC1, SMART Health Cards, NZCP and our own SH1.

Pure: bytes and keys in, facts or a refusal with its stage out. No Django, no clock.
"""
