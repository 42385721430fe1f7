"""The package of a Word document: its parts and relationships (ECMA-376-2)."""

import posixpath
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from events.documents.archives import unpack
from events.documents.docx_names import OFFICE, PACKAGE
from events.documents.markup import Element, parsed, serialised
from events.documents.refusal import Damaged, WrongKind

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
CONTENT_TYPES = "[Content_Types].xml"


class Relationship(NamedTuple):
    kind: str
    target: str
    is_outside: bool


class Package:
    """The parts of a Word document as uploaded."""

    def __init__(self, data: bytes) -> None:
        self.parts = unpack(data)
        types = parsed(self._part(CONTENT_TYPES), CONTENT_TYPES)
        self.types = {
            each.get("PartName", "").lstrip("/").lower(): each.get("ContentType", "")
            for each in types
            if etree.QName(each).localname == "Override"
        }
        self.main = next((each.target for each in self.relationships("").values() if each.kind == "officeDocument"), "")
        self._refuse_other_kinds()

    def _part(self, name: str) -> bytes:
        if name not in self.parts:
            raise Damaged("damaged", format="DOCX", part=name)
        return self.parts[name]

    def root(self, name: str) -> Element:
        return parsed(self._part(name), name)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """The relationships of `part` by their id; targets as names of parts."""
        folder, _, name = part.rpartition("/")
        where = f"{folder}/_rels/{name}.rels".lstrip("/")
        if where not in self.parts:
            return {}
        found = {}
        for each in parsed(self.parts[where], where):
            kind = each.get("Type", "")
            target = each.get("Target", "")
            is_outside = each.get("TargetMode") == "External"
            if kind.startswith("http://purl.oclc.org/ooxml/"):
                raise WrongKind("strict")
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            found[each.get("Id", "")] = Relationship(kind.rpartition("/")[2], target, is_outside)
        return found

    def _refuse_other_kinds(self) -> None:
        for name in self.parts:
            if "vbaproject" in name.lower() or "vbadata" in name.lower() or "activex" in name.lower():
                raise WrongKind("macros", part=name[:100])
        kind = self.types.get(self.main.lower(), "")
        if "macroEnabled" in kind:
            raise WrongKind("macros", part=self.main)
        if kind != MAIN:
            raise WrongKind("template")


class Links:
    """The relationships of a part that is being written."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, bool], str] = {}

    def add(self, kind: str, target: str, *, is_outside: bool = False) -> str:
        """Adds a target and returns its id; the same target has the same id."""
        return self.rows.setdefault((kind, target, is_outside), f"rId{len(self.rows) + 1}")

    def written(self) -> bytes:
        namespace = f"{PACKAGE}relationships"
        root = etree.Element(f"{{{namespace}}}Relationships", nsmap={None: namespace})
        for (kind, target, is_outside), identifier in self.rows.items():
            row = etree.SubElement(root, f"{{{namespace}}}Relationship")
            row.set("Id", identifier)
            row.set("Type", OFFICE + kind)
            row.set("Target", target)
            if is_outside:
                row.set("TargetMode", "External")
        return serialised(root)
