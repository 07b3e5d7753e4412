"""The browser page of askali: `build` makes it, `serve` serves it."""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it when it is imported

from askali_ui.page import build  # noqa: E402
from askali_ui.server import create_app, serve  # noqa: E402

__all__ = ["build", "create_app", "serve"]
