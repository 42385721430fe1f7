import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config import postgres
from publishing.roles import ADMINISTRATORS, CONVENORS

NAME = "administrator"


class Command(BaseCommand):
    help = "On a laptop, makes the first administrator with a random password and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000/admin/", help="printed with the password")

    def handle(self, *, address: str, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("In production nobody is made by a machine: manage.py createsuperuser asks you.")
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            # The lock lets only one of two first runs make the account.
            groups = {group.name: group for group in Group.objects.select_for_update().order_by("pk")}
            for name in (ADMINISTRATORS, CONVENORS):
                if name not in groups:
                    raise CommandError(f"The group '{name}' is missing. Make it with: manage.py migrate")
            if (
                User.objects.filter(groups=groups[ADMINISTRATORS]).exists()
                or User.objects.filter(username=NAME).exists()
            ):
                return
            user = User.objects.create_user(NAME, password=password, is_staff=True)
            # On a laptop one person does everything, and may see everything.
            user.groups.add(groups[ADMINISTRATORS], groups[CONVENORS])
        command = f"{'MAJLIS_DEMO=1 ' if postgres.DEMO else ''}.venv/bin/python manage.py"
        self.stdout.write(
            f"A local administrator was made. Sign in at {address}\n"
            f"  user:     {NAME}\n"
            f"  password: {password}\n"
            f"It is shown this once; a new one: {command} changepassword {NAME}"
        )
