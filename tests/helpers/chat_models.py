"""Chat models for tests: one that follows a script, and a server that speaks its protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

Line = str | Exception | float
"""What comes next in a reply: text, an error, or a silence in seconds."""


class ScriptedChat(BaseChatModel):
    """Says the replies of its script, one a call; records prompts; raises at its end.

    A reply is text, given out in pieces of three characters, or a list of `Line`.
    """

    script: list[Any]
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    pieces_said: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        text = "".join(str(c.message.content) for c in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.prompts.append(messages)
        if not self.script:
            raise AssertionError("the script has no further reply")
        reply = self.script.pop(0)
        if callable(reply):
            reply = reply(messages)
        for line in [reply] if isinstance(reply, str) else reply:
            if isinstance(line, Exception):
                raise line
            if isinstance(line, float):
                time.sleep(line)
                continue
            for at in range(0, max(len(line), 1), 3):
                self.pieces_said.append(line[at : at + 3])
                yield ChatGenerationChunk(message=AIMessageChunk(line[at : at + 3]))


@contextmanager
def chat_server(*replies: Callable[[Any], None]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The base address of a server whose n-th request gets the n-th reply, and what was
    asked of it: the JSON bodies, each with its headers under "headers"."""
    waiting = list(replies)
    asked: list[dict[str, Any]] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append({**body, "headers": {k.lower(): v for k, v in self.headers.items()}})
            self.over = over
            self.close_connection = True
            waiting.pop(0)(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
        finally:
            over.set()
            server.shutdown()
            thread.join()


def says(*pieces: str, ends: bool = True) -> Callable[[Any], None]:
    """A streamed completion; without its end the connection breaks off."""

    def reply(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for piece in pieces:
            _send(handler, json.dumps(_chunk({"role": "assistant", "content": piece}, None)))
        if ends:
            _send(handler, json.dumps(_chunk({}, "stop")))
            _send(handler, "[DONE]")
            handler.wfile.write(b"0\r\n\r\n")

    return reply


def refuses(status: int, message: str = "no", **headers: str) -> Callable[[Any], None]:
    """An error as such servers give it."""

    def reply(handler: Any) -> None:
        body = json.dumps({"error": {"message": message}}).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def babbles(handler: Any) -> None:
    """A page of HTML where a completion should be."""
    body = b"data: <html>It works!</html>\n\n"
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def hangs(handler: Any) -> None:
    """Nothing at all until the test is over."""
    handler.over.wait(30)


def _send(handler: Any, data: str) -> None:
    line = f"data: {data}\n\n".encode()
    handler.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
    handler.wfile.flush()


def _chunk(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [choice],
    }
