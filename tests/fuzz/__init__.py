"""Sends unusual values to every address of the site, the desk's too: `make fuzz`.

`values` are what people and machines have been seen to send, `asking` makes requests of them for the URL conf, the
forms and the lists of the desk, and `test_fuzz` sends as many as there is time for. Any answer is allowed except a
server error. A failure names the request, and the seed that reproduces all of them.
"""
