"""A graph run node by node gives what Rasa's own runner gives."""

from typing import Any, ClassVar

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from runtime.graph import run_graph

_stock_run = DaskGraphRunner.run


class Node(GraphComponent):
    """Adds up what it is given, and notes that it ran."""

    ran: ClassVar[list] = []

    def __init__(self, config):
        self.config = config

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls(config)

    def add(self, a: int = 0, b: int = 0) -> int:
        Node.ran.append(self.config["name"])
        if a == 13:
            raise ValueError(a)
        return a + b + self.config["own"]


def node(name: str, own: int, **needs: str) -> SchemaNode:
    config: dict[str, Any] = {"name": name, "own": own}
    return SchemaNode(needs=needs, uses=Node, constructor_name="create", fn="add", config=config, eager=True)


@pytest.fixture
def runner(tmp_path):
    Node.ran.clear()
    schema = GraphSchema(
        {
            "total": node("total", 0, a="left", b="right"),
            "right": node("right", 5, a="left", b="given"),
            "left": node("left", 1, a="given"),
            "alone": node("alone", 7, a="given"),
        }
    )
    context = ExecutionContext(schema)
    return DaskGraphRunner.create(schema, LocalModelStorage(tmp_path), context)


@pytest.mark.parametrize("targets", [["total"], ["right"], ["left", "alone"], ["alone", "total", "left"]])
def test_the_outputs_are_those_of_rasas_runner_and_nothing_else_runs(runner, targets):
    ours = run_graph(runner, {"given": 3}, targets)
    ran = sorted(Node.ran)
    Node.ran.clear()
    assert ours == _stock_run(runner, {"given": 3}, targets)
    assert ran == sorted(Node.ran)
    # A second run goes by the plan of the first.
    assert run_graph(runner, {"given": 4}, targets) == _stock_run(runner, {"given": 4}, targets)


@pytest.mark.parametrize("inputs", [{}, {"given": 13}, {"given": "left"}])
def test_what_cannot_run_fails_alike(runner, inputs):
    for run in (run_graph, _stock_run):
        with pytest.raises((GraphRunError, GraphComponentException)):
            run(runner, inputs, ["total"])
