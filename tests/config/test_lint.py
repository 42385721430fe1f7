"""The pre-commit hooks, `make lint` and CI run the same checks."""

import subprocess

import yaml
from django.conf import settings

ROOT = settings.BASE_DIR


def of_make(target: str) -> str:
    """What make would run, without running it."""
    asked = ["make", "--no-print-directory", "--dry-run", target]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def hooks() -> list[dict[str, object]]:
    [local] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert local["repo"] == "local", "a remote one is fetched, in a version of its own"
    found: list[dict[str, object]] = local["hooks"]
    return found


def test_hooks_are_the_checks_of_make_lint() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").splitlines()
    [checks] = [line.removeprefix("CHECKS := ").split() for line in makefile if line.startswith("CHECKS := ")]
    assert [hook["entry"] for hook in hooks()] == [f"make check-{check}" for check in checks]
    assert [hook["id"] for hook in hooks()] == [f"check-{check}" for check in checks]
    for check in checks:
        assert set(of_make(f"check-{check}").splitlines()) <= set(of_make("lint").splitlines())


def test_hooks_look_at_the_whole_tree() -> None:
    for hook in hooks():
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("system", False, True), hook["id"]


def test_ci_runs_make_lint() -> None:
    assert "make --keep-going lint " in (ROOT / ".ci" / "run").read_text("utf-8")
