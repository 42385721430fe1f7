"""Knowledge files: the content of the knowledge base as YAML, read all or nothing, and written back."""
