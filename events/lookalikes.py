"""Letters of other scripts that pass for Latin ones."""

LOOKALIKES = str.maketrans(
    "абвгеёзикмнорстухіїјѕԁԛԝһӏАВЕЁЗКМНОРСТУХІЇЈЅԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικμνορστυχωɑɡıⅼ",
    "abbreezukmhopctyxiijsdqwhlABEEZKMHOPCTYXIIJSGQWABEZHIKMNOPTYXabyenikuvopotuxwagil",
)
"""Cyrillic and Greek letters that pass for Latin ones."""
