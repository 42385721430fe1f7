"""Sentences that the Word document and the spreadsheet of a briefing pack share, in the active language."""

from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from recommendations.briefing.content import Pack
from recommendations.briefing.turn import day_in_words
from recommendations.lifecycle.states import Turn


def title(pack: Pack) -> str:
    """The heading of every page."""
    if pack.about.words:
        return _("Briefing pack: %(about)s") % {"about": pack.about.words}
    return _("Briefing pack on recommendations")


def known_on(pack: Pack) -> str:
    return _("As known on %(date)s") % {"date": day_in_words(pack.known_on)}


def drafts() -> str:
    """The warning on every page of a pack with drafts."""
    return _("Contains drafts that are not published. Not for circulation.")


def what_it_is(pack: Pack) -> str:
    """One paragraph for somebody who receives the pack without a letter."""
    if pack.with_drafts:
        return _(
            "It gathers recommendations with what came of them, addressee by addressee: what is open, what changed,"
            " on what evidence, and what to ask next. It was made from all that the desk holds, published or not."
        )
    return _(
        "It gathers recommendations with what came of them, addressee by addressee: what is open, what changed,"
        " on what evidence, and what to ask next. It was made from what is published, and holds nothing else."
    )


def facts(pack: Pack) -> list[tuple[str, str]]:
    """What the pack is, as of when, and which filters selected its content."""
    chosen = "; ".join(f"{name}: {value}" if value else name for name, value in pack.filters)
    found = [
        (_("As known on"), day_in_words(pack.known_on)),
        (_("Changes since"), day_in_words(pack.since)),
        (_("Chosen by"), chosen or _("no filter: all recommendations")),
        (
            _("Recommendations"),
            str(pack.number),
        ),
        (_("Language"), get_language_info(pack.language)["name_local"]),
        (_("Made on"), day_in_words(pack.made_at.date())),
    ]
    if pack.prepared_by:
        found.append((_("Prepared by"), pack.prepared_by))
    return found


def parts_of_pack(pack: Pack) -> list[tuple[str, str, str]]:
    """Each part as (bookmark, heading, number of its entries)."""
    number_of_items = sum(len(group.items) for group in pack.open_items)
    number_of_questions = sum(len(item.questions) for _addressee, item in pack.items())
    return [
        (
            "open",
            _("Open items, by addressee"),
            ngettext("%(number)s item", "%(number)s items", number_of_items) % {"number": number_of_items},
        ),
        (
            "changes",
            _("Changes since %(date)s") % {"date": day_in_words(pack.since)},
            ngettext("%(number)s change", "%(number)s changes", len(pack.changes)) % {"number": len(pack.changes)},
        ),
        (
            "evidence",
            _("Evidence"),
            ngettext("%(number)s source", "%(number)s sources", len(pack.evidence)) % {"number": len(pack.evidence)},
        ),
        (
            "questions",
            _("Suggested questions"),
            ngettext("%(number)s question", "%(number)s questions", number_of_questions)
            % {"number": number_of_questions},
        ),
        ("words", _("How to read it"), ""),
    ]


def two_axes() -> str:
    return _(
        "What an addressee answers and what it does are kept apart: one may decline and act, or accept and do nothing."
    )


def meanings(pack: Pack) -> list[tuple[str, str]]:
    """Terms that need an explanation, each with its meaning."""
    return [
        (_("Response"), _("What the addressee answered. Silence is never read as an answer.")),
        (
            _("No response"),
            ngettext(
                "Sent, and unanswered for more than %(number)s day, unless the series sets another time.",
                "Sent, and unanswered for more than %(number)s days, unless the series sets another time.",
                pack.no_response_days,
            )
            % {"number": pack.no_response_days},
        ),
        (_("Implementation"), _("How far the addressee has come, as of the day on which it was last checked.")),
        (
            _("Not checked for long"),
            ngettext(
                "Nobody has looked for more than %(number)s month, unless the series sets another time.",
                "Nobody has looked for more than %(number)s months, unless the series sets another time.",
                pack.stale_months,
            )
            % {"number": pack.stale_months},
        ),
        (
            _("Claimed, documented, verified"),
            _("How well a state is known: said by somebody, shown by a document, or checked by us."),
        ),
        (
            _("Whose turn"),
            _(
                "“%(ours)s” means the house that sends this pack: to send, to ask again, to look or to confirm."
                " Everything else is the addressee's."
            )
            % {"ours": Turn.DESK.label},
        ),
        (
            _("Grade"),
            _(
                "How reliable a source is, A (completely reliable) to F (cannot be judged), and how credible what it"
                " says is, 1 (confirmed by others) to 6 (cannot be judged): NATO AJP-2.1."
            ),
        ),
    ]
