"""Make the operators' roles."""

from typing import Any

from django.core.management.base import BaseCommand

from config.admin.roles import create_roles


class Command(BaseCommand):
    """`manage.py create_roles`."""

    help = "Make the operators' roles (Django groups) with exactly their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in create_roles():
            self.stdout.write(name)
