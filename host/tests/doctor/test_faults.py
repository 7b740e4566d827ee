"""Each prepared fault: the first thing the doctor says names the cause and the mend."""

from __future__ import annotations

import pytest

from bonito_host.doctor.findings import Weight
from host.tests.doctor.bench import Bench
from host.tests.doctor.fault import Fault
from host.tests.doctor.faults import FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_the_first_finding_names_the_cause_and_the_mend(bench: Bench, fault: Fault) -> None:
    fault.prepare(bench)
    diagnosis = bench.examine().diagnosis
    assert diagnosis.findings, "the doctor saw nothing"
    first = diagnosis.findings[0]
    assert first.kind == fault.kind, diagnosis.findings
    assert fault.cause in first.what
    assert fault.mend in first.mend
    assert first.why
    assert (diagnosis.code != 0) == (first.weight is Weight.FAULT)
