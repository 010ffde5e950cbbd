"""Loaded in every process: from here on the guard stands before every change."""

from config.kernel.access import guard

guard.connect()
