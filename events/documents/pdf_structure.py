"""The structure tree for screen readers, rebuilt for the pages that were."""

from typing import Any, Protocol

from pikepdf import Array, Dictionary, Name, Object

from events.documents import limits
from events.documents.pdf_names import STRUCTURE_TYPES, TABLE_ATTRIBUTES
from events.documents.pdf_objects import DEPTH, copy_words, is_dictionary


class Cleaning(Protocol):
    """The interface that the structure needs from the cleaning of the pages."""

    target: Any
    pages: dict[tuple[int, int], Any]
    links: dict[tuple[int, int], Any]

    def kept(self, source: Any, names: Any, into: Any, /) -> Any: ...


class Structure:
    """The tree of headings, paragraphs, tables and figures that a screen reader uses."""

    def __init__(self, cleaner: Cleaning, tree: Any) -> None:
        self.cleaner, self.tree = cleaner, tree
        roles = tree.get("/RoleMap", Dictionary())
        self.roles = {str(key): str(value) for key, value in roles.items()} if is_dictionary(roles) else {}
        self.of_pages: dict[tuple[int, int], dict[int, Any]] = {}
        self.of_links: list[tuple[Any, Any]] = []
        self.seen: set[tuple[int, int]] = set()

    def build(self) -> None:
        target = self.cleaner.target
        root = target.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        children = self._children(self.tree.get("/K"), root, None, 0)
        if not len(children):
            return
        root["/K"] = children
        numbers: Any = Array()
        count = 0
        for page in target.pages:
            marked = self.of_pages.get(page.obj.objgen)
            if marked:
                page.obj["/StructParents"] = count
                entries = Array([marked.get(number) for number in range(max(marked) + 1)])
                numbers.extend([count, target.make_indirect(entries)])
                count += 1
        for link, element in self.of_links:
            link["/StructParent"] = count
            numbers.extend([count, element])
            count += 1
        root["/ParentTree"] = target.make_indirect(Dictionary(Nums=numbers))
        root["/ParentTreeNextKey"] = count
        target.Root.StructTreeRoot = root
        target.Root.MarkInfo = Dictionary(Marked=True)

    def _kind(self, element: Any) -> Any:
        name, steps = str(element.get("/S", "")), 0
        while name[1:] not in STRUCTURE_TYPES and name in self.roles and steps < 10:
            name, steps = self.roles[name], steps + 1
        return Name(name) if name[1:] in STRUCTURE_TYPES else Name.Span

    def _children(self, kids: Any, parent: Any, page: Any, depth: int) -> Any:
        made: Any = Array()
        if kids is None or depth > DEPTH:
            return made
        for kid in kids if isinstance(kids, Array) else [kids]:
            child = self._child(kid, parent, page, depth)
            if child is not None:
                made.append(child)
        return made

    def _child(self, kid: Any, parent: Any, page: Any, depth: int) -> Any:
        if isinstance(kid, int):
            return self._marked(kid, parent, page)
        if not isinstance(kid, Object) or not is_dictionary(kid):
            return None
        own = self.cleaner.pages.get(kid["/Pg"].objgen) if "/Pg" in kid else page
        kind = str(kid.get("/Type", ""))
        if kind == "/MCR":
            marked = None if "/Stm" in kid else self._marked(kid.get("/MCID"), parent, own)
            if marked is None or own is None:
                return None
            return Dictionary(Type=Name.MCR, Pg=own, MCID=kid["/MCID"])
        if kind == "/OBJR":
            link = self.cleaner.links.get(kid["/Obj"].objgen) if "/Obj" in kid else None
            if link is None or own is None:
                return None
            self.of_links.append((link, parent))
            return Dictionary(Type=Name.OBJR, Pg=own, Obj=link)
        return self._element(kid, parent, own, depth)

    def _element(self, kid: Any, parent: Any, own: Any, depth: int) -> Any:
        if kid.is_indirect:
            if kid.objgen in self.seen:
                return None
            self.seen.add(kid.objgen)
        element = self.cleaner.target.make_indirect(Dictionary(Type=Name.StructElem, S=self._kind(kid), P=parent))
        copy_words(kid, element)
        if own is not None:
            element["/Pg"] = own
        attributes = kid.get("/A")
        for each in attributes if isinstance(attributes, Array) else [attributes]:
            if isinstance(each, Object) and is_dictionary(each) and str(each.get("/O", "")) in ("/Table", "/List"):
                kept = self.cleaner.kept(each, TABLE_ATTRIBUTES, Dictionary(O=each["/O"]))
                element["/A"] = kept
        element["/K"] = self._children(kid.get("/K"), element, own, depth + 1)
        return element

    def _marked(self, number: Any, parent: Any, page: Any) -> Any:
        if page is None or not isinstance(number, int) or not 0 <= number < limits.OBJECTS:
            return None
        self.of_pages.setdefault(page.objgen, {})[number] = parent
        return number
