"""Asks every address of the site, the desk's too, for what nobody would sensibly ask: `make fuzz`.

`values` are what people and machines have been seen to send, `asking` makes requests of them and of what the URL
conf, the forms and the lists of the desk know, and `test_fuzz` sends as many as there is time for. The answer may be
anything but an error of the server. A failure names the request, and the seed by which all of them come again.
"""
