# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets of a daemon: values, properties, lists and events."""

import base64
import os
from typing import Callable, Iterator, List, Tuple, Union

import libvirt
import pytest

import daemon as daemons
from daemon import wait_until

XML = """<secret ephemeral='{ephemeral}' private='{private}'>
  <description>for a test</description>
  <usage type='volume'><volume>{volume}</volume></usage>
</secret>"""

MakeSecret = Callable[..., libvirt.virSecret]


@pytest.fixture
def make_secret(conn: libvirt.virConnect) -> Iterator[MakeSecret]:
    made = []

    def make(volume: str = "/nowhere/volume", ephemeral: str = "no", private: str = "no") -> libvirt.virSecret:
        made.append(conn.secretDefineXML(XML.format(volume=volume, ephemeral=ephemeral, private=private)))
        return made[-1]
    yield make
    for secret in made:
        secret.undefine()


@pytest.mark.parametrize("value", [b"text", b"\0", b"with \0 amid", bytes(range(256)), b"x" * 65536],
                         ids=["text", "null", "amid", "all", "long"])
def test_a_value_comes_back_byte_for_byte(make_secret: MakeSecret, value: bytes) -> None:
    secret = make_secret()
    assert secret.setValue(value) in (0, None)
    assert secret.value() == value


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_value_can_be_any_buffer(make_secret: MakeSecret, kind: Callable[[bytes], object]) -> None:
    secret = make_secret()
    secret.setValue(kind(b"value \xff"))
    assert secret.value() == b"value \xff"


def test_a_secret_without_a_value(make_secret: MakeSecret) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        make_secret().value()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_SECRET


def test_a_private_value_cannot_be_read(make_secret: MakeSecret) -> None:
    secret = make_secret(private="yes")
    secret.setValue(b"hidden")
    with pytest.raises(libvirt.libvirtError) as raised:
        secret.value()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_INVALID_SECRET


def test_properties_of_a_secret(conn: libvirt.virConnect, make_secret: MakeSecret) -> None:
    secret = make_secret()
    assert secret.usageID() == "/nowhere/volume"
    assert secret.usageType() == libvirt.VIR_SECRET_USAGE_TYPE_VOLUME
    assert len(secret.UUID()) == 16 and secret.UUID().hex() == secret.UUIDString().replace("-", "")
    assert "for a test" in secret.XMLDesc()
    assert secret.connect() is conn


def test_ways_to_find_a_secret(conn: libvirt.virConnect, make_secret: MakeSecret) -> None:
    secret = make_secret()
    text = secret.UUIDString()
    found = [conn.secretLookupByUUIDString(text), conn.secretLookupByUUID(secret.UUID()),
             conn.secretLookupByUsage(libvirt.VIR_SECRET_USAGE_TYPE_VOLUME, "/nowhere/volume"),
             *conn.listAllSecrets(), *map(conn.secretLookupByUUIDString, conn.listSecrets())]
    assert [each.UUIDString() for each in found] == [text] * 5
    assert conn.numOfSecrets() == 1
    with pytest.raises(libvirt.libvirtError) as raised:
        conn.secretLookupByUUIDString("00000000-0000-0000-0000-000000000001")
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_SECRET


def test_lists_by_their_flags(conn: libvirt.virConnect, make_secret: MakeSecret) -> None:
    make_secret("/a", ephemeral="yes", private="yes"), make_secret("/b")
    flags = {libvirt.VIR_CONNECT_LIST_SECRETS_EPHEMERAL: ["/a"], libvirt.VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL: ["/b"],
             libvirt.VIR_CONNECT_LIST_SECRETS_PRIVATE: ["/a"], libvirt.VIR_CONNECT_LIST_SECRETS_NO_PRIVATE: ["/b"],
             0: ["/a", "/b"]}
    assert {flag: sorted(secret.usageID() for secret in conn.listAllSecrets(flag)) for flag in flags} == flags


def test_events_of_secrets(conn: libvirt.virConnect, make_secret: MakeSecret) -> None:
    seen: List[Tuple[bool, str, Union[int, str], bool]] = []
    opaque = object()

    def lifecycle(who: libvirt.virConnect, secret: libvirt.virSecret, event: int, detail: int, given: object) -> None:
        seen.append((who is conn, secret.usageID(), event, given is opaque))

    def changed(who: libvirt.virConnect, secret: libvirt.virSecret, given: object) -> None:
        seen.append((who is conn, secret.usageID(), "value", given is opaque))
    numbers = [conn.secretEventRegisterAny(None, libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE, lifecycle, opaque),
               conn.secretEventRegisterAny(None, libvirt.VIR_SECRET_EVENT_ID_VALUE_CHANGED, changed, opaque)]
    secret = conn.secretDefineXML(XML.format(volume="/other", ephemeral="yes", private="no"))
    secret.setValue(b"new")
    secret.undefine()
    wait_until(lambda: len(seen) == 3, "three events")
    assert seen == [(True, "/other", libvirt.VIR_SECRET_EVENT_DEFINED, True), (True, "/other", "value", True),
                    (True, "/other", libvirt.VIR_SECRET_EVENT_UNDEFINED, True)]
    for number in numbers:
        conn.secretEventDeregisterAny(number)


def test_a_secret_outlives_its_daemon(event_loop: None) -> None:
    """Only ephemeral secrets are lost."""
    with daemons.Daemon("keeper") as keeper:
        value = os.urandom(32)
        with libvirt.open(keeper.uri()) as conn:
            for ephemeral in ("yes", "no"):
                conn.secretDefineXML(XML.format(volume=ephemeral, ephemeral=ephemeral, private="no")).setValue(value)
        keeper.restart()
        with libvirt.open(keeper.uri()) as conn:
            assert [(secret.usageID(), secret.value()) for secret in conn.listAllSecrets()] == [("no", value)]
            kept = keeper.directory / "etc" / "secrets" / (conn.listSecrets()[0] + ".base64")
            assert base64.b64decode(kept.read_bytes()) == value
