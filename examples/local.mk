# Examples, for users to read.
# SPDX-License-Identifier: LGPL-2.1-or-later

EXTRA_DIST += \
	%D%/blockcopy.py \
	%D%/console.py \
	%D%/enter.py \
	%D%/events.py \
	%D%/events_asyncio.py \
	%D%/monitor.py \
	%D%/stats.py \
	%D%/tour.py \
	%D%/upload.py \
	$(NULL)
