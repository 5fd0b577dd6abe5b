# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check a site, a directory of HTML files.

The file and the anchor of each internal link must exist, an image must have a
text for those who cannot see it, and nothing may be fetched from elsewhere, so
that the site works from a disk.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page, its anchors, which links can refer to, and other faults."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: Set[str] = set()
        self.anchors: Set[str] = set()
        self.faults: Set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        values = dict(attrs)
        source = values.get("href" if tag == "link" else "src") or ""
        if tag in ("link", "script", "img", "iframe") and urlsplit(source).netloc:
            self.faults.add(f"{source}: fetched from elsewhere")
        if tag == "img" and not values.get("alt"):
            self.faults.add(f"{source}: image without a text")
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def faults(directory: Path) -> List[str]:
    """Return a line for each fault."""
    pages: Dict[Path, Page] = {path.resolve(): Page(path) for path in directory.rglob("*.html")}
    found = []
    for path, page in sorted(pages.items()):
        name = path.relative_to(directory.resolve())
        found += [f"{name}: {fault}" for fault in sorted(page.faults)]
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.exists() or anchor and target in pages and anchor not in pages[target].anchors:
                found.append(f"{name}: {link}: broken link")
    return found


def main(directory: str) -> int:
    found = faults(Path(directory))
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
