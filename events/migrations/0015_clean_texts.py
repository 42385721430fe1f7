from django.db import migrations

from partnerships.clean_text import keep_clean

TEXTS = {
    "series": (
        "name name_en name_tr name_ar slug",
        "withdrawal_note version_note description description_en description_tr description_ar",
    ),
    "event": (
        "name name_en name_tr name_ar slug time_zone place place_en place_tr place_ar",
        "withdrawal_note version_note summary summary_en summary_tr summary_ar",
    ),
    "session": ("name name_en name_tr name_ar", ""),
    "publisheddocument": ("title title_en title_tr title_ar document_language", "withdrawal_note"),
    "document": ("title title_en title_tr title_ar file document_language", ""),
    "publicname": ("kind place", "reason"),
    "participant": ("name affiliation", "other_spellings"),
    "consent": ("evidence", ""),
    "report": (
        "key title title_en title_tr title_ar",
        "withdrawal_note version_note summary summary_en summary_tr summary_ar",
    ),
    "point": ("key", "text text_en text_tr text_ar"),
    "rewording": ("", "text text_en text_tr text_ar note reason"),
}
"""By model, the columns of one line and those of several."""


class Migration(migrations.Migration):
    """Only clean text comes in from now on. What is there already is cleaned, and validated, by recommendations.0024 and 0025."""

    dependencies = [("events", "0014_answers_about_names"), ("partnerships", "0032_clean_texts")]
    operations = list(keep_clean("events", TEXTS))
