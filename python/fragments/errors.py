# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors: the exception, the handler, and the version that goes with a report."""

import libvirtmod


class _ErrorField:
    """One of the values in err, read at each access.

    No data descriptor: a program may assign to the attribute.
    """

    def __init__(self, index, doc):
        self.index = index
        self.__doc__ = doc

    def __get__(self, error, owner=None):
        if error is None:
            return self
        # A program's fake may not have called the constructor.
        err = getattr(error, "err", None)
        return None if err is None else err[self.index]


# Code -> class, and under None that of all.
_errorClasses = {}
_newError = getattr(libvirtmod, "_errorMaker", lambda classes: None)(_errorClasses)


class libvirtError(Exception):
    """A call of libvirt failed.

    err holds what libvirt told: a tuple of code, domain, message, level,
    str1, str2, str3, int1 and int2; or None, when libvirt had no part in it.

    Common codes have classes of their own, such as libvirtError.NoDomainError:
    a failing call raises one of these where there is one for its code.
    """

    code = _ErrorField(0, "The code, one of VIR_ERR_..., or None.")
    domain = _ErrorField(1, "The part of libvirt that failed, one of VIR_FROM_..., or None.")
    message = _ErrorField(2, "libvirt's text, or None.")
    level = _ErrorField(3, "The level, one of VIR_ERR_NONE, VIR_ERR_WARNING and VIR_ERR_ERROR, or None.")

    # A failing call leaves its error where only its own message finds it: the
    # thread's last error may be another's by now.  __new__ finds it, sets err
    # and args, and chooses the class; a mock of the C module has none.
    if isinstance(_newError, type(len)):
        __new__ = _newError
    err = None

    def __init__(self, defmsg):
        if self.err is None:
            err = libvirtmod._takeFailure(defmsg)
            # What Exception.__init__ does, in less time.
            self.args = (defmsg if err is None else err[2],)
            self.err = err

    def __repr__(self):
        text = ", ".join(map(repr, self.args))
        err = getattr(self, "err", None)
        if err is not None:
            text += f", code={_constant('ErrorNumber', err[0])}, domain={_constant('ErrorDomain', err[1])}"
        return f"{type(self).__qualname__}({text})"

    def __reduce__(self):
        # Not through the constructor: a copy has the error of its original.
        return _copyError, (type(self), self.args), self.__dict__

    def get_error_code(self):
        """The code, one of VIR_ERR_..., or None."""
        return None if self.err is None else self.err[0]

    def get_error_domain(self):
        """The part of libvirt that failed, one of VIR_FROM_..., or None."""
        return None if self.err is None else self.err[1]

    def get_error_message(self):
        """libvirt's text, or None."""
        return None if self.err is None else self.err[2]

    def get_error_level(self):
        """The level, one of VIR_ERR_NONE, VIR_ERR_WARNING and VIR_ERR_ERROR, or None."""
        return None if self.err is None else self.err[3]

    def get_str1(self):
        """The first text that goes with the error, or None."""
        return None if self.err is None else self.err[4]

    def get_str2(self):
        """The second text that goes with the error, or None."""
        return None if self.err is None else self.err[5]

    def get_str3(self):
        """The third text that goes with the error, or None."""
        return None if self.err is None else self.err[6]

    def get_int1(self):
        """The first number that goes with the error, or None."""
        return None if self.err is None else self.err[7]

    def get_int2(self):
        """The second number that goes with the error, or None."""
        return None if self.err is None else self.err[8]


def _copyError(kind, args):
    # Not through __new__ of ours, which looks for a failure.
    return super(libvirtError, kind).__new__(kind, *args)


_errorClasses[None] = libvirtError


def _defineErrors(classes):
    """Make the classes of common codes, from their names, codes and texts.

    They live in libvirtError: a traceback says libvirt.libvirtError whatever
    the code is, and no name is in the way of a program that imports all.  Who
    logs the __name__ of a class sees what was always there, too.
    """
    for name, code, text in classes:
        members = {"__module__": __name__, "__qualname__": f"libvirtError.{name}", "__doc__": text}
        _errorClasses[code] = made = type("libvirtError", (libvirtError,), members)
        setattr(libvirtError, name, made)


def _constant(enum, number):
    """The name of a constant, or the number that has none."""
    try:
        import libvirt_enums

        return f"VIR_{getattr(libvirt_enums, enum)(number).name}"
    except Exception:
        # Newer than these bindings, a program's own, or the interpreter is about to end.
        return repr(number)


def registerErrorHandler(f, ctx):
    """Have f(ctx, error) called for each error of libvirt in the process.

    error is the tuple that libvirtError has as err.  f runs in the thread that
    failed, before the exception is raised.  With None instead of f libvirt
    prints its errors to stderr; without any call of this function nothing is
    printed.

    Returns 1.

    C function: virSetErrorFunc
    """
    return libvirtmod.virRegisterErrorHandler(f, ctx)


def getVersion(name=None):
    """The version of the libvirt library: 1000000 * major + 1000 * minor + release.

    With a name, of whatever driver, a tuple that holds that number twice:
    libvirt does not tell drivers apart any more.  Raises libvirtError on failure.

    C function: virGetVersion
    """
    if name is None:
        ret = libvirtmod.virGetVersion()
    else:
        ret = libvirtmod.virGetVersion(name)
    if ret is None:
        raise libvirtError('virGetVersion() failed')
    return ret
