"""Knowledge files: the content of the knowledge base as YAML, imported all or nothing, and exported."""
