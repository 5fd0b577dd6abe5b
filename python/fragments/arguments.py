# SPDX-License-Identifier: LGPL-2.1-or-later
"""How methods refuse arguments that the C functions behind them cannot name."""


def _refuse(function, name, wanted, value):
    shown = "None" if value is None else type(value).__name__
    raise TypeError(f"{function}(): argument '{name}' must be {wanted}, not {shown}") from None


def _requireCallable(function, name, value):
    """Raise TypeError for a callback that could never be called, before libvirt knows of it."""
    if not callable(value):
        _refuse(function, name, "callable", value)


def _checkObjects(error, function, *objects):
    """Raise TypeError for the first of the objects (name, class, value) that a call failed on, if one is the reason.

    Called when the call has raised error, an AttributeError or a TypeError: good calls pay nothing.
    """
    for name, kind, value in objects:
        is_other = kind not in [base.__name__ for base in type(value).__mro__]
        if isinstance(error, TypeError):
            wrong = is_other and f" must be {kind}Ptr" in str(error)
        elif value is None:
            # Which stands for no object, where it does not raise.
            wrong = "'NoneType'" in str(error)
        else:
            wrong = is_other and (not hasattr(value, "_o") or hasattr(value, "c_pointer"))
        if wrong:
            _refuse(function, name, f"a {kind}", value)
