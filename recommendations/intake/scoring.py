"""How well proposals answer to gold made by hand: recall and precision, as docs/adr/0044 names the rules.

A proposal answers to a gold item of its kind if it comes from the same words (10 characters in common, or half of the
shorter), or, where the gold quotes none, if half of the stems of its text are in the proposal. Pairs are one to one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KINDS = {"points": "point", "recommendations": "recommendation", "claims": "claim"}
FIELDS = (
    "title", "kind", "lifecycle", "date", "place.city", "place.country", "place.venue", "place.attendance", "series.name",
    "series.edition", "series.beside", "series.follows", "theme", "attribution.rule", "group_size.number",
)  # fmt: skip
NAMES = {"title", "city", "country", "venue", "name", "theme", "beside", "follows"}
ENOUGH, HALF, ALIKE, HINT = 10, 0.5, 0.5, 0.3
MAX_GAP = 600
SAME = str.maketrans("ıأإآٱىةؤئ‘’ʼ`´“”«»„–—−‑", "iاااايهوي'''''\"\"\"\"\"----")

Item = Mapping[str, Any]


def body(raw: str) -> str:
    """The report without the collector's `#` lines at its head and the note in brackets at its end."""
    lines = raw.lstrip("\ufeff").split("\n")
    while lines and lines[0].startswith("# "):
        lines.pop(0)
    text = "\n".join(lines).strip("\n")
    head, gap, last = text.rpartition("\n\n")
    return head.rstrip() if gap and last.startswith("[") and last.endswith("]") else text


def folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place where it stands in `text`."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in unicodedata.normalize("NFKD", sign):
            if unicodedata.category(one) in ("Mn", "Cf") or one == "ـ":
                continue
            for low in one.translate(SAME).casefold().translate(SAME):
                plain = " " if low.isspace() else low
                if unicodedata.category(plain) == "Mn" or (plain == " " and (not signs or signs[-1] == " ")):
                    continue
                signs.append(plain)
                places.append(place)
    return "".join(signs), places


def key(name: Any) -> set[str]:
    """What a name is equal to: itself, and what stands outside and inside its brackets."""
    said = str(name)
    parts = {said, re.sub(r"\s*\([^)]*\)", "", said), *re.findall(r"\(([^)]*)\)", said)}
    words = (re.findall(r"\w+", folded(part)[0]) for part in parts)
    return {" ".join(re.sub("^ال", "", word) for word in each if word != "the") for each in words} - {""}


def stems(text: str) -> set[str]:
    words = (re.sub(r"^(وال|بال|كال|فال|لل|ال)", "", word) for word in re.findall(r"\w+", folded(text)[0]))
    return {word[:5] for word in words if len(word) > 2}


def alike(gold: Item, proposal: Item) -> float:
    wanted = stems(str(gold.get("text") or ""))
    return (
        len(wanted & stems(f"{proposal.get('text') or ''} {proposal.get('quote') or ''}")) / len(wanted)
        if wanted
        else 0.0
    )


def also(item: Item, name: str) -> list[Any]:
    return [entry[name] for entry in item.get("also") or [] if isinstance(entry, dict) and name in entry]


class Report:
    """A report's text, in which words are looked up."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain, self.at = folded(text)

    def places(self, words: str) -> list[set[int]]:
        """The characters (blanks apart) at each place where `words` stand; “…” is a gap."""
        pattern = rf".{{0,{MAX_GAP}}}?".join(re.escape(folded(part)[0].strip()) for part in words.split("…"))
        found = []
        for match in re.finditer(pattern, self.plain, re.DOTALL):
            found.append({self.at[i] for i in range(match.start(), match.end()) if self.plain[i] != " "})
        return found

    def source(self, proposal: Item) -> list[set[int]]:
        if proposal.get("quote"):
            return self.places(str(proposal["quote"]))
        start, end = proposal.get("start"), proposal.get("end")
        if start is None or end is None:
            return []
        return [{place for place in range(start, end) if not self.text[place].isspace()}]


def answers(report: Report, gold: Item, proposal: Item) -> float:
    """How strongly a proposal answers to a gold item; 0: not at all."""
    like = alike(gold, proposal)
    words = gold.get("words")
    places = report.places(str(words)) if words else []
    if not places or str(words).rstrip().endswith(":"):
        return like if like >= ALIKE else 0.0
    source = report.source(proposal)
    shared = max((_shared(one, other) for one in places for other in source), default=0.0)
    if shared < HALF or (len(places) > 1 and like < HINT):
        return 0.0
    return 1 + like + shared / 10


def _shared(one: set[int], other: set[int]) -> float:
    common = len(one & other)
    return max(common / (min(len(one), len(other)) or 1), HALF if common >= ENOUGH else 0.0)


def paired(report: Report, gold: Sequence[Item], proposals: Sequence[Item]) -> dict[int, int]:
    """Pairs of gold and proposals, one to one: the strongest first, then as many as there can be."""
    weights = {
        (g, p): weight
        for g, one in enumerate(gold)
        for p, other in enumerate(proposals)
        if (weight := answers(report, one, other)) > 0
    }
    of_gold: dict[int, int] = {}
    of_proposal: dict[int, int] = {}

    def augment(g: int, seen: set[int]) -> bool:
        for (other, p), _weight in sorted(weights.items(), key=lambda item: -item[1]):
            if other != g or p in seen:
                continue
            seen.add(p)
            if p not in of_proposal or augment(of_proposal[p], seen):
                of_gold[g], of_proposal[p] = p, g
                return True
        return False

    for (g, p), _weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if g not in of_gold and p not in of_proposal:
            of_gold[g], of_proposal[p] = p, g
    for g in range(len(gold)):
        if g not in of_gold:
            augment(g, set())
    return of_gold


def score(raw: str, gold: Mapping[str, Any], proposed: Mapping[str, Any]) -> dict[str, Counter[str]]:
    """Of each kind: `gold`, `found` (gold that was proposed), `proposed`, `right` (proposals that are in the gold)."""
    report = Report(raw)
    tallies: dict[str, Counter[str]] = {}
    pairs_of: dict[str, dict[int, int]] = {}
    for name in KINDS:
        if name not in gold:
            continue
        items, others = list(gold[name] or []), list(proposed.get(name) or [])
        pairs_of[name] = pairs = paired(report, items, others)
        demanded = [g for g, item in enumerate(items) if g in pairs or not _is_excused(report, item, proposed)]
        taken = set(pairs.values())
        counted = [p for p, other in enumerate(others) if p in taken or not _is_allowed(report, other, name, gold)]
        tallies[name] = Counter(gold=len(demanded), found=len(pairs), proposed=len(counted), right=len(pairs))
    if "recommendations" in gold:
        tallies["addressees"] = _addressees(gold["recommendations"] or [], proposed, pairs_of["recommendations"])
    if gold.get("event") is not None:
        tallies["event"] = _event(gold["event"], proposed.get("event") or {})
        if "language" in gold:
            is_right = gold["language"] == proposed.get("language")
            tallies["event"] += Counter(gold=1, found=is_right, proposed=1, right=is_right)
        if "organisers" in gold["event"]:
            wanted = gold["event"]["organisers"] or []
            tallies["organisers"] = _named(wanted, (proposed.get("event") or {}).get("organisers") or [])
    return tallies


def _is_excused(report: Report, item: Item, proposed: Mapping[str, Any]) -> bool:
    """Whether a gold item that nothing answers to need not be proposed."""
    places = report.places(str(item["words"])) if item.get("words") else []
    for kind in also(item, "as"):
        if kind == "none":
            return True
        name = next((name for name, one in KINDS.items() if one == kind), "")
        others = proposed.get(name) or []
        if any(_shared(one, source) >= HALF for other in others for source in report.source(other) for one in places):
            return True
    return False


def _is_allowed(report: Report, other: Item, name: str, gold: Mapping[str, Any]) -> bool:
    """Whether a proposal without a pair counts as nothing: a part of several, or what a judge takes as this kind too."""
    sources = report.source(other)
    for kind in KINDS:
        for item in gold.get(kind) or []:
            fits = bool(item.get("several")) if kind == name else KINDS[name] in also(item, "as")
            if fits and item.get("words"):
                places = report.places(str(item["words"]))
                if any(_shared(one, source) >= HALF for one in places for source in sources):
                    return True
    return False


def _entries(listed: Any) -> list[dict[str, Any]]:
    return [{"name": one} if isinstance(one, str) else dict(one) for one in listed or [] if one]


def _names(entry: Item) -> set[str]:
    names = [entry.get("name"), *(one for one in entry.get("also") or [] if not isinstance(one, dict))]
    return {folded_name for name in names if name for folded_name in key(name)}


def _named(wanted: Any, offered: Any) -> Counter[str]:
    gold, proposed = _entries(wanted), _entries(offered)
    stated = [one for one in gold if one.get("basis") != "inferred"]
    found = sum(any(_names(one) & _names(other) for other in proposed) for one in stated)
    right = sum(any(_names(other) & _names(one) for one in gold) for other in proposed)
    return Counter(gold=len(stated), found=found, proposed=len(proposed), right=right)


def _addressees(gold: Sequence[Item], proposed: Mapping[str, Any], pairs: Mapping[int, int]) -> Counter[str]:
    tally: Counter[str] = Counter()
    others = proposed.get("recommendations") or []
    for g, item in enumerate(gold):
        offered = others[pairs[g]].get("addressees") if g in pairs else []
        accepted = [
            *_entries(item.get("addressees")),
            *({"name": name, "basis": "inferred"} for name in also(item, "addressee")),
        ]
        tally += _named(accepted, offered)
    for p, other in enumerate(others):
        if p not in pairs.values():
            tally["proposed"] += len(_entries(other.get("addressees")))
    return tally


def _value(node: Any, path: str) -> Any:
    for step in path.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return None if node in (None, "", "not_stated") else node


def _judged(gold: Mapping[str, Any]) -> Iterator[str]:
    for path in FIELDS:
        parent, _, leaf = path.rpartition(".")
        where: Any = gold.get(parent) if parent else gold
        if isinstance(where, dict) and leaf in where:
            yield path


def _event(gold: Mapping[str, Any], proposed: Mapping[str, Any]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for path in _judged(gold):
        wanted, offered = _value(gold, path), _value(proposed, path)
        parent, _, leaf = path.rpartition(".")
        where = gold[parent] if parent else gold
        basis = where.get(f"{leaf}_basis") or (where.get("basis") if parent else None)
        accepted = [wanted, *also(gold, path)]
        if leaf in NAMES:
            is_right = offered is not None and any(one is not None and key(one) & key(offered) for one in accepted)
        else:
            is_right = offered is not None and any(str(one) == str(offered) for one in accepted if one is not None)
        is_demanded = wanted is not None and basis != "inferred" and None not in also(gold, path)
        tally["gold"] += is_demanded
        tally["found"] += is_demanded and is_right
        if offered is not None and not (wanted is None and also(gold, path)):
            tally["proposed"] += 1
            tally["right"] += is_right
    return tally
