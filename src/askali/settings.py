"""Settings: typed, checked at once, passed as an argument, never global."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from askali.errors import SettingsError


class Settings(BaseSettings):
    """All that can be set; each field is also the environment's ``ASKALI_<NAME>``.

    Unknown names and unusable values raise `SettingsError` through `load`.
    """

    model_config = SettingsConfigDict(
        env_prefix="ASKALI_", extra="forbid", frozen=True, validate_default=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("askali", False)),
        description="The one folder askali writes to: indexes, weights, feedback.",
    )
    corpus: Path | str | None = Field(
        None,
        description="A file or folder of documents, or an address with allow_url; the bundled "
        "article if unset.",
    )
    allow_url: bool = Field(False, description="Let the corpus be the address of a web page.")
    max_files: int = Field(100_000, ge=1, description="Documents in one folder.")
    max_file_mb: float = Field(50, gt=0, description="A larger file is skipped.")
    max_text_chars: int = Field(20_000_000, ge=1, description="A longer document is skipped.")
    max_pages: int = Field(5_000, ge=1, description="A PDF with more pages is skipped.")
    read_timeout_s: float = Field(60, gt=0, description="A slower file is skipped.")
    read_memory_mb: int = Field(1_024, ge=256, description="Memory to read a file with (Linux).")
    max_download_mb: float = Field(20, gt=0, description="A larger web page is refused.")
    download_timeout_s: float = Field(20, gt=0, description="A slower web page is refused.")
    text_encoding: str = Field(
        "",
        description="What text files that are not UTF-8 are in, such as windows-1252; they are "
        "skipped if unset.",
    )
    encoder: str = Field(
        "minilm",
        description='What embeds passages and questions: "minilm" ships with askali; a folder or '
        'name of a sentence-transformers model, or a server\'s model such as "openai:NAME".',
    )
    encoder_url: str | None = Field(
        None, description="Address of an OpenAI-compatible server for the encoder."
    )
    llm: str = Field(
        "auto",
        description='Answer engine: "none" quotes the source, "local" has a small local model '
        'read it first, "auto" does so once that model is fetched; a name such as '
        '"ollama:qwen3" has that chat model write, and checks it.',
    )
    base_url: str | None = Field(
        None, description="Address of an OpenAI-compatible server for the chat model of llm."
    )
    llm_timeout_s: float = Field(
        60.0, gt=0, description="How long a chat model may take for one answer, retries included."
    )
    llm_retries: int = Field(
        2, ge=0, le=10, description="Further attempts at a busy or unreachable chat model."
    )
    llm_backoff_s: float = Field(
        0.5, ge=0, description="Wait before the first retry; each further one doubles it."
    )
    llm_max_tokens: int = Field(
        2000, ge=16, description="Longest text that a chat model may write, thoughts included."
    )
    keep_model_s: float = Field(
        0,
        ge=0,
        description="How long the local model stays loaded after this process has ended, for the "
        "next one; commands and the page keep it for 300 s unless this is set.",
    )
    abstain: bool = Field(
        True, description="False shows the best evidence even where it may not answer."
    )
    k: int = Field(12, ge=1, le=200, description="Passages that a search returns.")
    max_question_chars: int = Field(4000, ge=1, description="Longer questions are refused.")
    lock_timeout_s: float = Field(
        1.5, ge=0, description="How long to wait for another process's index build."
    )
    chroma_url: str | None = Field(
        None,
        description="A Chroma server for the vectors, or several with spaces between, over which "
        "they are spread; in this process if unset.",
    )
    chroma_token: SecretStr | None = Field(None, description="Token that the server wants.")
    chroma_token_header: str = Field(
        "Authorization", description='Header of the token; "Bearer" is put before it there.'
    )
    chroma_tenant: str = Field("default_tenant", description="Tenant on the Chroma server.")
    chroma_database: str = Field("default_database", description="Database on the Chroma server.")
    chroma_timeout_s: float = Field(10.0, gt=0, description="How long one call may take.")
    chroma_retries: int = Field(3, ge=0, le=20, description="Further attempts of a call.")

    @field_validator("corpus")
    @classmethod
    def _path_unless_address(cls, value: Path | str | None) -> Path | str | None:
        """Only an address stays text."""
        if isinstance(value, str) and not value.lower().startswith(("http://", "https://")):
            return Path(value)
        return value

    @field_validator("text_encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value or "utf-8")
        except LookupError as exc:
            raise ValueError("no such encoding; try windows-1252, cp1250 or shift_jis") from exc
        return value

    @classmethod
    def load(cls, **changes: Any) -> Settings:
        """Environment first, then `changes`; raises `SettingsError` on a bad one."""
        given = {name: value for name, value in changes.items() if value is not None}
        try:
            return cls(**given)
        except ValidationError as exc:
            raise SettingsError(_explain(exc)) from exc


def _explain(exc: ValidationError) -> str:
    known = ", ".join(sorted(Settings.model_fields))
    lines = []
    for error in exc.errors():
        name = ".".join(str(part) for part in error["loc"]) or "settings"
        if error["type"] == "extra_forbidden":
            lines.append(f"unknown setting {name!r}; known settings: {known}")
        else:
            lines.append(f"setting {name} = {error['input']!r}: {error['msg']}")
    return "; ".join(lines)
