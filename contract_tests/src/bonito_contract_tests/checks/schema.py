"""SCHEMA: the one class that is form, API and command line alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.fields import (
    different,
    fields_of,
    meaning,
    must_be_refused,
    refusal_of,
    texts,
)
from bonito_contract_tests.violation import HarnessError, Violation, must

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.fields import FormField

SCHEMA = Family("SCHEMA", "The credential schema")

FINGERPRINT_KEY = b"contract-suite"


@SCHEMA.check(
    1,
    rule="Every field has a title of its own and a description: a person fills them in.",
    mend="Give each `Field` a `title` and a `description` that says where the value is found.",
)
def every_field_is_described(bench: Bench) -> None:
    fields = fields_of(bench)
    must(fields, seen="a form without fields", expected="at least one field")
    bare = [each.name for each in fields if not _text(each, "description")]
    must(not bare, seen=f"no description: {', '.join(bare)}", expected="a hint for each field")
    declared = bench.provider.schema.model_fields
    untitled = [each.name for each in fields if not (declared[each.name].title or "").strip()]
    must(not untitled, seen=f"no title: {', '.join(untitled)}", expected="a title for each field")
    titles = [_text(each, "title") for each in fields]
    twice = sorted({each for each in titles if titles.count(each) > 1})
    must(not twice, seen=f"titles used twice: {twice}", expected="a title of its own for each")


def _text(field: FormField, key: str) -> str:
    return str(field.schema.get(key, "")).strip()


@SCHEMA.check(
    2,
    level=Level.SHOULD,
    rule="Every field that a person types has an example, secrets apart.",
    mend="Add `examples=[...]` to the field.",
)
def typed_fields_have_examples(bench: Bench) -> None:
    bare = [
        each.name
        for each in fields_of(bench)
        if not (each.secret or each.chosen or each.schema.get("examples"))
    ]
    must(not bare, seen=f"no example: {', '.join(bare)}", expected="an example for each")


@SCHEMA.check(
    3,
    rule="The schema accepts the examples it gives.",
    mend="Correct the example, or the rule that refuses it.",
)
def examples_are_accepted(bench: Bench) -> None:
    for access in bench.harness.accesses:
        for field in fields_of(bench):
            if field.name not in access.fields:
                continue
            for example in field.schema.get("examples", ()):
                refusal = refusal_of(bench, {**access.fields, field.name: example})
                must(
                    refusal is None or field.name not in refusal.problems,
                    seen=f"the example of {field.name} is refused: {refusal}",
                    expected="examples that work",
                )


@SCHEMA.check(
    4,
    rule="The form is a closed JSON Schema: an object whose fields have types, and groups and "
    "required names of fields that it has.",
    mend="Use plain field types, leave `extra` at `forbid`, and name existing fields in groups.",
)
def the_form_is_a_closed_json_schema(bench: Bench) -> None:
    form = json.loads(json.dumps(bench.provider.schema.form()))
    must(
        form.get("type") == "object" and form.get("additionalProperties") is False,
        seen=f"type {form.get('type')}, additional {form.get('additionalProperties')}",
        expected="an object that takes no further fields",
    )
    names = set(form.get("properties", {}))
    grouped = {
        name for group in form["x-groups"] for name in (*group["fields"], *group["replaces"])
    }
    unknown = sorted((grouped | set(form.get("required", ()))) - names)
    must(not unknown, seen=f"names fields it lacks: {unknown}", expected="existing fields")
    kinds = {"type", "const", "enum", "$ref", "anyOf", "oneOf"}
    untyped = [each.name for each in fields_of(bench) if not kinds & each.schema.keys()]
    must(not untyped, seen=f"no type: {', '.join(untyped)}", expected="a type for each field")


@SCHEMA.check(
    5,
    rule="What the cloud judges as a secret is one: write-only, a password to forms, without "
    "default and examples, and hidden when credentials are printed.",
    mend="Give the field the type `SecretStr`, and neither default nor examples.",
)
def secrets_are_secret(bench: Bench) -> None:
    by_name = {each.name: each for each in fields_of(bench)}
    for access in bench.harness.accesses:
        read = bench.provider.read_credentials(access.fields)
        printed = f"{read!r} {read} {read.model_dump()} {read.model_dump_json()}"
        for name in access.wrong:
            field = by_name.get(name)
            if field is None:
                raise HarnessError(f"`wrong` of {access.name} names {name}, which is no field")
            _must_be_hidden(field)
            must(
                str(access.fields[name]) not in printed,
                seen=f"printed credentials show {name}",
                expected="asterisks",
            )
    for field in filter(lambda each: each.secret, by_name.values()):
        _must_be_hidden(field)


def _must_be_hidden(field: FormField) -> None:
    shown = [key for key in ("examples", "const", "enum") if field.schema.get(key)]
    shown += ["default"] if field.schema.get("default") is not None else []
    must(
        field.secret and field.schema.get("format") == "password",
        seen=f"{field.name} is {field.schema.get('format') or 'plain text'} in the form",
        expected="writeOnly and format password",
    )
    must(not shown, seen=f"{field.name} shows {', '.join(shown)}", expected="no value in the form")


@SCHEMA.check(
    6,
    rule="Credentials survive being stored: what `reveal` gives is read back as the same, and "
    "reading the same twice gives the same.",
    mend="Make every validator leave alone what it has normalised once.",
)
def credentials_survive_being_stored(bench: Bench) -> None:
    for access in bench.harness.accesses:
        first = bench.provider.read_credentials(access.fields)
        again = bench.provider.read_credentials(json.loads(json.dumps(dict(access.fields))))
        stored = bench.provider.read_credentials(meaning(first))
        for name, other in (("read a second time", again), ("stored", stored)):
            # The fields themselves: what `reveal` leaves out cannot be missed in what it gives.
            changed = different(dict(first), dict(other))
            must(
                not changed,
                seen=f"{access.name}: {', '.join(changed)} differ once {name}",
                expected="the same credentials",
            )


@SCHEMA.check(
    7,
    rule="Unknown, empty and blank fields are refused by name.",
    mend='Leave `extra="forbid"` and `read` as `Credentials` has them.',
)
def unknown_and_empty_fields_are_refused(bench: Bench) -> None:
    for access in bench.harness.accesses:
        unknown = {**access.fields, "field_of_another_provider": "x"}
        must_be_refused(bench, unknown, "field_of_another_provider", how="unknown as it is")
        for name, _ in texts(access.fields):
            for blank, how in (("", "empty"), (" \t", "blank")):
                must_be_refused(bench, {**access.fields, name: blank}, name, how=how)


@SCHEMA.check(
    8,
    rule="A field that is needed and missing is refused by name; null counts as missing.",
    mend="Give required fields no default.",
)
def missing_fields_are_refused(bench: Bench) -> None:
    narrowest = bench.narrowest
    needed = {each.name for each in fields_of(bench) if each.required} & set(narrowest.fields)
    must(
        needed | set(narrowest.wrong),
        seen="no field of the narrowest access is required",
        expected="credentials that cannot be left out",
    )
    for name in sorted(needed | set(narrowest.wrong)):
        rest = {key: value for key, value in narrowest.fields.items() if key != name}
        must_be_refused(bench, rest, name, how="left out")
        must_be_refused(bench, {**rest, name: None}, name, how="given as null")


@SCHEMA.check(
    9,
    rule="A group of fields is given as a whole or not at all; one left out is refused by name.",
    mend="List every field of the group in its `FieldGroup`, and give each the default None.",
)
def groups_are_given_as_a_whole(bench: Bench) -> None:
    for group in bench.provider.schema.field_groups:
        whole = [each for each in bench.harness.accesses if set(group.fields) <= set(each.fields)]
        if not whole:
            raise HarnessError(f"add an access that fills in {', '.join(group.fields)}")
        for access in whole:
            for name in group.fields:
                rest = {key: value for key, value in access.fields.items() if key != name}
                must_be_refused(bench, rest, name, how=f"left out of {group.title}")
    for access in bench.harness.accesses[1:]:
        _secrets_are_not_optional(bench, access.name)


def _secrets_are_not_optional(bench: Bench, name: str) -> None:
    """Whoever leaves out what the cloud judges can do less, or is refused."""
    access = bench.access(name) or bench.widest
    replaced = {each for group in bench.provider.schema.field_groups for each in group.replaces}
    able = bench.capabilities(access)
    for secret in sorted(set(access.wrong) - set(bench.narrowest.fields) - replaced):
        rest = {key: value for key, value in access.fields.items() if key != secret}
        if refusal_of(bench, rest) is None:
            left = bench.provider.read_credentials(rest).capabilities().available
            must(
                left < able,
                seen=f"{access.name} without {secret} is said to do as much as with it",
                expected="a refusal that names it",
            )


@SCHEMA.check(
    10,
    rule="A value of the wrong type is refused by the field's name, not turned into a text.",
    mend="Let pydantic check the type; normalise texts only.",
)
def wrong_types_are_refused(bench: Bench) -> None:
    for access in bench.harness.accesses:
        for name, value in texts(access.fields):
            for wrong in ([value], {"value": value}, True):
                kind = type(wrong).__name__
                raw = {**access.fields, name: wrong}
                must_be_refused(bench, raw, name, how=f"as a {kind} of JSON")


@SCHEMA.check(
    11,
    rule="The fingerprint changes when any field changes, and only then.",
    mend="Leave `fingerprint` and `reveal` as `Credentials` has them.",
)
def the_fingerprint_tells_changes(bench: Bench) -> None:
    for access in bench.harness.accesses:
        read = bench.provider.read_credentials(access.fields)
        first = read.fingerprint(FINGERPRINT_KEY)
        again = bench.provider.read_credentials(access.fields).fingerprint(FINGERPRINT_KEY)
        must(first == again, seen="two fingerprints of the same fields", expected="one")
        for name, other in access.wrong.items():
            changed = bench.provider.read_credentials({**access.fields, name: other})
            must(
                changed.fingerprint(FINGERPRINT_KEY) != first,
                seen=f"the same fingerprint with another {name}",
                expected="another fingerprint",
            )
        must(
            read.fingerprint(b"another key") != first,
            seen="the same fingerprint with another key of the host",
            expected="a keyed digest",
        )


@SCHEMA.check(
    12,
    rule="What the schema reads, its form lets through: API, command and browser take the same.",
    mend="Write limits and patterns on the field itself, and let them allow what is normalised.",
)
def form_and_api_accept_the_same(bench: Bench) -> None:
    by_name = {each.name: each for each in fields_of(bench)}
    given = [pair for access in bench.harness.accesses for pair in texts(access.fields)]
    given += [(each.field, each.value) for each in bench.harness.pasted if each.same_as is not None]
    for name, value in given:
        if name not in by_name:
            raise Violation(f"the form has no field {name}", expected="each field in the form")
        must(
            by_name[name].lets_through(value),
            seen=f"the form stops a value of {name} with {len(value)} characters, which is read",
            expected="one rule for both",
        )
    for access in bench.harness.accesses:
        unasked = [
            name
            for name, each in by_name.items()
            if each.required and name not in access.fields and name not in _replaced(bench)
        ]
        must(
            not unasked,
            seen=f"the form requires {unasked}, and {access.name} does without",
            expected="one rule for both",
        )


def _replaced(bench: Bench) -> set[str]:
    return {name for group in bench.provider.schema.field_groups for name in group.replaces}
