"""What the API's own description promises, tried with generated requests, good and bad."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings

from askali import Assistant
from ui_room import HARBOUR

schemathesis = pytest.importorskip("schemathesis", reason="pip install schemathesis")

PATHS = [
    "/api/ask", "/api/ask/stream", "/api/search", "/api/documents", "/api/health",
    "/v1/chat/completions", "/v1/responses", "/v1/models", "/v1/models/{id}",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    async def made_within_a_loop() -> FastAPI:  # else Gradio leaves a loop of its own open
        from askali_ui import create_app

        return create_app(bot)

    home = tmp_path_factory.mktemp("home")
    with Assistant.from_documents([HARBOUR], llm="none", home=home) as bot:
        yield asyncio.run(made_within_a_loop())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", PATHS)
def test_every_reply_has_a_described_status_and_form(app: FastAPI, path: str) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"host": "localhost"})
    [operation] = [one for each in schema.get_all_operations() if (one := each.ok()).path == path]
    # What a question means is no matter of a schema: "" is text, and refused all the same.
    schemathesis.checks.load_all_checks()
    excluded = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def replies_are_as_described(case: Any) -> None:
        case.call_and_validate(excluded_checks=excluded, headers={"host": "localhost"})

    replies_are_as_described()
