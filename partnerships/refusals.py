"""What the database refused, in words for the person at the keyboard, at the field that it is about.

The database is the last to judge: two people may save at once, and a circle of parents is seen by
nobody else. Its refusals come as integrity errors, those of our triggers included.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import BaseConstraint, Model, ProtectedError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from psycopg.errors import Diagnostic, ForeignKeyViolation, UniqueViolation

from partnerships import forecasts
from partnerships.texts import listed

FIELDS_OF_RULE = {
    # partnerships
    "iso_code_is_a_states": ("iso_code",),
    "ends_after_start": ("until",),
    "no_overlap": ("since",),
    "publisher_is_named_once": ("publisher_name",),
    "copy_has_its_sha256": ("archived_sha256",),
    "only_an_address_is_gone": ("url",),
    "kept_has_its_bytes": ("sha256",),
    "says_what_kept_it": ("reason",),
    "upload_is_somebodys": ("by",),
    "failures_are_counted": ("failures",),
    "gone_after_a_week": ("failures",),
    "once_per_place": ("locator",),
    "once_per_topic_and_stage": ("topic",),
    "once_per_actor": ("actor",),
    "once_per_role": ("actor",),
    "once_per_position": ("position",),
    "once": ("target", "obligation", "series"),
    "not_to_itself": ("target", "bloc", "qualifies"),
    "not_its_own_parent": ("parent",),
    "likelihood_is_for_forecasts": ("likelihood",),
    "quantity_in_order": ("quantity_max",),
    "quantity_not_negative": ("quantity_min",),
    "quantity_max_not_negative": ("quantity_max",),
    "quantity_has_its_unit": ("quantity_min",),
    "has_its_group": ("independence_group",),
    "decided_before_recorded": ("decided_at",),
    "statement_has_its_source": ("source",),
    "as_of_is_past": ("as_of",),
    "happened_by_then": ("as_of",),
    "corrects_another": ("corrects",),
    "says_why": ("reason",),
    "rests_on_its_grounds": ("status",),
    "cites_what_stands": ("source",),
    "rests_on_an_established_claim": ("promoted_from",),
    "of_several_groups": ("groups",),
    "came_about_has_its_source": ("source",),
    "resolved_once": ("claim",),
    "corrected_once": ("corrects",),
    "resolves_a_forecast": ("claim",),
    "forecast_stands": ("likelihood",),
    "version_says_what_changed": ("what_changed",),
    # events
    "dates_in_order": ("end_date",),
    "end_needs_start": ("start_date",),
    "time_has_date_and_zone": ("time_zone",),
    "times_in_order": ("end_time",),
    "edition_is_of_a_series": ("edition",),
    "one_per_edition": ("edition",),
    "single_voices_are_cleared": ("support",),
    "loosening_has_consents": ("attribution_rule",),
    "disclosures_stay": ("event",),
    "stays_at_its_event": ("event",),
    "stays_erased": ("name",),
    "erased_holds_nothing": ("name",),
    "of_somebody": ("participant",),
    "in_turn": ("as_of",),
    "consent_is_recorded": ("shows_name",),
    "session_is_of_the_event": ("session",),
    "shows_something": ("shows_name",),
    "once_per_session": ("session",),
    "off_record_is_not_published": ("session", "event"),
    "session_is_of_its_event": ("session",),
    "people_are_some": ("people",),
    "not_off_record": ("event",),
    # recommendations
    "by_one_thing": ("series",),
    "no_reason_is_for_rejections": ("no_reason_given",),
    "last_movement_before_as_of": ("last_movement_date",),
    "subject_is_one_line": ("subject",),
    "goes_to_one_address": ("to_address",),
    "reminds_of_an_asking": ("asked_on",),
    "only_what_is_sent_is_mailed": ("to_address",),
    "one_draft_per_step": ("step",),
    "once_per_asking": ("step",),
    "once_a_day": ("day",),
    "follows_the_lifecycle": ("state", "kind"),
    "in_order": ("as_of",),
    "not_before_it_was_made": ("as_of",),
    "corrects_what_stands": ("corrects",),
    "reopened_by_a_reviewer": ("reason",),
    "succeeded_by_another": ("successor",),
    "successors_lead_on": ("successor",),
    "has_its_sources": ("state",),
    "of_what_is_implemented": ("entry",),
    "until_is_to_come": ("until",),
    "of_one_thing": ("addressee", "submission"),
}
"""Where a rule is shown that its name does not tell; the first that the form has."""

SAID_BY_TRIGGERS = (
    forecasts.NOT_A_FORECAST,
    forecasts.NOT_PUBLISHED,
    forecasts.BY_ITS_AUTHOR,
    forecasts.BEFORE_PUBLICATION,
    forecasts.NO_DEADLINE,
    forecasts.TOO_EARLY,
    forecasts.OUTSIDE_ITS_TIME,
    forecasts.KEEPS_LIKELIHOOD,
    forecasts.GETS_NO_LIKELIHOOD,
    forecasts.STAYS_AS_IT_WAS,
    forecasts.TIME_IS_OVER,
    gettext_noop("This would lead in a circle back to where it starts."),
    gettext_noop("This is the name of another already: use that one, or write what sets the two apart."),
    gettext_noop("A correction names an earlier record about the same thing."),
    gettext_noop("What was published is withdrawn, never deleted."),
    gettext_noop("What was published is withdrawn, it does not become a draft again."),
    gettext_noop("It is public already: withdraw it instead of setting an embargo."),
    gettext_noop("A public id is permanent."),
    gettext_noop("Corroborated needs supporting citations of two independent origins."),
    gettext_noop("Officially confirmed needs a supporting citation of a source that a party published."),
    gettext_noop("This source was withdrawn: cite another one, or have it published again first."),
    gettext_noop("Only a claim that is corroborated or officially confirmed becomes an instrument."),
    gettext_noop("A point of a single voice needs a second editor's clearance before it is published."),
    gettext_noop(
        "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."
    ),
    gettext_noop("Somebody is disclosed in this session: it stays at its event."),
    gettext_noop("A participant stays at the event at which they were."),
    gettext_noop("What was known of this participant is erased."),
    gettext_noop("A consent is recorded when it is known, not ahead of time."),
    gettext_noop("Off the record, nobody who was there is disclosed."),
    gettext_noop("A participant is disclosed only with their recorded consent to that."),
    gettext_noop("This session is of another event."),
    gettext_noop("This event is off the record: no report of it is published."),
    gettext_noop("A point was made in a session that is off the record: take it out of the report first."),
    gettext_noop("This session is off the record: no point of it is published."),
    gettext_noop("This session is part of another event."),
    gettext_noop("The support of a point is graded anew, never deleted."),
    gettext_noop("The point was made at another event."),
    gettext_noop("A reference is permanent."),
    gettext_noop("The event was off the record: nothing of it is published."),
    gettext_noop("A published document is never changed: withdraw it and publish another one."),
    gettext_noop("These are not the bytes of this document."),
    gettext_noop("The as-of date lies before the event at which this was recommended."),
    gettext_noop("Something was recorded here at a later moment: what was known then would change."),
    gettext_noop("A later record is there already: give its day or a later one, or correct it."),
    gettext_noop("This cannot come after what was recorded before."),
    gettext_noop("This was corrected already: correct what stands in its place."),
    gettext_noop("With this correction one record would come after another that does not lead to it."),
    gettext_noop("Follow-up had ceased: a reviewer takes it up again, and says why."),
    gettext_noop("A recommendation does not take its own place: name another one."),
    gettext_noop("Its successors lead back to this recommendation: name one that is still open."),
    gettext_noop("An entry lacks the source that its state or its confidence needs."),
    gettext_noop("You recorded this entry: somebody else has to confirm it."),
    gettext_noop("Only an entry that stands and says first that it is implemented is confirmed."),
    gettext_noop("These are not the bytes of this copy."),
    gettext_noop("A participant is shown only as the decision, the consents and the rule have it."),
    gettext_noop(
        "The groups of the desk are neither renamed nor deleted: their names decide what their members may do."
    ),
    gettext_noop("A letter is decided once, and otherwise never changed or deleted."),
    gettext_noop("A rewording is decided once, and otherwise never changed."),
    gettext_noop("A submission is decided once, and otherwise never changed or deleted."),
)
"""The words of the triggers, listed for the translators."""

KEY_IN_DETAIL = re.compile(r"^Key \((?P<columns>[^)]+)\)=")


class RowRefused(Exception):  # noqa: N818 – reads as what happened
    """One row of a form's parts was refused; `prefix` is that of the row's form."""

    def __init__(self, prefix: str, refusal: ValidationError) -> None:
        self.prefix, self.refusal = prefix, refusal
        super().__init__(prefix, refusal)


@contextlib.contextmanager
def row(prefix: str) -> Iterator[None]:
    """A block whose refusals are those of the row with this prefix: raises RowRefused for them."""
    try:
        yield
    except IntegrityError as error:
        raise RowRefused(prefix, refusal_of(error)) from error
    except ValidationError as error:
        raise RowRefused(prefix, error) from error


def rule_of(model: type[Model], constraint: str) -> str:
    """A constraint's name less that of its table, for example `quantity_in_order`."""
    return constraint.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")


def fields_of_rule(rule: str, *, original_language: str = "en") -> Iterator[str]:
    """Names of the fields at which a violation of `rule` may be shown, the best first."""
    yield from FIELDS_OF_RULE.get(rule, ())
    if match := re.fullmatch(r"(.+)_(?:has_original|is_written)", rule):
        yield f"{match[1]}_{original_language}"
    if match := re.fullmatch(r"(.+)_(?:is_known|in_order|is_one|is_clean|has_original|is_written)", rule):
        yield match[1]
    if match := re.fullmatch(r"(?:needs|one_per|has_its|has_a)_(.+)", rule):
        yield match[1]


def fields_of_constraint(
    model: type[Model], constraint: BaseConstraint, *, original_language: str = "en"
) -> Iterator[str]:
    """Names of the fields at which a violation of `constraint` may be shown, the best first."""
    yield from fields_of_rule(rule_of(model, constraint.name), original_language=original_language)
    yield from reversed(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    named = condition.referenced_base_fields if condition is not None else set()
    if len(named) == 1:
        yield from named


def placed(error: ValidationError, model: type[Model]) -> ValidationError:
    """The same refusal of a row of `model`; what its constraints say stands at their fields.

    What two constraints say in the same words of different fields stays where it is.
    """
    if not hasattr(error, "error_dict"):
        return error
    fields_of: dict[str, str] = {}
    for constraint in model._meta.constraints:
        said = str(constraint.get_violation_error_message())
        place = next(fields_of_constraint(model, constraint), NON_FIELD_ERRORS)
        fields_of[said] = place if fields_of.setdefault(said, place) == place else NON_FIELD_ERRORS
    by_field: dict[str, list[ValidationError]] = {}
    for name, errors in error.error_dict.items():
        for one in errors:
            place = fields_of.get("".join(one.messages), name) if name == NON_FIELD_ERRORS else name
            by_field.setdefault(place, []).append(one)
    return ValidationError(by_field)


def refusal_of(error: IntegrityError) -> ValidationError:
    """What was refused, in the words of the constraint or the trigger, at the field it is about.

    Raises `error` again if it is not of SQLSTATE class 23, which alone says that the data were at fault.
    """
    if isinstance(error, ProtectedError):
        # Of what is restricted, how many there are is told to nobody here.
        users = sorted(
            {
                str(thing._meta.verbose_name_plural)
                if getattr(thing, "restricted", False)
                else f"{thing._meta.verbose_name} “{thing}”"
                for thing in error.protected_objects
            }
        )
        return ValidationError(_("It is still named by: %(users)s."), code="protected", params={"users": listed(users)})
    diagnostic: Diagnostic | None = getattr(error.__cause__, "diag", None)
    if diagnostic is None or not (diagnostic.sqlstate or "").startswith("23"):
        raise error
    said = gettext(diagnostic.message_primary or str(error))
    model = next((one for one in apps.get_models() if one._meta.db_table == diagnostic.table_name), None)
    if model is None:
        return ValidationError(said)
    for constraint in model._meta.constraints:
        if constraint.name == diagnostic.constraint_name:
            return _at(fields_of_constraint(model, constraint), constraint.get_violation_error_message())
    match = KEY_IN_DETAIL.match(diagnostic.message_detail or "")
    columns = match["columns"].split(", ") if match else [diagnostic.column_name]
    names = [field.name for column in columns for field in model._meta.fields if field.column == column]
    if isinstance(error.__cause__, UniqueViolation) and names:
        if model._meta.label == "recommendations.Reference":
            return _at(names, _("This reference was given before, and is never given again."))
        return _at(names, model().unique_error_message(model, tuple(names)))
    if isinstance(error.__cause__, ForeignKeyViolation):
        return _at(names, _("What this names is not there any more: choose again."))
    return _at([*names, *fields_of_rule(rule_of(model, diagnostic.constraint_name or ""))], said)


def judge_by_now() -> None:
    """Has the database judge the rules that it leaves for the end of the transaction, before anybody is told “saved”."""
    left = [
        f"{model._meta.label}:{rule.name}"
        for model, rule in pgtrigger.registered()
        if rule.timing == pgtrigger.Deferred
    ]
    pgtrigger.constraints(pgtrigger.Immediate, *left)
    pgtrigger.constraints(pgtrigger.Deferred, *left)


def _at(names: Iterable[str], message: Any) -> ValidationError:
    """`message` at the first of `names`, or at none if there is none."""
    for name in names:
        return ValidationError({name: message})
    return ValidationError(message)
