"""Rules enforced by PostgreSQL whoever writes: the admin, an import or raw SQL.

Every refusal raises an integrity error (SQLSTATE class 23) whose message says what to do, so that the code above can
show it to the user.
"""

from typing import Any

import pgtrigger
from django.db.models import Model
from django.utils.translation import gettext_noop

from partnerships import verification
from publishing.database.triggers import literal


class RestsOnItsGrounds(pgtrigger.Trigger):
    """A review may give a status only if the claim has, at that moment, what the status needs.

    Generated from `verification.NEEDS`. The review locks the claim's row until the end of the transaction, so that it
    sees the desk's other changes to the claim.
    """

    name = "rests_on_its_grounds"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__status__in=[status.value for status in verification.NEEDS])

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("grounds", "RECORD")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        refusals = "".join(
            f"""
            IF NEW.status = '{status.value}' AND grounds.{need.value} < {number} THEN
                RAISE EXCEPTION {literal(verification.SAID_BY_THE_DATABASE[need])}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'status',
                          CONSTRAINT = '{table}_rests_on_its_grounds';
            END IF;"""
            for status, (need, number) in verification.NEEDS.items()
        )
        return f"""
            PERFORM 1 FROM partnerships_claim AS claim WHERE claim.id = NEW.claim_id FOR NO KEY UPDATE;
            SELECT * INTO grounds FROM partnerships_grounds(NEW.claim_id, NEW.as_of);{refusals}
            RETURN NEW;
        """


class CitesWhatStands(pgtrigger.Trigger):
    """A source that is withdrawn cannot be cited; one that is withdrawn later stays cited.

    The citation locks the source's row until the end of the transaction, so a withdrawal at the same time comes before
    or after it.
    """

    name = "cites_what_stands"
    when = pgtrigger.Before
    condition = pgtrigger.Q(new__source__isnull=False)
    refusal = gettext_noop("This source was withdrawn: cite another one, or have it published again first.")

    def __init__(self, *, operation: Any = pgtrigger.Insert) -> None:
        super().__init__(operation=operation)

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("standing", "TEXT")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF TG_OP = 'UPDATE' AND NEW.source_id IS NOT DISTINCT FROM OLD.source_id THEN
                RETURN NEW;
            END IF;
            SELECT source.state INTO standing FROM partnerships_source AS source
                WHERE source.id = NEW.source_id FOR SHARE;
            IF standing = 'withdrawn' THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'source_id',
                          CONSTRAINT = '{table}_cites_what_stands';
            END IF;
            RETURN NEW;
        """


class KeepCurrentVerification(pgtrigger.Trigger):
    """Updates the `CurrentVerification` of a claim; `of` is the SQL expression of its key."""

    name = "keep_current_verification"
    when = pgtrigger.After

    def __init__(self, of: str = "NEW.claim_id", *, operation: Any = pgtrigger.Insert) -> None:
        self.of = of
        super().__init__(operation=operation)

    def get_func(self, model: type[Model]) -> str:
        return f"PERFORM partnerships_keep_current_verification({self.of}); RETURN NULL;"


class RestsOnAnEstablishedClaim(pgtrigger.Trigger):
    """An instrument that was created from a claim needs a claim that was established.

    Checked at the end of the transaction: by then some review that nobody corrected must say corroborated or better.
    Later changes of the claim do not matter.
    """

    name = "rests_on_an_established_claim"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("promoted_from_id")
    condition = pgtrigger.Q(new__promoted_from__isnull=False)
    timing = pgtrigger.Deferred
    refusal = gettext_noop("Only a claim that is corroborated or officially confirmed becomes an instrument.")

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        established = ", ".join(f"'{status.value}'" for status in verification.ESTABLISHED)
        return f"""
            IF NOT EXISTS (
                SELECT 1 FROM partnerships_review AS review
                WHERE review.claim_id = NEW.promoted_from_id AND review.status IN ({established}) AND NOT EXISTS (
                    SELECT 1 FROM partnerships_review AS correction WHERE correction.corrects_id = review.id
                )
            ) THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'promoted_from_id',
                          CONSTRAINT = '{table}_rests_on_an_established_claim';
            END IF;
            RETURN NULL;
        """
