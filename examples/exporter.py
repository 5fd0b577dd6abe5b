# SPDX-License-Identifier: LGPL-2.1-or-later
"""Export the statistics of all domains of a host for Prometheus, with one call of libvirt for each scrape.

    python3 exporter.py [--port 9177] [URI]
"""

import argparse
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Iterator, Mapping, Optional, Sequence, Tuple

import libvirt

Stats = Sequence[Tuple[libvirt.virDomain, Mapping[str, Any]]]

# Key of the statistics, metric, type, factor.
DOMAIN = [
    ("state.state", "libvirt_domain_state", "gauge", 1),
    ("cpu.time", "libvirt_domain_cpu_seconds_total", "counter", 1e-9),
    ("vcpu.current", "libvirt_domain_vcpus", "gauge", 1),
    ("balloon.current", "libvirt_domain_memory_bytes", "gauge", 1024),
]
# The same for each disk and each network interface: block.0.rd.bytes, block.1.rd.bytes, ...
DEVICES = [
    ("block", "rd.bytes", "libvirt_domain_block_read_bytes_total"),
    ("block", "wr.bytes", "libvirt_domain_block_written_bytes_total"),
    ("net", "rx.bytes", "libvirt_domain_net_received_bytes_total"),
    ("net", "tx.bytes", "libvirt_domain_net_sent_bytes_total"),
]


def sample(metric: str, value: float, **labels: str) -> str:
    # JSON escapes quotes, backslashes and line ends as the format wants it.
    text = ",".join(f"{name}={json.dumps(label, ensure_ascii=False)}" for name, label in labels.items())
    return f"{metric}{{{text}}} {value:.15g}"


def metrics(stats: Stats) -> Iterator[str]:
    """Yield the lines of Prometheus' text format. Any key may be missing: each driver reports only what it knows."""
    for key, metric, kind, factor in DOMAIN:
        yield f"# TYPE {metric} {kind}"
        for dom, values in stats:
            if key in values:
                yield sample(metric, values[key] * factor, domain=dom.name())
    for group, field, metric in DEVICES:
        yield f"# TYPE {metric} counter"
        for dom, values in stats:
            for number in range(values.get(f"{group}.count", 0)):
                value = values.get(f"{group}.{number}.{field}")
                if value is not None:
                    yield sample(metric, value, domain=dom.name(), device=values[f"{group}.{number}.name"])


class Handler(BaseHTTPRequestHandler):
    uri: str

    def do_GET(self) -> None:  # noqa: N802
        if self.path != "/metrics":
            self.send_error(404)
            return
        try:
            # A new connection for each scrape takes a few milliseconds, and no lost connection has to be noticed.
            with libvirt.openReadOnly(self.uri) as conn:
                text = "".join(f"{line}\n" for line in metrics(conn.getAllDomainStats()))
        except libvirt.libvirtError as error:
            self.send_error(503, explain=str(error))
            return
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # pylint: disable=redefined-builtin
        pass


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", nargs="?", default="test:///default", help="connection URI (default: test:///default)")
    parser.add_argument("--port", type=int, default=9177, help="TCP port of localhost (default: 9177)")
    options = parser.parse_args()
    Handler.uri = options.uri
    try:
        libvirt.openReadOnly(options.uri).close()  # The URI may be wrong.
        with ThreadingHTTPServer(("127.0.0.1", options.port), Handler) as server:
            print(f"http://127.0.0.1:{server.server_port}/metrics", flush=True)
            server.serve_forever()
    except (libvirt.libvirtError, OSError) as error:
        return f"exporter: {options.uri}: {error}"
    except KeyboardInterrupt:
        pass
    return None


if __name__ == "__main__":
    sys.exit(main())
