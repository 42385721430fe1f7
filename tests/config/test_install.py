"""requirements/install.py does its work once, and again only when something changed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "requirements" / "install.py"


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module; instead of running pip and uv it notes what they were asked."""
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.asked = []

    def make(venv: Any) -> None:
        module.asked.append("make")
        venv.python.parent.mkdir(parents=True, exist_ok=True)
        venv.python.write_text("")
        for stamp in venv.path.glob("installed-*"):
            stamp.unlink()
        venv.stamp("bootstrap").write_text(venv.made_with())

    def call(venv: Any, program: Path, arguments: str) -> None:
        module.asked.append(arguments.rpartition("/")[2])

    monkeypatch.setattr(module.Environment, "make", make)
    monkeypatch.setattr(module.Environment, "call", call)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("bootstrap", "run", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    return tmp_path


def test_second_installation_does_nothing(installer: Any, root: Path) -> None:
    assert installer.install(root, "run") is True
    assert installer.install(root, "run") is False
    assert installer.asked == ["make", "run.txt"]


def test_dev_holds_run_and_is_kept(installer: Any, root: Path) -> None:
    installer.install(root, "dev")
    assert installer.install(root, "run") is False
    (root / "requirements" / "run.txt").write_text("run==2\n")
    installer.install(root, "run")
    assert installer.asked == ["make", "dev.txt", "dev.txt"]


def test_run_becomes_dev(installer: Any, root: Path) -> None:
    installer.install(root, "run")
    assert installer.install(root, "dev") is True
    assert installer.install(root, "dev") is False
    assert installer.asked == ["make", "run.txt", "dev.txt"]


def test_changed_pins_are_installed_into_the_same_environment(installer: Any, root: Path) -> None:
    installer.install(root, "dev")
    (root / "requirements" / "dev.txt").write_text("dev==2\n")
    assert installer.install(root, "dev") is True
    assert installer.asked == ["make", "dev.txt", "dev.txt"]


def test_another_interpreter_or_place_makes_it_anew(
    installer: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer.install(root, "run")
    monkeypatch.setattr(sys, "version", "3.99.0 (main)")
    assert installer.install(root, "run") is True
    moved = root.rename(root.parent / "moved")
    assert installer.install(moved, "run") is True
    assert installer.asked == ["make", "run.txt"] * 3


def test_interrupted_installation_is_finished_by_the_next(
    installer: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer.install(root, "run")
    (root / "requirements" / "run.txt").write_text("run==2\n")

    def fail(venv: Any, program: Path, arguments: str) -> None:
        raise installer.InstallError("no network")

    with monkeypatch.context() as patched:
        patched.setattr(installer.Environment, "call", fail)
        with pytest.raises(installer.InstallError):
            installer.install(root, "run")
        (root / "requirements" / "run.txt").write_text("run==1\n")
        assert installer.Environment(root).holds("run") is False, "nothing says what lies there now"
    assert installer.install(root, "run") is True
    assert installer.install(root, "run") is False


def test_old_python_is_told_what_to_do(installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is 3\.9\..* make run PYTHON="):
        installer.main()


def test_host_settings_that_change_what_is_installed_are_left_out(
    installer: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("UV_CONSTRAINT", "elsewhere.txt")
    monkeypatch.setenv("PIP_CERT", "certificates.crt")
    monkeypatch.setenv("HOME", "")
    variables = installer.environment(root)
    assert "PIP_USER" not in variables
    assert "UV_CONSTRAINT" not in variables
    assert variables["PIP_CERT"] == "certificates.crt"
    assert variables["HOME"] == str(root / "var" / "home")


def test_next_is_dev_with_another_django_over_it_and_beside_it(
    installer: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "requirements" / "next.txt").write_text("django==99\n")
    installer.install(root, "dev")
    assert installer.install(root, "next") is True
    assert installer.install(root, "next") is False
    (root / "requirements" / "dev.txt").write_text("dev==2\n")
    assert installer.install(root, "next") is True
    assert installer.asked == ["make", "dev.txt", "make", "dev.txt", "next.txt", "dev.txt", "next.txt"]
    assert (root / ".venv").exists(), "what serves is left as it is"


def test_python_too_old_for_the_next_django_is_told_what_to_do(installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 7, "final", 0))
    monkeypatch.setattr(sys, "argv", ["install.py", "next"])
    with pytest.raises(SystemExit, match=r"needs Python 3\.12 or newer, and this is 3\.11\. .* make test-next PYTHON="):
        installer.main()
