"""Letters of other scripts that look like Latin ones."""

LOOKALIKES = str.maketrans(
    "абвгеёзикмнорстухіїјѕԁԛԝһӏАВЕЁЗКМНОРСТУХІЇЈЅԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικμνορστυχωɑɡıⅼ",
    "abbreezukmhopctyxiijsdqwhlABEEZKMHOPCTYXIIJSGQWABEZHIKMNOPTYXabyenikuvopotuxwagil",
)
"""Cyrillic and Greek letters that look like Latin ones."""
