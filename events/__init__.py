"""Events and what was said there, without saying who said it."""
