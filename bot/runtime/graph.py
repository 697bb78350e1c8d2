"""Runs a model's graph node by node, without the scheduler that Rasa hands it to.

Rasa gives every run to Dask, which builds its own graph, sorts it and keeps books on the state of each task: a few
nodes in a fixed order need none of it. A turn runs the graph once for each message and once for each action.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

Step = Tuple[str, Tuple[str, ...]]
"""A node and those whose outputs it is given, in its order."""
_PLANS = "_shopdesk_plans"


def run_graph(
    runner: DaskGraphRunner, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
) -> Dict[str, Any]:
    """The outputs of `targets` by name, as Rasa's `run` gives them. Raises what a node raises, and `GraphRunError`."""
    wanted = tuple(targets or runner._graph_schema.target_names)
    known = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in runner._graph_schema.nodes:
            raise GraphRunError(f"The input {name} is called as a node is: {value}.")
    try:
        for name, needs in _plan(runner, wanted):
            # A node tells of what it was given by name alone, which is how Dask says that nobody provides it.
            known[name] = runner._instantiated_nodes[name](*(known.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(known[name] for name in wanted)


def _plan(runner: DaskGraphRunner, targets: Tuple[str, ...]) -> List[Step]:
    """The nodes that `targets` need, each after those that it needs itself; found once for a loaded model."""
    plans: Dict[Tuple[str, ...], List[Step]] = runner.__dict__.setdefault(_PLANS, {})
    if targets not in plans:
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: Dict[str, Step] = {}

        def visit(name: str) -> None:
            if name in nodes and name not in order:
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    visit(need)
                order[name] = name, needs

        for target in targets:
            visit(target)
        plans[targets] = list(order.values())
    return plans[targets]
