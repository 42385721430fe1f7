"""Briefing packs: what became of selected recommendations, as a Word document or a spreadsheet.

`selection` selects the recommendations, `gathering` reads them into the data of `content`, by the rules of `turn` and
`questions`; `word` and `spreadsheet` only write that data. docs/briefing-packs.md is for those who send packs.
"""
