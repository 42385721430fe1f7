"""XML inside documents: parsed without entities, document types or the network, and rebuilt from a list of names."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from events.documents import limits
from events.documents.refusal import Damaged, TooLarge

Element = Any
"""lxml's elements, whose types its stubs keep private."""


def parsed(data: bytes, part: str) -> Element:
    """The root of `data`, without comments and processing instructions; a refusal names `part`."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
            raise Damaged("declares_entities", part=part) from error
        raise Damaged("damaged", format="XML", part=part) from error
    tree = root.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise Damaged("declares_entities", part=part)
    if sum(1 for _each in root.iter()) > limits.ELEMENTS:
        raise TooLarge("too_many_objects", objects=limits.ELEMENTS, most=limits.ELEMENTS)
    return root


def serialised(root: Element) -> bytes:
    """As UTF-8, without unused namespaces."""
    etree.cleanup_namespaces(root)
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data


def removed(element: Element) -> None:
    """Removes `element` with its content; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _put(parent, element.getprevious(), element.tail)
    element.tail = None
    parent.remove(element)


def unwrapped(element: Element) -> None:
    """Replaces `element` by its content."""
    parent, before = element.getparent(), element.getprevious()
    index = parent.index(element)
    _put(parent, before, element.text)
    children = list(element)
    tail = element.tail
    element.tail = None
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    _put(parent, children[-1] if children else before, tail)


def _put(parent: Element, before: Element, text: str | None) -> None:
    if not text:
        return
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text


def elements_in(root: Element, *tags: str) -> Iterator[Element]:
    """The elements with these tags that are still in the tree when they are reached."""
    for element in list(root.iter(*tags)):
        if element is root or any(ancestor is root for ancestor in element.iterancestors()):
            yield element
