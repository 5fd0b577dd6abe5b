# Examples, for users to read.
# SPDX-License-Identifier: LGPL-2.1-or-later

EXTRA_DIST += \
	%D%/tour.py \
	$(NULL)
