"""Imports knowledge files into the database: all of a set of files, or nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q

from config.knowledge.check import check
from config.knowledge.document import YamlDocument, read
from config.knowledge.format import KnowledgeFile
from config.knowledge.listing import Listed, Listing
from config.knowledge.problem import KnowledgeError, Problem
from config.knowledge.writer import Writer
from publishing.roles import ADMINISTRATORS, reads_drafts

AUTHOR = "knowledge-import"
"""The account that is the author of what imports write: nobody can sign in with it."""

LOCK = "majlis.import_knowledge"


class ImportRefusedError(Exception):
    """An import cannot take place now, whatever the files contain."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or with a dry run would do; `kept` counts what already existed and was left unchanged."""

    files: int
    listed: tuple[Listed, ...]
    kept: int

    @property
    def created(self) -> list[Listed]:
        return [item for item in self.listed if item.is_new]

    @property
    def changed(self) -> list[Listed]:
        return [item for item in self.listed if not item.is_new and not item.is_untouched]

    @property
    def published(self) -> list[Listed]:
        return [item for item in self.listed if item.moves_on and not item.was_published]


def import_files(
    files: Iterable[str],
    *,
    at: dt.datetime,
    by: str | None = None,
    dry_run: bool = False,
    keep_existing: bool = False,
) -> ImportResult:
    """Imports the set of `files` as the act of the account named `by` (by default the only administrator).

    With `dry_run` everything is done and then rolled back. With `keep_existing`, publications that are already in the
    database are left unchanged. Raises KnowledgeError for errors in the files, ImportRefusedError for other obstacles;
    in both cases nothing is written.
    """
    contents = read_all(files)
    listing = Listing(contents)
    with transaction.atomic():
        take_lock()
        listing.load(keep_existing=keep_existing)
        listing.find_references()
        listing.refuse_circles()
        stop_at_problems(listing, contents)
        listing.compare()
        stop_at_problems(listing, contents)
        if any(not item.is_untouched for item in listing):
            Writer(listing, by=person(by), author=author(), at=at).write()
            stop_at_problems(listing, contents)
        if dry_run:
            transaction.set_rollback(True)
    return ImportResult(len(contents), tuple(listing), listing.kept)


def read_all(files: Iterable[str]) -> list[tuple[YamlDocument, KnowledgeFile]]:
    contents: list[tuple[YamlDocument, KnowledgeFile]] = []
    problems: list[Problem] = []
    seen: set[FilePath] = set()
    for file in files:
        try:
            document = read(file)
            place = FilePath(file).resolve()
            if place in seen:
                raise KnowledgeError([Problem(file, 0, "this file is named twice.")])
            seen.add(place)
            contents.append((document, check(document)))
        except KnowledgeError as error:
            problems += error.problems
    if problems:
        raise KnowledgeError(problems)
    return contents


def stop_at_problems(listing: Listing, contents: list[tuple[YamlDocument, KnowledgeFile]]) -> None:
    if listing.problems:
        order = {document.file: place for place, (document, _content) in enumerate(contents)}
        raise KnowledgeError(sorted(listing.problems, key=lambda problem: (order[problem.file], problem.line)))


def take_lock() -> None:
    """Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRefusedError("Another import is under way. Start this one again when that one is done.")


def author() -> User:
    """The author of imported publications; the account is created when it is first needed."""
    account, is_new = User.objects.get_or_create(username=AUTHOR, defaults={"is_active": False})
    if is_new:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    elif account.is_active:
        raise ImportRefusedError(
            f"The account “{AUTHOR}” is kept for imports, and nobody may sign in with it. Deactivate it in the admin."
        )
    return account


def person(name: str | None) -> User:
    """The account in whose name the import is done: `name`, or the only administrator."""
    if name is not None:
        account = User.objects.filter(username=name).first()
        if account is None or not reads_drafts(account):
            reason = "There is no account" if account is None else "No active member of the desk is"
            raise ImportRefusedError(f"{reason} “{name}”. Name a reviewer or an administrator with --by USERNAME.")
        return account
    administrators = list(only_administrators())
    if len(administrators) == 1:
        return administrators[0]
    reason = "There are several administrators" if administrators else "There is no active administrator"
    raise ImportRefusedError(f"{reason}, and an import is somebody's act. Name the account with --by USERNAME.")


def only_administrators() -> Iterator[User]:
    """At most two: enough to know whether there is one."""
    of_group = Q(is_staff=True, groups__name=ADMINISTRATORS)
    accounts = User.objects.filter(Q(is_superuser=True) | of_group, is_active=True)
    yield from accounts.distinct().order_by("username")[:2]
