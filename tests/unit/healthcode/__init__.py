"""Tests of healthcode without a database."""
