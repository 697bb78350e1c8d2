"""`shopdesk train`: a model's key covers what it is made of, and a training leaves a whole model or none."""

import os
import shutil
import textwrap
import threading

import pytest

from shopdesk import training
from shopdesk.training import Assistant, TrainingFailed, is_trained, model_path, train

TRAINER = """
    import os, pathlib, sys
    counter = pathlib.Path("trainings.txt")
    counter.write_text((counter.read_text() if counter.exists() else "") + "x")
    arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    print("progress 50%\\rprogress 100%")
    if pathlib.Path("broken").exists():
        print("the rules contradict each other")
        sys.exit(1)
    target = pathlib.Path(arguments["--output"], arguments["--name"] + ".tar.gz")
    target.write_text("model")
"""


@pytest.fixture
def assistant(tmp_path):
    """A checkout whose training is a small program that counts how often it ran."""
    files = {
        "data/nlu/en/orders.yml": "nlu: []\n",
        "bot/domain/orders.yml": "intents: []\n",
        "bot/rules/orders.yml": "rules: []\n",
        "bot/responses/en/orders.yml": "responses:\n  utter_a:\n    - text: one\n",
        "bot/responses/zh/orders.yml": "responses:\n  utter_a:\n    - text: 一\n",
        "bot/components/tokenizer.py": "A = 1\n",
        "bot/components/helpers/words.py": "B = 1\n",
        "bot/components/lexicon.txt": "word\n",
        "bot/config.yml": "recipe: default.v1\n",
        "bot/environment.py": "",
        "bot/train_model.py": textwrap.dedent(TRAINER),
        "bot/uv.lock": "rasa 3.6.21\n",
        "bot/.venv/pyvenv.cfg": "version_info = 3.10.13\n",
        "bot/.venv/lib/python3.10/site-packages/rasa-3.6.21.dist-info/METADATA": "",
    }
    for name, content in files.items():
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    python = tmp_path / "checkout" / "bot" / ".venv" / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(shutil.which("python3") or "/usr/bin/python3")
    return Assistant(tmp_path / "checkout")


def _trainings(assistant):
    counter = assistant.bot / "trainings.txt"
    return len(counter.read_text()) if counter.exists() else 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/nlu/en/orders.yml", "nlu: [x]\n"),
        ("data/nlu/zh/orders.yml", "nlu: []\n"),
        ("bot/domain/orders.yml", "intents: [a]\n"),
        ("bot/rules/orders.yml", "rules: [a]\n"),
        ("bot/components/tokenizer.py", "A = 2\n"),
        ("bot/components/helpers/words.py", "B = 2\n"),
        ("bot/components/lexicon.txt", "other\n"),
        ("bot/weights/encoder.npz", "weights"),
        ("bot/config.yml", "recipe: other\n"),
        ("bot/uv.lock", "rasa 3.6.20\n"),
        ("bot/train_model.py", "\n"),
        ("bot/.venv/pyvenv.cfg", "version_info = 3.10.14\n"),
        ("bot/responses/en/orders.yml", "responses:\n  utter_a:\n    - text: one\n  utter_b:\n    - text: two\n"),
    ],
)
def test_a_change_of_what_a_model_is_made_of_changes_its_key(assistant, name, content):
    before = assistant.key()
    path = assistant.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    assert assistant.key() != before


def test_another_rasa_changes_the_key(assistant):
    before = assistant.key()
    packages = assistant.bot / ".venv/lib/python3.10/site-packages"
    (packages / "rasa-3.6.21.dist-info").rename(packages / "rasa-3.6.20.dist-info")
    assert assistant.key() != before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bot/responses/en/orders.yml", "responses:\n  utter_a:\n    - text: other words\n"),
        ("bot/components/__pycache__/tokenizer.pyc", "bytes"),
        ("bot/channels/gateway.py", "C = 1\n"),
        ("README.md", "words"),
    ],
)
def test_other_changes_need_no_training(assistant, name, content):
    before = assistant.key()
    path = assistant.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    assert assistant.key() == before


def test_a_file_that_moves_changes_the_key(assistant):
    before = assistant.key()
    (assistant.root / "bot/components/lexicon.txt").rename(assistant.root / "bot/components/lexicon2.txt")
    assert assistant.key() != before


def test_the_same_key_trains_once_and_force_trains_again(assistant, tmp_path):
    models, key, log = tmp_path / "models", assistant.key(), tmp_path / "log" / "training.log"
    path = train(assistant, models, key, log)
    assert path.read_text() == "model"
    assert is_trained(models, key)
    train(assistant, models, key, log)
    assert _trainings(assistant) == 1
    train(assistant, models, key, log, force=True)
    assert _trainings(assistant) == 2


def test_a_model_trained_before_becomes_the_newest_again(assistant, tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    older, newer = model_path(models, "a" * 64), model_path(models, "b" * 64)
    for path, time in ((older, 1), (newer, 2)):
        path.write_text("model")
        os.utime(path, (time, time))
    assert is_trained(models, "a" * 64)
    assert older.stat().st_mtime_ns > newer.stat().st_mtime_ns
    assert not is_trained(models, "c" * 64)


def test_a_failed_training_shows_the_end_of_its_log_and_leaves_no_model(assistant, tmp_path):
    (assistant.bot / "broken").touch()
    models = tmp_path / "models"
    with pytest.raises(TrainingFailed, match="the rules contradict each other"):
        train(assistant, models, assistant.key(), tmp_path / "training.log")
    assert list(models.glob("*.tar.gz")) == []


def test_two_trainings_at_once_are_one(assistant, tmp_path):
    models, key = tmp_path / "models", assistant.key()
    threads = [
        threading.Thread(target=train, args=(assistant, models, key, tmp_path / f"training{i}.log")) for i in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _trainings(assistant) == 1


def test_old_models_and_the_leavings_of_a_killed_training_are_cleared(assistant, tmp_path):
    models = tmp_path / "models"
    (models / ".training-killed").mkdir(parents=True)
    for number in range(6):
        path = model_path(models, str(number) * 64)
        path.write_text("old")
        os.utime(path, (number + 1, number + 1))
    mine = models / "my-own.tar.gz"
    mine.write_text("a model that a person put there")
    new = train(assistant, models, assistant.key(), tmp_path / "training.log")
    kept = {path.name for path in models.glob("shopdesk-*.tar.gz")}
    assert kept == {new.name, model_path(models, "5" * 64).name, model_path(models, "4" * 64).name}
    assert mine.exists()
    assert not (models / ".training-killed").exists()


def test_a_missing_environment_is_said(tmp_path):
    with pytest.raises(TrainingFailed, match="make setup"):
        Assistant(tmp_path).key()


def test_the_checkouts_own_key_can_be_made():
    assert len(Assistant().key()) == 64
    assert training.TrainingSettings(home="x").models.as_posix() == "x/models"
