from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from platformdirs import user_cache_path

from augsvc.ablation.settings import settings_of
from augsvc.ablation.words import words_of

MESSAGES = Path(__file__).parents[2] / "examples" / "data" / "messages.jsonl"
DIMENSIONS = 8


@pytest.fixture(autouse=True)
def one_thread_and_a_cache_of_its_own(monkeypatch, tmp_path):
    # compiled kernels stay where they are
    monkeypatch.setenv("AUGSVC_KERNEL_CACHE", str(user_cache_path("augsvc") / "kernels"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def messages():
    """Texts and labels of four classes, as people wrote them."""
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    return [(row["label"], row["text"]) for row in rows]


@pytest.fixture(scope="session")
def files(messages, tmp_path_factory):
    """TRAIN and TEST of tab-separated lines, and vectors in GloVe's format for the words in them."""
    folder = tmp_path_factory.mktemp("ablation")
    train, test, vectors = (folder / name for name in ("train.txt", "test.tsv", "vectors.txt"))
    train.write_text("".join(f"{label}\t{text}\n" for label, text in messages[::2]), encoding="utf-8")
    test.write_text("".join(f"{label}\t{text}\n" for label, text in messages[1::2][:40]), encoding="utf-8")
    words = sorted({word for _, text in messages for word in words_of(text)})
    table = torch.randn(len(words), DIMENSIONS, generator=torch.Generator().manual_seed(0))
    numbers = (" ".join(f"{value:.4f}" for value in row) for row in table.tolist())
    vectors.write_text("\n".join(map(" ".join, zip(words, numbers, strict=True))), encoding="utf-8")
    return train, test, vectors


PLAN = {
    "dropout": {"rate": 0.3},
    "penalty": {"l1": 2.0, "l2": 0.1},
    "augmentation": {},
    "early_stopping": {"patience": 1},
    "ensemble": {"members": 2},
    "batch_norm": {},
}


@pytest.fixture(scope="session")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(json.dumps(PLAN), encoding="utf-8")
    return str(path)


@pytest.fixture
def settings(files, plan):
    """Makes settings for a few steps of a small model."""

    def make(model="dan", n=24, steps=6, **given):
        train, test, vectors = files
        course = {"steps": steps, "batch_size": 8, "learning_rate": 1e-2}
        given = {"train": train, "test": test, "vectors": vectors, "plan": plan} | given
        return settings_of(model=model, n=n, course=course, **given)

    return make
