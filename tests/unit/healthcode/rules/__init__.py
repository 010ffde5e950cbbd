"""Tests of healthcode.rules."""
