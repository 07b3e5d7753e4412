"""Import paths that moved: they work for one release more, with a warning."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "askali.calibration": "askali.retrieval.calibration",
    "askali.chain": "askali.answering.pipeline",
    "askali.citations": "askali.grounding.citations",
    "askali.encoder": "askali.models.embeddings",
    "askali.evidence": "askali.retrieval.features",
    "askali.indexing": "askali.ingestion",
    "askali.llm": "askali.models.chat",
    "askali.prompts": "askali.messages",
    "askali.query.comparison": "askali.query.decompose",
    "askali.query.question_type": "askali.text.kinds",
    "askali.question": "askali.query.validation",
    "askali.quote": "askali.retrieval.ranking",
    "askali.retriever": "askali.retrieval.langchain",
    "askali.search": "askali.retrieval.hybrid",
    "askali.segment": "askali.documents.chunking",
    "askali.tables": "askali.text.tables",
    "askali.verify": "askali.grounding.verification",
    "askali.weights": "askali.models.weights",
}
"""Old name to new. `askali.text` is a package now and gives the old module's names itself."""


class _Moved(MetaPathFinder, Loader):
    """Finds a moved module under its old name; the module itself is the one at the new place."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        new = MOVED[spec.name]
        said = f"{spec.name} is now {new}; the old path goes with the next release"
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        module = ModuleType(spec.name, f"Moved to {new}.")
        module.__dict__.update({k: v for k, v in vars(import_module(new)).items() if k[:2] != "__"})
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: the module ran under its new name."""


def keep_old_paths() -> None:
    """Install the finder once, behind all others."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
