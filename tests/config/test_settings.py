"""Production refuses to start if a required setting is missing, and names it.

What a process does with a refusal is asked of processes. What is refused is asked of the settings file alone, which is
run again for each question: a process for each would take a hundred times as long.
"""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
COMPLETE = {
    "MAJLIS_MODE": "production",
    "SECRET_KEY": "a-key-that-is-long-enough-for-the-checks-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "majlis.example",
    "DATABASE_URL": "postgresql://majlis@127.0.0.1:9/majlis",
    "DEBUG": "false",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **COMPLETE, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(**variables: str) -> dict[str, Any]:
    """The settings of a complete production, but for these variables."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**COMPLETE, **variables}.items():
            environment.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))


def refusal(**variables: str) -> str:
    """What a complete production says of these variables when it refuses them."""
    with pytest.raises(ImproperlyConfigured) as refused:
        settings(**variables)
    return str(refused.value)


def test_complete_production_passes_the_deploy_checks() -> None:
    asked = manage("check", "--deploy", "--fail-level", "WARNING")
    assert asked.returncode == 0, asked.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_without_what_it_needs_says_what_to_set(name: str) -> None:
    asked = manage("check", **{name: ""})
    assert asked.returncode == 1
    assert asked.stderr.startswith(f"{name} is not set. Set it in the environment or in .env, for example {name}=")
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize("key", ["0123", "x" * 49, "ab" * 40])
def test_production_with_a_secret_that_can_be_guessed_is_refused(key: str) -> None:
    said = refusal(SECRET_KEY=key)
    assert said.startswith("SECRET_KEY is too short to keep a secret")
    assert key not in said


def test_production_server_without_a_secret_does_not_start() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={**os.environ, **COMPLETE, "SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert "SECRET_KEY is not set." in asked.stderr


def test_mode_is_production_unless_said_otherwise() -> None:
    variables = {key: value for key, value in os.environ.items() if key != "MAJLIS_MODE"}
    asked = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={**variables, "SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SECRET_KEY is not set." in asked.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Another one, in which nothing was ever run."""
    for name in (
        "config",
        "publishing",
        "partnerships",
        "events",
        "recommendations",
        "manage.py",
        "templates",
        "knowledge",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "manage.py").unlink()
    shutil.copy(ROOT / "manage.py", tmp_path)  # it looks about where it lies
    return tmp_path


NOTHING_SET = {
    name: value for name, value in os.environ.items() if name not in {"MAJLIS_MODE", "SECRET_KEY", "DATABASE_URL"}
}


@pytest.mark.parametrize("command", ["migrate", "createsuperuser", "worker", "check"])
def test_command_where_nothing_is_configured_and_nothing_was_run_assumes_nothing(checkout: Path, command: str) -> None:
    """On a server, whose settings the service has and the shell has not, it would make a database of its own."""
    asked = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=checkout,
        env=NOTHING_SET,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert asked.stderr.startswith("SECRET_KEY is not set.")
    assert "MAJLIS_MODE=development" in asked.stderr
    assert not (checkout / "var").exists()


def test_command_beside_what_make_run_made_says_which_database_it_uses(checkout: Path) -> None:
    (checkout / "var" / "postgres" / "data").mkdir(parents=True)
    asked = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=checkout,
        env={**NOTHING_SET, "DATABASE_URL": "postgresql://majlis@127.0.0.1:9/majlis"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stderr.splitlines()[0] == ("Nothing is configured here: development, on the database of DATABASE_URL.")


def test_debug_is_refused_in_production() -> None:
    asked = manage("check", DEBUG="true")
    assert asked.returncode == 1
    assert asked.stderr == "DEBUG shows everything to everybody; it needs MAJLIS_MODE=development.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAJLIS_MODE", "staging"),
        ("MAJLIS_NO_RESPONSE_DAYS", "soon"),
        ("MAJLIS_STALE_MONTHS", "0"),
        ("MAJLIS_DUE_DAYS", "0"),
        ("MAJLIS_UNVERIFIED_DAYS", "0"),
        ("MAJLIS_SMALLEST_GROUP", "0"),
        ("LOG_LEVEL", "x"),
        ("MAJLIS_ARCHIVE_PORTS", "80,http"),
        ("EMAIL_PORT", "0"),
        ("EMAIL_SECURITY", "some"),
    ],
)
def test_value_of_a_wrong_kind_is_refused_with_its_name(name: str, value: str) -> None:
    assert name in refusal(**{name: value})


def test_production_has_no_local_administrator_and_no_laptop_server() -> None:
    made = manage("ensure_local_administrator")
    assert (made.returncode, made.stdout) == (1, "")
    assert "In production nobody is made by a machine" in made.stderr
    served = manage("serve")
    assert served.returncode == 1
    assert "docs/deploy.md" in served.stderr


def test_mail_needs_the_address_of_the_site() -> None:
    said = refusal(EMAIL_HOST="mail.example.org", SITE_URL="")
    assert said.startswith("SITE_URL is not set. Set it in the environment or in .env, for example SITE_URL=")
    assert manage("check", EMAIL_HOST="mail.example.org", SITE_URL="https://desk.majlis.example").returncode == 0


@pytest.mark.parametrize(
    "wrong", ["majlis.example", "https://majlis.example/desk", "ftp://majlis.example", "https://a b"]
)
def test_address_of_the_site_is_only_its_beginning(wrong: str) -> None:
    said = refusal(SITE_URL=wrong)
    assert said == "SITE_URL is the beginning of every address, for example https://majlis.example.org."


@pytest.mark.parametrize("hosts", ["*", ".majlis.example", "majlis.example,.majlis.example"])
def test_pattern_of_hosts_needs_the_address_of_the_site(hosts: str) -> None:
    assert refusal(ALLOWED_HOSTS=hosts, SITE_URL="").startswith("SITE_URL is not set.")
    assert settings(ALLOWED_HOSTS=hosts, SITE_URL="https://majlis.example")["ALLOWED_HOSTS"] == hosts.split(",")


@pytest.mark.parametrize(
    ("variables", "authority"),
    [
        ({"ALLOWED_HOSTS": "Majlis.example,other.example"}, "majlis.example,2026"),
        ({"ALLOWED_HOSTS": "[::1],127.0.0.1"}, "127.0.0.1,2026"),
        ({"SITE_URL": "https://site.example:8443"}, "site.example,2026"),
        ({"SITE_URL": "https://site.example", "MAJLIS_TAG_AUTHORITY": "old.example,2025-03"}, "old.example,2025-03"),
    ],
)
def test_entries_of_feeds_are_named_by_the_site_or_as_it_was_called(variables: dict[str, str], authority: str) -> None:
    assert settings(**{"SITE_URL": "", **variables})["MAJLIS_TAG_AUTHORITY"] == authority


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({"ALLOWED_HOSTS": "Majlis.example"}, "majlis.example"),
        ({"ALLOWED_HOSTS": "desk.example", "SITE_URL": "https://site.example"}, "desk.example"),
        ({"ALLOWED_HOSTS": "site.example", "SITE_URL": "https://site.example:8443"}, "site.example:8443"),
        ({"ALLOWED_HOSTS": "one.example,two.example"}, None),
    ],
)
def test_plain_http_is_led_to_the_one_name_of_the_site(variables: dict[str, str], host: str | None) -> None:
    found = settings(**{"SITE_URL": "", **variables})
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_SSL_HOST"]) == (True, host)


@pytest.mark.parametrize("wrong", ["majlis.example", "Majlis.example,2026", "majlis.example,26", "a b,2026", ",2026"])
def test_name_that_no_tag_can_have_is_refused(wrong: str) -> None:
    said = refusal(MAJLIS_TAG_AUTHORITY=wrong)
    assert said.startswith(f"MAJLIS_TAG_AUTHORITY is “{wrong}”. Give the domain that you hold")


@pytest.mark.parametrize("name", ["Institute, Doha", "One; Other", " Majlis", "", "Two\nlines"])
def test_publisher_whose_name_reference_lists_would_break_is_refused(name: str) -> None:
    said = refusal(MAJLIS_PUBLISHER=name)
    assert "MAJLIS_PUBLISHER" in said
    assert said.endswith("See .env.example.")


@pytest.mark.parametrize("name", ["Centre for Gulf & Levant Studies", "ORSAM", "مركز الدراسات", "Ü"])
def test_publisher_takes_a_name_in_any_script(name: str) -> None:
    assert settings(MAJLIS_PUBLISHER=name)["MAJLIS_PUBLISHER"] == name


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"CACHE_URL": "memcached://127.0.0.1"}, "CACHE_URL must begin with redis://, rediss:// or unix://"),
        ({"CACHE_URL": "redis://127.0.0.1", "MAJLIS_PUBLIC_ONLY": "true"}, "CACHE_URL needs a CACHE_SECRET"),
        (
            {"CACHE_URL": "redis://127.0.0.1", "MAJLIS_PUBLIC_ONLY": "true", "CACHE_SECRET": "short"},
            "CACHE_URL needs a CACHE_SECRET of 50 or more random characters",
        ),
        ({"MAJLIS_KEPT_MEGABYTES": "-1"}, "MAJLIS_KEPT_MEGABYTES"),
        ({"MAJLIS_KEPT_MEGABYTES": "much"}, "MAJLIS_KEPT_MEGABYTES"),
    ],
)
def test_what_is_kept_is_set_as_it_should_be(variables: dict[str, str], says: str) -> None:
    assert says in refusal(**variables)


def test_processes_share_what_they_keep_under_one_secret() -> None:
    url = "redis://127.0.0.1:9/0"
    ours = settings(CACHE_URL=url)
    assert ours["CACHE_SECRET"] == COMPLETE["SECRET_KEY"]
    assert ours["CACHES"]["answers"]["LOCATION"] == url
    assert settings(CACHE_URL=url, MAJLIS_PUBLIC_ONLY="true", CACHE_SECRET="s" * 50)["CACHE_SECRET"] == "s" * 50
    assert "answers" not in settings()["CACHES"]
