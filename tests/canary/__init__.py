"""The canary test: words that nobody may ever read are planted everywhere, and the whole site is searched for them.

`words` makes the canaries, `planting` puts one into every text of every confidential row, `addresses` and
`crawling` ask for everything that a stranger can ask for, `decoding` and `searching` look at what came back,
and `coverage` says what was left out. `tests/config/test_canary.py` puts it together, and
`tests/config/test_canary_breaks.py` takes one guard after another away to see that the search finds the leak.
"""
