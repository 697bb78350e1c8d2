"""What must stand in the environment before Rasa is imported: no telemetry, few threads, quiet libraries.

Every entry point (`run_bot.py`, `train_model.py`) imports this module first. Values that a person has set are kept,
except telemetry, which is off for good: nothing leaves the shop's machines.
"""

from __future__ import annotations

import os
import warnings

_ALWAYS = {
    "RASA_TELEMETRY_ENABLED": "false",
    # Rasa would otherwise keep training results under a fingerprint that sees only a component class's own source,
    # so that a changed helper module would go unnoticed. Our own key (shopdesk/training.py) decides instead.
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
_DEFAULTS = {
    # One turn is a few milliseconds of small matrices: thread pools only cost time and memory.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def prepare() -> None:
    """Sets the environment variables and silences the libraries' own deprecation notices."""
    os.environ.update(_ALWAYS)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    # Rasa 3.6.21 is pinned to old libraries that warn about each other; nobody here can act on it.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=PendingDeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)


prepare()
