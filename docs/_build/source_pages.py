"""Pages of source, so that a link to a file of the repository leads somewhere in the built docs.

A page links to a file or folder of the repository by its path from the page, as any reader of the
repository can follow, or takes an excerpt of it. For each this makes a page that shows the file, or
lists the folder, and points the link there. Nothing links to a server: the built pages are enough.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

LINK = re.compile(r"(?<=\]\()(?P<target>(?:\.\./)+[^)#\s]+)(?=\))")
EXCERPT = re.compile(r"^::source (\S+)", re.MULTILINE)
LANGUAGES = {".json": "json", ".md": "markdown", ".py": "python", ".toml": "toml", ".yml": "yaml"}
FOLDER = "source"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for every file of the repository that a page links to."""
    root = Path(config.docs_dir).parent
    found: set[str] = set()
    for page in files.documentation_pages():
        text = page.content_string
        targets = [_target(page.src_uri, match["target"]) for match in LINK.finditer(text)]
        targets += EXCERPT.findall(text)
        found.update(each for each in targets if each and (root / each).exists())
    for path in sorted(found | {inside for each in found for inside in _inside(root, each)}):
        made = File.generated(config, _uri(path), content=_page(root, path))
        made.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(made)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links that leave the documentation at the pages of source."""
    here = page.file.src_uri

    def pointed(match: re.Match[str]) -> str:
        path = _target(here, match["target"])
        if path is None or _uri(path) not in files.src_uris:
            return match["target"]
        return posixpath.relpath(_uri(path), posixpath.dirname(here))

    return LINK.sub(pointed, markdown)


def _target(page: str, link: str) -> str | None:
    """Return a link's path from the repository's root, or None for one within the pages."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link))
    return None if path.startswith(("docs/", "..")) else path


def _uri(path: str) -> str:
    return f"{FOLDER}/{path}.md"


def _inside(root: Path, path: str) -> Iterator[str]:
    for file in sorted((root / path).rglob("*")) if (root / path).is_dir() else ():
        if file.suffix in LANGUAGES and not file.name.startswith("."):
            yield file.relative_to(root).as_posix()


def _page(root: Path, path: str) -> str:
    head = f"---\nsearch:\n  exclude: true\n---\n\n# {path}\n\n"
    if (root / path).is_dir():
        folder = posixpath.dirname(_uri(path))
        links = [(each, posixpath.relpath(_uri(each), folder)) for each in _inside(root, path)]
        return head + "\n".join(f"- [{each}]({link})" for each, link in links) + "\n"
    text = (root / path).read_text(encoding="utf-8")
    language = LANGUAGES.get(Path(path).suffix, "text")
    return f"{head}``````{language}\n{text}``````\n"
