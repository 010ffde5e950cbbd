"""Tests of healthcode."""
