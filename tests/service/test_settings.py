"""Settings: arguments, environment, defaults, in this order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from augsvc.service.settings import Settings


def test_every_setting_is_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"HOST": "0.0.0.0", "PORT": "9000", "DATA": "/srv/data", "CONCURRENCY": "3", "LOG_LEVEL": "error"}
    for name, value in values.items():
        monkeypatch.setenv(f"AUGSVC_{name}", value)
    settings = Settings()
    assert (settings.host, settings.port, settings.data) == ("0.0.0.0", 9000, Path("/srv/data"))
    assert (settings.concurrency, settings.log_level) == (3, "error")


@pytest.mark.parametrize("names", [[], ["one.tsv"], ["one.tsv", "two words.tsv"]])
def test_overlays_are_listed_in_the_environment_as_in_path(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    monkeypatch.setenv("AUGSVC_OVERLAY", os.pathsep.join(names))
    assert Settings().overlay == tuple(map(Path, names))


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUGSVC_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_the_data_directory_is_under_the_users_home_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AUGSVC_DATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().data.is_relative_to(tmp_path)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("field", [{"port": 65_536}, {"concurrency": 0}, {"log_level": "loud"}, {"unknown": 1}])
def test_values_out_of_range_are_refused(field: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**field)  # type: ignore[arg-type]
