# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors: the exception, the handler, and the version that goes with a report."""

import libvirtmod
from libvirt import _Notes


class _ErrorField:
    """Read one of the values in err at each access.

    This is deliberately not a data descriptor, so that programs can assign to
    the attribute on an instance.
    """

    def __init__(self, index, doc):
        self.index = index
        self.__doc__ = doc

    def __get__(self, error, owner=None):
        if error is None:
            return self
        # A test double of a program may not have called the constructor.
        err = getattr(error, "err", None)
        return None if err is None else err[self.index]


# Error code -> class.  None -> libvirtError, the base class.
_errorClasses = {}
_newError = getattr(libvirtmod, "_errorMaker", lambda classes: None)(_errorClasses)


class libvirtError(Exception):
    """A call of libvirt has failed.

    The attribute err is a tuple of code, domain, message, level, str1, str2,
    str3, int1 and int2, or None if the error does not come from libvirt.

    Common codes have classes of their own: a call that fails with the code
    VIR_ERR_NO_DOMAIN raises libvirtError.NoDomainError, and so on.
    """

    code = _ErrorField(0, "The code, one of libvirt_enums.ErrorNumber (VIR_ERR_*), or None.")
    domain = _ErrorField(1, "The part of libvirt that failed, one of libvirt_enums.ErrorDomain (VIR_FROM_*), or None.")
    message = _ErrorField(2, "The message of libvirt, or None.")
    level = _ErrorField(3, "The level, one of libvirt_enums.ErrorLevel, or None.")

    __notes__ = _Notes()

    # A failing call records its error under its own name, because libvirt's
    # last error of the thread may come from a later call.  __new__ takes that
    # record, sets err and args, and chooses the class.  A mock of the C module
    # has no such function.
    if isinstance(_newError, type(len)):
        __new__ = _newError
    err = None

    def __init__(self, defmsg):
        if self.err is None:
            err = libvirtmod._takeFailure(defmsg)
            # Exception.__init__() would do the same, but takes longer.
            self.args = (defmsg if err is None else err[2],)
            self.err = err

    @property
    def connection_lost(self):
        """Whether there is no connection any more.

        Only a new connection can help then. True if it was closed, if the
        daemon has ended, does not answer or cannot be reached, and if the
        network is down.
        """
        code, domain = self.code, self.domain
        # Not imported above: excerpts of libvirt's API description lack some of these constants.
        return code is not None and (
            code == VIR_ERR_INVALID_CONN  # noqa: F821
            or domain in (VIR_FROM_RPC, VIR_FROM_REMOTE)  # noqa: F821
            and code in (VIR_ERR_INTERNAL_ERROR, VIR_ERR_SYSTEM_ERROR, VIR_ERR_NO_CONNECT))  # noqa: F821

    def __repr__(self):
        text = ", ".join(map(repr, self.args))
        err = getattr(self, "err", None)
        if err is not None:
            text += f", code={_constant('ErrorNumber', err[0])}, domain={_constant('ErrorDomain', err[1])}"
        return f"{type(self).__qualname__}({text})"

    def __reduce__(self):
        # Do not call the constructor, because a copy must keep the error of its original.
        return _copyError, (type(self), self.args), self.__dict__

    def get_error_code(self):
        """Return the code, one of libvirt_enums.ErrorNumber, or None."""
        return None if self.err is None else self.err[0]

    def get_error_domain(self):
        """Return what failed, one of libvirt_enums.ErrorDomain, or None."""
        return None if self.err is None else self.err[1]

    def get_error_message(self):
        """Return the message of libvirt, or None."""
        return None if self.err is None else self.err[2]

    def get_error_level(self):
        """Return the level, one of libvirt_enums.ErrorLevel, or None."""
        return None if self.err is None else self.err[3]

    def get_str1(self):
        """Return the first text that goes with the error, or None."""
        return None if self.err is None else self.err[4]

    def get_str2(self):
        """Return the second text that goes with the error, or None."""
        return None if self.err is None else self.err[5]

    def get_str3(self):
        """Return the third text that goes with the error, or None."""
        return None if self.err is None else self.err[6]

    def get_int1(self):
        """Return the first number that goes with the error, or None."""
        return None if self.err is None else self.err[7]

    def get_int2(self):
        """Return the second number that goes with the error, or None."""
        return None if self.err is None else self.err[8]


def _copyError(kind, args):
    # Do not call libvirtError.__new__(), which would look for a recorded failure.
    return super(libvirtError, kind).__new__(kind, *args)


_errorClasses[None] = libvirtError


def _defineErrors(classes):
    """Create the classes for common codes from their names, codes and texts.

    They are attributes of libvirtError, so that the module has no new names.
    Their __name__ is libvirtError, so that tracebacks and logs look as before.
    """
    for name, code, text in classes:
        members = {"__module__": __name__, "__qualname__": f"libvirtError.{name}", "__doc__": text}
        _errorClasses[code] = made = type("libvirtError", (libvirtError,), members)
        setattr(libvirtError, name, made)


def _constant(enum, number):
    """Return the name of a constant, or the number if it has none."""
    try:
        import libvirt_enums

        return f"VIR_{getattr(libvirt_enums, enum)(number).name}"
    except Exception:
        # The code is newer than these bindings, a program has made it up, or the interpreter is shutting down.
        return repr(number)


def registerErrorHandler(f, ctx):
    """Have a function called for each error of libvirt in the process.

    It is called as f(ctx, error) in the thread that failed, before the
    exception is raised; error is the tuple that libvirtError has as err.
    Without any call of registerErrorHandler() errors are not printed.

    f: callable, or None to have libvirt print its errors to stderr
    ctx: any object, passed on to the function

    Returns int: 1.

    C function: virSetErrorFunc
    """
    return libvirtmod.virRegisterErrorHandler(f, ctx)


def getVersion(name=None):
    """Return the version of the libvirt library.

    name: str or None, name of any driver

    Returns int: 1000000 * major + 1000 * minor + release; with a name, a tuple
    that has this number twice, since drivers have no versions any more.
    Raises libvirtError on failure.

    C function: virGetVersion
    """
    if name is None:
        ret = libvirtmod.virGetVersion()
    else:
        ret = libvirtmod.virGetVersion(name)
    if ret is None:
        raise libvirtError('virGetVersion() failed')
    return ret
