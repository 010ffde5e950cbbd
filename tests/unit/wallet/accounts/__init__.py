"""Tests of wallet accounts."""
