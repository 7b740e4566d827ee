"""How far a listing can be trusted: said on stderr beside every table."""

from __future__ import annotations

from typing import Any

from bonito_host.output import Output, printable
from bonito_providers.catalog import Listing


def write_limits(listing: Listing[Any], output: Output) -> None:
    """Write where a listing came from, what it cannot know, and what it leaves out."""
    output.progress(f"from {printable(listing.source)}")
    for note in listing.notes:
        output.progress(f"note: {printable(note)}")
    for skipped in listing.skipped:
        output.progress(f"left out: {printable(skipped.id)}: {printable(skipped.reason)}")
        if skipped.action:
            output.progress(f"  → {printable(skipped.action.instruction)}")
    if not listing.complete:
        output.progress("This list is not complete.")


def limits_document(listing: Listing[Any]) -> dict[str, Any]:
    """Return the same for JSON, without the items."""
    return listing.model_dump(mode="json", exclude={"items"})
