"""Wiring and the small shared kernel; no business."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
