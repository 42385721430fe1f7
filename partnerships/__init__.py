"""Who stands in which relation, and how well we know it."""
