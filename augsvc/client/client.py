"""The calls of the service as methods."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import httpx

from augsvc.client.answers import ARROW, read_json, read_page
from augsvc.client.arguments import corpus_path, document_of, json_of, positions_of, rows_path, texts_of
from augsvc.client.replicas import Replicas
from augsvc.client.source import RemoteView
from augsvc.client.upload import Upload, coding_of, media_type_of, opened, pieces
from augsvc.errors import TooLarge
from augsvc.types import JsonObject

if TYPE_CHECKING:
    import pyarrow as pa

    from augsvc.order import Lane
    from augsvc.pipeline import Pipeline
    from augsvc.types import Int64s
    from augsvc.views import Page

PAGE_ROWS = 16_384


class Client:
    """A service, or several replicas of one, over HTTP.

    `url` is the address of one server, or a list of those of replicas that hold the same corpora. `timeout` is how many
    seconds a silence may last, `retries` how often a failure that may pass is asked again, `transport` one of httpx's,
    for applications in the same process. Connects on first use; threads may share a client, processes may not.

    Every method raises the exception of `augsvc.errors` that the server's problem names (its `extra["request_id"]`
    finds it in the server's log), InvalidInput for an argument that no request can carry, Unavailable where no server
    answers, TransferError where no answer arrives whole.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
        retries: int = 6,
    ) -> None:
        self._replicas = Replicas(url, transport, timeout, retries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._replicas.close()

    def augment(
        self,
        texts: Sequence[str],
        pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
        *,
        seed: int | None = None,
        epoch: int = 0,
        copies: int = 1,
        ids: Sequence[int | str] | None = None,
        spans: Sequence[Sequence[Sequence[Any]]] | None = None,
        return_edits: bool = True,
        offset_unit: Literal["codepoint", "utf8", "utf16"] = "codepoint",
    ) -> JsonObject:
        """`POST /augment`: the answer with `seed`, `epoch`, `pipeline` (its fingerprint) and `results`."""
        optional = {"seed": seed, "ids": ids, "spans": spans}
        body = {
            "texts": texts_of(texts),
            "pipeline": document_of(pipeline),
            "epoch": epoch,
            "copies": copies,
            "return_edits": return_edits,
            "offset_unit": offset_unit,
            **{name: value for name, value in optional.items() if value is not None},
        }
        return self._post("/augment", body)

    def ops(self) -> list[JsonObject]:
        """`GET /ops`: the operations, each with its JSON Schema."""
        found: list[JsonObject] = self._get("/ops")["ops"]
        return found

    def pipelines(self) -> list[JsonObject]:
        """`GET /pipelines`: the presets."""
        found: list[JsonObject] = self._get("/pipelines")["pipelines"]
        return found

    def corpora(self) -> list[JsonObject]:
        """`GET /corpora`: every corpus that has a name."""
        found: list[JsonObject] = self._get("/corpora")["corpora"]
        return found

    def corpus(self, name: str) -> JsonObject:
        """`GET /corpora/{name}`: a corpus by its name or digest. Raises UnknownCorpus."""
        return self._get(corpus_path(name))

    def put_corpus(
        self,
        name: str,
        data: Upload,
        *,
        media_type: str | None = None,
        text_column: str | None = None,
        on_bad: Literal["fail", "skip"] = "fail",
    ) -> JsonObject:
        """`PUT /corpora/{name}`: register a file, streamed in constant memory; returns what the server tells of it.

        `data` is a path, bytes or an open binary file; `media_type` may be left out where a path's ending tells it: see
        `docs/corpora.md`. A path that ends in .gz or .zst is sent compressed, as it is. An upload from a pipe is not
        repeated after a failure. Raises InvalidCorpus for a file that is none, StorageFull where the server has no room
        for it, OSError for a file that cannot be read.
        """
        wanted = {"text_column": text_column, "on_bad": on_bad}
        request: dict[str, Any] = {
            "headers": {"Content-Type": media_type_of(data, media_type), **coding_of(data)},
            "params": {key: value for key, value in wanted.items() if value is not None},
        }
        with opened(data) as file:
            if not file.seekable():
                return self._replicas.ask_once("PUT", corpus_path(name), read_json, content=pieces(file), **request)
            start = file.tell()
            # With its length a server refuses at once what is too large, not after gigabytes.
            request["headers"]["Content-Length"] = str(file.seek(0, os.SEEK_END) - start)

            def again() -> Iterator[bytes]:
                file.seek(start)
                return pieces(file)

            return self._replicas.ask("PUT", corpus_path(name), read_json, content=again, **request)

    def delete_corpus(self, name: str) -> None:
        """`DELETE /corpora/{name}`: remove a name; views of the corpus go on. Raises UnknownCorpus."""
        self._replicas.ask("DELETE", corpus_path(name), lambda _: None)

    def create_view(
        self,
        corpus: str,
        pipeline: str | Mapping[str, Any] | Pipeline = "regularize",
        *,
        seed: int = 0,
        copies: int = 1,
        include_original: Literal[False, "rows", "column"] = False,
        shuffle: Literal["global", "block", "none"] = "global",
    ) -> RemoteView:
        """`POST /views`: make a view, or find it. Raises UnknownCorpus, InvalidInput, InvalidPipeline."""
        return self.post_view(
            {
                "corpus": corpus,
                "pipeline": document_of(pipeline),
                "seed": seed,
                "copies": copies,
                "include_original": include_original,
                "shuffle": shuffle,
            }
        )

    def post_view(self, document: Mapping[str, Any]) -> RemoteView:
        """`POST /views` with a view's fields, or with the document of a view; raises ViewSuperseded too."""
        answer = self._post("/views", document)
        return RemoteView(answer["view_id"], answer["rows"], answer["view"])

    def page(
        self, view_id: str, *, epoch: int = 0, start: int = 0, rows: int = PAGE_ROWS, lane: Lane | str | None = None
    ) -> Page:
        """`GET /views/{view_id}/rows`: the first `rows` positions g >= start of a lane, verified by their end frame.

        Raises UnknownView, ViewSuperseded, BadRequest for a malformed lane.
        """
        place: dict[str, Any] = {"epoch": epoch, "start": start, "rows": rows}
        params = place if lane is None else place | {"lane": str(lane)}
        return self._replicas.ask("GET", rows_path(view_id), read_page, params=params, headers=ARROW)

    def rows(self, view_id: str, positions: Sequence[int] | Int64s, epoch: int = 0) -> Page:
        """`POST /views/{view_id}/rows`: these positions of an epoch, in that order, verified by their end frame.

        `positions` are integers 0 ... rows - 1 of the view, at most 65,536 and repeats allowed; the page's `next` is
        None. Raises UnknownView, ViewSuperseded, InvalidInput, TooLarge for more text than a page holds
        (`extra["rows"]` says about how many rows it does).
        """
        body = json_of({"epoch": epoch, "positions": positions_of(positions)})
        headers = {**ARROW, "Content-Type": "application/json"}
        return self._replicas.ask("POST", rows_path(view_id), read_page, content=body, headers=headers)

    def stream(
        self, view_id: str, *, epoch: int = 0, start: int = 0, rows: int = PAGE_ROWS, lane: Lane | str | None = None
    ) -> Iterator[pa.Table]:
        """An epoch of a lane from `start` on, in tables of at most `rows` rows, each verified before it is handed out.

        Read as pages, so that a failure costs one of them again and never a row. Raises as `page` does.
        """
        position: int | None = start
        while position is not None:
            try:
                page = self.page(view_id, epoch=epoch, start=position, rows=rows, lane=lane)
            except TooLarge as error:
                # the service tells about how many rows of so much text a page holds
                fewer = error.extra.get("rows")
                if not isinstance(fewer, int) or fewer >= rows:
                    raise
                rows = fewer
                continue
            yield page.table
            position = page.next

    def _get(self, path: str) -> JsonObject:
        return self._replicas.ask("GET", path, read_json)

    def _post(self, path: str, body: Mapping[str, Any]) -> JsonObject:
        headers = {"Content-Type": "application/json"}
        return self._replicas.ask("POST", path, read_json, content=json_of(body), headers=headers)
