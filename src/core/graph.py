"""A memory of computed values that knows what each was computed from.

A node is any hashable key. Its value is `compute(node)`, which asks for other nodes by `get`;
what it asks for is noted while it runs. When inputs change, just the nodes that depend on
them are looked at again, and a node whose own inputs turn out unchanged is left as it is, so
that the result is always the one that a computation from nothing would give.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

Node = Hashable

_ABSENT: Any = object()
"""Stands for the value of a node that was never computed: asking for it is no rare exception."""


_MANY = 8
"""So many readers stand in a list; more in a set."""


class CycleError(RuntimeError):
    """A node needs itself. `nodes` is the way round."""

    def __init__(self, nodes: list[Node]) -> None:
        super().__init__(nodes)
        self.nodes = nodes


def _nothing(node: Node) -> None:
    """Outside of all computations nothing is noted."""


class Graph:
    """Values by node, computed when first asked for and kept until an input changes.

    A graph that will never be updated need not remember what was computed from what: `tracks`
    can be set to False before the first value is asked for.
    """

    tracks = True

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self._compute = compute
        self._values: dict[Node, Any] = {}
        self._reads: dict[Node, tuple[Node, ...]] = {}  # without those that read nothing
        # Each node once, however many read it; let go when all that is to be watched was computed.
        self._same: dict[Node, Node] = {}
        # Who reads a node: made at the first update. Most nodes have one reader, which stands for
        # itself, or a few in a list: a set for each would take more memory than all else.
        self._readers: dict[Node, Any] | None = None
        # Notes a node in the list of what the node being computed reads; nothing, where none is.
        self._note: Callable[[Node], object] = _nothing
        self._running: dict[Node, None] = {}
        # In an update: what may have to be computed anew, and which of its reads are in doubt.
        self._stale: dict[Node, list[Node]] = {}
        self._forced: set[Node] = set()
        self._changed: dict[Node, Any] = {}

    def get(self, node: Node) -> Any:
        """The node's value, up to date."""
        self._note(node)
        if self._stale and node in self._stale:
            self._refresh(node)
        value = self._values.get(node, _ABSENT)
        return self._evaluate(node) if value is _ABSENT else value

    def nodes(self) -> Iterable[Any]:
        """Every node that has a value."""
        return self._values.keys()

    def known(self, node: Node) -> bool:
        """Was the node ever computed?"""
        return node in self._values

    def _evaluate(self, node: Node, before: tuple[Node, ...] = ()) -> Any:
        """Compute a node; `before` is what it read the last time, of which the readers are noted."""
        if node in self._running:
            raise self._cycle(node)
        frame: list[Node] = []
        outer = self._note
        if self.tracks:
            self._note = frame.append
        self._running[node] = None
        try:
            value = self._compute(node)
        finally:
            self._note = outer
            del self._running[node]
        self._values[node] = value
        if not self.tracks:
            return value
        if self._readers is None:
            same = self._same
            same[node] = node
            if frame:
                self._reads[node] = tuple([same.get(read, read) for read in frame])
            return value
        reads = tuple(frame)
        if reads == before:  # as most often: then the nodes are kept once
            reads = before
        else:
            self._forget_readers(node, before)
            self._note_readers(node, reads)
        if reads:
            self._reads[node] = reads
        return value

    def _cycle(self, node: Node) -> CycleError:
        nodes = list(self._running)
        return CycleError(nodes[nodes.index(node):] + [node])

    def _note_readers(self, node: Node, frame: Iterable[Node]) -> None:
        readers = self._readers
        assert readers is not None
        for read in frame:
            known = readers.setdefault(read, node)
            if known is node:
                continue
            if isinstance(known, set):
                known.add(node)
            elif isinstance(known, list):
                if len(known) == _MANY:
                    readers[read] = {*known, node}
                elif node not in known:
                    known.append(node)
            elif known != node:
                readers[read] = [known, node]

    def _readers_of(self, node: Node) -> Iterable[Node]:
        known = (self._readers or {}).get(node)
        if known is None:
            return ()
        return known if isinstance(known, (list, set)) else (known,)

    def index(self) -> None:
        """Note who reads what, so that the first update is as quick as those after it."""
        if self._readers is None:
            self._readers = {}
            self._same = {}
            for node, reads in self._reads.items():
                self._note_readers(node, reads)

    def update(self, inputs: Iterable[Node]) -> dict[Node, tuple[Any, Any]]:
        """Compute again what depends on `inputs`, whose own values are to be computed anew.

        Returns the nodes whose values differ, each with its value before and after. Nodes that
        were never asked for are not computed.
        """
        if not self.tracks:
            raise RuntimeError("a graph that tracks nothing cannot be updated")
        self.index()
        forced = [node for node in inputs if node in self._values]
        pending = list(forced)
        stale: dict[Node, list[Node]] = {node: [] for node in forced}
        while pending:
            node = pending.pop()
            for reader in self._readers_of(node):
                doubtful = stale.get(reader)
                if doubtful is None:
                    stale[reader] = [node]
                    pending.append(reader)
                else:
                    doubtful.append(node)
        order = list(stale)
        self._stale, self._forced, self._changed = stale, set(forced), {}
        try:
            for node in order:
                self._refresh(node)
            return self._changed
        except BaseException:
            # Some values are of the old inputs still: all are computed anew when next asked for.
            self._values.clear()
            self._reads.clear()
            self._readers = None
            raise
        finally:
            self._stale, self._forced, self._changed = {}, set(), {}

    def readers(self, node: Node) -> list[Any]:
        """The nodes whose values were computed from this one's."""
        self.index()
        return list(self._readers_of(node))

    def forget(self, node: Node) -> None:
        """Drop a node that is no longer asked for, unless another reads it."""
        if not self.readers(node):
            self._drop(node)

    def _drop(self, node: Node) -> None:
        self._values.pop(node, None)
        self._forget_readers(node, self._reads.pop(node, ()))

    def _forget_readers(self, node: Node, reads: Iterable[Node]) -> None:
        readers = self._readers or {}
        for read in reads:
            known = readers.get(read)
            if isinstance(known, set):
                known.discard(node)
            elif isinstance(known, list):
                if node in known:
                    known.remove(node)
            elif known == node:
                del readers[read]

    def _refresh(self, node: Node) -> None:
        if node not in self._stale:
            return
        if node not in self._forced:
            if node in self._running:
                raise self._cycle(node)
            self._running[node] = None
            try:
                if not self._reads_changed(node):
                    del self._stale[node]
                    return
            finally:
                del self._running[node]
        del self._stale[node]
        old = self._values.pop(node)
        new = self._evaluate(node, self._reads.pop(node, ()))
        if new != old:
            self._changed[node] = (old, new)

    def _reads_changed(self, node: Node) -> bool:
        """Does the node read anything that has another value now? In the order in which it was read:
        what comes after a read that changed may not be there any more."""
        doubtful = self._stale[node]
        if len(doubtful) > 1:
            among = set(doubtful)
            doubtful = [read for read in self._reads.get(node, ()) if read in among]
        for read in doubtful:
            if read in self._running:
                raise self._cycle(read)
            if read in self._stale:
                self._refresh(read)
            if read in self._changed:
                return True
        return False
