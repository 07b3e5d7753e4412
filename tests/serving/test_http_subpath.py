"""askali below a path of another server's, with both kinds of proxies."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from askali import Assistant
from askali.errors import SettingsError
from askali.serving.http.api_docs import manual_html
from askali.serving.http.subpath import SubPath, path_within
from ui_room import HARBOUR


def client(path: str = "") -> TestClient:
    app = FastAPI()

    @app.get("/api")
    async def manual(request: Request) -> dict[str, str]:
        return {"root": request.scope["root_path"], "path": path_within(request.scope)}

    app.add_middleware(SubPath, path=path)
    return TestClient(app)


@pytest.mark.parametrize("address", ["/api", "/tools/askali/api"])
@pytest.mark.parametrize("given", ["/tools/askali", "/tools/askali/"])
def test_a_root_is_taken_from_the_setting_or_the_header(address, given) -> None:
    expected = {"root": "/tools/askali", "path": "/api"}
    assert client(given).get(address).json() == expected
    assert client().get(address, headers={"x-forwarded-prefix": given}).json() == expected


def test_the_whole_application_is_served_below_a_root(tmp_path) -> None:
    async def made_within_a_loop() -> FastAPI:  # else Gradio leaves a loop of its own open
        from askali_ui import create_app

        return create_app(bot, path="/tools/askali")

    with (
        Assistant.from_documents([HARBOUR], llm="none", home=tmp_path) as bot,
        TestClient(asyncio.run(made_within_a_loop()), base_url="http://localhost") as one,
    ):
        for root in ("", "/tools/askali"):
            assert one.get(f"{root}/api/health").json()["status"] == "ok"
            assert one.get(f"{root}/askali/askali.css").status_code == 200
            assert "<html" in one.get(f"{root}/").text
            assert one.get(f"{root}/api/ask").status_code == 405
            assert one.get(f"{root}/v1/models/askali").json()["id"] == "askali"
            for closed in ("/gradio_api/upload", "/gradio_api/info", "/openapi.json"):
                assert one.get(root + closed).status_code == 404
        assert one.get("/api/openapi.json").json()["servers"] == [{"url": "/tools/askali"}]
        disguised = {"x-forwarded-prefix": "/gradio_api"}
        assert one.get("/gradio_api/info", headers=disguised).status_code == 404


@pytest.mark.parametrize("header", ["//evil.example", "javascript:x", '/"><script>', "/a b", "/"])
def test_a_header_that_is_no_path_is_not_looked_at(header) -> None:
    assert client().get("/api", headers={"x-forwarded-prefix": header}).json()["root"] == ""


def test_a_path_that_begins_alike_is_another(tmp_path) -> None:
    assert client("/tools").get("/toolshed/api").status_code == 404


def test_a_setting_that_is_no_path_is_an_error() -> None:
    with pytest.raises(SettingsError, match="no path"):
        SubPath(FastAPI(), "tools askali")


def test_the_manual_links_below_the_root() -> None:
    page = manual_html({"paths": {}}, "/tools/askali")
    assert 'href="/tools/askali/api/openapi.json"' in page
