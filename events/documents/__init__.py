"""Documents of an event: what a file is, a cleaned copy of it, and the proof that it is clean.

Knows nothing of the database: bytes in, bytes out. `apart` is the way in for everything outside:

- `apart.examine(data, name=, claimed=)` says what kind an offered file is, or refuses it;
- `apart.clean(data)` gives a `Cleaned` copy with what was left behind and every text that it holds.

Every refusal is a `FileRefused` that says what is wrong, where, and what to do.
"""
