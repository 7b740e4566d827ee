"""The pages as a browser without JavaScript has them, and a host that is ended and started."""

from __future__ import annotations

import html
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators import Action, AfterApplied, Drip, Fault, Slow
from bonito_host.store.status import PlanStatus
from bonito_providers.deployment import DeploymentRequest
from host.tests.forks import Forks
from host.tests.managed import CONNECTION, KEY, SCOPE, SECRET, Managed, managed
from host.tests.running import BONITO, PATIENCE
from host.tests.web.serving import Browser, Site, serving

EDIT = f"/connections/{CONNECTION}/edit"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path_factory.mktemp("world"), forks) as started:
        started.connect()
        yield started


def variables(world: Managed) -> dict[str, str]:
    return {**world.emulation.environment(), "BONITO_STORE": str(world.path), **_proxy(world)}


def _proxy(world: Managed) -> dict[str, str]:
    # The child reaches the emulation by its proxy, as an operator's host reaches a cloud.
    return {"BONITO_PROXY": world.emulation.proxy_url}


@pytest.fixture(scope="module")
def own(world: Managed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("own")
    with serving(folder, variables=variables(world)) as started:
        yield started


@pytest.fixture(scope="module")
def visitor(own: Site) -> Browser:
    return own.browser()


def writing(name: str, action: Action) -> Fault:
    """What happens to the one write that makes a deployment."""
    account = f"{SCOPE}/resourceGroups/rg-ai/providers/Microsoft.CognitiveServices/accounts/contoso"
    return Fault(action=action, method="PUT", path_prefix=f"{account}/deployments/{name}")


def words(text: str) -> str:
    return " ".join(html.unescape(text).split())


def test_editing_shows_what_is_no_secret_and_keeps_what_is(
    world: Managed, visitor: Browser
) -> None:
    text = visitor.get(EDIT).text
    assert "https://contoso.services.ai.azure.com" in text
    assert text.count("Saved. Leave empty to keep it.") == 2
    assert KEY not in text
    assert SECRET not in text


def test_a_connection_is_checked_again_and_the_answer_kept(
    world: Managed, visitor: Browser
) -> None:
    answer = visitor.post(f"/connections/{CONNECTION}/check")
    assert answer.status_code == 200
    assert "Authenticate" in answer.text
    report = world.store.connections.get(CONNECTION).report
    assert report is not None
    assert report["verdicts"]["authenticate"] == "passed"


def test_a_form_of_before_the_session_is_refused(visitor: Browser) -> None:
    answer = visitor.client.post(f"/connections/{CONNECTION}/check", data={"csrf": "old"})
    assert answer.status_code == 403


def test_a_body_larger_than_any_form_is_refused(visitor: Browser) -> None:
    answer = visitor.post("/gateway/keys", name="x" * 2_000_000)
    assert answer.status_code == 413


def test_what_cannot_be_planned_is_said_beside_the_form(world: Managed, visitor: Browser) -> None:
    planned = visitor.post("/plans", connection=CONNECTION, model="gpt-4o")
    assert planned.url.path.startswith("/plans/")
    change = f"{planned.url.path}/change"
    answer = visitor.post(change, capacity="many", name="kept-as-typed")
    assert answer.status_code == 409
    assert "not a whole number" in answer.text
    assert "kept-as-typed" in answer.text
    answer = visitor.post(change, capacity="999999999")
    assert "quota" in answer.text.lower()


def test_a_plan_that_needs_consent_is_not_carried_out_without(
    world: Managed, visitor: Browser
) -> None:
    planned = visitor.post("/plans", connection=CONNECTION, model="claude-opus-4-5")
    assert "First, this has to be done" in planned.text
    before = len(world.log.requests)
    answer = visitor.post(f"{planned.url.path}/deploy")
    assert answer.status_code == 409
    assert "Something has to be done before" in answer.text
    written = [each for each in world.log.requests[before:] if each.method == "PUT"]
    assert written == []


def test_consents_are_boxes_and_fields_are_inputs_and_both_are_kept(
    world: Managed, visitor: Browser
) -> None:
    planned = visitor.post("/plans", connection=CONNECTION, model="claude-sonnet-4-5")
    box = 'name="consent.marketplace_terms" value="yes"'
    assert f"{box}>" in planned.text, "nobody consents for somebody else"
    assert 'name="field.country_code" type="text" value=""' in planned.text
    form = {
        "consent.marketplace_terms": "yes",
        "field.organization_name": "Contoso & Sons",
        "field.country_code": "SE",
        "field.industry": "technology",
    }
    agreed = visitor.post(f"{planned.url.path}/change", **form)
    assert "First, this has to be done" not in agreed.text
    assert f"{box} checked>" in agreed.text
    assert 'value="Contoso &amp; Sons"' in agreed.text
    stored = world.store.plans.get(agreed.url.path.rpartition("/")[2]).plan
    assert stored.request.consents == {"marketplace_terms"}
    form.pop("consent.marketplace_terms")
    refused = visitor.post(f"{agreed.url.path}/change", **form, capacity="many")
    assert refused.status_code == 409
    assert f"{box}>" in refused.text, "the box was not ticked any more"


def test_what_stands_is_changed_only_if_that_is_ticked(visitor: Browser) -> None:
    planned = visitor.post("/plans", connection=CONNECTION, model="gpt-4o")
    box = 'name="update" value="yes"'
    assert f"{box}>" in planned.text
    changed = visitor.post(f"{planned.url.path}/change", update="yes")
    assert f"{box} checked>" in changed.text


def test_a_plan_tells_its_region(visitor: Browser) -> None:
    planned = visitor.post("/plans", connection=CONNECTION, model="gpt-4o")
    assert "<dt>Region</dt><dd>swedencentral</dd>" in planned.text


def test_what_was_not_made_here_is_deleted_only_if_that_is_said(
    world: Managed, visitor: Browser
) -> None:
    ask = visitor.get(f"/delete/{CONNECTION}/taken")
    assert "did not make it" in ask.text
    visitor.post(f"/delete/{CONNECTION}/taken")
    assert "taken" in {each.name for each in world.account.deployments}


def test_an_address_that_leads_nowhere_is_a_page(visitor: Browser) -> None:
    answer = visitor.get("/connections/nobody")
    assert answer.status_code == 404
    assert "There is no connection nobody." in words(answer.text)


def test_a_restart_takes_up_what_was_interrupted(world: Managed, tmp_path: Path) -> None:
    with world.emulation.in_process():
        plan = world.bonito.run("plan", CONNECTION, "gpt-4o", "--name", "interrupted", "--json")
    id = json.loads(plan.stdout)["plan_id"]
    # As a host leaves it that is killed after the first write.
    world.store.plans.start(id)
    with serving(tmp_path, variables=variables(world)) as started:
        browser = started.browser()
        with started.programme() as api:
            path = f"/api/connections/{CONNECTION}/progress/interrupted"
            with api.stream("GET", path) as told:
                assert "event: end" in "".join(told.iter_text())
        assert "It stands." in browser.get(f"/plans/{id}").text
    assert world.store.plans.get(id).status is PlanStatus.DONE
    assert world.bills("created").count("interrupted") <= 1
    assert DeploymentRequest(model="gpt-4o", name="interrupted") == (
        world.store.plans.get(id).plan.request
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "hold"),
    [
        ("killed-before", Slow(seconds_before=PATIENCE)),
        ("killed-after", AfterApplied(Slow(seconds_before=PATIENCE))),
    ],
)
def test_a_host_killed_in_the_midst_of_deploying_makes_it_once(
    world: Managed, tmp_path: Path, name: str, hold: Action
) -> None:
    body = {"connection": CONNECTION, "request": {"model": "gpt-4o-mini", "name": name}}
    progress = f"/api/connections/{CONNECTION}/progress/{name}"
    with (
        serving(tmp_path, variables=variables(world)) as started,
        started.programme() as api,
    ):
        id = api.post("/api/plans", json=body).json()["id"]
        world.cloud.faults.add(writing(name, hold))
        before = len(world.log.requests)
        assert api.post(f"/api/plans/{id}/deploy").status_code == 202
        while not any(
            each.method == "PUT" and each.path.endswith(f"/{name}")
            for each in world.log.requests[before:]
        ):
            assert api.get("/health").status_code == 200
        started.process.kill()
        started.process.wait(PATIENCE)
    world.cloud.faults.clear()
    with (
        serving(tmp_path, variables=variables(world)) as started,
        started.programme() as api,
        api.stream("GET", progress) as told,
    ):
        assert "event: end" in "".join(told.iter_text())
    assert world.store.plans.get(id).status is PlanStatus.DONE
    assert world.bills("created").count(name) == 1


def test_a_plugin_that_is_off_says_why_and_hides_nothing_else(tmp_path: Path) -> None:
    off = {"BONITO_PLUGINS_BLOCKED": "azure_foundry"}
    with serving(tmp_path, "--demo", variables=off) as started:
        browser = started.browser()
        shown = words(browser.get("/plugins").text)
        assert "blocked" in shown
        assert "Azure OpenAI (legacy)" in shown
        assert "see what is wrong with it" in browser.get("/connect").text


def test_a_signal_ends_the_host_and_what_watches_it(world: Managed, tmp_path: Path) -> None:
    with serving(tmp_path, variables=variables(world)) as started:
        started.browser()
        assert started.stop() == -signal.SIGTERM
        assert "Traceback" not in started.log.read_text()


@pytest.mark.slow
def test_a_signal_lets_an_answer_under_way_be_finished(world: Managed, tmp_path: Path) -> None:
    path = f"/api/connections/{CONNECTION}/try/taken"
    slowly = Drip(bytes_at_once=200, seconds_between=0.2)
    with (
        serving(tmp_path, variables=variables(world)) as started,
        started.programme() as api,
    ):
        assert "Warm up." in api.post(path, json={"prompt": "Warm up."}).text
        world.cloud.faults.add(Fault(action=slowly, method="POST"))
        with api.stream("POST", path, json={"prompt": "Please come to an end."}) as answer:
            pieces = answer.iter_text()
            text = next(pieces)
            started.process.send_signal(signal.SIGTERM)
            text += "".join(pieces)
        assert started.process.wait(PATIENCE) == -signal.SIGTERM
    assert "Please come to an end." in text


@pytest.mark.slow
def test_a_signal_does_not_wait_for_who_only_watches_and_loses_nothing(
    world: Managed, tmp_path: Path
) -> None:
    body = {"connection": CONNECTION, "request": {"model": "gpt-4o-mini", "name": "watched"}}
    with (
        serving(tmp_path, variables=variables(world)) as started,
        started.programme() as api,
    ):
        id = api.post("/api/plans", json=body).json()["id"]
        world.cloud.faults.add(writing("watched", Slow(seconds_before=PATIENCE)))
        assert api.post(f"/api/plans/{id}/deploy").status_code == 202
        with api.stream("GET", f"/api/connections/{CONNECTION}/progress/watched") as told:
            lines = told.iter_lines()
            assert next(lines) == "event: progress"
            started.process.send_signal(signal.SIGTERM)
            assert "event: end" not in list(lines)
        assert started.process.wait(PATIENCE) == -signal.SIGTERM
    world.cloud.faults.clear()
    assert world.store.plans.get(id).status is PlanStatus.STARTED


def test_a_demonstration_takes_no_store_of_an_operator(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(BONITO), "serve", "--demo", "--port", "0", "--store", str(tmp_path / "own.db")],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert not (tmp_path / "own.db").exists()


def test_a_password_takes_the_tokens_place(world: Managed, tmp_path: Path) -> None:
    own = {**variables(world), "BONITO_PASSWORD": "correct horse battery"}
    with serving(tmp_path, variables=own) as started:
        assert started.token == ""
        started.token = "correct horse battery"
        assert started.browser().get("/plugins").status_code == 200
