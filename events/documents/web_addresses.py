"""The links that a published document may keep."""

from urllib.parse import urlsplit


def web_address(target: str) -> str | None:
    """`target` if it is a web address without a user name; otherwise None."""
    target = target.strip()
    try:
        parts = urlsplit(target)
        is_of_the_web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        names_account = bool(parts.username or parts.password)
    except ValueError:
        return None
    return target if is_of_the_web and not names_account and target.isprintable() else None
