from django.db import migrations

from partnerships.clean_text import keep_clean

TEXTS = {
    "recommendation": (
        "reference title title_en title_tr title_ar",
        "withdrawal_note version_note text text_en text_tr text_ar test_of_done test_of_done_en test_of_done_tr test_of_done_ar",
    ),
    "objective": ("text text_en text_tr text_ar", ""),
    "fulfilment": ("", "note"),
    "response": ("channel recipient office", "accepted_part words reason"),
    "statusentry": ("", "public_note what_remains reason how_intent_is_met"),
    "evidence": ("locator independence_group", "quotation"),
    "internalnote": ("", "text"),
    "submission": ("source_title source_url", "note decision_reason"),
    "letter": ("subject to_address", "text reason"),
    "snooze": ("reason", ""),
}
"""By model, the columns of one line and those of several."""


class Migration(migrations.Migration):
    """Only clean text comes in from now on. What is there already is cleaned, and validated, by recommendations.0024 and 0025."""

    dependencies = [("recommendations", "0022_announced_by_one_function"), ("partnerships", "0032_clean_texts")]
    operations = list(keep_clean("recommendations", TEXTS))
