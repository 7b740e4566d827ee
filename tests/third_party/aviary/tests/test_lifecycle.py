"""Deploy, read, delete and adopt."""

from __future__ import annotations

import pytest

from bonito_aviary.emulator import AviaryService
from bonito_aviary.emulator.state import OWNED
from bonito_emulators import AfterApplied, Emulation, Fault, Reset, Respond
from bonito_providers import ActionKind, Connection, State
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    PlanRefused,
)
from bonito_providers.waiting import wait
from tests.third_party.aviary.tests.resources import as_now, deployed, planned, writes

pytestmark = pytest.mark.anyio


async def test_the_same_plan_twice_makes_one_deployment(
    connection: Connection, service: AviaryService
) -> None:
    plan = await planned(connection, model="finch-2", capacity=60)
    first = await connection.provider.deploy(connection, plan)
    second = await connection.provider.deploy(connection, plan)
    assert (first.created, second.created, first.ref == second.ref) == (True, False, True)
    assert [each.what for each in service.bill] == ["created"]


async def test_another_model_under_the_name_is_a_conflict(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("mine", "finch-2")
    with pytest.raises(Conflict, match="deployment of finch-2"):
        await planned(connection, model="lark-4", name="mine")


async def test_a_change_is_shown_and_needs_update(
    connection: Connection, service: AviaryService
) -> None:
    await deployed(connection, model="finch-2")
    service.finish()
    plan = await planned(connection, model="finch-2", capacity=20)
    assert plan.changes == ("capacity 10 to 20",)
    with pytest.raises(PlanRefused, match="capacity 10 to 20"):
        await connection.provider.deploy(connection, plan)
    made = await deployed(connection, model="finch-2", capacity=20, update=True)
    assert (made.capacity, made.created) == (20, False)


@pytest.mark.parametrize(
    "forged", [{"capacity": 90}, {"sku": "dedicated"}, {"sku": None}, {"preview": {}}]
)
async def test_a_forged_plan_does_not_write_what_it_hides(
    connection: Connection, emulation: Emulation, forged: dict[str, object]
) -> None:
    plan = await planned(connection, model="finch-2")
    altered = plan.model_copy(update=forged)
    for one in (altered, altered.sealed()):
        with pytest.raises(PlanRefused):
            await connection.provider.deploy(connection, one)
    assert writes(emulation) == 0


async def test_a_plan_whose_preview_is_forged_too_says_what_it_has_to_say(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await planned(connection, model="finch-2")
    body = {"model": "finch-2", "version": "2", "sku": None, "capacity": 10}
    preview = {"body": {**body, "tags": {"managed-by": "bonito"}}}
    forged = plan.model_copy(update={"sku": None, "preview": preview}).sealed()
    with pytest.raises(PlanRefused):
        await connection.provider.deploy(connection, forged)
    assert writes(emulation) == 0


async def test_a_plan_of_another_name_or_model_than_asked_is_refused(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await planned(connection, model="finch-2")
    other = await planned(connection, model="lark-4")
    for update in ({"ref": other.ref}, {"model": other.model, "preview": other.preview}):
        with pytest.raises(PlanRefused):
            await connection.provider.deploy(connection, plan.model_copy(update=update).sealed())
    assert writes(emulation) == 0


async def test_a_deployment_that_came_in_between_is_not_changed(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    plan = await planned(connection, model="finch-2", capacity=5, update=True)
    service.put_outside("finch-2", "finch-2", capacity=3)
    with pytest.raises(PlanRefused, match="capacity 3 to 5"):
        await connection.provider.deploy(connection, plan)
    assert writes(emulation) == 0


async def test_consents_are_asked_for_again_when_deploying(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await planned(connection, model="condor-xl")
    forged = plan.model_copy(update={"actions": ()}).sealed()
    found = await connection.provider.deploy(connection, forged)
    assert found.state is State.NEEDS_ACTION
    assert writes(emulation) == 0


async def test_quota_is_read_again_when_deploying(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    plan = await planned(connection, model="finch-2")
    service.accounts[0].used_elsewhere["shared.finch"] = 95
    found = await connection.provider.deploy(connection, plan)
    assert (found.state, found.actions[0].kind) == (State.NEEDS_ACTION, ActionKind.REQUEST_QUOTA)
    assert writes(emulation) == 0


async def test_quota_that_the_write_itself_meets_needs_action(
    connection: Connection, service: AviaryService
) -> None:
    plan = await planned(connection, model="finch-2")
    refusal = {"error": {"code": "quota_exceeded", "message": "too late"}}
    service.faults.add(Fault(action=Respond(403, body=refusal), method="PUT"))
    found = await connection.provider.deploy(connection, plan)
    assert (found.state, found.created) == (State.NEEDS_ACTION, False)
    assert found.actions[0].kind is ActionKind.REQUEST_QUOTA


async def test_a_write_that_meets_another_is_queued_and_sent_again(
    connection: Connection, service: AviaryService
) -> None:
    service.busy, service.build_looks, service.settling = 2, 2, 3
    found = await wait(connection, await planned(connection, model="finch-2"))
    assert (found.state, found.created, found.verified) == (State.READY, True, True)
    assert [each.what for each in service.bill] == ["created", "called"]


async def test_an_answer_that_is_lost_costs_nothing_twice(
    connection: Connection, service: AviaryService
) -> None:
    service.faults.add(Fault(action=AfterApplied(Reset()), method="PUT"))
    made = await deployed(connection, model="finch-2")
    assert (made.state, made.created) == (State.PROVISIONING, True)
    assert [each.what for each in service.bill] == ["created"]


@pytest.mark.parametrize(
    ("code", "state"),
    [("internal", State.FAILED), ("quota_exceeded", State.NEEDS_ACTION)],
)
async def test_a_failure_that_comes_late_tells_why(
    connection: Connection, service: AviaryService, code: str, state: State
) -> None:
    service.fail_build, service.build_looks = code, 2
    found = await wait(connection, await planned(connection, model="finch-2"))
    assert (found.state, found.verified) == (state, None)
    assert code in (found.error or "")
    service.fail_build = None
    again = await wait(connection, await planned(connection, model="finch-2"))
    assert again.state is State.READY


async def test_the_ticket_of_an_operation_is_in_no_text(
    connection: Connection, service: AviaryService
) -> None:
    service.build_looks = 5
    made = await deployed(connection, model="finch-2")
    ticket = service.accounts[0].deployments["finch-2"].ticket
    assert made.operation is not None
    assert ticket in made.operation.get_secret_value()
    assert ticket not in f"{made!r} {made.model_dump_json()}"


async def test_a_refusal_that_quotes_the_ticket_does_not_show_it(
    connection: Connection, service: AviaryService
) -> None:
    service.build_looks = 5
    made = await deployed(connection, model="finch-2")
    ticket = service.accounts[0].deployments["finch-2"].ticket
    refusal = {"error": {"code": "bad_ticket", "message": f"not yours: {ticket}"}}
    path = "/accounts/acc-1001/operations"
    service.faults.add(Fault(action=Respond(403, body=refusal), path_prefix=path))
    with pytest.raises(PermissionMissing, match="bad_ticket") as caught:
        await as_now(connection, made)
    assert ticket not in str(caught.value)


async def test_an_operation_named_elsewhere_is_not_followed(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    made = await deployed(connection, model="finch-2")
    row = {"name": "finch-2", "state": "building", "operation": "https://birdsong.aviary.example/"}
    path = "/accounts/acc-1001/deployments/"
    service.faults.add(Fault(action=Respond(200, body=row), path_prefix=path))
    assert (await as_now(connection, made)).state is State.PROVISIONING
    assert emulation.log.select("birdsong.aviary.example") == []


async def test_a_state_that_is_not_known_counts_as_under_way(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("bird", "finch-2").state = "moulting"
    (bird,) = (await connection.provider.list_deployments(connection)).items
    assert bird.state is State.PROVISIONING


async def test_a_deleted_deployment_goes_and_stays_gone(
    connection: Connection, service: AviaryService
) -> None:
    made = await deployed(connection, model="finch-2")
    service.finish()
    service.removal_looks = 1
    delete = connection.provider.delete_deployment
    assert (await delete(connection, made.ref)).state is State.DELETING
    assert (await as_now(connection, made)).state is State.ABSENT
    assert (await delete(connection, made.ref)).state is State.ABSENT
    assert [each.what for each in service.bill] == ["created", "deleted"]


async def test_what_is_on_its_way_out_is_waited_for_without_a_write(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    made = await deployed(connection, model="finch-2")
    service.removal_looks = 5
    await connection.provider.delete_deployment(connection, made.ref)
    before = writes(emulation)
    found = await deployed(connection, model="finch-2")
    assert (found.state, found.retry_after, writes(emulation)) == (State.QUEUED, 5, before)


async def test_what_others_made_is_deleted_only_on_purpose(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("theirs", "finch-2")
    plan = await planned(connection, adopt=True, name="theirs")
    found = await connection.provider.deploy(connection, plan)
    assert (found.created, found.owned, found.state) == (False, False, State.READY)
    delete = connection.provider.delete_deployment
    with pytest.raises(Conflict, match="not created by this project"):
        await delete(connection, found.ref)
    assert (await delete(connection, found.ref, include_unowned=True)).state is State.ABSENT


async def test_changing_what_others_made_does_not_make_it_ours(
    connection: Connection, service: AviaryService
) -> None:
    standing = service.put_outside("theirs", "finch-2")
    await deployed(connection, model="finch-2", name="theirs", capacity=2, update=True)
    assert service.accounts[0].deployments["theirs"].capacity == 2
    assert service.accounts[0].deployments["theirs"].tags == standing.tags != OWNED


async def test_a_key_adopts_what_it_lists(key_only: Connection, service: AviaryService) -> None:
    service.put_outside("theirs", "finch-2")
    plan = await planned(key_only, adopt=True, name="theirs")
    found = await key_only.provider.deploy(key_only, plan)
    assert (found.ref, found.owned, found.model.kind) == (plan.ref, None, "chat")
    assert (await as_now(key_only, found)).state is State.READY
    service.remove_outside("theirs")
    assert (await as_now(key_only, found)).state is State.ABSENT


async def test_adopting_what_is_not_there_names_what_is(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("parrots", "finch-2")
    with pytest.raises(DeploymentNotFound) as caught:
        await planned(connection, adopt=True, name="parrot")
    assert caught.value.hint == "Did you mean parrots?"


async def test_a_row_that_cannot_be_read_is_not_taken_for_absent(
    key_only: Connection, service: AviaryService
) -> None:
    page = {"object": "list", "data": [{"name": "bird"}]}
    service.faults.add(Fault(action=Respond(200, body=page), path_prefix="/v1/deployments"))
    with pytest.raises(MalformedAnswer, match="not tell of bird"):
        await planned(key_only, adopt=True, name="bird")


async def test_the_user_says_what_an_adopted_deployment_is_for(
    key_only: Connection, service: AviaryService
) -> None:
    page = {"object": "list", "data": [{"name": "bird", "state": "ready"}]}
    listing = Fault(action=Respond(200, body=page), path_prefix="/v1/deployments", times=2)
    service.faults.add(listing)
    found = await deployed(key_only, adopt=True, name="bird", kind="embedding")
    assert found.model.kind == "embedding"


async def test_not_found_said_by_something_else_is_not_absence(
    connection: Connection, service: AviaryService
) -> None:
    made = await deployed(connection, model="finch-2")
    page = Respond(404, {"content-type": "text/html"}, "<h1>Not found</h1>")
    service.faults.add(Fault(action=page, path_prefix="/accounts/acc-1001/deployments/"))
    with pytest.raises(DeploymentNotFound):
        await as_now(connection, made)


async def test_a_reference_of_another_account_is_refused(connection: Connection) -> None:
    made = await deployed(connection, model="finch-2")
    foreign = made.ref.model_copy(update={"resource": "birdsong"})
    with pytest.raises(InvalidRequest, match="not to this connection"):
        await connection.provider.get_deployment(connection, foreign)
