"""Nothing of the host's own Google credentials gets into a customer's connection."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.auth import environment_vars

from bonito_gcp_vertex.plugin import INFO

ROOT = Path(__file__).parents[3]
OWN = "bonito@acme-prod.iam.gserviceaccount.com"
HOSTS = "foreign@acme-prod.iam.gserviceaccount.com"
TOLD = {
    "GEMINI_API_KEY": "foreign-key",
    "GOOGLE_API_KEY": "foreign-key",
    "GOOGLE_CLOUD_QUOTA_PROJECT": "foreign-project",
    "GOOGLE_CLOUD_UNIVERSE_DOMAIN": "foreign.example",
    "GCE_METADATA_HOST": "metadata.foreign.example",
    "GCE_METADATA_IP": "metadata.foreign.example",
    "GCE_METADATA_ROOT": "metadata.foreign.example",
    "GCE_METADATA_TIMEOUT": "1",
    "GCE_METADATA_DETECT_RETRIES": "1",
    "VERTEXAI_LOCATION": "us-east5",
    "VERTEX_LOCATION": "us-east5",
}
TUNING = {"NO_GCE_CHECK", "GCE_METADATA_TIMEOUT", "GCE_METADATA_DETECT_RETRIES"}
"""How often and how long a machine is asked, which no request of a connection carries."""
PROJECTS = ("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT", "VERTEX_PROJECT")


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Who was heard calling, on a host that is full of Google credentials."""
    home = tmp_path_factory.mktemp("home")
    key = str(home / "key.json")
    foreign = {
        **TOLD,
        **dict.fromkeys(PROJECTS, "foreign-project"),
        "HOME": str(home),
        "GOOGLE_APPLICATION_CREDENTIALS": key,
        "VERTEXAI_CREDENTIALS": key,
        "VERTEX_CREDENTIALS": key,
        "VERTEXAI_PROJECT": "acme-prod",  # so that LiteLLM's call by itself is answered
    }
    done = subprocess.run(
        [sys.executable, "-m", "plugins.gcp_vertex.tests.foreign_calls"],
        cwd=ROOT,
        env={**os.environ, **foreign, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_request_of_plugin_or_litellm_carries_the_hosts_credentials(
    heard: dict[str, Any],
) -> None:
    own = heard["own"]
    assert own["accounts"] == [OWN]
    assert own["foreign"] == []
    assert own["refused_names"] == []
    assert own["violations"] == []
    places = [each for each in own["paths"] if "/locations/" in each]
    assert len(places) > 20
    assert {each.split("/")[3] for each in places} == {"acme-prod"}
    assert {each.split("/")[5].partition(":")[0] for each in places} == {"global", "us-central1"}


def test_the_hosts_credentials_would_be_taken_by_who_looks_for_them(heard: dict[str, Any]) -> None:
    """So that the test above can fail: each of them works, or is at least tried."""
    assert heard["litellm"]["accounts"] == [HOSTS]
    assert heard["litellm"]["paths"][-1].endswith(":generateContent")
    assert heard["application"]["accounts"] == [HOSTS]
    assert heard["gcloud"]["foreign"] == ["oauth2.googleapis.com/token"]
    assert "metadata.foreign.example" in heard["metadata"]["refused_names"]


def test_every_variable_that_the_installed_sdks_read_is_named_for_the_host_to_remove() -> None:
    of_google = {
        value
        for name, value in vars(environment_vars).items()
        if name.isupper() and not value.startswith(("AWS_", "APPENGINE_"))
    }
    assert of_google > TUNING
    assert of_google - TUNING <= set(INFO.environment)


def test_every_variable_that_litellm_reads_for_vertex_ai_is_named_for_the_host_to_remove() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import importlib.util as u; print(u.find_spec('litellm').origin)"],
        capture_output=True,
        text=True,
        check=True,
    )
    folder = Path(found.stdout.strip()).parent / "llms" / "vertex_ai"
    pattern = re.compile(r"[\"']((?:VERTEX|VERTEXAI|GOOGLE|GEMINI)_[A-Z_]+)[\"']")
    read = re.compile(r"(?:get_secret\w*|environ\.get|getenv)\(\s*" + pattern.pattern)
    names = {
        name
        for path in folder.rglob("*.py")
        for name in read.findall(path.read_text(encoding="utf-8"))
    }
    assert "VERTEXAI_PROJECT" in names
    assert names <= set(INFO.environment)
