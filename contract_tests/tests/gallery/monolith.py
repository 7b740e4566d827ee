"""What the monolith that this framework replaces did wrongly with AWS and Google Cloud, by number.

A broken plugin names the fault that it has in its source, as ``row 4``. What no check of the suite
can know, since it is a cloud's own matter, is held down by tests of that cloud's plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from contract_tests.tests.gallery.broken import Broken

_ROW = re.compile(r"\brow (\d+)\b")


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        number: How sources of broken plugins name it.
        what: What was wrong, in a sentence.
        tests: Tests of a plugin that hold it down.
    """

    number: int
    what: str
    tests: tuple[str, ...]

    def broken(self, gallery: Iterable[Broken]) -> tuple[Broken, ...]:
        """Return the broken plugins that have this fault."""
        return tuple(each for each in gallery if str(self.number) in _ROW.findall(each.source))


def _tests(plugin: str, module: str, *names: str) -> tuple[str, ...]:
    return tuple(f"plugins/{plugin}/tests/test_{module}.py::test_{name}" for name in names)


_aws = partial(_tests, "aws_bedrock")
_gcp = partial(_tests, "gcp_vertex")

FAULTS = (
    Fault(
        1,
        "Calls that AWS does not have were to give access to models, and every activation failed.",
        _aws("service_model", "whatever_is_sent_is_in_the_service_model_with_its_parameters"),
    ),
    Fault(
        2,
        "Calls that AWS has were declared missing, and the fields of their answers made up.",
        _aws("monolith_faults", "fault_2_the_four_real_fields_of_availability_are_read"),
    ),
    Fault(
        3,
        "A model's lifecycle was taken for access to it, by one call and a pause for each.",
        _aws(
            "monolith_faults",
            "fault_3_a_listing_takes_a_call_for_each_page_and_none_for_a_model",
            "fault_3_the_lifecycle_is_not_taken_for_access",
        ),
    ),
    Fault(
        4,
        "The profile to call was guessed from a list of prefixes.",
        _aws(
            "sources",
            "the_id_of_every_model_in_every_region_is_one_the_api_returned",
            "what_is_chosen_was_returned_is_active_and_stays_where_it_may_go",
        ),
    ),
    Fault(
        5,
        "A refusal was swallowed, and access told as verified without a call.",
        _aws(
            "monolith_faults",
            "fault_5_what_is_deployed_is_verified_by_a_call_alone",
            "fault_5_a_permission_that_is_missing_is_no_success",
        ),
    ),
    Fault(
        6,
        "Throughput was bought on terms, under names and for ids that AWS does not have.",
        _aws(
            "monolith_faults",
            "fault_6_terms_that_bedrock_does_not_have_are_refused",
            "fault_6_throughput_needs_no_commitment_and_a_commitment_a_consent_of_its_own",
            "fault_6_a_name_is_made_by_the_services_own_rule",
            "fault_6_throughput_is_offered_for_context_variants_only",
        ),
    ),
    Fault(
        7,
        "Model units were to be changed by a parameter that does not exist.",
        _aws("monolith_faults", "fault_7_model_units_cannot_be_changed_and_nothing_tries"),
    ),
    Fault(
        8,
        "Throughput was paid for and never called.",
        _aws("monolith_faults", "fault_8_what_is_paid_for_by_the_hour_is_called_and_routed_to"),
    ),
    Fault(
        9,
        "A delete failed, and what cost by the hour was forgotten; states were shown raw.",
        _aws(
            "monolith_faults",
            "fault_9_a_delete_that_fails_keeps_what_costs",
            "fault_9_a_failed_build_is_told_with_the_services_reason",
        ),
    ),
    Fault(
        10,
        "What one account may use was kept by region, for all customers.",
        _aws("monolith_faults", "fault_10_no_listing_of_one_customer_is_shown_to_another"),
    ),
    Fault(
        11,
        "Publisher and form of a call were read from the id's first part.",
        _aws("monolith_faults", "fault_11_the_publisher_is_who_the_api_says"),
    ),
    Fault(
        12,
        "One external id served all customers, the role was dropped, and regions were missing.",
        _aws(
            "credentials", "an_external_id_is_made_for_each_connection_and_told_when_it_is_missing"
        )
        + _aws("service_model", "no_region_is_missing_and_none_is_made_up"),
    ),
    Fault(
        13,
        "The policy that customers were given lacked what the code calls.",
        _aws(
            "permissions",
            "the_smallest_policy_is_enough_to_check_list_adopt_and_call",
            "with_all_actions_of_the_readme_everything_can_be_done",
        ),
    ),
    Fault(
        14,
        "The host's API key stood in for a customer's keys, in boto3 and in LiteLLM.",
        _aws("monolith_faults", "fault_14_an_entry_with_keys_shuts_the_hosts_api_key_out")
        + _aws("isolation", "no_request_carries_anything_of_the_hosts")
        + _aws(
            "foreign_rights",
            "no_call_of_a_connection_or_of_its_routes_carries_anything_of_the_hosts",
        ),
    ),
    Fault(
        15,
        "Google's first page was the catalogue, all of it text, and a failure an empty one.",
        _gcp(
            "models",
            "models_of_all_publishers_and_pages_are_listed",
            "served_models_and_weights_are_told_apart_by_the_api",
            "nothing_is_chat_only_because_its_kind_is_not_told",
            "a_failing_page_is_an_error_and_no_empty_list",
        ),
    ),
    Fault(
        16,
        "Not found was enabled, begun was done, and every publisher was Google.",
        _gcp(
            "activation",
            "a_model_that_is_not_served_in_the_location_failed_and_says_so",
            "with_consent_the_api_is_enabled_and_its_operation_waited_for",
            "enabling_that_fails_is_an_error_and_not_waited_for",
        ),
    ),
    Fault(
        17,
        "Deploying at Google called nothing and was always a success.",
        _gcp("activation", "gemini_is_proved_by_counting_tokens_which_is_free"),
    ),
    Fault(
        18,
        "Signing in held the event loop, went to a fixed address, and failing was healthy.",
        _gcp("tokens", "signing_leaves_the_event_loop_free")
        + _gcp("credentials", "no_token_uri_but_googles_is_ever_taken"),
    ),
    Fault(
        19,
        "A key that may call models was refused for lack of a right to another service.",
        _gcp("check", "a_model_user_needs_no_other_api"),
    ),
    Fault(
        20,
        "The form sent an object where a text was wanted, and asked for the project twice.",
        _gcp(
            "credentials",
            "a_key_file_is_taken_as_an_object_and_as_text",
            "the_project_comes_from_the_key_file_and_the_location_is_global",
        ),
    ),
    Fault(
        21,
        "A catalogue of dead models stood in where the real one could not be read.",
        _aws("monolith_faults", "fault_21_no_model_is_written_into_the_code")
        + _gcp("sources", "no_model_stands_in_for_a_catalogue_that_cannot_be_read"),
    ),
    Fault(
        22,
        "What had no price was free, or cost what a name alike does.",
        _aws("monolith_faults", "fault_22_a_profile_keeps_the_models_name_so_that_it_has_a_price")
        + _gcp("models", "served_models_are_priced_by_the_row_that_litellm_has_for_them"),
    ),
)
