"""Fetching from hostile hosts: each is refused, and learns nothing."""

import gzip
import ipaddress
import socket
import ssl
import struct
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partnerships.archive import fetching
from partnerships.archive.addresses import IPAddress, is_public
from partnerships.archive.fetching import Limits, NotFetched, Reason, fetch
from tests.support.patience import PATIENCE
from tests.support.strangers_host import LOOPBACK, StrangersHost, addresses, answer, listening

PAGE = b"<!doctype html><p>Talks</p>"
PUBLIC = ipaddress.ip_address("93.184.215.14")


def reason_of(host: StrangersHost, path: str = "/", **how: Any) -> Reason:
    with pytest.raises(NotFetched) as refused:
        host.fetch(path, **how)
    return refused.value.reason


def reason(url: str, **how: Any) -> Reason:
    with pytest.raises(NotFetched) as refused:
        fetch(url, **{"resolve": nobody_resolves, **how})
    return refused.value.reason


def nobody_resolves(host: str, port: int) -> list[IPAddress]:
    raise AssertionError(f"{host} was looked up")


# What is had


def test_page_is_fetched_with_its_address_status_and_type() -> None:
    with listening(answer(PAGE)) as host:
        fetched = host.fetch("/talks?day=1")
    assert (fetched.content, fetched.media_type, fetched.status) == (PAGE, "text/html", 200)
    assert fetched.final_url == f"http://example.org:{host.port}/talks?day=1"


def test_request_tells_nothing_but_who_asks() -> None:
    with listening(answer(PAGE)) as host:
        host.fetch("/talks")
    (asked,) = host.asked
    assert asked.startswith("GET /talks HTTP/1.1\r\n")
    names = {line.partition(":")[0].lower() for line in asked.split("\r\n")[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert f"host: example.org:{host.port}\r\n" in asked.lower()


def test_cookie_that_is_set_is_not_sent_back() -> None:
    def conduct(client: socket.socket, path: str) -> None:
        if path == "/":
            answer(b"", status="302 Found", Location="/after", Set_Cookie="a=b")(client, path)
        else:
            answer(PAGE)(client, path)

    with listening(conduct) as host:
        assert host.fetch().content == PAGE
    assert len(host.asked) == 2
    assert "cookie" not in host.asked[1].lower()


def test_environment_names_no_proxy_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with listening(answer(PAGE)) as host:
        assert host.fetch().content == PAGE


@pytest.mark.parametrize(
    ("pack", "encoding"), [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (bytes, "identity"), (bytes, None)]
)
def test_packed_answer_is_unpacked(pack: Callable[[bytes], bytes], encoding: str | None) -> None:
    with listening(answer(pack(PAGE), Content_Encoding=encoding)) as host:
        assert host.fetch().content == PAGE


def test_answer_in_chunks_and_without_length_is_had() -> None:
    def conduct(client: socket.socket, path: str) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for block in (PAGE[:5], PAGE[5:]):
            client.sendall(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        client.sendall(b"0\r\n\r\n")

    with listening(conduct) as host:
        assert host.fetch().content == PAGE


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/pdf", b"%PDF-1.7 ..."),
        ("image/png", b"\x89PNG\r\n\x1a\n..."),
        ("image/jpeg", b"\xff\xd8\xff..."),
        ("image/gif", b"GIF89a..."),
        ("image/webp", b"RIFF\0\0\0\0WEBP..."),
        ("text/plain", b"Talks"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html/>"),
    ],
)
def test_kinds_that_are_kept_are_had(media_type: str, content: bytes) -> None:
    with listening(answer(content, Content_Type=media_type)) as host:
        fetched = host.fetch()
    assert (fetched.media_type, fetched.content) == (media_type, content)


def test_letters_of_any_language_in_an_address_are_sent_as_such() -> None:
    with listening(answer(PAGE)) as host:
        fetched = host.fetch("/محادثات?يوم=1&b=%20", host="örnek.example")
    assert host.asked[0].startswith("GET /%D9%85%D8%AD%D8%A7%D8%AF%D8%AB%D8%A7%D8%AA?%D9%8A%D9%88%D9%85=1&b=%20 ")
    assert fetched.final_url.startswith("http://xn--rnek-4qa.example:")


def test_only_the_beginning_is_read_where_only_asked_whether_it_answers() -> None:
    with listening(answer(b"", Content_Type="application/zip", Content_Length=str(10**12))) as host:
        fetched = host.fetch(with_content=False)
    assert (fetched.status, fetched.content) == (200, None)


# Where it leads


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/1",
        "ftp://example.org/",
        "data:text/html,x",
        "javascript:alert(1)",
        "ldap://example.org/",
        "//example.org/",
        "example.org/talks",
    ],
)
def test_other_schemes_are_refused(url: str) -> None:
    assert reason(url) is Reason.SCHEME


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "http:///talks",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: inside",
        "http://example.org\\@127.0.0.1/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.x]/",
        "http://example.org:http/",
        "http://example.org:99999/",
        f"http://{'a' * 64}.org/",
        "http://example..org/",
        f"http://example.org/{'a' * 2000}",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    assert reason(url) in {Reason.MALFORMED, Reason.SCHEME}


def test_credentials_in_an_address_are_refused_and_not_kept() -> None:
    with pytest.raises(NotFetched) as refused:
        fetch("http://staff:secret@example.org/talks", resolve=nobody_resolves)
    assert refused.value.reason is Reason.CREDENTIALS
    assert refused.value.final_url == "http://example.org/talks"


@pytest.mark.parametrize("port", [0, 22, 25, 5432, 6379, 8080])
def test_other_ports_are_refused_unless_a_setting_says_so(port: int, settings: Any) -> None:
    assert reason(f"http://example.org:{port}/") is Reason.PORT
    settings.MAJLIS_ARCHIVE_PORTS = frozenset({port})
    assert reason(f"http://example.org:{port}/", resolve=lambda *_: addresses("10.0.0.1")) is Reason.ADDRESS


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "0",
        "0.0.0.0",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "①②⑦.⓪.⓪.①",
    ],
)
def test_no_spelling_of_an_inner_address_is_connected_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system itself reads it: nothing is injected but that a connection would be noticed."""

    def connects(*arguments: object, **more: object) -> None:
        raise AssertionError(f"connected to {arguments}")

    monkeypatch.setattr("partnerships.archive.fetching.socket.create_connection", connects)
    with pytest.raises(NotFetched) as refused:
        fetch(f"http://{host}/latest/meta-data/")
    assert refused.value.reason in {Reason.ADDRESS, Reason.NAME}


@pytest.mark.parametrize(
    "inner",
    [
        ["10.1.2.3"],
        ["127.0.0.1"],
        ["::1"],
        ["93.184.215.14", "192.168.0.1"],
        ["2606:4700::1", "::ffff:10.0.0.1"],
        ["100.64.0.7"],
    ],
)
def test_name_that_leads_inside_is_refused_also_where_it_leads_outside_as_well(inner: list[str]) -> None:
    assert reason("http://example.org/", resolve=lambda *_: addresses(*inner)) is Reason.ADDRESS


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://inside.example/",
        "//inside.example/",
    ],
)
def test_redirect_that_leads_inside_is_refused(target: str) -> None:
    """The host itself may be connected to, as an exception; where it leads, the real rule applies."""

    def resolve(name: str, port: int) -> list[IPAddress]:
        if name == "example.org":
            return [PUBLIC]
        return addresses("10.7.7.7") if name == "inside.example" else fetching.resolved(name, port)

    with listening(answer(b"", status="302 Found", Location=target)) as host:
        real = socket.create_connection

        def connect(address: tuple[str, int], **more: Any) -> socket.socket:
            assert address[0] == str(PUBLIC), "nothing else is connected to"
            return real((str(LOOPBACK), host.port), **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("partnerships.archive.fetching.socket.create_connection", connect)
            assert reason_of(host, resolve=resolve, may_connect=is_public, ports={80, host.port}) is Reason.ADDRESS
    assert len(host.asked) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://example.org/", "ftp://example.org/"])
def test_redirect_to_another_scheme_is_refused(target: str) -> None:
    with listening(answer(b"", status="301 Moved Permanently", Location=target)) as host:
        assert reason_of(host) is Reason.SCHEME


def test_redirect_with_credentials_is_refused() -> None:
    with listening(answer(b"", status="301 Moved Permanently", Location="http://a:b@example.org/")) as host:
        assert reason_of(host) is Reason.CREDENTIALS


@pytest.mark.parametrize("target", ["http://[", "http://\x01", "http://example.org/\x7f"])
def test_redirect_to_what_is_no_address_is_refused(target: str) -> None:
    with listening(answer(b"", status="302 Found", Location=target)) as host:
        assert reason_of(host) in {Reason.MALFORMED, Reason.BROKEN}


def test_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and leads inside a moment later."""
    said: list[str] = []

    def rebinding(name: str, port: int) -> list[IPAddress]:
        said.append(name)
        return [PUBLIC] if len(said) == 1 else [LOOPBACK]

    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], **more: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("partnerships.archive.fetching.socket.create_connection", connect)
    assert reason("http://example.org/", resolve=rebinding) is Reason.NO_CONNECTION
    assert (said, connected) == (["example.org"], [(str(PUBLIC), 80)])


def test_rebinding_name_is_refused_at_the_redirect_that_makes_use_of_it() -> None:
    looked_up: list[str] = []

    def rebinding(name: str, port: int) -> list[IPAddress]:
        looked_up.append(name)
        return [LOOPBACK] if len(looked_up) == 1 else addresses("169.254.169.254")

    with listening(answer(b"", status="302 Found", Location="/again")) as host:
        assert reason_of(host, resolve=rebinding) is Reason.ADDRESS
    assert looked_up == ["example.org", "example.org"]
    assert len(host.asked) == 1


def test_next_address_is_tried_where_the_first_does_not_answer() -> None:
    with listening(answer(PAGE)) as host:
        fetched = host.fetch(
            resolve=lambda *_: addresses("127.0.0.2", "127.0.0.1"), may_connect=lambda address: address.is_loopback
        )
    assert fetched.content == PAGE


def test_redirects_are_followed_five_times_and_no_further() -> None:
    def conduct(client: socket.socket, path: str) -> None:
        number = int(path.strip("/"))
        if number == 0:
            answer(PAGE)(client, path)
        else:
            answer(b"", status="302 Found", Location=f"/{number - 1}")(client, path)

    with listening(conduct) as host:
        assert host.fetch("/5").final_url == f"http://example.org:{host.port}/0"
        assert len(host.asked) == 6
        assert reason_of(host, "/6") is Reason.REDIRECTS


def test_redirects_without_end_end() -> None:
    with listening(answer(b"", status="302 Found", Location="/")) as host:
        assert reason_of(host) is Reason.REDIRECTS
    assert len(host.asked) == 6


# What it gives


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("404 Not Found", Reason.NOT_FOUND),
        ("410 Gone", Reason.NOT_FOUND),
        ("500 Internal Server Error", Reason.SERVER_ERROR),
        ("503 Service Unavailable", Reason.SERVER_ERROR),
        ("401 Unauthorized", Reason.DENIED),
        ("403 Forbidden", Reason.DENIED),
        ("429 Too Many Requests", Reason.DENIED),
        ("204 No Content", Reason.DENIED),
        ("304 Not Modified", Reason.DENIED),
        ("302 Found", Reason.DENIED),  # and leads nowhere
    ],
)
def test_answer_that_is_none_says_which(status: str, found: Reason) -> None:
    with listening(answer(PAGE, status=status)) as host, pytest.raises(NotFetched) as refused:
        host.fetch()
    assert (refused.value.reason, refused.value.status) == (found, int(status[:3]))


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/x-msdownload", b"MZ"),
        ("application/octet-stream", b"%PDF-1.7"),
        ("text/javascript", b"alert(1)"),
        ("image/svg+xml", b"<svg/>"),
        ("application/zip", b"PK"),
        ("video/mp4", b"..."),
        ("", b"<p>"),
        (None, b"<p>"),
        ("application/pdf", PAGE),
        ("image/png", PAGE),
        ("image/webp", b"RIFF\0\0\0\0WAVE"),
    ],
)
def test_wrong_type_is_refused(content_type: str | None, content: bytes) -> None:
    with listening(answer(content, Content_Type=content_type)) as host:
        assert reason_of(host) is Reason.TYPE


def test_gigabyte_that_is_announced_is_not_read() -> None:
    with listening(answer(b"", Content_Length=str(10**9))) as host:
        assert reason_of(host) is Reason.TOO_LARGE


def test_gigabyte_that_is_not_announced_is_cut_at_the_limit() -> None:
    sent = 0

    def conduct(client: socket.socket, path: str) -> None:
        nonlocal sent
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        block = b"a" * 1_000_000
        while sent < 1_000_000_000 and not host.ended.is_set():
            client.sendall(block)
            sent += len(block)

    tracemalloc.start()
    try:
        with listening(conduct) as host:
            assert reason_of(host, limits=Limits(seconds=30, silence=5)) is Reason.TOO_LARGE
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent < 60_000_000, "what the system holds in between included"
    assert peak < 80_000_000


@pytest.mark.parametrize("layers", [1, 2])
def test_bomb_of_gzip_is_cut_at_the_limit(layers: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"a" * 1_000_000
    bomb = b"".join([*(packer.compress(zeros) for _ in range(1000)), packer.flush()])
    assert len(bomb) < 1_100_000, "a gigabyte of nothing"
    encoding = "gzip"
    if layers == 2:
        bomb, encoding = gzip.compress(bomb), "gzip, gzip"
    tracemalloc.start()
    try:
        with listening(answer(bomb, Content_Type="text/plain", Content_Encoding=encoding)) as host:
            assert reason_of(host) is (Reason.TOO_LARGE if layers == 1 else Reason.ENCODING)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80_000_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, deflate", "x"])
def test_packing_that_is_not_unpacked_here_is_refused(encoding: str) -> None:
    with listening(answer(PAGE, Content_Encoding=encoding)) as host:
        assert reason_of(host) is Reason.ENCODING


def test_gzip_that_is_none_is_a_broken_answer() -> None:
    with listening(answer(PAGE, Content_Encoding="gzip")) as host:
        assert reason_of(host) is Reason.BROKEN


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0\0\0\0",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_answer_that_cannot_be_read_is_broken(said: bytes) -> None:
    with listening(lambda client, path: client.sendall(said)) as host:
        assert reason_of(host) is Reason.BROKEN


def test_connection_that_is_reset_is_broken() -> None:
    def conduct(client: socket.socket, path: str) -> None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(conduct) as host:
        assert reason_of(host) is Reason.BROKEN


def test_name_without_an_address_and_port_without_a_host() -> None:
    def unknown(name: str, port: int) -> list[IPAddress]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert reason("http://nowhere.example/", resolve=unknown) is Reason.NAME
    assert reason("http://nowhere.example/", resolve=lambda *_: []) is Reason.NAME
    with socket.create_server((str(LOOPBACK), 0)) as taken:
        port = taken.getsockname()[1]
    refused = reason(
        f"http://example.org:{port}/",
        resolve=lambda *_: [LOOPBACK],
        may_connect=lambda address: True,
        ports={port},
    )
    assert refused is Reason.NO_CONNECTION


# How long it takes


def test_looking_up_a_name_is_within_the_time_limit() -> None:
    """The system's resolver may take half a minute, and nobody can stop it."""
    answered = threading.Event()

    def never(name: str, port: int) -> list[IPAddress]:
        answered.wait(30)
        return [LOOPBACK]

    try:
        limits = Limits(seconds=0.2, silence=0.1)
        assert reason("http://slow.example/", resolve=never, limits=limits) is Reason.TOO_SLOW
    finally:
        answered.set()


def trickle(before: bytes, drop: bytes, host: list[StrangersHost]) -> Any:
    def conduct(client: socket.socket, path: str) -> None:
        client.sendall(before)
        while not host[0].ended.wait(0.05):
            client.sendall(drop)

    return conduct


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nA: ", b"b"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "body", "body with its length", "chunks", "continue"],
)
def test_host_that_trickles_is_given_up_when_the_time_is_over(before: bytes, drop: bytes) -> None:
    hosts: list[StrangersHost] = []
    with listening(trickle(before, drop, hosts)) as host:
        hosts.append(host)
        assert reason_of(host, limits=Limits(seconds=1, silence=0.8)) is Reason.TOO_SLOW
        assert not host.ended.is_set()


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n"])
def test_host_that_falls_silent_is_given_up(before: bytes) -> None:
    def conduct(client: socket.socket, path: str) -> None:
        client.sendall(before)
        host.ended.wait(PATIENCE)

    with listening(conduct) as host:
        assert reason_of(host, limits=Limits(seconds=5, silence=0.3)) is Reason.TOO_SLOW


def test_time_is_that_of_all_redirects_together() -> None:
    def conduct(client: socket.socket, path: str) -> None:
        host.ended.wait(0.4)
        answer(b"", status="302 Found", Location="/")(client, path)

    with listening(conduct) as host:
        assert reason_of(host, limits=Limits(seconds=1, silence=5)) is Reason.TOO_SLOW


# TLS


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tls")
    return {name: certificate(folder / f"{name}.pem", name) for name in ("example.org", "other.example")}


def certificate(file: Path, name: str) -> Path:
    """A self-signed certificate of `name` with its key, made by the openssl of the system."""
    key = file.with_suffix(".key")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", str(key), "-out", str(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
            "-days", "2",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(file.read_text() + key.read_text())
    return file


def server_side(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_page_over_tls_is_fetched_from_who_proves_the_name(certificates: dict[str, Path]) -> None:
    trusting = ssl.create_default_context(cafile=str(certificates["example.org"]))
    with listening(answer(PAGE), tls=server_side(certificates["example.org"])) as host:
        assert host.fetch(scheme="https", tls=trusting).content == PAGE


@pytest.mark.parametrize(
    ("shown", "trusted"),
    [("example.org", None), ("other.example", "other.example")],
    ids=["self-signed", "another's"],
)
def test_certificate_that_does_not_hold_is_refused(
    certificates: dict[str, Path], shown: str, trusted: str | None
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificates[trusted]) if trusted else None)
    with listening(answer(PAGE), tls=server_side(certificates[shown])) as host:
        assert reason_of(host, scheme="https", tls=trusting) is Reason.TLS
    assert host.asked == []


def test_without_tls_there_is_no_answer_to_https() -> None:
    with listening(answer(PAGE)) as host:
        host.conduct = lambda client, path: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert reason_of(host, scheme="https", limits=Limits(seconds=3, silence=0.5)) in {
            Reason.TLS,
            Reason.TOO_SLOW,
            Reason.NO_CONNECTION,
        }
