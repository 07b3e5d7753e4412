"""askali's search behind LangChain's `BaseRetriever`."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever


class PassageRetriever(BaseRetriever):
    """Hits as LangChain documents; metadata has document_id, start, end and score."""

    assistant: Any
    k: int

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                page_content=hit.passage.text,
                metadata={
                    "document_id": hit.passage.document_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "heading": hit.passage.heading,
                    "score": hit.score,
                },
            )
            for hit in self.assistant.search(query, self.k)
        ]
