"""Why a file is not accepted or a document not published: what is wrong, where, and what to do."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class FileRefused(ValidationError):  # noqa: N818 – reads as what happened
    """A file that is refused. `reason` is one of the class's `reasons`, `given` are the parameters of its message."""

    reasons: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, reason: str, **given: Any) -> None:
        self.reason, self.given = reason, given
        super().__init__(self.reasons[reason], code=reason, params=given or None)


class BadName(FileRefused):
    reasons = {
        "long_name": _(
            "The name of the file has %(length)s characters; at most %(most)s are taken. Rename the file and choose it"
            " again."
        ),
        "name_with_controls": _(
            "The name of the file holds an invisible control character. Rename the file and choose it again."
        ),
        "no_name": _("The file has no name. Give it one, and choose it again."),
    }


class TooLarge(FileRefused):
    reasons = {
        "file_too_large": _("The file has %(size)s MB; at most %(most)s MB are taken. Make it smaller or divide it."),
        "too_many_pixels": _(
            "The picture %(part)s has %(pixels)s million pixels; at most %(most)s are taken. Make it smaller."
        ),
        "unpacks_too_large": _(
            "%(part)s unpacks to more than %(most)s MB. This is what a zip bomb does; save the document anew."
        ),
        "packed_too_tightly": _(
            "%(part)s unpacks to more than %(ratio)s times its size. This is what a zip bomb does; save the document"
            " anew."
        ),
        "too_many_entries": _("The file holds %(entries)s parts; at most %(most)s are taken. Save the document anew."),
        "too_many_pages": _("The document has %(pages)s pages; at most %(most)s are taken. Divide it."),
        "too_many_objects": _("The document holds %(objects)s objects; at most %(most)s are taken. Save it anew."),
        "takes_too_long": _(
            "Reading the file takes longer than %(seconds)s seconds, or more memory than a document should. Make it"
            " smaller, or save it anew with another program."
        ),
    }


class WrongKind(FileRefused):
    """Not an allowed type, or another type than its name says."""

    reasons = {
        "empty": _("The file is empty."),
        "unknown_kind": _(
            "By its content this is no PDF, DOCX, ODT, JPEG, PNG or WebP (it looks like: %(found)s). Save it as one of"
            " these."
        ),
        "other_extension": _(
            "The file is called “%(extension)s”, but by its content it is: %(format)s. Rename it if that is what it is."
        ),
        "other_type": _("The file came as “%(claimed)s”, but by its content it is: %(format)s."),
        "several_kinds": _(
            "The file is several kinds of file at once (%(formats)s). Open it and save it anew as one of them."
        ),
        "more_behind_the_end": _(
            "After the end of the %(format)s there are %(bytes)s more bytes. Open the file and save it anew."
        ),
        "animated": _("The picture moves: it has several frames. Save a single frame."),
        "old_word": _("This is an old Word file (.doc), or one with a password. Save it as DOCX without a password."),
        "macros": _("The document is of a kind that carries macros (%(part)s). Save it as a DOCX without macros."),
        "template": _("This is a template or another kind of Office file. Save it as a DOCX document."),
        "other_opendocument": _("This is an OpenDocument file, but no text. Save it as ODT, or as PDF."),
        "strict": _("The document is in the “Strict Open XML” variant. Save it as an ordinary Word document (DOCX)."),
        "not_a_document": _("This is a zip archive, but neither a DOCX nor an ODT. Upload the documents one by one."),
    }


class Encrypted(FileRefused):
    reasons = {
        "encrypted": _("The file is encrypted or protected by a password. Take the protection off and upload it again.")
    }


class Damaged(FileRefused):
    reasons = {
        "damaged": _("The %(format)s cannot be read whole (%(part)s). Open it, save it anew, and upload that."),
        "declares_entities": _(
            "%(part)s declares a document type or entities, which documents do not need and attacks do. Save it anew."
        ),
        "archive_in_archive": _("%(part)s is an archive inside the document. Take it out, and upload it by itself."),
        "unsafe_part_name": _("The file holds a part with an unsafe or repeated name (%(part)s). Save it anew."),
    }


class Uncleanable(FileRefused):
    """It contains something that cannot be cleaned and must not disappear silently."""

    reasons = {
        "embedded_object": _(
            "%(part)s holds an embedded object (%(what)s). Replace it by a picture of it, or take it out."
        ),
        "old_drawing": _(
            "%(part)s holds a drawing in an old format (%(what)s). Replace it by a picture in JPEG or PNG."
        ),
        "picture_of_other_kind": _(
            "The picture %(part)s is neither JPEG nor PNG, so it cannot be cleaned. Replace it by one that is."
        ),
        "picture_elsewhere": _(
            "%(part)s shows a picture that is not in the file but elsewhere. Put the picture into the document."
        ),
        "cropped_picture": _(
            "%(part)s holds a cropped picture; what is cropped away would still be in it. Crop the picture itself."
        ),
        "hidden_column": _("%(part)s holds a table with a hidden column. Delete the column or show it."),
        "form": _(
            "The PDF has fields to fill in, or a signature (%(what)s). Print it into a new PDF, and upload that."
        ),
        "filter": _(
            "%(part)s holds a picture that is compressed in a way that cannot be cleaned (%(what)s). Save the PDF"
            " with pictures as JPEG."
        ),
        "outside_content": _("%(part)s takes in content from outside (%(what)s). Put that content into the document."),
        "unusual": _("%(part)s holds something that cannot be cleaned (%(what)s). Save the document anew, without it."),
    }


class Unreadable(FileRefused):
    """Its words cannot be read with certainty, and so cannot be checked for names."""

    reasons = {
        "unread_letters": _(
            "On page %(page)s there are signs that do not say which letters they are (%(number)s of them). The words"
            " cannot be read, and so cannot be checked for names. Upload the document as DOCX, or export the PDF anew"
            " from its original."
        ),
        "different_letters": _(
            "Two programs read different letters on page %(page)s. The words cannot be read with certainty, and so"
            " cannot be checked for names. Upload the document as DOCX, or export the PDF anew from its original."
        ),
        "false_letters": _(
            "On page %(page)s the PDF gives letters that are not the ones that its fonts show. The words cannot be read"
            " with certainty, and so cannot be checked for names. Upload the document as DOCX, or export the PDF anew"
            " from its original."
        ),
        "drawn_letters": _(
            "On page %(page)s there are letters that are drawn by the PDF itself and not by a font (Type 3). The words"
            " cannot be read with certainty, and so cannot be checked for names. Upload the document as DOCX, or export"
            " the PDF anew from its original, with its fonts."
        ),
        "outlined_letters": _(
            "On page %(page)s letters were turned into drawn lines. The words cannot be read, and so cannot be checked"
            " for names. Upload the document as DOCX, or export the PDF anew from its original, with its fonts."
        ),
        "letters_in_patterns": _(
            "A pattern or a mask of the PDF holds letters. The words cannot be read, and so cannot be checked for names."
            " Upload the document as DOCX, or export the PDF anew from its original, without that pattern."
        ),
    }


class NotProven(FileRefused):
    """The independent check of the cleaned copy found something that may reveal a person."""

    reasons = {
        "not_proven": _(
            "It could not be proven that %(part)s of the cleaned copy tells nothing of persons (%(what)s). The document"
            " is not published; save it anew with another program, for example as PDF."
        )
    }


def kinds_of_refusal(of: type[FileRefused] = FileRefused) -> Iterator[type[FileRefused]]:
    for each in of.__subclasses__():
        yield each
        yield from kinds_of_refusal(each)


def refusal_for(reason: str, given: Mapping[str, Any]) -> FileRefused:
    """The refusal with this `reason`; used for refusals from another process or from the database."""
    return next(each for each in kinds_of_refusal() if reason in each.reasons)(reason, **given)
