"""The items about claims: claims to review again, forecasts to resolve, sources that are gone.

A claim appears in the queue once, for its most pressing reason.
"""

from partnerships.verification import UNCONFIRMED
from recommendations.queue.place import QueueKind
from recommendations.queue.walk import About, Walk, put_off, texts

A_CLAIM = About(
    is_mine="(claim.author_id = %(by)s OR COALESCE(review.by_id = %(by)s, FALSE))",
    of_series="",
    of_partner="""(
        claim.perspective_id = %(partner)s OR claim.asserted_by_id = %(partner)s
        OR EXISTS (SELECT 1 FROM partnerships_claimsubject AS subject
            WHERE subject.claim_id = claim.id AND subject.actor_id = %(partner)s)
        OR EXISTS (SELECT 1 FROM partnerships_claim_partnerships AS named
            JOIN partnerships_party AS party ON party.partnership_id = named.partnership_id
            WHERE named.claim_id = claim.id AND party.actor_id = %(partner)s)
    )""",
    claim="claim.id",
)
A_SOURCE = About(
    is_mine="(gone.author_id = %(by)s)",
    of_series="",
    of_partner="gone.publisher_id = %(partner)s",
    source="gone.id",
)

FROM_CURRENT = """FROM partnerships_currentverification AS current_verification
    JOIN partnerships_claim AS claim ON claim.id = current_verification.claim_id
    LEFT JOIN partnerships_review AS review ON review.id = current_verification.review_id"""
IS_PUT_OFF = put_off("claim_id", "claim.id", "partnerships_review", "partnerships_officialposition")
UNVERIFIED_BEFORE = "%(on)s::DATE - %(unverified_days)s::INTEGER"

WALKS_OF_CLAIMS = (
    Walk(
        QueueKind.FORECAST,
        A_CLAIM,
        day="current_verification.due_on",
        key="current_verification.claim_id",
        rows=f"""{FROM_CURRENT}
            WHERE current_verification.public_from IS NOT NULL AND current_verification.is_forecast AND current_verification.due_on <= %(on)s::DATE
            AND claim.author_id <> %(by)s AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.REVIEW,
        A_CLAIM,
        day="current_verification.due_on",
        key="current_verification.claim_id",
        rows=f"""{FROM_CURRENT}
            WHERE current_verification.public_from IS NOT NULL AND NOT current_verification.is_forecast AND current_verification.due_on <= %(on)s::DATE
            AND NOT {IS_PUT_OFF}""",
    ),
    Walk(
        QueueKind.GONE,
        A_SOURCE,
        day="gone.gone_since",
        key="gone.id",
        rows=f"""FROM partnerships_source AS gone
            WHERE gone.state = 'published' AND gone.gone_since <= %(on)s::DATE
            AND NOT {put_off("source_id", "gone.id", since="gone.gone_since")}""",
    ),
    Walk(
        QueueKind.UNVERIFIED,
        A_CLAIM,
        day="current_verification.looked_on",
        key="current_verification.claim_id",
        rows=f"""{FROM_CURRENT}
            WHERE current_verification.public_from IS NOT NULL AND NOT current_verification.is_opinion
            AND current_verification.status IN ({texts(status.value for status in UNCONFIRMED)})
            AND current_verification.looked_on < {UNVERIFIED_BEFORE}
            AND (current_verification.due_on IS NULL OR current_verification.due_on > %(on)s::DATE) AND NOT {IS_PUT_OFF}""",
    ),
)
