"""The background jobs of this app. Each job makes one call, and running it twice does no harm."""

from django.utils import timezone
from procrastinate.contrib.django import app

from publishing.background import RETRIES, enqueue
from recommendations.actions import digest, letters


@app.task(name="send_digest", retry=RETRIES)
def send_digest(*, user: int) -> None:
    """Sends one person's digest of today."""
    digest.send_digest(user, at=timezone.now())


@app.periodic(cron="11 4-16 * * *")
@app.task(name="send_digests", queueing_lock="send_digests")
def send_digests(timestamp: int) -> None:
    """Queues the digests in the morning, and later in the day for those whom the morning's run missed."""
    for user in digest.not_looked_at(on=timezone.now().date()).values_list("pk", flat=True):
        enqueue("send_digest", queueing_lock=f"digest-{user}", user=user)


@app.periodic(cron="41 3 * * *")
@app.task(name="draft_letters", queueing_lock="draft_letters")
def draft_letters(timestamp: int) -> None:
    """Drafts the letters that are due."""
    letters.draft_what_is_due(at=timezone.now())


@app.task(name="mail_letter", retry=RETRIES)
def mail_letter(*, letter: int) -> None:
    """Gives a letter that somebody has sent to the mail server."""
    letters.mail(letter, at=timezone.now())
