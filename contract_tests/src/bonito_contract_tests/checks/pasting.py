"""SCHEMA, continued: what people paste, and what they should not have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bonito_contract_tests.checks.schema import SCHEMA
from bonito_contract_tests.examples import NASTY, TEXTS, drawing
from bonito_contract_tests.exercises import attempt
from bonito_contract_tests.fields import different, fields_of, meaning, refusal_of, texts
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers.errors import InvalidCredentials, PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

CANARY = "zq7canary7qz"
"""Part of every generated value, and of no text that an author writes."""


@SCHEMA.check(
    13,
    rule="What people paste means what the harness says it means, or is refused by the field's "
    "name and for the reason that the harness names.",
    mend="Normalise the documented forms in a validator, and refuse the rest in a sentence.",
)
async def pasted_values_mean_what_they_should(bench: Bench) -> None:
    addresses = [name for name, value in texts(bench.widest.fields) if "://" in value]
    if addresses and not bench.harness.pasted:
        raise HarnessError(f"add to `pasted` what people paste into {', '.join(addresses)}")
    for each in bench.harness.pasted:
        fields = {**bench.widest.fields, each.field: each.value}
        refusal = refusal_of(bench, fields)
        if each.same_as is None:
            must(
                refusal is not None and each.field in refusal.problems,
                seen=f"{each.field} {each.value!r} is {refusal or 'accepted'}",
                expected=f"a refusal that names {each.field}",
            )
            why = refusal.problems[each.field] if refusal else ""
            must(
                each.says in why,
                seen=f"{each.field} {each.value!r} is refused, because it {why}",
                expected=f"a reason that says {each.says!r}",
            )
            continue
        must(
            refusal is None,
            seen=f"{each.field} {each.value!r} is refused: {refusal}",
            expected=f"the meaning of {each.same_as!r}",
        )
        await _must_mean_the_same(bench, fields, {**fields, each.field: each.same_as})


@SCHEMA.check(
    14,
    rule="A value pasted with white space around it, and an address with a slash behind it or in "
    "capitals, means the same as without or is refused by name.",
    mend="Strip the value, or refuse it in a sentence: a key with a line break cannot be sent.",
)
async def white_space_and_capitals_change_nothing(bench: Bench) -> None:
    for access in bench.harness.accesses:
        for name, value in texts(access.fields):
            forms = [f" {value}", f"{value}\n", f"\t{value} "]
            if value.startswith("https://"):
                forms += [f"{value.rstrip('/')}/", f"HTTPS://{value[8:].upper()}"]
            for form in forms:
                fields = {**access.fields, name: form}
                refusal = refusal_of(bench, fields)
                if refusal is None:
                    await _must_mean_the_same(bench, fields, dict(access.fields))
                else:
                    must(
                        name in refusal.problems,
                        seen=f"{form!r:.60} for {name} is refused as {sorted(refusal.problems)}"
                        if name not in access.wrong
                        else f"{name} with white space is refused as {sorted(refusal.problems)}",
                        expected=f"a refusal that names {name}",
                    )


async def _must_mean_the_same(bench: Bench, one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (meaning(bench.provider.read_credentials(each)) for each in (one, other))
    changed = different(first, second)
    if not changed:
        return
    asked = [await _asked(bench, each) for each in (one, other)]
    must(
        asked[0] == asked[1],
        seen=f"with another way to write {', '.join(changed)}, other requests are sent or answered",
        expected="the same requests and answers",
    )


async def _asked(bench: Bench, fields: dict[str, Any]) -> Counter[tuple[object, ...]]:
    """Return what checking these credentials asks the cloud, and how that answers."""
    bench.renew()
    connection = bench.provider.connect(fields, id="pasted", network=bench.network())
    async with connection:
        outcome = await attempt(bench.provider.check_credentials, connection)
    asked = Counter[tuple[object, ...]](
        (each.method, each.host, each.path, each.status) for each in bench.wire
    )
    return asked + Counter({("outcome", type(outcome).__name__): 1})


@SCHEMA.check(
    15,
    rule="Whatever is given, reading credentials accepts it or refuses fields that were given or "
    "are missing, by name and without repeating a value.",
    mend="Raise `ValueError` with fixed words in validators, and let nothing else escape.",
)
def hostile_values_are_refused_in_silence(bench: Bench) -> None:
    names = [each.name for each in fields_of(bench)]
    base = bench.widest.fields
    texts = [*(f"{CANARY}{each}" for each in NASTY), CANARY * 400]
    hosts = [f"https://{CANARY}.example", f"https://u:{CANARY}@{CANARY}/?a#b"]
    others = [None, 7, True, [CANARY], {CANARY: CANARY}]
    generated = TEXTS.map(lambda text: f"{text}{CANARY}")
    values = generated | st.sampled_from(texts) | st.sampled_from(hosts) | st.sampled_from(others)

    @drawing(bench, examples=40)
    @given(changes=st.dictionaries(st.sampled_from([*names, "surplus"]), values, max_size=3))
    def try_it(changes: dict[str, Any]) -> None:
        _must_be_polite(bench, {**base, **changes}, {*names, "surplus", "credentials"})

    if not names:
        raise HarnessError("the plugin's form has no field")
    for name in (*names, "surplus"):
        for value in (*texts, *hosts, *others):
            _must_be_polite(bench, {**base, name: value}, {*names, "surplus", "credentials"})
    try_it()


def _must_be_polite(bench: Bench, raw: dict[str, Any], known: set[str]) -> None:
    try:
        bench.provider.read_credentials(raw)
    except InvalidCredentials as error:
        strange = sorted({name.partition(".")[0] for name in error.problems} - known)
        must(not strange, seen=f"refuses {strange}", expected="names of fields")
        must(
            CANARY not in f"{error} {error.hint} {error.problems}",
            seen=f"the refusal of {sorted(error.problems)} repeats what was given",
            expected="what is wrong with a field, never its value",
        )
    except PluginError as error:
        given = {name: type(value).__name__ for name, value in raw.items()}
        raise Violation(
            f"reading {given} failed: {error}", expected="InvalidCredentials, or credentials"
        ) from None
