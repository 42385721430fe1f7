"""Files are read in a separate process; a hostile file crashes only that."""

import io
import json
import os
import subprocess
import sys
import zlib

import pytest
from pikepdf import Array, Name, Pdf, Stream

from events.documents import apart, limits
from events.documents.formats import Format
from events.documents.refusal import Encrypted, FileRefused, TooLarge, Uncleanable
from tests.events.documents.evil_files import canaries_in, evil_docx, evil_pdf, jpeg
from tests.events.documents.test_cleaning import word
from tests.events.documents.test_recognition import encrypted_pdf

pytestmark = pytest.mark.long


def test_copy_comes_back_whole() -> None:
    cleaned = apart.clean(evil_pdf())
    assert (cleaned.format, cleaned.pages) == (Format.PDF, 1)
    assert cleaned.content.startswith(b"%PDF-1.7")
    assert canaries_in(cleaned.content) == set()
    assert cleaned.removed["attachments"] == 2
    assert cleaned.texts[0].place == "page 1"


def test_examined_file_says_its_kind_and_what_would_be_left_behind() -> None:
    examined = apart.examine(jpeg(), name="x.jpg", claimed="image/jpeg")
    assert (examined.format, examined.obstacle) == (Format.JPEG, None)
    assert examined.removed["gps"] == 1


def test_file_that_may_be_kept_and_not_published_says_why() -> None:
    examined = apart.examine(word("<w:p><w:r><w:object/></w:r></w:p>"), name="x.docx", claimed="")
    assert examined.format == Format.DOCX
    assert isinstance(examined.obstacle, Uncleanable)
    assert examined.obstacle.messages == [
        "word/document.xml holds an embedded object (object). Replace it by a picture of it, or take it out."
    ]


def test_refusal_comes_back_as_what_it_is() -> None:
    with pytest.raises(Encrypted, match="password"):
        apart.examine(encrypted_pdf("x"), name="x.pdf", claimed="")


def test_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def look(command: list[str], **how: object) -> object:
        seen.append(how["env"])  # type: ignore[arg-type]
        return run(command, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", look)
    apart.clean(jpeg())
    (environment,) = seen
    assert set(environment) == {"PATH", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_no_decoder_is_loaded_where_requests_are_answered() -> None:
    look = (
        "import sys, django; django.setup(); import config.urls, events.actions, events.forms;"
        "print({'pikepdf', 'PIL', 'lxml', 'pypdf', 'pdfminer', 'fontTools', 'puremagic'} & set(sys.modules))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    found = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, check=True, env=environment, cwd=apart.ROOT
    )
    assert found.stdout.decode().strip().splitlines()[-1] == "set()"


@pytest.mark.parametrize(
    "body",
    ["import time; time.sleep(60)", "import os; os.abort()", "import sys; sys.exit(3)"],
    ids=["hang", "crash", "exit"],
)
def test_process_that_hangs_or_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(limits, "SECONDS", 2)
    monkeypatch.setattr(apart, "COMMAND", [sys.executable, "-c", body])
    with pytest.raises(TooLarge, match="longer than 2 seconds, or more memory"):
        apart.clean(jpeg())


def test_memory_of_the_process_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = (
        "import resource; from events.documents import limits, recognition, apart;"
        "recognition.examined = lambda data, **given: bytearray(2 * limits.MEMORY); apart.main()"
    )
    monkeypatch.setattr(apart, "COMMAND", [sys.executable, "-c", greedy])
    with pytest.raises(TooLarge, match="more memory than a document should"):
        apart.examine(jpeg(), name="x.jpg", claimed="")


def bomb(filters: int) -> bytes:
    """A PDF whose page is drawn by a stream that unpacks to 300 megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _each in range(300)) + packer.flush()
    for _each in range(filters - 1):
        packed = zlib.compress(packed, 9)
    document = Pdf.new()
    page = document.add_blank_page(page_size=(100, 100)).obj
    page.Contents = Stream(document, packed)
    page.Contents.Filter = Array([Name.FlateDecode] * filters)
    target = io.BytesIO()
    document.save(target, compress_streams=False, stream_decode_level=None)
    return target.getvalue()


@pytest.mark.parametrize("filters", [1, 2])
def test_stream_that_unpacks_to_300_megabytes_is_refused(filters: int) -> None:
    data = bomb(filters)
    assert len(data) < 2 * limits.MEGABYTE
    with pytest.raises(FileRefused) as caught:
        apart.clean(data)
    assert caught.value.reason in ("damaged", "takes_too_long", "unpacks_too_large")


def test_every_refusal_can_be_sent_and_read_again() -> None:
    for data in (b"", b"x", evil_docx()[:-40]):
        answer = json.loads(json.dumps(apart.answer("clean", data, {})))
        assert set(answer) == {"reason", "given"}
