"""The sources of a status entry."""

import pytest

from tests.factories import AddresseeFactory, EvidenceFactory, SourceFactory, StatusEntryFactory
from tests.support.published import get

pytestmark = pytest.mark.django_db


def test_evidence_says_how_near_it_stands_to_what_it_shows() -> None:
    addressee = AddresseeFactory(recommendation__published=True, actor__published=True)
    entry = StatusEntryFactory(addressee=addressee, state="in_progress", cited=False)
    natures = ["primary", "independent", "own_account", "unrated"]
    for nature in natures:
        EvidenceFactory(entry=entry, nature=nature, source=SourceFactory(published=True, date="2025-05"))
    shown = get(f"status-entries/{entry.public_id}/")["evidence"]
    assert [cited["nature"] for cited in shown] == natures
    assert [*shown[0]] == [
        "source",
        "nature",
        "stance",
        "locator",
        "quotation",
        "source_reliability",
        "information_credibility",
        "independence_group",
    ]
