"""Scenarios as files: each a lesson, an acceptance test and a page of documentation at once."""
