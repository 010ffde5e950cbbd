"""Columns that many tables have, declared once."""

from enum import StrEnum

from django.db import models


def state(first: StrEnum, longest: int) -> "models.CharField[str, str]":
    """Where a row stands: a name of `first`'s enumeration, at most `longest` long; `first` anew."""
    names = [(name, name) for name in type(first)]
    return models.CharField(max_length=longest, default=first, choices=names)
