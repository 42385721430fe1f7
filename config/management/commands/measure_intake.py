import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.intake.proposals import proposals
from recommendations.intake.scoring import body, score


class Command(BaseCommand):
    help = (
        "Reads every report of a folder (NAME.txt) and says, by language, how much of the gold beside it (NAME.gold.yaml)"
        " was proposed, and how much of what was proposed is in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(options["folder"].glob("*.gold.yaml"))
        if not files:
            raise CommandError(f"{options['folder']} has no file NAME.gold.yaml.")
        sums: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for file in files:
            gold = yaml.safe_load(file.read_text(encoding="utf-8"))
            text = body(file.with_name(gold["report"]).read_text(encoding="utf-8"))
            proposed = proposals(text)
            for kind, tally in score(text, gold, proposed).items():
                sums[gold["language"]][kind] += tally
            for number, said in enumerate(self.broken(gold, proposed), start=1):
                self.stdout.write(f"{file.name}: must not, {number}: {said}")
        for language, kinds in sorted(sums.items()):
            self.stdout.write(language)
            for kind, tally in kinds.items():
                recall, precision = share(tally["found"], tally["gold"]), share(tally["right"], tally["proposed"])
                self.stdout.write(
                    f"  {kind:16} recall {recall} ({tally['found']}/{tally['gold']})"
                    f"  precision {precision} ({tally['right']}/{tally['proposed']})"
                )

    def broken(self, gold: dict[str, Any], proposed: dict[str, Any]) -> list[str]:
        """The rules about values of the event that are broken; the other rules are for people."""
        found = []
        for check in gold.get("checks") or []:
            if str(check.get("field", "")).startswith("event."):
                said = values(proposed, str(check["field"]).split("."))
                if any(re.search(check["like"], str(one), re.IGNORECASE) for one in said):
                    found.append(str(gold["must_not"][check["of"] - 1]))
        return found


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "   –"


def values(node: Any, path: list[str]) -> list[Any]:
    if isinstance(node, list):
        return [value for one in node for value in values(one, path)]
    if not path:
        return [] if node is None else [node]
    return values(node.get(path[0]), path[1:]) if isinstance(node, dict) else []
