"""The browser page of askali: `build` makes it, `serve` serves it."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askali_ui.app import build
    from askali_ui.server import create_app, serve

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it when it is imported

__all__ = ["build", "create_app", "serve"]

_HOME = {"build": "app", "create_app": "server", "serve": "server"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: Gradio takes seconds to import."""
    if name not in _HOME:
        raise AttributeError(f"module 'askali_ui' has no attribute {name!r}")
    from importlib import import_module

    collects = gc.isenabled()
    gc.disable()  # Gradio's import makes objects that all stay: looking for garbage costs 15 %
    try:
        return getattr(import_module(f"askali_ui.{_HOME[name]}"), name)
    finally:
        if collects:
            gc.enable()
