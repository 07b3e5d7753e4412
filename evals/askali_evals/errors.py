"""Errors of the evaluation, part of askali's tree; exit code 1 is kept for a failed gate.

AskaliError
└── EvalError        9   the evaluation could not be carried out
    ├── FactsError   9   a facts file breaks the schema; the message lists file:line
    ├── GateError    9   evals/gate.toml asks for something that cannot be measured
    └── RunsDiffer   9   two runs are over different sources, facts or formats
"""

from __future__ import annotations

from askali import AskaliError


class EvalError(AskaliError):
    """The evaluation could not be carried out: this is never a failed answer."""

    exit_code = 9


class PromiseBroken(EvalError):
    """A run that breaks a promise was to be accepted."""

    exit_code = 1


class FactsError(EvalError):
    """A facts file breaks the schema; one line a problem, each with file:line."""


class GateError(EvalError):
    """The gate's file is unusable."""


class RunsDiffer(EvalError):
    """Two runs must not be compared."""
