"""Tests of healthcode.codec."""
