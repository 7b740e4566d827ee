"""From stored credentials to a model that answers, and away again, by the command."""

from __future__ import annotations

import dataclasses
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators.azure import Creation, Pace
from bonito_emulators.azure.operations import Deletion
from bonito_host.store.status import PlanStatus
from host.tests.forks import Forks
from host.tests.managed import FIELDS, KEY, SECRET, Managed, managed
from host.tests.running import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        yield started


def test_a_connection_is_checked_stored_listed_used_and_forgotten(cloud: Managed) -> None:
    connected = cloud.bonito.run("connect", "prod", "--json")
    assert connected.code == 0, connected.stderr
    assert connected.document["connection"] == "prod"
    listed = cloud.bonito.run("connections", "--json").document["connections"]
    assert [(each["id"], each["provider"]) for each in listed] == [("prod", "azure_foundry")]
    without = {
        name: value
        for name, value in cloud.bonito.variables.items()
        if not name.startswith("BONITO_CREDENTIAL_")
    }
    alone = dataclasses.replace(cloud.bonito, variables=without)
    for command in (("check",), ("models",), ("deployments",), ("gateway", "export")):
        assert alone.run(*command, "--connection", "prod").code == 0
    answered = alone.run("chat", "--connection", "prod", "taken", "hello", "--direct")
    assert answered.code == 0, answered.stderr
    assert cloud.bonito.run("connections", "remove", "prod").code == 0
    assert alone.run("check", "--connection", "prod").code == 4


def test_a_stored_connection_is_replaced_only_on_request(cloud: Managed) -> None:
    assert cloud.bonito.run("connect", "prod").code == 0
    cloud.log.clear()
    again = cloud.bonito.run("connect", "prod")
    assert again.code == 7
    assert "--replace" in again.stderr
    assert cloud.log.requests == []
    other = {"BONITO_CREDENTIAL_API_KEY": KEY[::-1]}
    assert cloud.bonito.run("connect", "prod", "--replace", **other).code == 0
    assert cloud.store.connections.credentials("prod")["api_key"] == KEY[::-1]


def test_a_proved_proposal_is_stored_and_said(cloud: Managed) -> None:
    pasted = {"BONITO_CREDENTIAL_ENDPOINT": "https://contoso.openai.azure.com/"}
    done = cloud.bonito.run("connect", "prod", **pasted)
    assert done.code == 0, done.stderr
    assert "is stored as https://contoso.services.ai.azure.com instead of" in done.stderr
    assert cloud.store.connections.credentials("prod")["endpoint"] == FIELDS["endpoint"]


def test_a_record_from_before_the_choice_goes_to_the_provider_that_predates_it(
    cloud: Managed,
) -> None:
    cloud.store.connections.save(
        "old",
        provider="azure_openai",
        cloud="azure",
        title="Azure OpenAI",
        credentials={"endpoint": "https://contoso.openai.azure.com", "api_key": KEY},
        report={},
    )
    done = cloud.bonito.run("check", "--connection", "old")
    assert "Azure OpenAI" in done.stderr
    assert done.code == 0, done.stdout


def test_a_connection_is_named_or_described_but_not_both(cloud: Managed) -> None:
    done = cloud.bonito.run("models", "--connection", "prod", "--cloud", "azure")
    assert done.code == 2


def test_a_plan_shows_the_arithmetic_and_the_request_and_changes_nothing(cloud: Managed) -> None:
    cloud.connect()
    words = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert words.code == 0, words.stderr
    assert "uses 10 of 450, 20 in use" in words.stdout
    assert re.search(r"^region +swedencentral$", words.stdout, re.MULTILINE)
    assert '"managed-by": "bonito-providers"' in words.stdout
    document = cloud.bonito.run("plan", "prod", "gpt-4o", "--capacity", "7", "--json").document
    assert document["plan"]["capacity"] == 7
    assert document["plan"]["region"] == "swedencentral"
    assert document["plan_id"] not in words.stdout
    assert {each.method for each in cloud.log.requests if "management" in each.host} == {"GET"}


def test_a_plan_names_the_options_that_give_what_it_asks_for(cloud: Managed) -> None:
    cloud.connect()
    words = cloud.bonito.run("plan", "prod", "claude-sonnet-4-5")
    assert words.code == 6, words.stderr
    assert "given by: --consent marketplace_terms\n" in words.stdout
    assert "given by: --field organization_name=… --field country_code=…" in words.stdout


def test_a_stored_plan_is_deployed_proved_and_deployed_no_second_time(cloud: Managed) -> None:
    cloud.connect()
    plan = cloud.bonito.run("plan", "prod", "gpt-4o", "--name", "mine", "--json").document
    first = cloud.bonito.run("deploy", plan["plan_id"], "--json")
    assert first.code == 0, first.stderr
    assert first.document["deployment"]["created"] is True
    assert first.document["deployment"]["verified"] is True
    second = cloud.bonito.run("deploy", plan["plan_id"], "--json")
    assert second.document["deployment"]["created"] is False
    assert cloud.bills("created") == ["mine"]
    assert cloud.store.plans.get(plan["plan_id"]).status is PlanStatus.DONE


def test_deploy_tells_the_real_states_with_their_times_on_stderr(cloud: Managed) -> None:
    cloud.connect()
    cloud.account.creation = Creation(shape="body", pace=Pace(looks=1))
    done = cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "slow")
    assert done.code == 0, done.stderr
    states = [line.split("slow: ")[1] for line in done.stderr.splitlines() if "slow: " in line]
    assert states[0].startswith("provisioning")
    assert states[-1].startswith("ready")
    assert " s  slow: " in done.stderr


def test_without_waiting_it_is_still_running_and_the_next_command_settles_it(
    cloud: Managed,
) -> None:
    cloud.connect()
    cloud.account.creation = Creation(shape="body", pace=Pace(looks=1))
    left = cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "slow", "--no-wait", "--json")
    assert left.code == 8, left.stderr
    plan = left.document["plan_id"]
    assert cloud.store.plans.get(plan).status is PlanStatus.STARTED
    cloud.bonito.run("plan", "prod", "gpt-4o")
    settled = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert cloud.store.plans.get(plan).status is PlanStatus.DONE, settled.stderr


def test_ctrl_c_leaves_the_plan_open_and_the_same_command_carries_on(cloud: Managed) -> None:
    cloud.connect()
    cloud.account.creation = Creation(shape="body", pace=Pace(seconds=3600))
    running = cloud.bonito.start("deploy", "prod", "gpt-4o", "--name", "slow")
    while not cloud.log.select(method="PUT") and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE) == 130
    running.communicate()
    (open_plan,) = cloud.store.plans.unsettled("prod")
    cloud.cloud.advance(3601)
    done = cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "slow", "--json")
    assert done.code == 0, done.stderr
    assert done.document["plan_id"] == open_plan.id
    assert cloud.bills("created") == ["slow"]
    assert len(cloud.log.select(method="PUT")) == 1


def test_what_stands_is_adopted_and_verified(cloud: Managed) -> None:
    cloud.connect()
    adopted = cloud.bonito.run("deploy", "prod", "taken", "--adopt", "--json")
    assert adopted.code == 0, adopted.stderr
    assert adopted.document["deployment"]["owned"] is not True
    verified = cloud.bonito.run("verify", "prod", "taken", "--json")
    assert verified.code == 0
    assert verified.document["deployment"]["verified"] is True
    assert cloud.log.select(method="PUT") == []
    # What was adopted stood before, so forgetting it orphans nothing.
    assert cloud.bonito.run("connections", "remove", "prod").code == 0


def test_a_deployment_that_does_not_answer_is_not_verified(cloud: Managed) -> None:
    cloud.connect()
    cloud.account.deployments[0].routed = False
    done = cloud.bonito.run("verify", "prod", "taken", "--json")
    assert done.document["deployment"]["verified"] is False
    assert done.code == 1


def test_deleting_needs_a_word_and_what_is_gone_is_gone(cloud: Managed) -> None:
    cloud.connect()
    assert cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "mine").code == 0
    unsure = cloud.bonito.run("delete", "prod", "mine")
    assert unsure.code == 2
    assert "--yes" in unsure.stderr
    bound = cloud.bonito.run("connections", "remove", "prod")
    assert bound.code == 7
    cloud.account.deletion = Deletion(shape="header")
    for _ in range(2):
        done = cloud.bonito.run("delete", "prod", "mine", "--yes", "--json")
        assert done.code == 0, done.stderr
        assert done.document["deployment"]["state"] == "absent"
    assert cloud.bills("deleted") == ["mine"]
    assert cloud.bonito.run("connections", "remove", "prod").code == 0


def test_what_others_made_is_deleted_only_on_request(cloud: Managed) -> None:
    cloud.connect()
    refused = cloud.bonito.run("delete", "prod", "taken", "--yes")
    assert refused.code == 7
    assert "not created by this project" in refused.stderr
    assert cloud.bonito.run("delete", "prod", "taken", "--yes", "--include-unowned").code == 0
    assert cloud.account.deployment("taken") is None
    assert cloud.bonito.run("delete", "prod", "taken", "--yes").code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("deploy", "0123456789"),
        ("deploy", "nobody", "gpt-4o"),
        ("plan", "nobody", "gpt-4o"),
        ("delete", "nobody", "x", "--yes"),
        ("verify", "nobody", "x"),
        ("connections", "remove", "nobody"),
        ("check", "--connection", "nobody"),
    ],
)
def test_what_is_not_stored_is_not_found(cloud: Managed, arguments: tuple[str, ...]) -> None:
    done = cloud.bonito.run(*arguments)
    assert done.code == 4, done.stderr
    assert "→" in done.stderr
    assert cloud.log.requests == []


def test_secrets_appear_nowhere_but_sealed(cloud: Managed) -> None:
    debug = ("--log-level", "debug")
    runs = [
        cloud.bonito.run("connect", "prod", *debug),
        cloud.bonito.run("connections", "--json", *debug),
        cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "mine", *debug),
        cloud.bonito.run("verify", "prod", "mine", "--json", *debug),
        cloud.bonito.run("delete", "prod", "mine", "--yes", *debug),
    ]
    assert [each.code for each in runs] == [0] * len(runs), [each.stderr for each in runs]
    written = b"".join(
        file.read_bytes() for file in cloud.path.parent.iterdir() if file.suffix != ".key"
    )
    texts = [text for each in runs for text in (each.stdout, each.stderr)]
    for secret in (KEY, SECRET, cloud.path.with_name("bonito.db.key").read_text().strip()):
        assert secret.encode() not in written
        assert [text for text in texts if secret in text] == []
    assert b"contoso" in written


def test_a_wrong_key_is_said_and_changes_nothing(cloud: Managed) -> None:
    cloud.connect()
    before = cloud.path.read_bytes()
    for command in (("connect", "other"), ("deploy", "prod", "gpt-4o"), ("connections",)):
        done = cloud.bonito.run(*command, BONITO_KEY="ab" * 32)
        assert done.code == 2
        assert "Nothing was changed" in done.stderr
        assert "ab" * 8 not in done.stderr
    assert cloud.path.read_bytes() == before
    assert cloud.log.requests == []


@pytest.mark.parametrize("id", ["", "a b", "-x", "../x", "a" * 65, "\u00e4"])
def test_an_id_that_could_be_mistaken_is_refused_before_any_call(cloud: Managed, id: str) -> None:
    assert cloud.bonito.run("connect", "--", id).code == 2
    assert cloud.log.requests == []
    assert not cloud.path.exists()
