"""Which LiteLLM is installed, judged by its metadata alone."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from bonito_host.doctor.causes import find
from bonito_host.doctor.distributions import fits
from bonito_host.doctor.findings import Finding, Part

_COMPROMISED = ("1.82.7", "1.82.8")
"""Published by strangers on 24 March 2026 with a stolen token (BerriAI/litellm#24512, #24518)."""


def examine() -> Part:
    """Compare the installed release with the one this host asks for."""
    found, wanted = installed(), _wanted()
    return Part(
        title="litellm",
        facts={"installed": found or "no", "proved with": str(wanted)},
        findings=tuple(judged(found, wanted)),
    )


def installed() -> str | None:
    """Return the installed version, or None."""
    try:
        return version("litellm")
    except PackageNotFoundError:
        return None


def _wanted() -> SpecifierSet:
    """Return what the extra `gateway` of this host's own package asks for."""
    lines = (Requirement(line) for line in requires("bonito-host") or ())
    return next((each.specifier for each in lines if each.name == "litellm"), SpecifierSet())


def judged(found: str | None, wanted: SpecifierSet) -> list[Finding]:
    """Return what is wrong with a version, or with there being none."""
    if found is None:
        return [find("litellm-missing", "LiteLLM is not installed.")]
    if found in _COMPROMISED:
        return [find("litellm-compromised", f"LiteLLM {found} was tampered with.")]
    if not fits(found, wanted):
        what = f"LiteLLM {found} is installed; this host was proved with {wanted}."
        mend = f'pip install "litellm{wanted}"'
        return [find("litellm-other", what, mend=mend)]
    return []
