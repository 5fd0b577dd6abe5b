# SPDX-License-Identifier: LGPL-2.1-or-later
"""TypeErrors for arguments that the C functions cannot name, because Python code uses them first."""


def _refuse(function, name, wanted, value):
    shown = "None" if value is None else type(value).__name__
    raise TypeError(f"{function}(): argument '{name}' must be {wanted}, not {shown}") from None


def _requireCallable(function, name, value):
    """Raise TypeError for a callback that cannot be called.

    Call this before libvirt gets the callback.
    """
    if not callable(value):
        _refuse(function, name, "callable", value)


def _requireUUID(value):
    """Return a uuid.UUID; for anything else, the TypeError goes on.

    Call this where a TypeError is handled.
    """
    from uuid import UUID

    if not isinstance(value, UUID):
        raise
    return value


def _checkObjects(error, function, *objects):
    """Raise TypeError if a call has failed on one of its objects.

    Call this after an AttributeError or a TypeError, so that calls that
    succeed pay nothing. Return if no object is the reason.

    objects: tuples of the name of the argument, its class, and its value
    """
    for name, kind, value in objects:
        is_other = kind not in [base.__name__ for base in type(value).__mro__]
        if isinstance(error, TypeError):
            wrong = is_other and f" must be {kind}Ptr" in str(error)
        elif value is None:
            # None is allowed where it does not raise this error.
            wrong = "'NoneType'" in str(error)
        else:
            wrong = is_other and (not hasattr(value, "_o") or hasattr(value, "c_pointer"))
        if wrong:
            _refuse(function, name, f"a {kind}", value)
