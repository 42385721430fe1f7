"""The canary test: unique secret words are planted everywhere, and the whole site is searched for them.

`words` makes the canaries, `planting` puts one into every text of every confidential row, `addresses` and `crawling`
request everything that a stranger can request, `decoding` and `searching` examine the responses, and `coverage` reports
what was left out. `tests/config/test_canary.py` runs all of it, and `tests/config/test_canary_breaks.py` removes one
guard after another to see that the search finds the leak.
"""
