"""The unusual values."""

import string
from random import Random

TEXTS = (
    "", " ", "\0", "a\0b", "\n", "a\r\nSet-Cookie: x=y", "\t", "\x07\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\uffff",
    "\u202e", "\u2066", "\u200f", "\u0301", "e\u0301" * 9, "İ", "ı", "ß", "ﬁ", "ـــ", "قطر", "Türkiye’nin", "😀", "👨‍👩‍👧", "\U0010ffff",
    "'", '"', "''", "\\", "\\'", "`", "<", "<script>alert(1)</script>", "&lt;", "%", "%00", "%25", "%s", "%(x)s", "{}", "{0}", "{{ 7 }}",
    "$(id)", ";", "--", "/*", "' OR 1=1 --", "../../etc/passwd", "..", ".", "/", "//", "\\\\host\\share", "~", "http://evil.example/",
    "//evil.example/", "javascript:alert(1)", "/admin/", "[", "]", "[]", "a[b]", "(", ")", "((((", "*", "+", "?", "#", "&", "=", "@", "!",
    ":", "|", "^", ",", ",,", "-", "- " * 40, "-" * 40, '-"' * 60, "or " * 60, '"' * 33, "null", "None", "undefined", "NaN", "nan", "inf",
    "Infinity", "true", "false", "True", "on", "yes", "__proto__", "__class__", "self", "pk", "id", "name", "state", "published",
    "a" * 201, "a" * 2_000, "ä" * 3_000, "9" * 5_000,
)  # fmt: skip

NUMBERS = (
    "0", "-0", "1", "-1", "01", "1_0", "1_00", "1.5", "1,5", "1e400", "1e-400", "0x1F", "٣", "۳", "²", "½", "Ⅷ", "6٥0", "3.0", "+1", " 1 ",
    "1\n", "127", "255", "32767", "32768", "65536", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "99999999999", "9" * 18, "9" * 19, "9" * 40, "9" * 310, "1 2", "1,2", "1,x", "1;2",
    "0.1.2", "-1.-2", ".", "1.", "-", "1-", "--1",
)  # fmt: skip

DAYS = (
    "2025-06-01", "2025-02-30", "2025-13-40", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-2025-01-01", "2025", "2025-06",
    "2025-06-01/2025-07-01", "../2025", "2025-XX", "1985/", "2004-24", "2025-W01", "03/04/2026", "1446-06-01", "31.12.2026", "yesterday",
    "2025-06-01T00:00:00Z", "2025-06-01 24:00", "2025-06-01T00:00:00+99:99", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "25:61", "00:00:00.0000001", "1e9", "٢٠٢٥-٠٦-٠١",
)  # fmt: skip

PACKED = (
    "WyJzbHVnIiwwLCJhIl0", "WzAsMS41LCJjbGFpbSIsIngiXQ", "WyIyMDI1LTAxLTAxVDAwOjAwOjAwWiIsMV0", "W10", "e30", "bnVsbA", "WzFd", "====",
    "_w", "W1tbW1tb", "WzFlNDAwXQ", "WyJcdTAwMDAiXQ",
    "q=%00", "q=%2500", "o=x&p=y", "state__exact=%00&a=b&a=c", "_changelist_filters=_changelist_filters%3Dq%253D%2500", "=", "&&&",
)  # fmt: skip
"""Cursors and queries within queries."""

HEADERS = {
    "HTTP_ACCEPT": ("*/*", "text/html;q=", ";", "a/b/c", "application/*;q=x", ",,", "application/json;q=0, text/html", "text/html;level=" * 99,
                    "application/json; indent=99999", "application/json;indent=x", "image/png", "\xe9", "*", "*/json", "text/*;q=1e400"),
    "HTTP_ACCEPT_LANGUAGE": ("ar;q=0", "tr;q=9", "xx", "zh-Hans-CN-x-a-b-c", "*", ";;", "en" * 600, "ar-" * 200, "\xff", "en;q=1e400", "-", "a_b"),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=0", "br, zstd", "identity;q=0, *;q=0", "x" * 999, "\xff", "gzip" + ", gzip" * 99),
    "HTTP_ACCEPT_CHARSET": ("utf-16", "x"),
    "HTTP_HOST": ("other.example.org", "testserver:99999999", "testserver:", "testserver:x", "TESTSERVER.", "testserver:80", "[::1", "[::1]:x",
                  "", " ", "a b", "\xe9.example", "testserver/..", "user@testserver", "testserver,evil.example", "127.0.0.1", "-" * 300),
    "SERVER_PORT": ("0", "99999", "x"),
    "SERVER_NAME": ("", "\xe9", "a b"),
    "SCRIPT_NAME": ("/evil", "//evil.example", "evil", "/admin", "/tr", "/%2e%2e"),
    "HTTP_SCRIPT_NAME": ("/evil", "\xff"),
    "HTTP_X_SCRIPT_NAME": ("/evil",),
    "HTTP_RANGE": ("bytes=0-0", "bytes=-1", "bytes=5-1", "bytes=0-,0-,0-", "bytes=" + "9" * 400 + "-", "x", "bytes=a-b", "items=0-1"),
    "HTTP_IF_RANGE": ('"x"', "x"),
    "HTTP_IF_MATCH": ("*", '"x"', "x", 'W/"x"', '"', ",", '"a", "b', "\xff"),
    "HTTP_IF_NONE_MATCH": ("*", '"x"', "x", 'W/"x"', '"', ",", 'W/', '"a", "b', "\xff", '"x", ' * 400),
    "HTTP_IF_MODIFIED_SINCE": ("x", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2025 99:99:99 GMT",
                               "Sun, 30 Feb 2025 00:00:00 GMT", "Thursday, 01-Jan-70 00:00:00 GMT", "Thu Jan  1 00:00:00 1970", "-1", "\xff"),
    "HTTP_IF_UNMODIFIED_SINCE": ("x", "Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 30 Feb 2025 00:00:00 GMT", "Mon, 01 Jan 0000 00:00:00 GMT"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "x", "1.2.3.4, " * 200, "::1%eth0", "\xff"),
    "HTTP_X_FORWARDED_HOST": ("evil.example", "a b", "\xff"),
    "HTTP_X_FORWARDED_PORT": ("99999", "x"),
    "HTTP_X_FORWARDED_PROTO": ("https", "http", "x", "https,http", ""),
    "HTTP_FORWARDED": ("for=x;host=evil.example;proto=https", ";;="),
    "HTTP_X_ORIGINAL_URL": ("/admin/",),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "PUT", "x"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_REQUEST_ID": ("a", "x" * 9_000, "a\x00b", "\xff" * 20),
    "HTTP_COOKIE": ("sessionid=x", 'sessionid="' + "\\000" * 32 + '"', "sessionid=" + "a" * 5_000, "csrftoken=x; csrftoken=y", "language=xx",
                    'language="\\000"', "language=../../x", "messages=x", 'messages="[[\\"x\\"]]:1:y"', ";;;", "=", "=;=", "a=b;" * 400, "\xff=\xfe",
                    '$Version=1; sessionid="', "__Host-x=y", "expires=x; path=/; HttpOnly"),
    "HTTP_AUTHORIZATION": ("Token x", "Token", "Basic x", "Basic \xff", "Bearer " + "x" * 5_000, "\xff", "Negotiate"),
    "HTTP_REFERER": ("x", "http://testserver/", "http://[", "https://evil.example/", "\xff", "http://testserver:99999999/"),
    "HTTP_ORIGIN": ("null", "http://testserver", "http://[", "https://evil.example", "x", "http://testserver:99999999"),
    "HTTP_SEC_FETCH_SITE": ("cross-site", "x"),
    "HTTP_USER_AGENT": ("", "\xff", "x" * 9_000, "<script>"),
    "HTTP_TRANSFER_ENCODING": ("chunked", "gzip, chunked", "x"),
    "HTTP_CONTENT_ENCODING": ("gzip", "x"),
    "HTTP_EXPECT": ("100-continue", "x"),
    "HTTP_UPGRADE": ("websocket", "h2c"),
    "HTTP_TRACEPARENT": ("x",),
    "CONTENT_LENGTH": ("", "-1", "x", "1e3", "0x10", "٣", "99999999999999999999", "1 2"),
    "CONTENT_TYPE": ("", "x", "application/json", "text/plain; charset=x", "multipart/form-data", "multipart/form-data; boundary=", "\xff",
                     "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\xff", "application/x-www-form-urlencoded; charset=utf-16",
                     "application/x-www-form-urlencoded; charset=nonsense"),
}  # fmt: skip
"""By the name that WSGI gives them; values as a server hands them on, in Latin-1."""

METHODS = ("GET",) * 12 + ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "get", "FOO", "PROPFIND")

BODIES = (
    b"", b"\0", b"a=b", b"=", b"a=%00", b"a=%ff", b"%", b"{}", b"[", b"null", b'{"a": 1e400}', b"[" * 2_000, b"--x\r\n", b"--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="\xff\0"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
    b"&".join(b"a%d=1" % number for number in range(1_100)), b"<a/>", b"x" * 3_000,
)  # fmt: skip


def value(random: Random) -> str:
    """One of them, of any kind; seldom made up."""
    kind = random.choice((TEXTS, TEXTS, NUMBERS, DAYS, PACKED, None))
    if kind is not None:
        return random.choice(kind)
    return "".join(
        random.choice((random.choice(string.printable), chr(random.randrange(0x500)), random.choice(TEXTS)[:9]))
        for _sign in range(random.randrange(1, 12))
    )
