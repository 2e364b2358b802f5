#!/bin/sh
# Firefox as its users have it. Playwright has it quit as soon as one tab crashes, by this variable; here the other tabs are what is of interest.
unset MOZ_CRASHREPORTER_SHUTDOWN
exec "${RELATCH_FIREFOX:-/usr/bin/firefox-esr}" "$@"
