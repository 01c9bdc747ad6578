"""What an operator may set; every field is also an environment variable with the prefix `AUGSVC_`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIB = 2**20


def _paths(value: object) -> object:
    """Split what the environment says, as PATH is split."""
    return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Settings of one server process; arguments win over the environment, the environment over the defaults."""

    model_config = SettingsConfigDict(env_prefix="AUGSVC_", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65_535)] = Field(8000, description="Port to listen on; 0 picks a free one.")
    data: Path = Field(
        default_factory=lambda: user_data_path("augsvc"),
        description="Directory that holds corpora and views; made if missing.",
    )
    overlay: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_paths)] = Field(
        (),
        description="Synonyms of your own, tab-separated; repeatable, later ones win (in the environment as in PATH).",
    )
    concurrency: PositiveInt = Field(
        32, description="Requests computed at once; one more is answered 429 instead of waiting unseen."
    )
    max_transfers: PositiveInt = Field(
        64, description="Long streams and uploads under way at once; one more is answered 429."
    )
    max_body_bytes: PositiveInt = Field(64 * MIB, description="Largest JSON body, in bytes.")
    max_corpus_bytes: PositiveInt = Field(
        64 * 1024 * MIB, description="Largest corpus upload, in bytes, as sent and decompressed."
    )
    max_answer_characters: PositiveInt = Field(
        128 * MIB, description="Most text that one POST /augment may ask for: characters of its texts times copies."
    )
    shutdown_seconds: PositiveFloat = Field(
        5.0, description="How long a stopping server waits for answers under way, in seconds."
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        "info", description="Least serious log record to write."
    )
