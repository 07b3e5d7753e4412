"""Who may come in: the password, the addresses, and what is refused before the start."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

import askali_ui
from askali import SettingsError
from askali.serving.cli.main import app
from askali_ui.bind_policy import check_reach
from ui_room import HARBOUR, PATIENCE_MS, Served

PASSWORD = "open, harbour"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR], tmp_path_factory.mktemp("guarded"), password=PASSWORD)
    yield one
    one.stop()


@pytest.fixture
def visitor(guarded: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded.address, timeout=PATIENCE_MS / 1000) as one:
        yield one


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/api", "/api/openapi.json", "/mcp", "/gradio_api/app_id", "/askali/main.js"],
)
def test_without_the_password_nothing_is_shown(visitor, path) -> None:
    reply = visitor.get(path)
    assert reply.status_code == 401
    assert "bridge" not in reply.text


def test_without_the_password_nothing_is_answered(visitor) -> None:
    for path in ("/api/ask", "/v1/chat/completions", "/mcp", "/room/documents?name=a.txt"):
        reply = visitor.post(path, json={"question": "What is the toll for cars?"})
        assert reply.status_code == 401
        assert "Bearer" in reply.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["Bearer", "Basic"])
def test_programs_send_the_password_along(visitor, kind) -> None:
    basic = base64.b64encode(f"anyone:{PASSWORD}".encode()).decode()
    value = f"{kind} {PASSWORD if kind == 'Bearer' else basic}"
    body = {"question": "What is the toll for cars?"}
    reply = visitor.post("/api/ask", json=body, headers={"authorization": value})
    assert "three euros" in reply.json()["text"]


@pytest.mark.parametrize("value", ["Bearer wrong", "Basic !", "Basic", "Bearer", "", "Digest x"])
def test_another_credential_does_not_pass(visitor, value) -> None:
    assert visitor.get("/config", headers={"authorization": value}).status_code == 401


def test_a_browser_gets_a_page_that_asks_and_a_cookie_that_no_script_reads(visitor) -> None:
    page = visitor.get("/?q=What+is+%22it%22%3F", headers={"accept": "text/html"})
    assert 'type="password"' in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    form = {"password": PASSWORD, "query": "q=What+is+it%3F"}
    reply = visitor.post("/enter", data=form, headers={"origin": str(visitor.base_url).rstrip("/")})
    assert reply.status_code == 303
    assert reply.headers["location"] == "/?q=What+is+it%3F"
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert PASSWORD not in cookie
    assert visitor.get("/config").status_code == 200


def test_a_wrong_password_is_told_so_and_gets_no_cookie(visitor) -> None:
    reply = visitor.post("/enter", data={"password": "guess", "query": '"><script>alert(1)'})
    assert reply.status_code == 401
    assert "not the password" in reply.text
    assert "<script" not in reply.text
    assert "set-cookie" not in reply.headers


def test_an_address_that_others_reach_needs_a_password() -> None:
    for host, hosts in (("0.0.0.0", []), ("192.168.1.5", []), ("127.0.0.1", ["room.example"])):
        with pytest.raises(SettingsError, match="ASKALI_PASSWORD"):
            check_reach(host, hosts, "")
        check_reach(host, hosts, PASSWORD)
    check_reach("localhost", [], "")


def test_a_password_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 8"):
        check_reach("0.0.0.0", [], "harbour")


def test_serve_refuses_before_it_listens() -> None:
    with pytest.raises(SettingsError, match="--password"):
        askali_ui.serve(None, "0.0.0.0")  # type: ignore[arg-type]


def test_a_port_that_is_taken_is_named_before_an_address_is_told(capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} of 127.0.0.1 .*--port"):
            askali_ui.serve(None, port=port)  # type: ignore[arg-type]
    assert not capsys.readouterr().out


def test_the_command_line_refuses_before_anything_is_loaded() -> None:
    result = CliRunner().invoke(app, ["ui", "--host", "0.0.0.0"])
    assert isinstance(result.exception, SettingsError)
    assert "others could open askali" in str(result.exception)
