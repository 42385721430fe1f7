"""PDF: a document rebuilt page by page, from what is drawn and what makes it accessible."""

import io
import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Pdf, Stream, String
from PIL import Image, ImageChops

from events.documents import limits
from events.documents.font_words import SFNT, without_words
from events.documents.pdf_codes import COMMENT, signs_of, widths_of, written_anew
from events.documents.pdf_crops import Crops, pixels_of
from events.documents.pdf_masks import HIDDEN, MODES, SHOWN, shown_beside, shown_by, without_hidden
from events.documents.pdf_names import (
    CALIBRATED,
    DESCRIPTOR,
    ENCODING_NAMES,
    FONT,
    FONT_FILE,
    FONT_FILES,
    FORM,
    FUNCTION,
    GRAPHICS_STATE,
    IMAGE,
    NAMES,
    NUMBERS,
    OPERATORS,
    PAGE_BOXES,
    PAINTING,
    PATTERN,
    SHADING,
    STRUCTURE_TYPES,
    WRITING,
)
from events.documents.pdf_objects import DEPTH, LANGUAGE_TAG, array_of, copy_words, inherited, is_dictionary
from events.documents.pdf_structure import Structure
from events.documents.pictures import QUALITY
from events.documents.refusal import Damaged, Encrypted, FileRefused, TooLarge, Uncleanable, Unreadable, WrongKind
from events.documents.web_addresses import web_address

PDF_HEADER = b"%PDF-"
BEHIND_THE_END = 1_024
"""White space and zeros that programs leave after the end of a PDF."""

DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
ABBREVIATED = {"/G": Name.DeviceGray, "/RGB": Name.DeviceRGB, "/CMYK": Name.DeviceCMYK}
INKS = {"/All", "/None", "/Cyan", "/Magenta", "/Yellow", "/Black", "/Red", "/Green", "/Blue"}


def set_limits() -> None:
    """Limits the unpacked size of one stream; for the whole process, so only for a process that does nothing else."""
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=200,
        parser_max_nesting=100,
        parser_max_container_size=1_000_000,
        max_stream_filters=3,
        flate_max_memory=limits.UNPACKED,
        png_max_memory=limits.UNPACKED,
        tiff_max_memory=limits.UNPACKED,
        run_length_max_memory=limits.UNPACKED,
        dct_max_memory=limits.UNPACKED,
    )


def opened(data: bytes) -> Pdf:
    """The document. Raises a FileRefused unless it is one complete PDF without a password and within the limits."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Damaged("damaged", format="PDF", part="%%EOF")
    behind = data[end + 5 :]
    if behind.strip(b"\r\n\t \0") or len(behind) > BEHIND_THE_END:
        raise WrongKind("more_behind_the_end", format="PDF", bytes=len(behind))
    try:
        document = Pdf.open(io.BytesIO(data))
        if document.is_encrypted:
            raise Encrypted("encrypted")
        objects, pages = len(document.objects), len(document.pages)
    except pikepdf.PasswordError as error:
        raise Encrypted("encrypted") from error
    except FileRefused:
        raise
    except Exception as error:  # a parser can raise anything on bytes that are not a PDF
        raise Damaged("damaged", format="PDF", part=type(error).__name__) from error
    if objects > limits.OBJECTS:
        raise TooLarge("too_many_objects", objects=objects, most=limits.OBJECTS)
    if pages > limits.PAGES:
        raise TooLarge("too_many_pages", pages=pages, most=limits.PAGES)
    if not pages:
        raise Damaged("damaged", format="PDF", part="/Pages")
    return document


def clean(data: bytes) -> tuple[bytes, int, Counter[str]]:
    """The rebuilt document, its number of pages, and what was removed."""
    with opened(data) as source:
        where = "/Root"
        try:
            cleaner = Cleaner(source)
            cleaner.removed["earlier_versions"] += max(
                0, data.count(b"startxref") - 1 - (b"/Linearized" in data[:2048])
            )
            try:
                return cleaner.clean(), len(source.pages), cleaner.removed
            finally:
                where = cleaner.where
        except FileRefused:
            raise
        except Exception as error:  # a parser can raise anything on malformed objects
            raise Damaged("damaged", format="PDF", part=where) from error


class Resources:
    """The resources of a content stream, under new names; only those that it uses are copied."""

    def __init__(self, source: Any, parent: "Resources | None" = None) -> None:
        self.source = source if isinstance(source, Object) and is_dictionary(source) else Dictionary()
        self.parent = parent
        self.used: dict[tuple[str, str], str] = {}
        self.made = Dictionary()

    def find(self, category: str, name: str) -> Any:
        for each in (self, self.parent):
            if each is not None and category in each.source and name in each.source[category]:
                return each.source[category][name]
        return None

    def name(self, category: str, name: str) -> "tuple[str, bool]":
        """The new name, and whether it is used for the first time."""
        is_new = (category, name) not in self.used
        made = self.used.setdefault((category, name), f"/R{len(self.used) + 1}")
        return made, is_new

    def put(self, category: str, name: str, value: Any) -> None:
        if category not in self.made:
            self.made[category] = Dictionary()
        self.made[category][name] = value


class Cleaner:
    """The conversion of one PDF to a clean one."""

    def __init__(self, source: Pdf) -> None:
        self.source = source
        self.target = Pdf.new()
        self.removed: Counter[str] = Counter()
        self.made: dict[tuple[int, int, str], Any] = {}
        self.unpacked = 0
        self.where = "/Root"
        self.depth = 0
        self.pages: dict[tuple[int, int], Any] = {}
        self.links: dict[tuple[int, int], Any] = {}
        self.crops = Crops(source)
        self.font_names: dict[Any, int] = {}
        self.known_groups, self.hidden_groups = self._groups()

    def clean(self) -> bytes:
        root = self.source.Root
        self._refuse_forms(root)
        self._count_what_stays_behind(root)
        for number, page in enumerate(self.source.pages, start=1):
            self.where = f"page {number}"
            self.pages[page.obj.objgen] = self._page(page)
        for number, page in enumerate(self.source.pages, start=1):
            self.where = f"page {number}"
            self._annotations(page.obj, self.pages[page.obj.objgen])
        self.where = "/Root"
        language = str(root.get("/Lang", ""))
        if LANGUAGE_TAG.fullmatch(language):
            self.target.Root.Lang = String(language)
        self._structure(root)
        self._outlines(root)
        result = io.BytesIO()
        self.target.save(
            result,
            deterministic_id=True,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
        )
        return result.getvalue()

    # What is refused, and what is reported

    def _refuse_forms(self, root: Any) -> None:
        form = root.get("/AcroForm")
        if form is not None and is_dictionary(form):
            if "/XFA" in form:
                raise Uncleanable("form", what="XFA")
            if len(array_of(form.get("/Fields"))):
                raise Uncleanable("form", what="AcroForm")

    def _count_what_stays_behind(self, root: Any) -> None:
        info = self.source.trailer.get("/Info")
        if info is not None and is_dictionary(info):
            self.removed["properties"] += len(list(info.keys()))
        names = root.get("/Names", Dictionary())
        for key, code in {"/EmbeddedFiles": "attachments", "/JavaScript": "scripts"}.items():
            self.removed[code] += key in names
        for key, code in {"/OpenAction": "scripts", "/AA": "scripts", "/PieceInfo": "own_data"}.items():
            self.removed[code] += key in root
        self.removed["attachments"] += len(array_of(root.get("/AF")))
        for each in self.source.objects:
            if is_dictionary(each):
                self.removed["xmp"] += str(each.get("/Type", "")) == "/Metadata"
                self.removed["own_data"] += "/PieceInfo" in each
                self.removed["thumbnail"] += "/Thumb" in each

    # Layers

    def _groups(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """The optional content groups in the document's list, and those that are hidden when it is opened."""
        properties = self.source.Root.get("/OCProperties")
        if properties is None or not is_dictionary(properties):
            return set(), set()
        default = properties.get("/D", Dictionary())
        known = {each.objgen for each in array_of(properties.get("/OCGs"))}
        hidden = set()
        if str(default.get("/BaseState", "/ON")) == "/OFF":
            hidden = known - {each.objgen for each in array_of(default.get("/ON"))}
        return known, hidden | {each.objgen for each in array_of(default.get("/OFF"))}

    def _is_hidden(self, group: Any) -> bool:
        """Whether an optional content group, or a rule over several, is hidden when the file is opened.

        A group that cannot be found, or that the document does not list, counts as hidden: its settings are lost, and
        so nobody knows whether its content was meant to be seen.
        """
        if not is_dictionary(group):
            return True
        if str(group.get("/Type", "")) != "/OCMD":
            return group.objgen in self.hidden_groups or group.objgen not in self.known_groups
        if "/VE" in group:
            raise Uncleanable("unusual", part=self.where, what="layers with conditions")
        named = group.get("/OCGs")
        groups = [named] if named is not None and is_dictionary(named) else list(array_of(named))
        shown = [not self._is_hidden(each) for each in groups]
        if not shown:
            return False
        policy = str(group.get("/P", "/AnyOn"))
        return not {
            "/AllOn": all(shown),
            "/AnyOff": not all(shown),
            "/AllOff": not any(shown),
        }.get(policy, any(shown))

    # Values

    def _plain(self, value: Any, kind: str) -> Any:
        """Numbers, booleans and names, alone or in arrays; None for anything else."""
        if isinstance(value, bool | int | float) or type(value).__name__ == "Decimal":
            return value
        if isinstance(value, Name):
            return value if kind != NUMBERS else None
        if isinstance(value, Array):
            items = [self._plain(each, kind) for each in value]
            return None if any(each is None for each in items) else Array(items)
        return None

    def kept(self, source: Any, keys: Mapping[str, str], into: Any) -> Any:
        for key, kind in keys.items():
            if key in source:
                value = self._plain(source[key], kind)
                if value is not None:
                    into[key] = value
        return into

    def _once(self, source: Any, what: str, make: Any) -> Any:
        """`make(source)`, called once for each object, however often that occurs."""
        key = (*source.objgen, what) if isinstance(source, Object) and source.is_indirect else None
        if key is not None and key in self.made:
            found = self.made[key]
            if found is None:
                raise Damaged("damaged", format="PDF", part=f"{self.where}: {what} within itself")
            return found
        if key is not None:
            self.made[key] = None
        self.depth += 1
        if self.depth > DEPTH:
            raise Damaged("damaged", format="PDF", part=f"{self.where}: {what}")
        made = make(source)
        self.depth -= 1
        if key is not None:
            made = self.target.make_indirect(made) if not made.is_indirect else made
            self.made[key] = made
        return made

    def _data(self, stream: Any) -> bytes:
        data = bytes(stream.read_bytes())
        self.unpacked += len(data)
        if self.unpacked > limits.UNPACKED:
            raise TooLarge("unpacks_too_large", part="PDF", most=limits.UNPACKED // limits.MEGABYTE)
        return data

    # Pages and their content

    def _page(self, page: Any) -> Any:
        source = page.obj
        if "/OC" in source and self._is_hidden(source["/OC"]):
            raise Uncleanable("unusual", part=self.where, what="hidden page")
        new = Dictionary(Type=Name.Page)
        for box in PAGE_BOXES:
            value = inherited(source, box)
            if value is not None and len(array_of(value)) == 4:
                new[box] = self._plain(value, NUMBERS)
        if "/MediaBox" not in new:
            new["/MediaBox"] = Array([0, 0, 612, 792])
        rotate = inherited(source, "/Rotate")
        if isinstance(rotate, int):
            new["/Rotate"] = rotate
        if isinstance(source.get("/UserUnit"), int | float):
            new["/UserUnit"] = source["/UserUnit"]
        if "/Group" in source:
            new["/Group"] = self._group(source["/Group"])
        resources = Resources(inherited(source, "/Resources"))
        contents = source.get("/Contents")
        if contents is not None:
            page.contents_coalesce()
            new["/Contents"] = self.target.make_indirect(self._content(source["/Contents"], resources))
        new["/Resources"] = resources.made
        self.target.pages.append(pikepdf.Page(self.target.make_indirect(new)))
        return self.target.pages[-1].obj

    def _group(self, group: Any) -> Any:
        new = Dictionary(S=Name.Transparency)
        if "/CS" in group:
            new["/CS"] = self._colours(group["/CS"])
        return self.kept(group, {"/I": NAMES, "/K": NAMES}, new)

    def _content(self, stream: Any, resources: Resources) -> Any:
        """The operators of a content stream, with new names and without what is hidden or only commented."""
        self._data(stream)
        made: list[Any] = []
        hiding: list[bool] = []
        with warnings.catch_warnings():
            # An error that is only a warning here, such as an early end, would silently drop words.
            warnings.simplefilter("error")
            instructions: list[Any] = list(pikepdf.parse_content_stream(stream))
        for operands, operator in instructions:
            name = str(operator)
            if name == "INLINE IMAGE":
                if not any(hiding):
                    made.append(self._inline_image(operands[0], resources))
                continue
            if name in ("BMC", "BDC"):
                mark, is_hidden = self._mark(operands, name, resources)
                hiding.append(is_hidden)
                self.removed["layers"] += is_hidden
                made.append(mark)
                continue
            if name == "EMC":
                if hiding:
                    hiding.pop()
                    made.append(([], Operator("EMC")))
                continue
            if name not in OPERATORS:
                continue
            if any(hiding):
                instead = _unpainted(name, operands)
                if instead is not None:
                    made += instead
                    continue
            instruction = self._instruction(operands, name, resources)
            if instruction is not None:
                made.append(instruction)
        made += [([], Operator("EMC")) for _each in hiding]
        return Stream(self.target, pikepdf.unparse_content_stream(made))

    def _instruction(self, operands: Any, name: str, resources: Resources) -> Any:
        operator = Operator(name)
        if name in WRITING:
            return [self._shown_text(each) for each in operands], operator
        if name == "Do":
            drawn = resources.find("/XObject", str(operands[0]))
            if drawn is None or ("/OC" in drawn and self._is_hidden(drawn["/OC"])):
                self.removed["layers"] += drawn is not None
                return None
            return [self._use("/XObject", operands[0], resources, self._drawn)], operator
        for names, category, make in (
            (("gs",), "/ExtGState", self._graphics_state),
            (("sh",), "/Shading", self._shading),
            (("cs", "CS"), "/ColorSpace", self._colours),
        ):
            if name in names:
                if category == "/ColorSpace" and resources.find(category, str(operands[0])) is None:
                    return [operands[0]], operator  # a device's colours have no entry
                found = self._use(category, operands[0], resources, make)
                return None if found is None else ([found], operator)
        if name == "Tf":
            font = self._use("/Font", operands[0], resources, self._font)
            return None if font is None else ([font, operands[1]], operator)
        if name in ("scn", "SCN") and operands and isinstance(operands[-1], Name):
            pattern = self._use("/Pattern", operands[-1], resources, self._pattern)
            return None if pattern is None else ([*operands[:-1], pattern], operator)
        plain = [self._plain(each, NAMES) for each in operands]
        if any(each is None for each in plain):
            raise Damaged("damaged", format="PDF", part=f"{self.where}: {name}")
        return plain, operator

    def _shown_text(self, operand: Any) -> Any:
        if isinstance(operand, Array):
            return Array(
                [each for each in operand if isinstance(each, String) or self._plain(each, NUMBERS) is not None]
            )
        if isinstance(operand, String) or self._plain(operand, NUMBERS) is not None:
            return operand
        raise Damaged("damaged", format="PDF", part=f"{self.where}: text")

    def _use(self, category: str, name: Any, resources: Resources, make: Any) -> Any:
        found = resources.find(category, str(name))
        if found is None:
            return None
        made, is_new = resources.name(category, str(name))
        if is_new:
            if category == "/XObject":
                value = self._drawn(found, resources)
            elif category == "/Pattern":
                value = self._pattern(found, resources)
            else:
                value = make(found)
            resources.put(category, made, value)
        return Name(made)

    def _mark(self, operands: Any, name: str, resources: Resources) -> tuple[Any, bool]:
        """The beginning of marked content, with its accessible text; and whether it is a hidden layer."""
        tag = str(operands[0])
        properties = operands[1] if name == "BDC" and len(operands) > 1 else None
        if isinstance(properties, Name):
            properties = resources.find("/Properties", str(properties))
        if tag == "/OC":
            return ([Name.Span], Operator("BMC")), self._is_hidden(properties)
        kept = Dictionary()
        if properties is not None and is_dictionary(properties):
            if isinstance(properties.get("/MCID"), int):
                kept["/MCID"] = properties["/MCID"]
            copy_words(properties, kept)
        made = Name(tag) if tag[1:] in STRUCTURE_TYPES else Name.Span
        if kept.keys():
            return ([made, kept], Operator("BDC")), False
        return ([made], Operator("BMC")), False

    # Forms and pictures

    def _drawn(self, source: Any, resources: Resources) -> Any:
        if str(source.get("/Subtype", "")) == "/Image":
            return self._once(source, "image", self._image)
        if str(source.get("/Subtype", "")) == "/Form":
            return self._once(source, "form", lambda form: self._form(form, resources))
        raise Uncleanable("unusual", part=self.where, what=str(source.get("/Subtype", "XObject")))

    def _form(self, source: Any, outer: Resources) -> Any:
        if "/Ref" in source:
            raise Uncleanable("outside_content", part=self.where, what="/Ref")
        resources = Resources(source.get("/Resources"), None if "/Resources" in source else outer)
        new = self._content(source, resources)
        new["/Type"], new["/Subtype"] = Name.XObject, Name.Form
        self.kept(source, FORM, new)
        if "/Group" in source:
            new["/Group"] = self._group(source["/Group"])
        new["/Resources"] = resources.made
        return new

    def _inline_image(self, image: Any, resources: Resources) -> Any:
        """Becomes an ordinary picture."""
        with Pdf.new() as aside:
            page = aside.add_blank_page(page_size=(100, 100))
            page.obj["/Contents"] = Stream(aside, image.unparse())
            page.externalize_inline_images()
            pictures = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
            found = next(iter(pictures.values()), None) if is_dictionary(pictures) else None
            if found is None:
                raise Damaged("damaged", format="PDF", part=f"{self.where}: inline image")
            space = found.get("/ColorSpace")
            if isinstance(space, Name):
                space = resources.find("/ColorSpace", str(space)) or space
            made = self._image(found, space)
        name, _is_new = resources.name("/XObject", f"inline {len(resources.used)}")
        resources.put("/XObject", name, self.target.make_indirect(made))
        return ([Name(name)], Operator("Do"))

    def _image(self, source: Any, space: Any = None) -> Any:
        """`space` is its colour space, if it only refers to one."""
        space = source.get("/ColorSpace") if space is None else space
        width, height = int(source["/Width"]), int(source["/Height"])
        if width * height > limits.PIXELS or width < 1 or height < 1:
            raise TooLarge(
                "too_many_pixels",
                part=self.where,
                pixels=width * height // limits.MEGABYTE,
                most=limits.PIXELS // limits.MEGABYTE,
            )
        filters = source.get("/Filter")
        names = [str(each) for each in (filters if isinstance(filters, Array) else [filters]) if each is not None]
        if {"/JBIG2Decode", "/CCITTFaxDecode", "/JPXDecode", "/Crypt"} & set(names):
            raise Uncleanable("filter", part=self.where, what=names[-1].lstrip("/"))
        if names[-1:] == ["/DCTDecode"]:
            new = Stream(self.target, self._jpeg(source, names))
            new["/Filter"] = Name.DCTDecode
        else:
            samples = self._samples(source, space, width, height)
            new = Stream(self.target, self._shown_samples(source, space, samples, (width, height)))
        new["/Type"], new["/Subtype"] = Name.XObject, Name.Image
        self.kept(source, IMAGE, new)
        if space is not None and not source.get("/ImageMask", False):
            new["/ColorSpace"] = self._colours(space)
        if "/SMask" in source:
            new["/SMask"] = self._once(source["/SMask"], "image", self._image)
        mask = source.get("/Mask")
        if isinstance(mask, Array):
            new["/Mask"] = self._plain(mask, NUMBERS)
        elif mask is not None:
            new["/Mask"] = self._once(mask, "image", self._image)
        return new

    def _jpeg(self, source: Any, names: list[str]) -> bytes:
        """The same picture, encoded with the same tables, without metadata."""
        if len(names) > 1:
            raise Uncleanable("filter", part=self.where, what=" ".join(name.lstrip("/") for name in names))
        try:
            picture = Image.open(io.BytesIO(bytes(source.read_raw_bytes())), formats=["JPEG"])
            if picture.size != (int(source["/Width"]), int(source["/Height"])):
                raise Damaged("damaged", format="JPEG", part=self.where)
            exif = picture.getexif()
            self.removed["exif"] += bool(exif)
            self.removed["gps"] += 0x8825 in exif
            self.removed["xmp"] += "xmp" in picture.info
            self.removed["iptc"] += "photoshop" in picture.info
            self.removed["picture_texts"] += "comment" in picture.info
            picture.load()
            shown = self._shown(source, picture)
            if shown is not None:
                shown.save(target := io.BytesIO(), format="JPEG", quality=QUALITY, subsampling=0)
                return target.getvalue()
            # "keep" takes the tables from the picture, so its metadata is removed in place.
            picture.info = {key: value for key, value in picture.info.items() if key in ("adobe", "adobe_transform")}
            target = io.BytesIO()
            picture.save(target, format="JPEG", quality="keep", exif=b"", icc_profile=None, comment=b"")
        except FileRefused:
            raise
        except Exception as error:
            raise Damaged("damaged", format="JPEG", part=self.where) from error
        return target.getvalue()

    def _samples(self, source: Any, space: Any, width: int, height: int) -> bytes:
        """Exactly as many as the picture needs; a stream's bytes after them are never shown."""
        is_mask = bool(source.get("/ImageMask", False))
        bits = 1 if is_mask else int(source.get("/BitsPerComponent", 8))
        components = 1 if is_mask or space is None else self._components_of(space)
        return self._data(source)[: -(-width * components * bits // 8) * height]

    def _shown_samples(self, source: Any, space: Any, samples: bytes, size: tuple[int, int]) -> bytes:
        """The samples without those that are never shown."""
        bits = int(source.get("/BitsPerComponent", 8))
        is_indexed = isinstance(space, Array) and str(space[0]) in ("/Indexed", "/I")
        if is_indexed and bits == 8 and "/Mask" not in source:
            samples = samples.translate(self._one_for_each_colour(space))
        box = pixels_of(self.crops.of(source), size)
        if "/SMask" not in source and "/Mask" not in source and box == (0, 0, *size):
            return samples
        components = 1 if space is None else self._components_of(space)
        mode = MODES.get((components, bits))
        if mode is None:
            raise Uncleanable("cropped_picture", part=self.where)
        whole = -(-size[0] * components * bits // 8) * size[1]
        shown = self._shown(source, Image.frombytes(mode, size, samples.ljust(whole, b"\0")))
        return samples if shown is None else shown.tobytes()

    def _one_for_each_colour(self, space: Any) -> bytes:
        """For each index of a colour the first index with the same colour, so that whitened pixels are equal to white
        ones.
        """
        width = self._components_of(space[1])
        table = bytes(space[3]) if isinstance(space[3], String) else self._data(space[3])
        first: dict[bytes, int] = {}
        return bytes(first.setdefault(table[width * each : width * (each + 1)], each) for each in range(256))

    def _shown(self, source: Any, picture: Image.Image) -> Image.Image | None:
        """`picture` without what its mask hides and no page shows; None if nothing is hidden, or the hidden pixels are
        uniform.
        """
        mask, key = source.get("/SMask", source.get("/Mask")), None
        box = pixels_of(self.crops.of(source), picture.size)
        shown = Image.new("L", picture.size, HIDDEN)
        shown.paste(SHOWN, box)
        if mask is None:
            pass
        elif isinstance(mask, Array):
            key = mask
            shown = ImageChops.darker(shown, shown_beside(key, picture))
        else:
            coded = "/DCTDecode" in str(mask.get("/Filter", ""))
            samples = bytes(mask.read_raw_bytes()) if coded else self._data(mask)
            found = shown_by(mask, samples, picture.size, is_stencil="/SMask" not in source)
            if found is None:
                raise Uncleanable("filter", part=self.where, what="/SMask")
            shown = ImageChops.darker(shown, found)
        cleaned = without_hidden(picture, shown, key)
        if cleaned.tobytes() == picture.tobytes():
            return None
        self.removed["unseen" if box == (0, 0, *picture.size) else "cropped"] += 1
        return cleaned

    def _components_of(self, space: Any) -> int:
        kind = str(space[0]) if isinstance(space, Array) else str(space)
        if kind == "/ICCBased":
            return int(space[1]["/N"])
        if kind == "/DeviceN":
            return len(space[1])
        known = {"/DeviceRGB": 3, "/RGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4, "/CMYK": 4}
        return known.get(kind, 1)

    # Colours, shadings, patterns

    def _colours(self, space: Any) -> Any:
        if isinstance(space, Name):
            return ABBREVIATED.get(str(space), space)
        if not isinstance(space, Array) or not len(space):
            raise Damaged("damaged", format="PDF", part=f"{self.where}: colours")
        kind = str(space[0])
        if kind == "/ICCBased":
            self.removed["profile"] += 1
            return DEVICE[int(space[1]["/N"])]
        if kind in ("/CalRGB", "/CalGray", "/Lab"):
            return Array([Name(kind), self.kept(space[1], CALIBRATED, Dictionary())])
        if kind in ("/Indexed", "/I"):
            return self._indexed(space)
        if kind == "/Separation":
            ink = space[1] if str(space[1]) in INKS else Name("/Ink1")
            return Array([Name.Separation, ink, self._colours(space[2]), self._function(space[3])])
        if kind == "/DeviceN":
            inks = [
                each if str(each) in INKS else Name(f"/Ink{number}") for number, each in enumerate(space[1], start=1)
            ]
            return Array([Name.DeviceN, Array(inks), self._colours(space[2]), self._function(space[3])])
        if kind == "/Pattern":
            return Array([Name.Pattern, *(self._colours(each) for each in list(space)[1:2])])
        if kind in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/G", "/RGB", "/CMYK"):
            return ABBREVIATED.get(kind, Name(kind))
        raise Uncleanable("unusual", part=self.where, what=kind)

    def _indexed(self, space: Any) -> Any:
        size = (int(space[2]) + 1) * self._components_of(space[1])
        table = bytes(space[3]) if isinstance(space[3], String) else self._data(space[3])
        return Array([Name.Indexed, self._colours(space[1]), int(space[2]), String(table[:size])])

    def _function(self, source: Any) -> Any:
        if isinstance(source, Name):
            return Name.Identity
        if isinstance(source, Array):
            return Array([self._function(each) for each in source])
        return self._once(source, "function", self._new_function)

    def _new_function(self, source: Any) -> Any:
        kind = int(source["/FunctionType"])
        new: Any = Dictionary()
        if kind == 0:
            size = 1
            for each in source["/Size"]:
                size *= int(each)
            outputs = len(source["/Range"]) // 2
            data = self._data(source)
            new = Stream(self.target, data[: -(-size * outputs * int(source["/BitsPerSample"]) // 8)])
        elif kind == 4:
            new = Stream(self.target, COMMENT.sub(b"", self._data(source)))
        self.kept(source, FUNCTION, new)
        if kind == 3:
            new["/Functions"] = Array([self._function(each) for each in source["/Functions"]])
        return new

    def _shading(self, source: Any) -> Any:
        return self._once(source, "shading", self._new_shading)

    def _new_shading(self, source: Any) -> Any:
        new = Stream(self.target, self._data(source)) if isinstance(source, Stream) else Dictionary()
        self.kept(source, SHADING, new)
        new["/ColorSpace"] = self._colours(source["/ColorSpace"])
        if "/Function" in source:
            new["/Function"] = self._function(source["/Function"])
        return new

    def _pattern(self, source: Any, resources: Resources) -> Any:
        return self._once(source, "pattern", lambda pattern: self._new_pattern(pattern, resources))

    def _new_pattern(self, source: Any, outer: Resources) -> Any:
        if isinstance(source, Stream):
            resources = Resources(source.get("/Resources"), None if "/Resources" in source else outer)
            new = self._content(source, resources)
            new["/Resources"] = resources.made
        else:
            new = Dictionary(Shading=self._shading(source["/Shading"]))
            if "/ExtGState" in source:
                new["/ExtGState"] = self._graphics_state(source["/ExtGState"])
        return self.kept(source, PATTERN, new)

    def _graphics_state(self, source: Any) -> Any:
        return self._once(source, "graphics state", self._new_graphics_state)

    def _new_graphics_state(self, source: Any) -> Any:
        new = self.kept(source, GRAPHICS_STATE, Dictionary())
        mask = source.get("/SMask")
        if isinstance(mask, Name):
            new["/SMask"] = Name("/None")
        elif mask is not None:
            made = Dictionary(S=mask["/S"], G=self._drawn(mask["/G"], Resources(None)))
            if "/BC" in mask:
                made["/BC"] = self._plain(mask["/BC"], NUMBERS)
            if "/TR" in mask:
                made["/TR"] = self._function(mask["/TR"])
            new["/SMask"] = made
        if "/Font" in source:
            font, size = source["/Font"]
            new["/Font"] = Array([self._font(font), size])
        return new

    # Fonts

    def _font(self, source: Any) -> Any:
        return self._once(source, "font", self._new_font)

    def _font_name(self, descriptor: Any) -> Any:
        """A meaningless name, the same wherever this embedded font is named."""
        number = self.font_names.setdefault(
            descriptor.objgen if descriptor.is_indirect else len(self.font_names), len(self.font_names) + 1
        )
        return Name(f"/AAAAAA+F{number}")

    def _new_font(self, source: Any) -> Any:
        if str(source.get("/Subtype", "")) == "/Type3":
            raise Unreadable("drawn_letters", page=self.where.removeprefix("page "))
        new = self.kept(source, FONT, Dictionary(Type=Name.Font))
        descriptor = source.get("/DescendantFonts", [source])[0].get("/FontDescriptor")
        if descriptor is not None and any(key in descriptor for key in FONT_FILES):
            new["/BaseFont"] = self._font_name(descriptor)
        has_own_codes = isinstance(source.get("/Encoding"), Stream)
        if "/Encoding" in source and not has_own_codes:
            new["/Encoding"] = self._encoding(source["/Encoding"])
        if "/ToUnicode" in source and isinstance(source["/ToUnicode"], Stream):
            new["/ToUnicode"] = self._once(source["/ToUnicode"], "codes", self._codes)
        if "/FontDescriptor" in source:
            new["/FontDescriptor"] = self._once(source["/FontDescriptor"], "descriptor", self._descriptor)
        if "/DescendantFonts" in source:
            new["/DescendantFonts"] = Array([self._font(each) for each in source["/DescendantFonts"]])
            if has_own_codes:
                self._by_codes(source, new)
        if "/CIDSystemInfo" in source:
            new["/CIDSystemInfo"] = self._character_collection(source["/CIDSystemInfo"])
        glyphs = source.get("/CIDToGIDMap")
        if isinstance(glyphs, Name):
            new["/CIDToGIDMap"] = Name.Identity
        elif glyphs is not None:
            new["/CIDToGIDMap"] = self.target.make_indirect(Stream(self.target, self._data(glyphs)[: 2 * 65_536]))
        return new

    def _encoding(self, source: Any) -> Any:
        if isinstance(source, Name):
            if not ENCODING_NAMES.fullmatch(str(source)):
                raise Uncleanable("unusual", part=self.where, what="/Encoding")
            return source
        new = Dictionary(Type=Name.Encoding)
        return self.kept(source, {"/BaseEncoding": NAMES, "/Differences": NAMES}, new)

    def _codes(self, source: Any) -> Any:
        """A table of letters, rewritten from its codes."""
        return Stream(self.target, written_anew(self._data(source)))

    def _by_codes(self, source: Any, new: Any) -> None:
        """Converts a font with its own table of codes into one whose codes are the numbers of its glyphs.

        Most other readers, here and in screen readers, do not support a font's own table.
        """
        below = new["/DescendantFonts"][0]
        signs = signs_of(self._data(source["/Encoding"]))
        if (
            signs is None
            or "/FontFile2" not in below.get("/FontDescriptor", Dictionary())
            or "/UseCMap" in source["/Encoding"]
        ):
            raise Uncleanable("unusual", part=self.where, what="/Encoding")
        glyphs = below.get("/CIDToGIDMap")
        known = bytes(glyphs.read_bytes()) if isinstance(glyphs, Stream) else None
        widths = widths_of(below.get("/W", ()))
        table = bytearray(2 * (max(signs, default=0) + 1))
        for code, sign in signs.items():
            table[2 * code : 2 * code + 2] = (
                sign.to_bytes(2, "big") if known is None else known[2 * sign : 2 * sign + 2]
            )
        own = Dictionary({key: value for key, value in below.items() if key not in ("/W", "/CIDToGIDMap")})
        own["/CIDToGIDMap"] = self.target.make_indirect(Stream(self.target, bytes(table)))
        rows: list[Any] = []
        for code, sign in sorted(signs.items()):
            if sign in widths:
                rows += [code, Array([widths[sign]])]
        own["/W"] = Array(rows)
        new["/DescendantFonts"] = Array([self.target.make_indirect(own)])
        new["/Encoding"] = Name("/Identity-H")

    def _character_collection(self, source: Any) -> Any:
        known = {"Identity", "UCS", "Japan1", "GB1", "CNS1", "Korea1", "KR"}
        ordering = str(source.get("/Ordering", ""))
        supplement = source.get("/Supplement", 0)
        return Dictionary(
            Registry=String("Adobe"),
            Ordering=String(ordering if ordering in known else "Identity"),
            Supplement=supplement if isinstance(supplement, int) else 0,
        )

    def _descriptor(self, source: Any) -> Any:
        new = self.kept(source, DESCRIPTOR, Dictionary(Type=Name.FontDescriptor))
        for key in FONT_FILES:
            if key in source:
                new["/FontName"] = self._font_name(source)
                new[key] = self._once(source[key], "font file", self._font_file)
        return new

    def _font_file(self, source: Any) -> Any:
        data = without_words(self._data(source))
        new = self.kept(source, FONT_FILE, Stream(self.target, data))
        if data[:4] in SFNT and "/Length1" in new:
            new["/Length1"] = len(data)
        return new

    # Links, outline and structure

    def _destination(self, source: Any) -> Any:
        """A place in this document, without its name; None if there is none."""
        for _step in range(4):
            if isinstance(source, Name | String):
                source = self._named_destination(source)
            if source is not None and is_dictionary(source):
                source = source.get("/D")
        if not isinstance(source, Array) or not len(source):
            return None
        items: list[Any] = list(source)[:6]
        page = self.pages.get(items[0].objgen) if isinstance(items[0], Object) else None
        if page is None:
            return None
        rest = [None if each is None else self._plain(each, NAMES) for each in items[1:]]
        return Array([page, *rest]) if rest else Array([page, Name.Fit])

    def _named_destination(self, name: Any) -> Any:
        root = self.source.Root
        if isinstance(name, Name):
            return root.get("/Dests", Dictionary()).get(str(name))
        tree = root.get("/Names", Dictionary()).get("/Dests")
        return dict(pikepdf.NameTree(tree)).get(str(name)) if tree is not None else None

    def _annotations(self, source: Any, new: Any) -> None:
        kept = []
        for annotation in array_of(source.get("/Annots")):
            if not is_dictionary(annotation):
                continue
            kind = str(annotation.get("/Subtype", ""))
            if kind == "/Widget":
                raise Uncleanable("form", what=self.where)
            made = self._link(annotation) if kind == "/Link" else None
            if made is None:
                self.removed["links" if kind == "/Link" else "annotations"] += kind != "/Popup"
                continue
            made = self.target.make_indirect(made)
            if annotation.is_indirect:
                self.links[annotation.objgen] = made
            kept.append(made)
        if kept:
            new["/Annots"] = Array(kept)
        self.removed["scripts"] += "/AA" in source

    def _link(self, source: Any) -> Any:
        rectangle = self._plain(source.get("/Rect"), NUMBERS)
        if rectangle is None:
            return None
        new = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rectangle, Border=Array([0, 0, 0]))
        if "/QuadPoints" in source:
            points = self._plain(source["/QuadPoints"], NUMBERS)
            if points is not None:
                new["/QuadPoints"] = points
        action = source.get("/A")
        if action is not None and is_dictionary(action) and str(action.get("/S", "")) == "/URI":
            target = web_address(str(action.get("/URI", "")))
            if target is None:
                return None
            new["/A"] = Dictionary(S=Name.URI, URI=String(target))
            return new
        place = source.get("/Dest")
        if place is None and action is not None and str(action.get("/S", "")) == "/GoTo":
            place = action.get("/D")
        destination = self._destination(place) if place is not None else None
        if destination is None:
            return None
        new["/Dest"] = destination
        return new

    def _outlines(self, root: Any) -> None:
        if "/Outlines" not in root:
            return
        budget = [limits.PAGES * 10]
        with self.target.open_outline() as outline:
            outline.root.extend(self._outline_items(root["/Outlines"], budget, set()))

    def _outline_items(self, parent: Any, budget: list[int], seen: set[tuple[int, int]]) -> list[Any]:
        items = []
        at = parent.get("/First")
        while at is not None and is_dictionary(at) and budget[0] > 0 and at.objgen not in seen:
            seen.add(at.objgen)
            budget[0] -= 1
            item = pikepdf.OutlineItem(str(at.get("/Title", "")))
            place = at.get("/Dest")
            if place is None and str(at.get("/A", Dictionary()).get("/S", "")) == "/GoTo":
                place = at["/A"].get("/D")
            destination = self._destination(place) if place is not None else None
            if destination is not None:
                item.destination = destination
            if len(seen) < limits.OBJECTS and "/First" in at:
                item.children.extend(self._outline_items(at, budget, seen))
            items.append(item)
            at = at.get("/Next")
        return items

    def _structure(self, root: Any) -> None:
        tree = root.get("/StructTreeRoot")
        if tree is not None and is_dictionary(tree):
            Structure(self, tree).build()


def _unpainted(name: str, operands: Any) -> list[Any] | None:
    """An operator that moves the pen like `name` but draws nothing; None if `name` draws nothing anyway."""
    if name in PAINTING:
        return [([], Operator("n"))]
    if name in ("Do", "sh", "Tj", "TJ"):
        return []
    if name == "'":
        return [([], Operator("T*"))]
    if name == '"':
        return [([operands[0]], Operator("Tw")), ([operands[1]], Operator("Tc")), ([], Operator("T*"))]
    return None
