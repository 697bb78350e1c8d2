"""Trains the assistant: `python -m train_model --output DIR --name NAME` in `bot/`.

Writes `DIR/NAME.tar.gz` whole or not at all. Whether training is needed is `shopdesk train`'s to decide.
"""

from __future__ import annotations

import environment  # isort: skip # noqa: F401 - before Rasa

import argparse
import logging
import sys
import tempfile
from pathlib import Path
from typing import Optional

HERE = Path(__file__).resolve().parent


def train(config: Path, output: Path, name: str, also: Optional[Path] = None) -> Path:
    """Trains what `config` describes into `output/name.tar.gz` and returns that path; `also` has more examples.

    Raises `RasaException` (or what a component raises) when the data is wrong; nothing is left in `output` then.
    """
    from rasa.model_training import train as rasa_train
    from runtime import adjustments

    adjustments.apply()
    output.mkdir(parents=True, exist_ok=True)
    # In the same file system as the result, so that the last step is one rename.
    with tempfile.TemporaryDirectory(prefix=".training-", dir=output) as workspace:
        result = rasa_train(
            domain=str(config.parent / "domain"),
            config=str(config),
            training_files=[str(also)] if also is not None else [],
            output=workspace,
            force_training=True,
            fixed_model_name=name,
        )
        if result.code != 0 or result.model is None:
            raise RuntimeError("Rasa trained no model; its messages above say why.")
        final = output / f"{name}.tar.gz"
        Path(result.model).replace(final)
    return final


def main() -> int:
    """Reads the arguments, trains, and says where the model is."""
    parser = argparse.ArgumentParser(description="Train the assistant.")
    parser.add_argument("--output", type=Path, required=True, help="directory of the model store")
    parser.add_argument("--name", required=True, help="the model's file name without .tar.gz")
    parser.add_argument("--config", type=Path, default=HERE / "config.yml", help="the assistant's config.yml")
    parser.add_argument("--also", type=Path, help="a directory of more examples")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    sys.path.insert(0, str(HERE))
    model = train(arguments.config.resolve(), arguments.output.resolve(), arguments.name, arguments.also)
    sys.stdout.write(f"{model}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
