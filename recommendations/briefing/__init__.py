"""Briefing packs: what became of a choice of recommendations, to hand over as a Word document or a spreadsheet.

`selection` says which recommendations, `gathering` reads them into the data of `content`, by the rules of
`turn` and `questions`; `word` and `spreadsheet` write that data and know nothing else. docs/briefing-packs.md
is the page for those who send them.
"""
