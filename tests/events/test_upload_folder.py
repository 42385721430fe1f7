"""A missing upload folder is noticed before the first upload."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import checks


def warnings() -> list[str]:
    return [
        one.id or ""
        for one in checks.run_checks(tags=["files"], include_deployment_checks=True)
        if one.id == "events.W002"
    ]


def test_folder_that_is_there_or_can_be_made_is_fine(tmp_path: Path, settings: LazySettings) -> None:
    for folder in (tmp_path, tmp_path / "media" / "files"):
        settings.MEDIA_ROOT = folder
        assert warnings() == []


def test_folder_that_cannot_be_made_is_named(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert warnings() == ["events.W002"]


def test_folder_of_somebody_else_is_named(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert warnings() == ["events.W002"]


def test_process_for_the_public_has_none(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT, settings.MAJLIS_PUBLIC_ONLY = tmp_path / "file" / "media", True
    assert warnings() == []
