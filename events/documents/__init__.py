"""Documents of an event: recognising a file, cleaning it, and proving that the copy is clean.

Does not use the database: bytes in, bytes out. Other packages call only `apart`:

- `apart.examine(data, name=, claimed=)` returns the kind of an uploaded file, or refuses it;
- `apart.clean(data)` returns a `Cleaned` copy, with what was removed and every text in it.

Every refusal is a `FileRefused` that says what is wrong, where, and what to do.
"""
