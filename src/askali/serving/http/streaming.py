"""Events off the event loop, for the servers."""

from askali.streaming import steps

__all__ = ["steps"]
