"""Questions to put to an addressee, made from the state of things by the rules below and nothing else.

Of the response one at most, of the implementation one at most, then one each where the target date has
passed and where the same was asked at several editions running:

| where it stands                          | what is asked                                                |
|------------------------------------------|--------------------------------------------------------------|
| not sent                                 | which office should receive it                               |
| awaiting a response                      | when an answer can be expected                               |
| no response                              | whether what was sent was received                           |
| noted                                    | whether it is accepted                                       |
| partly accepted                          | what would make the rest acceptable                          |
| rejected                                 | whether the reason still holds, or what the reason was       |
| accepted, and nothing begun or looked at | the first step, and by when (this stands for both axes)      |
| not assessed                             | what has been done since it was asked                        |
| not started                              | what stands in the way of a start                            |
| in progress                              | the next step and its date; what happened since, if stale    |
| stalled                                  | what it would take to resume                                 |
| partly implemented                       | when what remains will be done                               |
| implemented, not confirmed               | which act or text shows that it is done                      |
| reversed                                 | what led to the step back, and what would undo it            |

The sentences do not name the addressee, under whose name they stand: so they hold in Turkish and in Arabic for
every name, whatever its gender, number and last vowel.
"""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from publishing.languages import Text
from recommendations.briefing.content import NOTHING, Question
from recommendations.briefing.turn import Where, day_in_words
from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import ENDS, NO_RESPONSE, ImplementationState, ResponseKind

S, R = ImplementationState, ResponseKind
NOTHING_BEGUN = (S.NOT_ASSESSED, S.NOT_STARTED)


def questions(where: Where, *, editions_running: int = 0) -> Iterator[Question]:
    """What to ask; nothing where follow-up has ended."""
    if not where.is_open:
        return
    if where.state not in ENDS:
        yield from of_the_response(where)
    if not (where.response == R.ACCEPTED and where.state in NOTHING_BEGUN):
        yield of_the_implementation(where)
    if where.is_overdue and where.target_date is not None:
        yield Question(
            gettext("The target date was %(date)s: which date holds now?") % {"date": day_in_words(where.target_date)}
        )
    if editions_running > 1:
        yield Question(
            ngettext(
                "It has been asked at %(number)s edition running: what has kept it from being settled?",
                "It has been asked at %(number)s editions running: what has kept it from being settled?",
                editions_running,
            )
            % {"number": editions_running}
        )


def of_the_response(where: Where) -> Iterator[Question]:
    """What to ask about the answer."""
    answer = where.answer
    said = {"date": day_in_words(answer.as_of) if answer is not None else ""}
    match where.response:
        case R.NOT_SENT:
            yield Question(gettext("Which office should receive the recommendation?"))
        case R.AWAITING:
            yield Question(gettext("The recommendation was sent on %(date)s: when can an answer be expected?") % said)
        case _ if where.response == NO_RESPONSE:
            yield Question(
                gettext("Has the recommendation that was sent on %(date)s been received? No answer is recorded.") % said
            )
        case R.NOTED:
            yield Question(
                gettext("The recommendation was noted on %(date)s: is it also accepted?") % said,
                Text(answer.words, answer.language),
            )
        case R.PARTLY_ACCEPTED:
            yield Question(
                gettext("What would make the rest of the recommendation acceptable? A part was accepted on %(date)s:")
                % said,
                Text(answer.accepted_part, answer.language),
            )
        case R.REJECTED if answer.reason:
            yield Question(
                gettext("The recommendation was declined on %(date)s: does the reason still hold?") % said,
                Text(answer.reason, answer.language),
            )
        case R.REJECTED:
            yield Question(
                gettext("The recommendation was declined on %(date)s without a reason: what was the reason?") % said
            )
        case R.ACCEPTED if where.state in NOTHING_BEGUN:
            yield Question(
                gettext("The recommendation was accepted on %(date)s: what is the first step, and by when?") % said
            )


def of_the_implementation(where: Where) -> Question:
    """What to ask about what was done."""
    entry = where.entry
    said = {"date": day_in_words(entry.as_of) if entry is not None else ""}
    if where.state in WELL:
        return Question(gettext("Which act or text shows that it is done?"))
    match where.state:
        case S.NOT_STARTED:
            return Question(
                gettext("What stands in the way of a start? On %(date)s nothing was found to have begun.") % said
            )
        case S.IN_PROGRESS if where.is_stale:
            return Question(gettext("What has happened since %(date)s, when it was last looked into?") % said)
        case S.IN_PROGRESS:
            return Question(gettext("What is the next step, and when will it be taken?"))
        case S.STALLED:
            return Question(
                gettext("What would it take to resume? The last movement was on %(date)s.")
                % {"date": day_in_words(entry.last_movement_date or entry.as_of)},
                Text(entry.reason, entry.language) if entry.reason else NOTHING,
            )
        case S.PARTLY_IMPLEMENTED:
            return Question(gettext("When will what remains be done?"), Text(entry.what_remains, entry.language))
        case S.REVERSED:
            return Question(gettext("What led to the step back recorded on %(date)s, and what would undo it?") % said)
    return Question(gettext("What has been done about it since it was asked?"))
