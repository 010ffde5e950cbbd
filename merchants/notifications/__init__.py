"""Asynchronous notifications to merchants: written with the event, sent by a ladder."""
