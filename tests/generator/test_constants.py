# SPDX-License-Identifier: LGPL-2.1-or-later
"""Constants of an API description: aliases, sentinels, macros."""

from typing import Callable, Dict, Optional, Sequence, Union

import pytest

from fixturetypes import ReadApi
from generator import constants
from generator.errors import GeneratorError

Values = Callable[..., Dict[str, Union[int, str]]]


def enum(kind: str, **values: Union[int, str]) -> str:
    """The XML of an enum."""
    return "\n".join(f"<enum name='{name}' file='libvirt-domain' value='{value}' type='{kind}' info=''/>"
                     for name, value in values.items())


def macro(name: str, string: Optional[str] = None) -> str:
    return f"<macro name='{name}' file='libvirt-domain'{'' if string is None else f' string={string!r}'}/>"


@pytest.fixture
def values(read_api: ReadApi) -> Values:
    """The constants of a made-up description, in order."""
    def of(*symbols: str, base: Optional[Sequence[str]] = None) -> Dict[str, Union[int, str]]:
        base_api = read_api(*base, name="base.xml") if base is not None else None
        return {item.name: item.value for item in constants.constants(read_api(*symbols), base_api)}
    return of


def test_enumerators_are_int(values: Values) -> None:
    assert values(enum("virFoo", VIR_FOO_A="0", VIR_FOO_B="1", VIR_FOO_C="-1")) == {
        "VIR_FOO_A": 0, "VIR_FOO_B": 1, "VIR_FOO_C": -1}


def test_values_may_be_hexadecimal_and_large(values: Values) -> None:
    assert values(enum("virFoo", VIR_FOO_A="0x10", VIR_FOO_B="2147483648")) == {"VIR_FOO_A": 16, "VIR_FOO_B": 2 ** 31}


def test_constants_are_sorted_by_name(values: Values) -> None:
    found = values(enum("virFoo", VIR_FOO_B="0", VIR_FOO_C="1"), enum("virBar", VIR_FOO_A="7"),
                   macro("VIR_FOO_AB", "x"))
    assert list(found) == ["VIR_FOO_A", "VIR_FOO_AB", "VIR_FOO_B", "VIR_FOO_C"]


def test_an_alias_has_the_value_of_its_target(values: Values) -> None:
    assert values(enum("virFoo", VIR_FOO_A="5", VIR_FOO_B="VIR_FOO_A"))["VIR_FOO_B"] == 5


def test_an_alias_of_an_alias_is_followed(values: Values) -> None:
    assert values(enum("virFoo", VIR_FOO_A="VIR_FOO_B", VIR_FOO_B="VIR_FOO_C", VIR_FOO_C="3"))["VIR_FOO_A"] == 3


def test_an_alias_may_name_a_member_of_another_enum_that_comes_later(values: Values) -> None:
    assert values(enum("virFoo", VIR_FOO_A="VIR_BAR_A"), enum("virBar", VIR_BAR_A="9"))["VIR_FOO_A"] == 9


def test_an_alias_may_name_a_constant_of_the_main_library(values: Values) -> None:
    found = values(enum("virFoo", VIR_FOO_A="VIR_BASE_A"), base=[enum("virBase", VIR_BASE_A="-2")])
    assert found == {"VIR_FOO_A": -2}


def test_an_own_constant_takes_precedence_over_one_of_the_main_library(values: Values) -> None:
    found = values(enum("virFoo", VIR_A="1", VIR_B="VIR_A"), base=[enum("virBase", VIR_A="2")])
    assert found == {"VIR_A": 1, "VIR_B": 1}


@pytest.mark.parametrize("given, told", [
    ({"VIR_FOO_A": "VIR_NOWHERE"}, "VIR_NOWHERE"),
    ({"VIR_FOO_A": "1 << 3"}, "1 << 3"),
    ({"VIR_FOO_A": ""}, ""),
    ({"VIR_FOO_A": "VIR_FOO_B", "VIR_FOO_B": "VIR_FOO_A"}, "VIR_FOO_B"),
    ({"VIR_FOO_A": "VIR_FOO_A"}, "VIR_FOO_A"),
])
def test_a_value_that_names_no_enumerator_is_an_error_with_its_place(read_api: ReadApi, given: Dict[str, str],
                                                                     told: str) -> None:
    import html
    api = read_api(enum("virFoo", **{name: html.escape(value) for name, value in given.items()}))
    with pytest.raises(GeneratorError) as caught:
        constants.constants(api, None)
    text = str(caught.value)
    assert text.startswith(f"{api.path}:{api.enumerators[0].line}: VIR_FOO_A has the value '{told}'")
    assert "\n" not in text


def test_the_sentinel_of_an_enum_is_left_out(values: Values) -> None:
    assert list(values(enum("virFoo", VIR_FOO_A="0", VIR_FOO_LAST="1"))) == ["VIR_FOO_A"]


def test_the_sentinel_is_the_one_with_the_highest_value_wherever_it_stands(values: Values) -> None:
    assert list(values(enum("virFoo", VIR_FOO_LAST="2", VIR_FOO_A="0", VIR_FOO_B="1"))) == ["VIR_FOO_A", "VIR_FOO_B"]


def test_an_enumerator_called_last_that_is_not_the_last_is_kept(values: Values) -> None:
    found = values(enum("virNetworkUpdateCommand", VIR_NETWORK_UPDATE_COMMAND_ADD_LAST="3",
                        VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST="4", VIR_NETWORK_UPDATE_COMMAND_LAST="5"))
    assert found == {"VIR_NETWORK_UPDATE_COMMAND_ADD_LAST": 3, "VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST": 4}


def test_a_sentinel_is_kept_if_a_later_name_has_the_same_value(values: Values) -> None:
    found = values(enum("virStat", VIR_STAT_A="0", VIR_STAT_NR="VIR_STAT_LAST", VIR_STAT_LAST="1"))
    assert found == {"VIR_STAT_A": 0, "VIR_STAT_LAST": 1, "VIR_STAT_NR": 1}


def test_a_sentinel_is_removed_if_an_earlier_name_has_the_same_value(values: Values) -> None:
    assert list(values(enum("virStat", VIR_STAT_LAST="1", VIR_STAT_FOO="1"))) == ["VIR_STAT_FOO"]


def test_only_one_sentinel_of_an_enum_is_removed(values: Values) -> None:
    assert list(values(enum("virFoo", VIR_FOO_OLD_LAST="1", VIR_FOO_LAST="2"))) == ["VIR_FOO_OLD_LAST"]


def test_each_enum_has_its_own_sentinel(values: Values) -> None:
    assert list(values(enum("virFoo", VIR_FOO_A="0", VIR_FOO_LAST="1"),
                       enum("virBar", VIR_BAR_A="0", VIR_BAR_LAST="8"))) == ["VIR_BAR_A", "VIR_FOO_A"]


def test_the_sentinel_of_another_enum_can_be_named(values: Values) -> None:
    found = values(enum("virFoo", VIR_FOO_A="0", VIR_FOO_LAST="6"), enum("virBar", VIR_BAR_B="VIR_FOO_LAST"))
    assert found == {"VIR_BAR_B": 6, "VIR_FOO_A": 0}


def test_a_macro_that_is_a_string_is_str(values: Values) -> None:
    assert values(macro("VIR_FIELD", "cpu_shares")) == {"VIR_FIELD": "cpu_shares"}


def test_a_macro_that_is_an_empty_string_is_a_constant(values: Values) -> None:
    assert values(macro("VIR_FIELD", "")) == {"VIR_FIELD": ""}


def test_a_macro_without_a_string_is_not_a_constant(values: Values) -> None:
    assert values(macro("VIR_UUID_BUFLEN")) == {}
