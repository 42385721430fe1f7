"""Every refusal has one reason, and says what to do."""

import re

from events.documents.cleaned import PLACE_LABELS, REMOVED, TextPart, removals
from events.documents.refusal import FileRefused, kinds_of_refusal, refusal_for

GIVEN = {
    name: 7
    for each in kinds_of_refusal()
    for sentence in each.reasons.values()
    for name in re.findall(r"%\((\w+)\)s", str(sentence))
}


def test_reasons_are_told_apart() -> None:
    reasons = [reason for each in kinds_of_refusal() for reason in each.reasons]
    assert len(reasons) == len(set(reasons)) == 46


def test_refusal_is_found_by_its_reason_and_says_a_sentence() -> None:
    for each in kinds_of_refusal():
        for reason in each.reasons:
            refusal = refusal_for(reason, GIVEN)
            assert type(refusal) is each
            (message,) = refusal.messages
            assert message.endswith(".")
            assert "%(" not in message


def test_given_values_are_kept_for_another_process() -> None:
    refusal = refusal_for("unsafe_part_name", {"part": "../x"})
    assert isinstance(refusal, FileRefused)
    assert (refusal.reason, refusal.given) == ("unsafe_part_name", {"part": "../x"})


def test_removals_are_told_in_their_order() -> None:
    told = removals({"gps": 1, "comments": 3, "exif": 0})
    assert [(str(label), number) for label, number in told] == [
        ("Comments and notes", 3),
        ("The place where a picture was taken (GPS)", 1),
    ]


def test_every_place_has_words() -> None:
    assert {TextPart(kind, 3, "x").place for kind in PLACE_LABELS} >= {"page 3", "footnote 3", "header 3", "the text"}


def test_every_removal_that_is_counted_has_words() -> None:
    from events.documents import docx, odt, pdf, pictures

    counted: set[str] = set()
    for module in (docx, odt, pdf, pictures):
        with open(str(module.__file__), encoding="utf-8") as file:
            source = file.read()
        counted |= set(re.findall(r'removed\["(\w+)"\]', source))
    assert counted <= set(REMOVED)
