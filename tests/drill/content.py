"""The content that a drill writes, and what the public gets from it afterwards; each in a process of its own.

python -m tests.drill.content fill      the two documents, and confidential rows of every kind
python -m tests.drill.content read      public pages and lists of the API, as digests (JSON)
"""

import hashlib
import itertools
import json
import os
import sys

import django

PAGES_OF_EACH = 6
"""How many publications of each kind are looked at; the lists of the API hold a hundred of each."""


def fill() -> None:
    from django.core.management import call_command
    from django.db import transaction

    from config.management.commands.ensure_local_administrator import NAME
    from config.postgres import ROOT
    from tests.config.test_reader_role import draft_of_everything, lift_embargoes, publish_everything

    call_command("ensure_local_administrator", stdout=sys.stderr)
    documents = sorted(str(path) for path in (ROOT / "knowledge").glob("*.yaml"))
    call_command("import_knowledge", *documents, by=NAME, stdout=sys.stderr)
    with transaction.atomic():
        draft_of_everything()
        publish_everything()
        lift_embargoes()
        draft_of_everything()


def read() -> None:
    from django.apps import apps
    from django.test import Client
    from django.utils import timezone

    from publishing.publication import Publication

    publications = [
        one
        for model in apps.get_models()
        if issubclass(model, Publication)
        for one in itertools.islice(model._default_manager.published(at=timezone.now()).order_by("pk"), PAGES_OF_EACH)
    ]
    addresses = ["/", "/search/?q=Qatar", "/sitemap.xml", "/readyz"]
    addresses += [one.get_absolute_url() for one in publications if hasattr(one, "get_absolute_url")]
    lists = ("actors", "claims", "events", "partnerships", "recommendations", "reports", "series", "sources", "topics")
    addresses += [f"/api/v1/{name}/?page_size=100" for name in (*lists, "changes")]
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    answers = {}
    for address in addresses:
        answer = client.get(address)
        answers[address] = [answer.status_code, hashlib.sha256(answer.getvalue()).hexdigest()]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "MAJLIS_MODE": "development", "DEBUG": "false"}
    django.setup()
    {"fill": fill, "read": read}[sys.argv[1]]()
