"""The graph: what is kept is what a computation from nothing would give, and no more is computed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from juesuan.core.graph import CycleError, Graph

Inputs = dict[str, int]
Spec = tuple[str, tuple[int, ...]]


class Sheet:
    """Nodes 'i0', 'i1' … hold inputs; node n combines lower nodes as its specification says.

    'sum' reads all of its sources; 'pick' reads the first, which decides what else is read;
    'sign' gives away little, so that what depends on it can be left as it is; 'list' names
    nodes, which 'each' then reads.
    """

    def __init__(self, specs: list[Spec], inputs: Inputs, circles: bool = False) -> None:
        self.specs = specs
        self.circles = circles
        self.inputs = inputs
        self.computed: list[Any] = []
        self.graph = Graph(self.compute)

    def compute(self, node: Any) -> Any:
        self.computed.append(node)
        return self.value(node, self.graph.get)

    def value(self, node: Any, get: Any) -> Any:
        if isinstance(node, str):
            return self.inputs[node]
        kind, sources = self.specs[node]
        highest = len(self.specs) if self.circles else node
        below = [source if source < highest else f"i{source % 3}" for source in sources]
        if kind == "sum":
            return sum(number(get(source)) for source in below)
        if kind == "sign":
            return number(get(below[0])) > 0
        if kind == "list":
            return tuple(source for source in below if number(get(source)) % 2)
        if kind == "each":
            chosen = get(below[0])
            return [number(get(source)) for source in chosen] if isinstance(chosen, tuple) else chosen
        first = number(get(below[0]))
        return number(get(below[first % len(below)]))

    def naive(self, node: Any, running: tuple[Any, ...] = ()) -> Any:
        """The value from nothing."""
        if node in running:
            raise CycleError([*running, node])
        return self.value(node, lambda source: self.naive(source, (*running, node)))


def number(value: Any) -> int:
    if isinstance(value, (tuple, list)):
        return len(value) + sum(number(part) if not isinstance(part, str) else 1 for part in value)
    return int(value)


specs = st.lists(
    st.tuples(
        st.sampled_from(["sum", "pick", "sign", "list", "each"]),
        st.lists(st.integers(0, 12), min_size=1, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=12,
)
start = st.fixed_dictionaries({f"i{number}": st.integers(-2, 3) for number in range(3)})
edits = st.lists(st.dictionaries(st.sampled_from(["i0", "i1", "i2"]), st.integers(-2, 3), min_size=1), max_size=8)


@settings(deadline=None, max_examples=400)
@given(specs, start, edits, st.sets(st.integers(0, 11)))
def test_an_update_gives_what_a_computation_from_nothing_gives(
    specs: list[Spec], inputs: Inputs, edits: list[Inputs], asked: set[int]
) -> None:
    sheet = Sheet(specs, dict(inputs))
    nodes = [node for node in range(len(specs)) if node in asked]
    for node in nodes:
        assert sheet.graph.get(node) == sheet.naive(node)
    for edit in edits:
        known = [node for node in [*range(len(specs)), *inputs] if sheet.graph.known(node)]
        before = {node: sheet.graph.get(node) for node in known}
        sheet.inputs.update(edit)
        sheet.computed.clear()
        changed = sheet.graph.update(edit)
        assert len(sheet.computed) == len(set(sheet.computed))
        after = {node: sheet.naive(node) for node in known}
        assert changed == {node: (before[node], after[node]) for node in known if before[node] != after[node]}
        for node in [*range(len(specs)), *inputs]:
            assert sheet.graph.get(node) == sheet.naive(node)


def outcome(get: Any, node: Any) -> Any:
    try:
        return get(node)
    except CycleError:
        return "circle"


@settings(deadline=None, max_examples=300)
@given(specs, start, edits)
def test_circles_come_and_go(specs: list[Spec], inputs: Inputs, edits: list[Inputs]) -> None:
    sheet = Sheet(specs, dict(inputs), circles=True)
    for edit in [{}, *edits]:
        sheet.inputs.update(edit)
        before = {node for node in range(len(specs)) if sheet.graph.known(node)}
        expected = {node: outcome(sheet.naive, node) for node in [*range(len(specs)), *inputs]}
        circle = any(expected[node] == "circle" for node in before)
        assert (outcome(sheet.graph.update, edit) == "circle") is circle
        assert {node: outcome(sheet.graph.get, node) for node in expected} == expected


def test_a_value_is_computed_once_and_only_when_asked_for() -> None:
    sheet = Sheet([("sum", (12,)), ("sum", (0, 0)), ("sum", (1, 0))], {"i0": 1, "i1": 0, "i2": 0})
    assert sheet.computed == []
    assert sheet.graph.get(2) == 3
    assert sheet.graph.get(2) == 3
    assert sorted(sheet.computed, key=str) == [0, 1, 2, "i0"]
    assert not sheet.graph.known("i1")


def test_what_was_never_asked_for_is_not_computed() -> None:
    sheet = Sheet([("sum", (12,)), ("sum", (0,))], {"i0": 1, "i1": 0, "i2": 0})
    sheet.graph.get(0)
    sheet.inputs["i0"] = 2
    sheet.computed.clear()
    assert set(sheet.graph.update(["i0", "i1"])) == {"i0", 0}
    assert 1 not in sheet.computed
    assert not sheet.graph.known(1)


def test_what_depends_on_an_unchanged_value_is_left_as_it_is() -> None:
    sheet = Sheet([("sign", (12,)), ("sum", (0,)), ("sum", (1,))], {"i0": 1, "i1": 0, "i2": 0})
    sheet.graph.get(2)
    sheet.inputs["i0"] = 2
    sheet.computed.clear()
    assert sheet.graph.update(["i0"]) == {"i0": (1, 2)}
    assert sheet.computed == ["i0", 0]


def test_a_forced_node_is_computed_anew_even_where_what_it_reads_is_the_same() -> None:
    outside = {"value": 1}
    graph = Graph(lambda node: outside["value"] if node == "out" else graph.get("out") + outside["value"])
    assert graph.get("sum") == 2
    outside["value"] = 5
    assert graph.update(["sum"]) == {"sum": (2, 6)}
    assert graph.update(["out"]) == {"out": (1, 5), "sum": (6, 10)}


def test_what_is_no_longer_read_no_longer_matters() -> None:
    # Node 0 reads i0, which chooses i0 or i1.
    sheet = Sheet([("pick", (12, 13))], {"i0": 1, "i1": 7, "i2": 0})
    assert sheet.graph.get(0) == 7
    sheet.inputs["i0"] = 2
    assert sheet.graph.update(["i0"]) == {"i0": (1, 2), 0: (7, 2)}
    sheet.inputs["i1"] = 9
    sheet.computed.clear()
    assert sheet.graph.update(["i1"]) == {"i1": (7, 9)}
    assert sheet.computed == ["i1"]


def test_an_equal_value_is_no_change() -> None:
    sheet = Sheet([("sum", (12,))], {"i0": 4, "i1": 0, "i2": 0})
    sheet.graph.get(0)
    assert sheet.graph.update(["i0"]) == {}
    assert sheet.graph.update([]) == {}
    assert sheet.graph.update(["never asked for"]) == {}


def test_a_node_that_needs_itself_is_told_with_the_way_round() -> None:
    ways = {"a": "b", "b": "c", "c": "d", "d": "b"}
    graph = Graph(lambda node: graph.get(ways[node]))
    with pytest.raises(CycleError) as caught:
        graph.get("a")
    assert caught.value.nodes == ["b", "c", "d", "b"]
    ways["d"] = "e"
    ways["e"] = "e"
    with pytest.raises(CycleError) as caught:
        graph.get("a")
    assert caught.value.nodes == ["e", "e"]


def test_a_circle_that_an_update_closes_is_told_and_a_later_one_mends_it() -> None:
    ways: dict[str, Any] = {"a": "b", "b": "c", "c": 1}

    def compute(node: str) -> Any:
        return ways[node] if isinstance(ways[node], int) else graph.get(ways[node])

    graph = Graph(compute)
    assert graph.get("a") == 1
    ways["c"] = "a"
    with pytest.raises(CycleError):
        graph.update(["c"])
    with pytest.raises(CycleError):
        graph.get("b")
    ways["c"] = 3
    graph.update(["c"])
    assert [graph.get(node) for node in "abc"] == [3, 3, 3]


def test_a_failed_update_leaves_no_old_value_behind() -> None:
    inputs = {"x": 1, "y": 2}

    def compute(node: str) -> int:
        if node in inputs:
            return inputs[node]
        if node == "quotient":
            return graph.get("y") // graph.get("x")
        return graph.get("x") + graph.get("quotient")

    graph = Graph(compute)
    assert graph.get("top") == 3
    inputs["x"] = 0
    with pytest.raises(ZeroDivisionError):
        graph.update(["x"])
    inputs["x"] = 2
    graph.update(["x"])
    assert (graph.get("quotient"), graph.get("top")) == (1, 3)
    inputs["y"] = 8
    assert graph.update(["y"]) == {"y": (2, 8), "quotient": (1, 4), "top": (3, 6)}


def test_a_node_is_forgotten_unless_another_reads_it() -> None:
    sheet = Sheet([("sum", (12,)), ("sum", (0,))], {"i0": 1, "i1": 0, "i2": 0})
    sheet.graph.get(1)
    sheet.graph.forget(0)
    assert sheet.graph.known(0)
    assert sheet.graph.readers(0) == [1]
    sheet.graph.forget(1)
    sheet.graph.forget(0)
    assert not sheet.graph.known(1)
    assert not sheet.graph.known(0)
    sheet.inputs["i0"] = 5
    assert sheet.graph.update(["i0"]) == {"i0": (1, 5)}
    assert sheet.graph.get(1) == 5


def test_a_graph_that_tracks_nothing_gives_the_same_and_is_never_updated() -> None:
    values = {"a": 1, "b": lambda graph: graph.get("a") + 1, "c": lambda graph: graph.get("b") + graph.get("a")}

    def compute(node: str) -> int:
        value = values[node]
        return value(graph) if callable(value) else value

    graph = Graph(compute)
    graph.tracks = False
    assert graph.get("c") == 3
    with pytest.raises(RuntimeError):
        graph.update(["a"])
