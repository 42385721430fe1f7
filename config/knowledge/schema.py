"""The JSON Schema of the format, with which editors complete and check a knowledge file while it is written."""

import json

from config.knowledge.format import KnowledgeFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The content of knowledge/schema.json."""
    schema = KnowledgeFile.model_json_schema()
    return json.dumps({"$schema": DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"
