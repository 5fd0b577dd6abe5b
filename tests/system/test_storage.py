# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage pools and volumes: creating, cloning, wiping, resizing, deleting and finding them."""

import os
from pathlib import Path
from typing import List, Tuple, Union

import libvirt
import pytest

from conftest import MakeVolume, need
from daemon import wait_until

MIB = 1024 * 1024


def volume_xml(name: str, capacity: int = MIB, kind: str = "raw", extra: str = "") -> str:
    return (f"<volume><name>{name}</name><capacity>{capacity}</capacity><allocation>0</allocation>"
            f"<target><format type='{kind}'/></target>{extra}</volume>")


def write(volume: libvirt.virStorageVol, data: bytes) -> None:
    with open(volume.path(), "r+b") as file:
        file.write(data)


def read(volume: libvirt.virStorageVol) -> bytes:
    with open(volume.path(), "rb") as file:
        return file.read()


# --- pools

def test_life_cycle_of_a_pool(conn: libvirt.virConnect, tmp_path: Path) -> None:
    xml = f"<pool type='dir'><name>life</name><target><path>{tmp_path}/life</path></target></pool>"
    pool = conn.storagePoolDefineXML(xml)
    assert not pool.isActive() and pool.isPersistent() and not pool.autostart()
    assert pool.build() == 0 and os.path.isdir(tmp_path / "life")
    assert pool.create() == 0 and pool.isActive()
    pool.setAutostart(True)
    assert pool.autostart()
    state, capacity, allocation, available = pool.info()
    assert state == libvirt.VIR_STORAGE_POOL_RUNNING and capacity >= allocation + available > 0
    pool.setAutostart(False)
    assert pool.destroy() == 0 and pool.delete() == 0 and pool.undefine() == 0
    assert not os.path.exists(tmp_path / "life")
    with pytest.raises(libvirt.libvirtError) as raised:
        pool.info()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_STORAGE_POOL


def test_ways_to_find_a_pool(conn: libvirt.virConnect, pool: libvirt.virStoragePool, make_volume: MakeVolume) -> None:
    volume = make_volume(MIB)
    found = [conn.storagePoolLookupByName("files"), conn.storagePoolLookupByUUID(pool.UUID()),
             conn.storagePoolLookupByUUIDString(pool.UUIDString()), volume.storagePoolLookupByVolume(),
             conn.storagePoolLookupByTargetPath(os.path.dirname(volume.path())), *conn.listAllStoragePools()]
    assert {each.UUIDString() for each in found} == {pool.UUIDString()}
    assert conn.listStoragePools() == ["files"] and conn.numOfStoragePools() == 1
    assert conn.listDefinedStoragePools() == [] and conn.numOfDefinedStoragePools() == 0


def test_a_refresh_finds_files(pool: libvirt.virStoragePool, tmp_path: Path) -> None:
    (tmp_path / "pool" / "found").write_bytes(b"x" * 1000)
    assert pool.listVolumes() == []
    assert pool.refresh() == 0
    assert pool.listVolumes() == ["found"]
    assert pool.storageVolLookupByName("found").info()[:2] == [libvirt.VIR_STORAGE_VOL_FILE, 1000]


def test_events_of_pools(conn: libvirt.virConnect, tmp_path: Path) -> None:
    seen: List[Tuple[bool, str, Union[int, str], object]] = []

    def lifecycle(who: libvirt.virConnect, pool: libvirt.virStoragePool, event: int, detail: int,
                  opaque: object) -> None:
        seen.append((who is conn, pool.name(), event, opaque))

    def refreshed(who: libvirt.virConnect, pool: libvirt.virStoragePool, opaque: object) -> None:
        seen.append((who is conn, pool.name(), "refresh", opaque))
    numbers = [conn.storagePoolEventRegisterAny(None, libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, lifecycle, 1),
               conn.storagePoolEventRegisterAny(None, libvirt.VIR_STORAGE_POOL_EVENT_ID_REFRESH, refreshed, 2)]
    pool = conn.storagePoolDefineXML(
        f"<pool type='dir'><name>seen</name><target><path>{tmp_path}</path></target></pool>")
    pool.create(), pool.refresh(), pool.destroy(), pool.undefine()
    wait_until(lambda: len(seen) >= 5, "five events")
    assert seen == [(True, "seen", libvirt.VIR_STORAGE_POOL_EVENT_DEFINED, 1),
                    (True, "seen", libvirt.VIR_STORAGE_POOL_EVENT_STARTED, 1), (True, "seen", "refresh", 2),
                    (True, "seen", libvirt.VIR_STORAGE_POOL_EVENT_STOPPED, 1),
                    (True, "seen", libvirt.VIR_STORAGE_POOL_EVENT_UNDEFINED, 1)]
    for number in numbers:
        conn.storagePoolEventDeregisterAny(number)


def test_pool_capabilities(conn: libvirt.virConnect) -> None:
    assert "<pool type='dir' supported='yes'>" in conn.getStoragePoolCapabilities()
    with pytest.raises(libvirt.libvirtError):
        conn.findStoragePoolSources("dir", None)


# --- volumes

def test_a_volume_is_created_and_deleted(conn: libvirt.virConnect, pool: libvirt.virStoragePool) -> None:
    volume = pool.createXML(volume_xml("one"))
    assert volume.name() == "one" and volume.path() == volume.key() and volume.connect() is conn
    assert volume.info() == [libvirt.VIR_STORAGE_VOL_FILE, MIB, 0]
    assert read(volume) == bytes(MIB)
    assert pool.listVolumes() == ["one"] and pool.numOfVolumes() == 1
    found = [pool.storageVolLookupByName("one"), conn.storageVolLookupByPath(volume.path()),
             conn.storageVolLookupByKey(volume.key()), *pool.listAllVolumes()]
    assert {each.path() for each in found} == {volume.path()}
    path = volume.path()
    assert volume.delete() == 0
    assert not os.path.exists(path) and pool.listVolumes() == []
    with pytest.raises(libvirt.libvirtError) as raised:
        volume.info()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_STORAGE_VOL


def test_many_volumes(pool: libvirt.virStoragePool) -> None:
    names = {f"volume {number} \u00e9" for number in range(100)}
    for name in names:
        pool.createXML(volume_xml(name, 4096))
    assert set(pool.listVolumes()) == {volume.name() for volume in pool.listAllVolumes()} == names


def test_a_duplicate_volume_name_is_refused(pool: libvirt.virStoragePool) -> None:
    pool.createXML(volume_xml("one"))
    with pytest.raises(libvirt.libvirtError) as raised:
        pool.createXML(volume_xml("one"))
    assert raised.value.get_error_code() == libvirt.VIR_ERR_STORAGE_VOL_EXIST


def test_a_clone_has_the_same_data(pool: libvirt.virStoragePool, make_volume: MakeVolume) -> None:
    volume, data = make_volume(3 * MIB), os.urandom(3 * MIB)
    write(volume, data)
    clone = pool.createXMLFrom(volume_xml("clone", 3 * MIB), volume)
    assert clone.path() != volume.path() and read(clone) == data
    with pytest.raises(libvirt.libvirtError):
        pool.createXMLFrom(volume_xml("clone", 3 * MIB), volume)


def test_a_clone_of_another_format(pool: libvirt.virStoragePool, make_volume: MakeVolume) -> None:
    need("qemu-img")
    volume, data = make_volume(3 * MIB), os.urandom(3 * MIB)
    write(volume, data)
    other = pool.createXMLFrom(volume_xml("other", 3 * MIB, "qcow2"), volume)
    assert read(other).startswith(b"QFI\xfb") and "<format type='qcow2'/>" in other.XMLDesc()
    assert read(pool.createXMLFrom(volume_xml("back", 3 * MIB), other)) == data


def test_a_wiped_volume_is_empty(make_volume: MakeVolume) -> None:
    volume = make_volume(3 * MIB)
    for wipe in (volume.wipe, lambda: volume.wipePattern(libvirt.VIR_STORAGE_VOL_WIPE_ALG_ZERO)):
        write(volume, os.urandom(3 * MIB))
        assert volume.info()[2] == 3 * MIB  # libvirt checks how much it has to wipe
        assert wipe() == 0
        assert read(volume) == bytes(3 * MIB)


def test_an_unknown_wipe_pattern_is_refused(make_volume: MakeVolume) -> None:
    for pattern in (100, 2 ** 31):
        with pytest.raises(libvirt.libvirtError):
            make_volume(MIB, f"volume{pattern}").wipePattern(pattern)


def test_a_volume_is_resized(make_volume: MakeVolume) -> None:
    volume = make_volume(MIB)
    assert volume.resize(5 * MIB) == 0
    assert volume.info()[1] == os.path.getsize(volume.path()) == 5 * MIB
    assert volume.resize(MIB, libvirt.VIR_STORAGE_VOL_RESIZE_DELTA) == 0
    assert volume.info()[1] == 6 * MIB
    with pytest.raises(libvirt.libvirtError) as raised:
        volume.resize(MIB)
    assert raised.value.get_error_code() == libvirt.VIR_ERR_INVALID_ARG
    assert volume.resize(MIB, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK) == 0
    assert os.path.getsize(volume.path()) == MIB


def test_sizes_beyond_32_bits(make_volume: MakeVolume) -> None:
    size = 2 ** 33 + 512
    volume = make_volume(size)
    assert volume.info()[1] == size
    volume.resize(2 * size)
    assert volume.info()[1] == 2 * size
    assert volume.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)[2] == os.path.getsize(volume.path())


def test_a_backing_file(pool: libvirt.virStoragePool, make_volume: MakeVolume) -> None:
    need("qemu-img")
    base = make_volume(MIB, "base", kind="qcow2")
    extra = f"<backingStore><path>{base.path()}</path><format type='qcow2'/></backingStore>"
    overlay = pool.createXML(volume_xml("overlay", MIB, "qcow2", extra))
    assert f"<path>{base.path()}</path>" in overlay.XMLDesc()
